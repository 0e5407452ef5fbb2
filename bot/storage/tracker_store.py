"""Rasa's SQL tracker store, but redacted at the point of writing, under keyed hashes, and off the event loop."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
import structlog
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.privacy import logs
from bot.privacy.pseudonym import pseudonym
from bot.privacy.redact import default_redactor
from bot.privacy.settings import PrivacySettings
from bot.storage import log_plugin
from bot.storage.clean import CleanEvent, clean, preparing_after
from bot.storage.database import connect
from bot.storage.erased import take_back
from bot.storage.event_log import ReviewLog

log = structlog.get_logger(__name__)
START_LIMIT = 60.0  # seconds that a database server gets to come up
_INDEXES = (
    "CREATE INDEX IF NOT EXISTS ix_events_sender_timestamp ON events (sender_id, timestamp)",
    "CREATE INDEX IF NOT EXISTS ix_events_timestamp ON events (timestamp)",
)


class PrivateTrackerStore(SQLTrackerStore):  # type: ignore[misc]
    """Keeps conversation state without personal data. Named by ``endpoints.yml``; configured by the environment.

    Within a turn the language understanding and the actions see the message as it was written; what is stored, and what
    goes to the event broker, is redacted. From the next turn on the conversation holds the redacted text only.
    """

    def __init__(
        self, domain: Domain | None = None, event_broker: EventBroker | None = None, **_: Any
    ) -> None:
        """Connect and make the tables; a wrong setting stops the start (`bot.errors.DataError`)."""
        self.settings = PrivacySettings.from_environment()
        logs.install(self.settings.secret)
        log_plugin.register()
        self.redactor = default_redactor()
        self.redactor.redact("")  # Presidio is loaded now, not at the first message
        self.engine = connect(self.settings.state_url)
        self._create_tables()
        self.sessionmaker = sa.orm.sessionmaker(bind=self.engine)
        TrackerStore.__init__(self, domain, event_broker)

    def _create_tables(self) -> None:
        deadline = time.monotonic() + START_LIMIT
        while True:
            try:
                self.Base.metadata.create_all(self.engine)
                with self.engine.begin() as connection:
                    for statement in _INDEXES:
                        connection.exec_driver_sql(statement)
                return
            except sa.exc.OperationalError:
                if time.monotonic() > deadline:
                    raise
                log.warning("tracker_store.waiting_for_database")
                time.sleep(1)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the new events of ``tracker``, cleaned, and publish the same."""
        events = list(tracker.events)
        stored_id = pseudonym(tracker.sender_id, self.settings.secret)
        await asyncio.to_thread(self._save, stored_id, events)

    def _save(self, stored_id: str, events: list[Any]) -> None:
        with self.session_scope() as session:
            known = self._event_query(session, stored_id, fetch_events_from_all_sessions=False).count()
            if known >= len(events):
                return
            before = preparing_after(event.as_dict() for event in itertools.islice(events, known))
            cleaned = clean(_with_buttons(events, known), before, self.redactor.redact)
            session.add_all(self._row(stored_id, event) for event in cleaned)
            session.commit()
        self._publish(stored_id, cleaned)
        if isinstance(self.event_broker, ReviewLog):
            take_back(self.event_broker.review, stored_id, self.settings)

    def _publish(self, stored_id: str, cleaned: list[CleanEvent]) -> None:
        published = [CleanEvent(sender_id=stored_id, **event) for event in cleaned]
        if isinstance(self.event_broker, ReviewLog):
            self.event_broker.publish_all(published)
        elif self.event_broker is not None:
            for event in published:
                self.event_broker.publish(event)

    def _row(self, stored_id: str, event: CleanEvent) -> Any:
        return self.SQLEvent(
            sender_id=stored_id,
            type_name=event["event"],
            timestamp=event.get("timestamp"),
            intent_name=((event.get("parse_data") or {}).get("intent") or {}).get("name"),
            action_name=event.get("name"),
            data=json.dumps(event, ensure_ascii=False),
        )

    async def stream_events(self, tracker: DialogueStateTracker) -> None:
        """Do nothing: `save` publishes what it has cleaned. Rasa's own streaming would send raw text."""

    async def _retrieve(
        self, sender_id: str, fetch_events_from_all_sessions: bool
    ) -> DialogueStateTracker | None:
        events = await asyncio.to_thread(self._read, sender_id, fetch_events_from_all_sessions)
        return DialogueStateTracker.from_dict(sender_id, events, self.domain.slots) if events else None

    def _read(self, sender_id: str, all_sessions: bool) -> list[dict[str, Any]]:
        stored_id = pseudonym(sender_id, self.settings.secret)
        with self.session_scope() as session:
            rows = self._event_query(session, stored_id, fetch_events_from_all_sessions=all_sessions).all()
            return [json.loads(row.data) for row in rows]

    async def keys(self) -> Iterable[str]:
        """Return the pseudonyms of all stored conversations; `retrieve` takes them too."""
        return await asyncio.to_thread(self._keys)

    def _keys(self) -> list[str]:
        with self.engine.connect() as connection:
            return [row[0] for row in connection.exec_driver_sql("SELECT DISTINCT sender_id FROM events")]


def _with_buttons(events: list[Any], known: int) -> Iterator[dict[str, Any]]:
    """Yield the new events as dicts; a message that is the payload of an offered button gets that button's title."""
    for number, event in enumerate(events[known:], start=known):
        plain = event.as_dict()
        if plain["event"] == "user" and str(plain.get("text") or "").startswith("/"):
            title = _title(plain["text"], events[:number])
            if title:
                plain["metadata"] = {**(plain.get("metadata") or {}), "button": title}
        yield plain


def _title(payload: str, before: list[Any]) -> str | None:
    for event in reversed(before):
        for button in (event.data.get("buttons") or ()) if isinstance(event, BotUttered) else ():
            if button.get("payload") == payload:
                return str(button.get("title") or "") or None
    return None
