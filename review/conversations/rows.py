"""From a row of the review log to a `Message`; whatever is wrong in a row, its neighbours are read."""

from __future__ import annotations

import json
import math
from functools import cache
from typing import Any

from bot.answers import load_content
from bot.paths import data_dir

from conversations.models import Message

_TITLES_CUT = 200
_KINDS = frozenset(Message.Kind.values)
_SESSION_START = "session_start"  # a command of Rasa's own, not something that a citizen said


def message_of(row: dict[str, Any]) -> tuple[Message, str] | None:
    """Return the message and the channel it came through (empty for what a citizen did not send).

    Returns None for a row that cannot be shown: of an unknown kind, of no conversation or at no time.
    """
    kind, conversation, at = (
        row.get("type"),
        _text(row.get("conversation"), 64),
        _number(row.get("timestamp")),
    )
    if kind not in _KINDS or not conversation or at is None or row.get("intent") == _SESSION_START:
        return None
    data = _loaded(row.get("data"))
    message = Message(
        conversation_id=conversation,
        feed_id=row["id"],
        timestamp=at,
        kind=kind,
        text=_text(row.get("text")),
        intent=_text(row.get("intent"), 64),
        confidence=_number(row.get("confidence")),
        answer=_text(row.get("answer"), 64),
    )
    if kind == Message.Kind.CITIZEN:
        _citizen(message, data)
        return message, _text(data.get("input_channel"), 20)
    if kind == Message.Kind.ASSISTANT:
        _assistant(message, data)
    elif kind == Message.Kind.THUMB:
        message.value = _text(data.get("value"), 8)
        message.about = _number(data.get("about"))
    return message, ""


def _citizen(message: Message, data: dict[str, Any]) -> None:
    message.ranking = [
        {"name": _text(one.get("name"), 64), "confidence": _number(one.get("confidence")) or 0.0}
        for one in _dicts(data.get("intent_ranking"))
    ]
    message.entities = [
        {name: one.get(name) for name in ("entity", "value", "start", "end")}
        for one in _dicts(data.get("entities"))
        if one.get("entity") and one.get("value")
    ]
    doubt = data.get("doubt")
    message.doubt = _text(doubt.get("kind") if isinstance(doubt, dict) else doubt, 16)
    message.language = _text(data.get("language"), 8)
    message.redacted = _texts(data.get("redacted"))
    pressed = _text(data.get("button"), _TITLES_CUT)
    if not pressed and message.text.startswith("/"):
        # A button that is always there: it leads to the answer of that name.
        pressed = _titles().get(message.intent, message.intent or message.text.lstrip("/"))
    if pressed:
        message.text, message.buttons = pressed, [pressed]


def _assistant(message: Message, data: dict[str, Any]) -> None:
    message.channels = _texts(data.get("channels"))
    message.buttons = _texts(data.get("buttons"))
    rules = _texts(data.get("rules"))
    parts = [_text(data.get("policy"))]
    if decision := _text(data.get("decision")):
        parts.append(f": {decision}")
    if rules:
        parts.append(f" ({', '.join(rules)})")
    message.rule = "".join(parts)[:200]


@cache
def _titles() -> dict[str, str]:
    return {answer.id: answer.title for answer in load_content(data_dir()).answers.values()}


def _loaded(raw: Any) -> dict[str, Any]:
    try:
        data = json.loads(raw or "{}")
    except (TypeError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def _text(raw: Any, longest: int | None = None) -> str:
    # PostgreSQL takes no NUL in a text.
    return raw.replace("\0", "")[:longest] if isinstance(raw, str) else ""


def _texts(raw: Any) -> list[str]:
    return [_text(one, _TITLES_CUT) for one in raw if isinstance(one, str)] if isinstance(raw, list) else []


def _dicts(raw: Any) -> list[dict[str, Any]]:
    return [one for one in raw if isinstance(one, dict)] if isinstance(raw, list) else []


def _number(raw: Any) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not math.isfinite(raw):
        return None
    return float(raw)
