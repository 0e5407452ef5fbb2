"""From the cleaned events of one turn to rows of the review log: what was said, and what chose it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from bot.storage.clean import CleanEvent

_SHOWN = ("entities", "doubt", "language", "intent_ranking")
_SILENT = frozenset({"action_listen", "action_session_start", "action_extract_slots"})
_POLICY = re.compile(r"policy_\d+_")  # Rasa's numbering of the policies in config.yml
_CHANNEL = re.compile(r"[a-z_]{1,20}")
OTHER_CHANNEL = "ander"


def channel_of(event: dict[str, Any]) -> str:
    """Return the input channel of a citizen's message: ``web``, ``rest``, ``whatsapp``, ``matrix``; else ``ander``."""
    found = str(event.get("input_channel") or "")
    return found if _CHANNEL.fullmatch(found) else OTHER_CHANNEL


def rows(events: Iterable[CleanEvent]) -> Iterator[dict[str, Any]]:
    """Yield one row per message and session start.

    ``data`` is JSON. Of a citizen's message: ``entities``, ``doubt``, ``language``, ``intent_ranking``, ``redacted``,
    ``input_channel``, and ``button`` when one was pressed. Of an answer: ``channels`` and ``buttons`` (titles) that were shown,
    ``policy``, ``confidence`` and ``decision`` of what chose it, and ``rules`` of ``data/channels.yml`` behind a referral.
    """
    chosen: dict[str, Any] = {}
    for event in events:
        kind = event["event"]
        if kind == "user":
            chosen = {}
            yield _row(event, _of_citizen(event))
        elif kind == "action" and event.get("name") not in _SILENT:
            chosen = {**chosen, **_choice(event)}
        elif kind == "bot":
            yield _row(event, {**_of_assistant(event), **chosen})
        elif kind == "session_started":
            yield _row(event, {})


def thumb(
    conversation: str, timestamp: float, answer: str, value: str, word: str, about: float | None
) -> dict[str, Any]:
    """Return the row of a thumb (type ``feedback``).

    Args:
        conversation: the pseudonym.
        timestamp: when, in seconds since the epoch.
        answer: id of the answer that was judged.
        value: ``up`` or ``down``; a later row on the same message replaces an earlier one.
        word: what was written with it, redacted.
        about: the timestamp of the message that was judged.
    """
    data = json.dumps({"value": value, "about": about})
    row = {"conversation": conversation, "timestamp": timestamp, "type": "feedback", "answer": answer or None}
    return {**row, "intent": None, "confidence": None, "text": word, "data": data}


def _of_citizen(event: CleanEvent) -> dict[str, Any]:
    parse, metadata = event.get("parse_data") or {}, event.get("metadata") or {}
    data = {name: parse[name] for name in _SHOWN if parse.get(name)}
    data |= {"redacted": metadata.get("redacted", []), "input_channel": channel_of(event)}
    return {**data, "button": metadata["button"]} if metadata.get("button") else data


def _of_assistant(event: CleanEvent) -> dict[str, Any]:
    data = event.get("data") or {}
    custom = data.get("custom") or {}
    shown = {
        "channels": custom.get("channels", []),
        "buttons": [str(button.get("title", "")) for button in data.get("buttons") or ()],
    }
    return {**shown, "rules": custom["rules"]} if custom.get("rules") else shown


def _choice(event: CleanEvent) -> dict[str, Any]:
    choice = {
        "policy": _POLICY.sub("", str(event.get("policy") or "")),
        "confidence": event.get("confidence"),
    }
    # The guide says what it decided with the first action of its plan; it holds for the others too.
    decision = (event.get("metadata") or {}).get("decision")
    return {**choice, "decision": decision} if decision else choice


def _row(event: CleanEvent, data: dict[str, Any]) -> dict[str, Any]:
    intent = (event.get("parse_data") or {}).get("intent") or {}
    metadata = event.get("metadata") or {}
    return {
        "conversation": event["sender_id"],
        "timestamp": event.get("timestamp") or 0.0,
        "type": event["event"],
        "intent": intent.get("name"),
        "confidence": intent.get("confidence"),
        "answer": str(metadata.get("utter_action") or "").removeprefix("utter_") or None,
        "text": event.get("text") or "",
        "data": json.dumps(data, ensure_ascii=False),
    }
