"""Finding an intent by its title, by what people say, or by a training message."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from bot.errors import DataError
from bot.paths import data_dir
from bot.training.messages import read_messages

from conversations import titles
from conversations.titles import Choice

_WORD = re.compile(r"\w+")
_ACCENTS = str.maketrans("áàäâãåéèëêíìïîóòöôõúùüûñçý", "aaaaaaeeeeiiiiooooouuuuncy")
SHOWN = 8
_TITLE, _EXAMPLE, _MESSAGE = 10.0, 3.0, 1.0  # what a word is worth by where it stands


@dataclass(frozen=True)
class Hit:
    """An intent that was found; ``example`` is the text that it was found by."""

    choice: Choice
    example: str


def words(text: str) -> list[str]:
    """Return the words of a text without capitals and accents."""
    return _WORD.findall(text.lower().translate(_ACCENTS))


@lru_cache(maxsize=1)
def _messages() -> dict[str, list[tuple[str, frozenset[str]]]]:
    found: dict[str, list[tuple[str, frozenset[str]]]] = defaultdict(list)
    for message in read_messages(data_dir() / "nlu"):
        found[message.intent].append((message.text, frozenset(words(message.text))))
    return found


def find(query: str, limit: int = SHOWN) -> tuple[Hit, ...]:
    """Return intents for what somebody typed, best first; for nothing typed, none.

    Each word counts where it begins a word: in the title most, then in the example, then in the training message that holds
    most of them. While the training messages cannot be read, titles and examples do.
    """
    try:
        return _find(query, limit)
    except DataError:
        return _best(query, limit, {})  # not remembered


@lru_cache(maxsize=256)
def _find(query: str, limit: int) -> tuple[Hit, ...]:
    return _best(query, limit, _messages())


def _best(query: str, limit: int, messages: dict[str, list[tuple[str, frozenset[str]]]]) -> tuple[Hit, ...]:
    wanted = words(query)
    if not wanted:
        return ()
    scored = []
    for choice in titles.intents().values():
        title = words(f"{choice.title} {choice.name}")
        score = _TITLE * _share(wanted, title) + _EXAMPLE * _share(wanted, words(choice.example))
        shown, best = choice.example, 0.0
        for text, said in messages.get(choice.name, ()):
            share = _share(wanted, said)
            if share > best or (share == best and share and len(text) < len(shown)):
                shown, best = text, share
        score += _MESSAGE * best
        if score > 0 and (best == 1 or score >= _TITLE / 2):
            scored.append((score, Hit(choice, shown)))
    scored.sort(key=lambda pair: -pair[0])
    return tuple(hit for _, hit in scored[:limit])


def _share(wanted: list[str], there: list[str] | frozenset[str]) -> float:
    """Return which part of the words wanted begins a word that is there."""
    return sum(any(word.startswith(want) for word in there) for want in wanted) / len(wanted)
