"""What a typed message means besides its words: the number or title of a choice, or a command people expect."""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from enum import Enum

from bot.channels.messaging.model import Choice
from bot.channels.messaging.render import LETTERS, NUMBERS

SIMILAR = 0.84  # of 1; one wrong letter in a title of seven
SIMILAR_WORD = (
    0.7  # of 1, each word with the one in its place; another word is another question, however long the rest
)
SIMILAR_RUN = 0.92  # of 1, all letters without spaces, where words were joined, split or left out
SHORTEST = 5  # letters; shorter words are too alike to guess at
_NUMBER = re.compile(
    r"(?:ik kies |keuze |nummer |nr\.? ?|optie |antwoord )?(?:de |het )?(\d{1,2}|[a-z]+?)(?:de|ste)?"
)
_NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        [
            "een",
            "twee",
            "drie",
            "vier",
            "vijf",
            "zes",
            "zeven",
            "acht",
            "negen",
            "tien",
            "elf",
            "twaalf",
            "dertien",
            "veertien",
            "vijftien",
        ],
        start=1,
    )
} | {"eer": 1, "der": 3}  # eerste, derde


_YES = frozenset({"ja", "ja graag", "jawel", "ok", "oke", "yes", "doe maar", "ja wis"})
_NO = frozenset({"nee", "neen", "nee dank je", "no", "toch niet", "niet wissen", "nee bewaar"})


class Command(str, Enum):
    """What people expect a chat to do, whatever is going on."""

    STOP = "stop"
    RESTART = "opnieuw"
    HELP = "help"
    ERASE = "wissen"
    START = "start"


_WHAT = r"(?:(?:dit|mijn|ons|het|heel het|heel ons|deze|de) )?(?:gesprek|chat|conversatie|berichten|gegevens|data)"
_COMMANDS = (
    (
        Command.ERASE,
        re.compile(
            rf"(?:(?:wis|verwijder|delete|schrap)(?: aub| alsjeblieft)? (?:{_WHAT}|alles|mij)"
            rf"|(?:(?:kan|kun|wil) (?:je|u) )?{_WHAT} (?:wissen|verwijderen|deleten)|vergeet mij|vergeet me|alles wissen)(?: aub| alsjeblieft)?"
        ),
    ),
    (
        Command.STOP,
        re.compile(
            r"(?:stop(?:pen)?|stop maar|stop ermee|ik (?:wil )?stop(?:pen)?|einde|quit|exit|uitschrijven|unsubscribe)"
        ),
    ),
    (
        Command.RESTART,
        re.compile(
            r"(?:opnieuw(?: beginnen)?|begin(?: (?:maar|weer))? opnieuw|herbegin(?:nen)?|herstart(?:en)?|reset|restart|start opnieuw|terug naar (?:het )?begin)"
        ),
    ),
    (Command.HELP, re.compile(r"(?:help|hulp|menu|info|commando s|wat kan ik typen)")),
    (Command.START, re.compile(r"start")),
)


def command(text: str) -> Command | None:
    """Return the command that the whole message is; a sentence with such a word in it is an ordinary message."""
    typed = plain(text)
    if text.strip() in {"?", "??"}:
        return Command.HELP
    return next((name for name, pattern in _COMMANDS if pattern.fullmatch(typed)), None)


def chosen(text: str, choices: Sequence[Choice], style: str) -> Choice | None:
    """Return the choice that a typed message means: by its title, also with a small typing mistake, or its number.

    A number or a letter only means a choice where it was shown (``style``): "2" may well answer another question.
    """
    typed = plain(text)
    if not typed or not choices:
        return None
    titles = {plain(choice.title): choice for choice in choices}
    if typed in titles:
        return titles[typed]
    if style == LETTERS and len(typed) == 1 and typed in string.ascii_lowercase:
        place = string.ascii_lowercase.index(typed)
        return choices[place] if place < len(choices) else None
    if style == NUMBERS and (number := _number(typed)):
        return choices[number - 1] if number <= len(choices) else None
    if (bare := re.sub(r"^(\d{1,2}|[a-z]) ", "", typed)) in titles:
        return titles[bare]
    return _alike(typed, titles)


def yes_or_no(text: str) -> bool | None:
    """Return what a short answer to a question of the channel says; None when it is neither."""
    typed = plain(text)
    return True if typed in _YES else False if typed in _NO else None


def plain(text: str) -> str:
    """Return a text in small letters, without accents, signs and double spaces: what people mean rather than type."""
    # A keycap emoji is a digit with marks on it, so it becomes the digit.
    letters = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c))
    return " ".join(letters.split())


def _number(typed: str) -> int | None:
    match = _NUMBER.fullmatch(typed)
    if match is None:
        return None
    found = match[1]
    return int(found) if found.isdigit() else _NUMBER_WORDS.get(found)


def _alike(typed: str, titles: dict[str, Choice]) -> Choice | None:
    if len(typed) < SHORTEST:
        return None
    ranked = sorted(((SequenceMatcher(None, typed, title).ratio(), title) for title in titles), reverse=True)
    best, title = ranked[0]
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    # Two titles that are about as near: not ours to guess, the assistant reads the words.
    near = best >= SIMILAR and best - second >= 0.08
    return titles[title] if near and _only_mistyped(typed.split(), title.split()) else None


def _only_mistyped(typed: Sequence[str], title: Sequence[str]) -> bool:
    """Tell whether words differ by typing mistakes only: "wat kost een melding" is not "wat na een melding"."""
    if len(typed) != len(title):
        return SequenceMatcher(None, "".join(typed), "".join(title)).ratio() >= SIMILAR_RUN
    return all(SequenceMatcher(None, a, b).ratio() >= SIMILAR_WORD for a, b in zip(typed, title, strict=True))
