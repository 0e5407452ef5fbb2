"""Events of Matrix rooms as messages of people (Matrix specification v1.11, "Events" and "Instant messaging")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.channels.messaging.model import Incoming, Kind

INVITED, MEMBERS = "invited", "members"
ENCRYPTED = "kamer_versleuteld"
_WORDS = ("m.text", "m.emote")
_QUOTED = re.compile(r"(?:>[^\n]*\n)+\n")  # what older apps put before the words of a reply


def read(event: Any, own_id: str) -> Incoming | None:
    """Return what an event asks of the assistant, None for nothing.

    Args:
        event: one event of a transaction, as JSON.
        own_id: the assistant's own user id.
    """
    if not isinstance(event, Mapping):
        return None
    room, event_id, sender = (event.get(key) for key in ("room_id", "event_id", "sender"))
    content, at = event.get("content"), event.get("origin_server_ts")
    if not all(isinstance(value, str) and value for value in (room, event_id, sender)):
        return None
    if not isinstance(content, Mapping) or not isinstance(at, (int, float)):
        return None
    found: dict[str, Any] = {
        "message_id": str(event_id),
        "person": str(room),
        "address": {"room": str(room), "event": str(event_id)},
        "sent_at": at / 1000,
    }
    if event.get("type") == "m.room.member":
        return _membership(found, content, event.get("state_key") == own_id, sender == own_id)
    if sender == own_id or "state_key" in event:
        return None
    if event.get("type") == "m.room.encrypted":
        # One id per room: said once, not below each message.
        return Incoming(**{**found, "message_id": f"{ENCRYPTED}:{room}"}, kind=Kind.OTHER, answer=ENCRYPTED)
    if event.get("type") == "m.sticker":
        return Incoming(**found, kind=Kind.OTHER)
    return _message(found, content) if event.get("type") == "m.room.message" else None


def _membership(
    found: dict[str, Any], content: Mapping[str, Any], mine: bool, by_me: bool
) -> Incoming | None:
    membership = content.get("membership")
    if mine:
        return Incoming(**found, kind=Kind.ROOM, text=INVITED) if membership == "invite" else None
    if by_me or membership not in ("join", "leave", "ban"):
        return None
    return Incoming(**found, kind=Kind.ROOM, text=MEMBERS)


def _message(found: dict[str, Any], content: Mapping[str, Any]) -> Incoming | None:
    relation = content.get("m.relates_to")
    relation = relation if isinstance(relation, Mapping) else {}
    if relation.get("rel_type") == "m.replace":
        # Somebody who mends a message wants an answer to the mended one.
        content = content.get("m.new_content") or {}
    # A notice comes from a bot and is never to be answered; a message that was taken back has nothing left.
    if not isinstance(content, Mapping) or content.get("msgtype") in (None, "m.notice"):
        return None
    if relation.get("rel_type") == "m.thread" and isinstance(relation.get("event_id"), str):
        found = {**found, "address": {**found["address"], "thread": relation["event_id"]}}
    text = content.get("body")
    if content.get("msgtype") not in _WORDS or not isinstance(text, str):
        # With a file name beside it, the body is what somebody wrote under the picture.
        name = content.get("filename")
        caption = text if isinstance(text, str) and isinstance(name, str) and text != name else ""
        return Incoming(**found, kind=Kind.OTHER, text=caption)
    if "m.in_reply_to" in relation:
        text = _QUOTED.sub("", text, count=1) if text.startswith("> ") else text
    return Incoming(**found, text=text)
