"""One answer of the assistant as messages that a channel can show: nothing cut, no choice lost, no command visible."""

from __future__ import annotations

import hashlib
import re
import string
from collections.abc import Iterable, Mapping
from typing import Any

from bot.answers.render import contact_line
from bot.channels.messaging.markup import split, translate
from bot.channels.messaging.model import Choice, Limits, Outgoing
from bot.channels.messaging.phrases import Phrases
from bot.dialogue.flow import CRISIS

# How choices are shown. With the last two, the text itself lists them.
BUTTONS, LIST, NUMBERS, LETTERS = "buttons", "list", "numbers", "letters"
_NUMBERED = re.compile(r"^\d+\. ", re.MULTILINE)
# Answers whose contacts are sent as cards too, where the channel has them: one tap to call.
_WITH_CARDS = CRISIS | {"verwijzing"}


def choices_of(message: Mapping[str, Any]) -> tuple[Choice, ...]:
    """Return the choices of one of Rasa's messages; choices with the same title are one."""
    choices: dict[str, Choice] = {}
    for button in message.get("buttons") or ():
        title, payload = str(button["title"]), str(button["payload"])
        name = hashlib.blake2b(payload.encode(), digest_size=8).hexdigest()
        choices.setdefault(title, Choice(f"k-{name}", title, payload))
    return tuple(choices.values())


def render_message(message: Mapping[str, Any], limits: Limits, phrases: Phrases) -> list[Outgoing]:
    """Turn one of Rasa's messages (``text``, ``buttons``, ``custom``) into what the channel sends, in order.

    In a crisis the first message is text only: nothing stands between somebody in danger and the number to call.
    """
    custom = message.get("custom") or {}
    answer = str(message.get("utter_action") or "").removeprefix("utter_")
    lang = str(custom.get("lang") or "nl")
    choices = choices_of(message)
    text = phrases.adapt(str(message.get("text") or ""), buttons=bool(limits.buttons))
    text = "\n\n".join(filter(None, (text, _card_lines(text, custom.get("cards") or ()))))
    text = translate(text, limits.markup).strip()
    parts: list[Outgoing] = []
    if answer in CRISIS:
        parts += (Outgoing(piece, lang=lang) for piece in split(text, limits.text))
        parts += _contacts(answer, custom, limits)
        if choices:
            parts += _with_choices(
                "" if not limits.buttons else phrases.choose, choices, limits, phrases, lang
            )
        return parts
    parts += _with_choices(text, choices, limits, phrases, lang)
    return [*parts, *_contacts(answer, custom, limits)]


def _style(text: str, choices: tuple[Choice, ...], limits: Limits) -> str:
    if not choices:
        return ""
    longest = max(len(choice.title) for choice in choices)
    if len(choices) <= limits.buttons and longest <= limits.button_title:
        return BUTTONS
    if len(choices) <= limits.rows and longest <= max(limits.row_title, limits.row_description):
        return LIST
    # "1" must not mean two things: where the text counts already, the choices have letters.
    lettered = _NUMBERED.search(text) and len(choices) <= len(string.ascii_uppercase)
    return LETTERS if lettered else NUMBERS


def _with_choices(
    text: str, choices: tuple[Choice, ...], limits: Limits, phrases: Phrases, lang: str
) -> list[Outgoing]:
    style = _style(text, choices, limits)
    if style in {NUMBERS, LETTERS}:
        labels = string.ascii_uppercase if style == LETTERS else range(1, len(choices) + 1)
        lines = [f"{label}. {choice.title}" for label, choice in zip(labels, choices, strict=False)]
        lead = phrases.lettered if style == LETTERS else phrases.numbered
        text = "\n".join((*filter(None, (text,)), "", lead, *lines)).strip()
    if style in {BUTTONS, LIST}:
        *before, last = split(text or phrases.choose, limits.text, limits.body)
    else:
        *before, last = split(text, limits.text) or [""]
    parts = [*(Outgoing(piece, lang=lang) for piece in before), Outgoing(last, style, choices, lang=lang)]
    return [part for part in parts if part.text]


def _card_lines(text: str, cards: Iterable[Mapping[str, Any]]) -> str:
    """The contacts that the text itself does not give."""
    lines = []
    for card in cards:
        known = [str(card[key]) for key in ("phone", "form_url", "url", "email") if card.get(key)]
        if known and not any(value in text for value in known):
            lines.append(f"- **{card['name']}**: {contact_line(card)}")
    return "\n".join(lines)


def _contacts(answer: str, custom: Mapping[str, Any], limits: Limits) -> list[Outgoing]:
    if not limits.contacts or answer not in _WITH_CARDS:
        return []
    cards = [
        {key: str(card[key]) for key in ("name", "phone", "email", "url") if card.get(key)}
        for card in custom.get("cards") or ()
        if card.get("phone")
    ][: limits.contacts]
    return [Outgoing(contacts=tuple(cards))] if cards else []


def row(choice: Choice, limits: Limits) -> tuple[str, str]:
    """Return title and description of a list row; a title too long for its place goes whole into the description."""
    if len(choice.title) <= limits.row_title:
        return choice.title, ""
    short = split(choice.title, limits.row_title - 1)[0]
    return f"{short}…", choice.title
