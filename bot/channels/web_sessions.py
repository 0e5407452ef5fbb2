"""What the web channel remembers of its sessions, and how it looks them up or erases them in Rasa's stores."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.events import Event

from bot.channels.web_messages import Reply
from bot.privacy.erase import erase_conversation
from bot.privacy.pseudonym import pseudonym
from bot.storage.erased import take_back
from bot.storage.event_log import ReviewLog, Thumb
from bot.storage.tracker_store import PrivateTrackerStore

MAX_SESSIONS = 2_000  # remembered; the longest silent is forgotten first, the tracker store still knows it
MAX_TURNS = 5  # remembered per session: a message is only repeated while it is being sent


@dataclass
class Remembered:
    """Turns by message id, answer ids and votes by bot message id. ``fresh``: nothing was asked in this process yet."""

    turns: OrderedDict[str, asyncio.Task[list[Reply]]] = field(default_factory=OrderedDict)
    answers: dict[str, str] = field(default_factory=dict)
    votes: dict[str, str] = field(default_factory=dict)
    fresh: bool = True

    def keep(self, message_id: str, turn: asyncio.Task[list[Reply]]) -> None:
        """Remember a turn, so that the same message sent again gets the same reply."""
        self.turns[message_id] = turn
        while len(self.turns) > MAX_TURNS:
            self.turns.popitem(last=False)


class Sessions:
    """The sessions that this process has seen lately."""

    def __init__(self, limit: int = MAX_SESSIONS) -> None:
        """Remember at most ``limit`` sessions."""
        self._limit = limit
        self._sessions: OrderedDict[str, Remembered] = OrderedDict()

    def of(self, sender_id: str) -> Remembered:
        """Return what is remembered, empty for an unknown session."""
        remembered = self._sessions.setdefault(sender_id, Remembered())
        self._sessions.move_to_end(sender_id)
        while len(self._sessions) > self._limit:
            self._sessions.popitem(last=False)
        return remembered

    def forget(self, sender_id: str) -> None:
        """Drop everything of an erased session."""
        self._sessions.pop(sender_id, None)


async def events_of(agent: Any, sender_id: str) -> list[Event]:
    """Return the stored events of the conversation, without creating one."""
    tracker = await agent.tracker_store.retrieve(sender_id)
    return list(tracker.events) if tracker else []


async def erase(agent: Any, sender_id: str) -> None:
    """Erase a conversation everywhere, after a running turn has ended.

    Raises:
        Exception: whatever the stores raise; then nothing may be called erased.
    """
    store = _store_of(agent)
    async with agent.lock_store.lock(sender_id):
        await asyncio.to_thread(_delete, store, sender_id)


def log_thumb(
    agent: Any, sender_id: str, answer: str, value: str, word: str, before: str | None, about: float
) -> None:
    """Write a thumb to the review log, under the pseudonym of its conversation; other stores have no such log.

    Args:
        agent: the running assistant.
        sender_id: whose conversation it is.
        answer: id of the answer that was judged.
        value: ``up`` or ``down``.
        word: what was written with it, as kept (redacted).
        before: the vote that this one replaces.
        about: timestamp of the message that was judged.
    """
    store = _store_of(agent)
    if isinstance(store, PrivateTrackerStore) and isinstance(store.event_broker, ReviewLog):
        conversation = pseudonym(sender_id, store.settings.secret)
        store.event_broker.add_thumb(Thumb(conversation, answer, value, word, before, about))
        take_back(store.event_broker.review, conversation, store.settings)


def _store_of(agent: Any) -> TrackerStore:
    store = agent.tracker_store
    while inner := getattr(store, "_tracker_store", None):  # Rasa wraps stores to make them fail-safe
        store = inner
    return store


def _delete(store: TrackerStore, sender_id: str) -> None:
    if isinstance(store, PrivateTrackerStore):
        erased = erase_conversation(sender_id, store.settings)
        if not erased.confirmed:
            raise RuntimeError(f"erasing left {sum(erased.left.values())} rows")
    elif isinstance(store, SQLTrackerStore):
        with store.session_scope() as session:
            session.query(store.SQLEvent).filter(store.SQLEvent.sender_id == sender_id).delete()
            session.commit()
    elif isinstance(store, InMemoryTrackerStore):
        store.store.pop(sender_id, None)
    else:
        raise NotImplementedError(f"no way to erase a conversation from {type(store).__name__}")
