"""What may be written of an event: redacted, without metadata, and nothing of a guided preparation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from bot.privacy.redact import Redacted

PREPARING_SLOT = "voorbereiding"
BLANK = "[voorbereiding]"
RANKING = 3  # intents kept of the ranking: what the review console shows
_METADATA = frozenset({"model_id", "assistant_id", "utter_action", "decision", "button"})
# What is kept of the language understanding; Rasa repeats the channel's metadata and message id in it.
_PARSED = frozenset({"intent", "intent_ranking", "language", "doubt"})
_NORMALISED = re.compile(r"[a-z_/]*")  # entity and slot values of our own making
# A hash that our own channels make; they need it to know a message that they see again after a restart.
_OWN_MESSAGE_ID = re.compile(r"(?:web|msg)-[0-9a-f]{32}")
_ENDS_PREPARATION = frozenset({"session_started", "restart", "reset_slots"})


class CleanEvent(dict[str, Any]):
    """An event that may be written. Only `clean` makes these; the stores take nothing else."""


def preparing_after(events: Iterable[dict[str, Any]], before: bool = False) -> bool:
    """Tell whether a guided preparation is going on after ``events``."""
    for event in events:
        before = _preparing(event, before)
    return before


def clean(
    events: Iterable[dict[str, Any]], preparing: bool, redact: Callable[[str], Redacted]
) -> list[CleanEvent]:
    """Return copies of new events as they may be written.

    Args:
        events: events as Rasa's ``as_dict`` gives them, in order.
        preparing: whether a guided preparation was going on before the first of them.
        redact: takes the personal data out of one text.
    """
    cleaned = []
    for event in events:
        cleaned.append(CleanEvent(_clean(event, preparing, redact)))
        preparing = _preparing(event, preparing)
    return cleaned


def _preparing(event: dict[str, Any], before: bool) -> bool:
    if event.get("event") in _ENDS_PREPARATION:
        return False
    if event.get("event") == "slot" and event.get("name") == PREPARING_SLOT:
        return bool(event.get("value"))
    return before


def _clean(event: dict[str, Any], preparing: bool, redact: Callable[[str], Redacted]) -> dict[str, Any]:
    kind = event.get("event")
    if event.get("metadata"):
        event = {**event, "metadata": {k: v for k, v in event["metadata"].items() if k in _METADATA}}
    if kind == "user":
        return _blank_user(event) if preparing else _clean_user(event, redact)
    if kind == "bot":
        custom = (event.get("data") or {}).get("custom") or {}
        return {**event, "text": BLANK, "data": {}} if "preparation" in custom else event
    if kind == "slot":
        # Rasa copies a channel's metadata into this slot; it may hold an address or a name.
        value = None if event.get("name") == "session_started_metadata" else event.get("value")
        return {**event, "value": _scrub(value, redact)}
    if kind == "entities":
        return {**event, "entities": [] if preparing else _scrub(event.get("entities"), redact)}
    return event


def _clean_user(event: dict[str, Any], redact: Callable[[str], Redacted]) -> dict[str, Any]:
    said = event.get("text") or ""
    redacted = redact(said)
    parse = {key: value for key, value in (event.get("parse_data") or {}).items() if key in _PARSED}
    parse["text"] = redacted.text
    entities = _scrub((event.get("parse_data") or {}).get("entities") or [], redact)
    parse["entities"] = [_moved(entity, said, redacted.text) for entity in entities]
    parse["intent_ranking"] = list(parse.get("intent_ranking") or [])[:RANKING]
    metadata = {**(event.get("metadata") or {}), "redacted": list(redacted.kinds)}
    return {**event, "text": redacted.text, "parse_data": parse, "metadata": metadata, **_message_id(event)}


def _moved(entity: dict[str, Any], said: str, kept: str) -> dict[str, Any]:
    """Place an entity in what is kept of the text: where its words stand now, or nowhere when that is not certain."""
    if said == kept or "start" not in entity or "end" not in entity:
        return entity
    words = said[entity["start"] : entity["end"]]
    rest = {key: value for key, value in entity.items() if key not in {"start", "end"}}
    if said.count(words) != 1 or kept.count(words) != 1:
        return rest
    return {**rest, "start": kept.index(words), "end": kept.index(words) + len(words)}


def _blank_user(event: dict[str, Any]) -> dict[str, Any]:
    """Not even what the words were taken to mean is kept."""
    parse = {"text": BLANK, "intent": {"name": None, "confidence": 0.0}, "entities": [], "intent_ranking": []}
    metadata = {name: value for name, value in (event.get("metadata") or {}).items() if name != "button"}
    return {**event, "text": BLANK, "parse_data": parse, "metadata": metadata, **_message_id(event)}


def _message_id(event: dict[str, Any]) -> dict[str, str | None]:
    """A message id of another network may hold a phone number."""
    found = event.get("message_id")
    own = isinstance(found, str) and _OWN_MESSAGE_ID.fullmatch(found)
    return {"message_id": found if own else None}


def _scrub(value: Any, redact: Callable[[str], Redacted]) -> Any:
    if isinstance(value, str):
        return value if _NORMALISED.fullmatch(value) else redact(value).text
    if isinstance(value, dict):
        return {key: _scrub(item, redact) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_scrub(item, redact) for item in value]
    return value
