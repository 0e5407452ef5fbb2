"""Rasa's messages and events in the shape that the widget reads (``docs/openapi-web.yml``)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from rasa.core.channels.channel import OutputChannel
from rasa.shared.core.events import BotUttered, Event, SessionStarted, SlotSet, UserUttered

from bot.engine.names import PREPARING_SLOT
from bot.storage.clean import BLANK

Reply = dict[str, Any]
_NUMBERED = re.compile(r"^\d+\. \*\*")


class WebOutput(OutputChannel):  # type: ignore[misc]
    """Collects what Rasa says, one reply per message with buttons and cards attached."""

    def __init__(self) -> None:
        """Start empty."""
        self.replies: list[Reply] = []

    @classmethod
    def name(cls) -> str:
        """Return the channel's name, as in the tracker."""
        return "web"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Take one message of Rasa."""
        reply = to_reply(message)
        if reply["text"]:
            self.replies.append(reply)


def to_reply(message: Mapping[str, Any]) -> Reply:
    """Turn one message of Rasa, live or from the tracker, into the widget's JSON."""
    custom = message.get("custom") or {}
    text = str(message.get("text") or "")
    at = float(message.get("timestamp") or datetime.now(tz=timezone.utc).timestamp())
    note, preparation = custom.get("note"), custom.get("preparation")
    if custom.get("cards") and "note" in custom:
        text = _without_cards(text, note)
    if preparation:
        text = re.sub(r"\n{3,}", "\n\n", text.replace(str(preparation["text"]), "")).strip()
    return {
        "id": message_id(at),
        "text": text,
        "buttons": [
            {"title": str(button["title"]), "payload": str(button["payload"])}
            for button in message.get("buttons") or ()
        ],
        "cards": list(custom.get("cards") or ()),
        "channels": list(custom.get("channels") or ()),
        "note": note,
        "lang": str(custom.get("lang") or "nl"),
        "preparation": preparation,
        "answer": str(message.get("utter_action") or "").removeprefix("utter_"),
        "at": iso(at),
    }


def message_id(timestamp: float) -> str:
    """Return the id of a bot message: the same live and, after a reload, from the tracker."""
    return f"b{round(timestamp * 1_000_000):x}"


def time_of(bot_message_id: str) -> float:
    """Return the timestamp that `message_id` was made of."""
    return int(bot_message_id.removeprefix("b"), 16) / 1_000_000


def iso(timestamp: float) -> str:
    """Return ISO 8601 in UTC, to the second."""
    return datetime.fromtimestamp(timestamp, tz=timezone.utc).isoformat(timespec="seconds")


def history(events: Iterable[Event], hidden: str) -> list[Reply]:
    """Return the conversation of the current session, oldest first.

    Bot messages have the shape of a reply plus ``"role": "bot"``; the citizen's are ``{"id", "role": "user", "text", "at"}``,
    with a pressed button shown by its title. What belongs to a preparation is replaced by ``hidden``.
    """
    shown: list[Reply] = []
    titles: dict[str, str] = {}
    hiding = False
    for event in current_session(events):
        if isinstance(event, SlotSet) and event.key == PREPARING_SLOT:
            hiding = bool(event.value)
        elif isinstance(event, UserUttered) and event.text:
            text = hidden if hiding or event.text == BLANK else titles.get(event.text, event.text)
            at = iso(event.timestamp)
            shown.append({"id": str(event.message_id), "role": "user", "text": text.lstrip("/"), "at": at})
        elif isinstance(event, BotUttered) and event.text:
            reply = to_reply(event.message())
            titles.update({button["payload"]: button["title"] for button in reply["buttons"]})
            if reply["preparation"] or reply["text"] == BLANK:
                reply |= {"text": hidden, "preparation": None, "cards": [], "channels": []}
            shown.append({**reply, "role": "bot"})
    return shown


def preparing(events: Iterable[Event]) -> bool:
    """Tell whether a guided preparation is going on after ``events``."""
    slots = [
        event
        for event in current_session(events)
        if isinstance(event, SlotSet) and event.key == PREPARING_SLOT
    ]
    return bool(slots and slots[-1].value)


def current_session(events: Iterable[Event]) -> list[Event]:
    """Return the events since the last session start."""
    current: list[Event] = []
    for event in events:
        if isinstance(event, SessionStarted):
            current.clear()
        current.append(event)
    return current


def offered(events: Iterable[Event]) -> set[str]:
    """Return every button payload offered in the current session."""
    return {
        str(button["payload"])
        for event in current_session(events)
        if isinstance(event, BotUttered)
        for button in (event.data or {}).get("buttons") or ()
    }


def replies_to(events: Iterable[Event], sent_id: str) -> list[Reply]:
    """Return what was answered to the message with this id; empty when it never came in."""
    replies: list[Reply] = []
    mine = False
    for event in current_session(events):
        if isinstance(event, UserUttered):
            mine = event.message_id == sent_id
        elif mine and isinstance(event, BotUttered) and event.text:
            replies.append(to_reply(event.message()))
    return replies


def _without_cards(text: str, note: str | None) -> str:
    """Drop the lines that repeat, for channels without cards, what the cards and the note show."""
    lines = [line for line in text.split("\n") if not _NUMBERED.match(line) and line != note]
    return "\n".join(lines).strip()
