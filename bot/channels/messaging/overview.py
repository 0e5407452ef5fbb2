"""What each messaging channel can show and how an answer degrades on it, as the table in ``docs/messaging.md``."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from ruamel.yaml import YAML

from bot.channels.messaging.channel import MessagingInput
from bot.channels.messaging.model import Limits
from bot.paths import ROOT

TARGET = ROOT / "docs" / "messaging.md"
BEGIN, END = "<!-- table: made by `stadsbot data docs` -->", "<!-- end of table -->"
_MARKUP = {
    "whatsapp": "`*bold*`, links written out",
    "markdown": "bold and links as in the answers",
    "plain": "none; links written out",
}


def channels() -> list[type[MessagingInput]]:
    """Return the messaging channels of ``credentials.yml``, in its order."""
    found = []
    for path in YAML(typ="safe").load((ROOT / "credentials.yml").read_text(encoding="utf-8")):
        module, name = path.rsplit(".", 1)
        channel: Any = getattr(importlib.import_module(module), name)
        if issubclass(channel, MessagingInput):
            found.append(channel)
    return found


def table() -> str:
    """Return the table: a row per thing to show, a column per channel."""
    shown = channels()
    lines = [
        f"| an answer has | {' | '.join(channel.name() for channel in shown)} |",
        f"| --- |{' --- |' * len(shown)}",
    ]
    lines += [
        f"| {what} | {' | '.join(say(channel.limits) for channel in shown)} |" for what, say in _ROWS.items()
    ]
    return "\n".join(lines)


def with_table(page: str) -> str:
    """Return the page with the table as it is now."""
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


def _choices(limits: Limits) -> str:
    return "numbers in the text (letters when the answer itself counts); the number, the letter or the title is understood"


def _few(limits: Limits) -> str:
    if not limits.buttons:
        return _choices(limits)
    return f"buttons of at most {limits.button_title} characters; a longer title: see the next row"


def _more(limits: Limits) -> str:
    if not limits.rows:
        return _choices(limits)
    return f"a list of at most {limits.rows} rows of {limits.row_title} characters, a longer title whole in the description of {limits.row_description}"


def _window(limits: Limits) -> str:
    if not limits.window:
        return "answered whenever"
    return f"answered within {limits.window / 3600:.0f} hours of the message, later dropped"


_ROWS: dict[str, Callable[[Limits], str]] = {
    "text": lambda limits: (
        f"pieces of at most {limits.text:,} characters, cut between paragraphs, else sentences, else words"
    ),
    "bold, links": lambda limits: _MARKUP[limits.markup],
    "up to 3 choices": _few,
    "4 to 10 choices": _more,
    "more choices": _choices,
    "contacts": lambda limits: (
        "in the text; referral and emergency also as contact cards" if limits.contacts else "in the text"
    ),
    "an emergency": lambda limits: "text alone first, choices in a message of their own",
    "a late answer": _window,
}
