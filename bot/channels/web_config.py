"""What the widget must know before the first message: greeting, starters, emergency numbers, error texts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.answers import Content
from bot.answers.load import read_yaml
from bot.answers.render import follow_up_button
from bot.channels.guard import MAX_MESSAGE
from bot.errors import DataError
from bot.referral import card

ERRORS = frozenset(
    {
        "bad_request",
        "unauthorized",
        "forbidden_origin",
        "not_found",
        "button_gone",
        "too_long",
        "too_large",
        "wrong_type",
        "too_many",
        "failed",
        "unavailable",
    }
)
_TEXTS = ("title", "greeting", "hidden")
_LISTS = ("starters", "emergency", "contact")
# What somebody who cannot reach the server needs of a contact card; the rest would only weigh.
_CARD = ("id", "name", "phone", "tel", "url", "hours", "cost")


@dataclass(frozen=True)
class WidgetTexts:
    """``public`` is the JSON of ``GET /config``; ``errors`` are Dutch texts by code; ``hidden`` replaces what is not kept."""

    public: dict[str, Any]
    errors: dict[str, str]
    hidden: str


def load_widget_texts(path: Path, content: Content) -> WidgetTexts:
    """Load ``data/widget.yml`` and fill its placeholders.

    Raises:
        DataError: a missing or unknown key, answer or channel, named with the file.
    """
    raw = read_yaml(path)
    wanted = {*_TEXTS, *_LISTS, "errors"}
    if not isinstance(raw, dict) or set(raw) != wanted:
        raise DataError(f"{path}: must have exactly the keys {', '.join(sorted(wanted))}")
    if set(raw["errors"]) != ERRORS:
        wrong = ", ".join(sorted(set(raw["errors"]) ^ ERRORS))
        raise DataError(f"{path}: errors must have one text per code; look at {wrong}")
    try:
        public = _public(raw, content)
        errors = {str(code): content.fill(str(text)) for code, text in raw["errors"].items()}
    except (DataError, KeyError) as error:
        raise DataError(f"{path}: {error}") from error
    return WidgetTexts(public=public, errors=errors, hidden=str(raw["hidden"]))


def _public(raw: dict[str, Any], content: Content) -> dict[str, Any]:
    def cards(key: str) -> list[dict[str, object]]:
        shown = (card(str(channel), content.channels) for channel in raw[key])
        return [{name: one[name] for name in _CARD if name in one} for one in shown]

    buttons = (follow_up_button(str(answer), content) for answer in raw["starters"])
    return {
        "title": content.fill(str(raw["title"])),
        "greeting": content.fill(str(raw["greeting"])).strip(),
        "starters": [{"title": button.title, "payload": button.payload} for button in buttons],
        "emergency": cards("emergency"),
        "contact": cards("contact"),
        "max_length": MAX_MESSAGE,
    }
