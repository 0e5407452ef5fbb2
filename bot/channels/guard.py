"""What every channel does with a message before Rasa sees it: refuse the impossible, accept only offered buttons.

Rasa takes any text that starts with ``/`` as a command (``/restart``, ``/intent{"slot": "value"}``). Here such a text is
only a command when it is exactly what a button of the last reply to this conversation carried.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

MAX_MESSAGE = 4_000  # characters; ten long sentences are about 1,500
MAX_SENDER = 128  # characters
MAX_CONVERSATIONS = 10_000  # remembered offers; the oldest is forgotten first


@dataclass(frozen=True)
class Accepted:
    """``text`` may go to Rasa."""

    text: str


@dataclass(frozen=True)
class Refused:
    """Answer with this answer of ``data/answers`` instead."""

    answer_id: str


class Offers:
    """The buttons of the last reply, per conversation, in memory."""

    def __init__(self, limit: int = MAX_CONVERSATIONS) -> None:
        """Remember at most ``limit`` conversations."""
        self._limit = limit
        self._offers: OrderedDict[str, dict[str, str]] = OrderedDict()

    def remember(self, conversation: str, messages: list[dict[str, Any]]) -> None:
        """Keep the buttons of a reply; a reply without buttons takes nothing back."""
        buttons = {
            key: str(button["payload"])
            for message in messages
            for button in message.get("buttons") or ()
            for key in (str(button["payload"]), _key(str(button["title"])))
        }
        if buttons:
            self._offers[conversation] = buttons
            self._offers.move_to_end(conversation)
            while len(self._offers) > self._limit:
                self._offers.popitem(last=False)

    def payload(self, conversation: str, text: str) -> str | None:
        """Return the payload that ``text`` (a payload, or a button's title typed out) stands for, if it was offered."""
        offered = self._offers.get(conversation, {})
        return offered.get(text.strip()) or offered.get(_key(text))

    def forget(self, conversation: str) -> None:
        """Drop what was offered, when a conversation is erased."""
        self._offers.pop(conversation, None)


def check(text: str, conversation: str, offers: Offers) -> Accepted | Refused:
    """Decide what becomes of a citizen's message.

    Args:
        text: as it came in.
        conversation: id under which ``offers`` knows the conversation.
        offers: the buttons of the last reply.
    """
    if len(text) > MAX_MESSAGE:
        return Refused("te_lang_bericht")
    if payload := offers.payload(conversation, text):
        return Accepted(payload)
    # Control characters say nothing and upset logs; a leading slash would be a command.
    cleaned = "".join(c if c.isprintable() or c in "\n\t" else " " for c in text).strip().lstrip("/ \n\t")
    if not cleaned:
        return Refused("leeg_bericht")
    return Accepted(cleaned)


def _key(title: str) -> str:
    return " ".join(title.casefold().split()).rstrip(".!?")
