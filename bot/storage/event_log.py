"""The review log and the daily counts, fed by the tracker store with cleaned events."""

from __future__ import annotations

import json
from asyncio import AbstractEventLoop
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import Any

import structlog
from rasa.core.brokers.broker import EventBroker
from rasa.utils.endpoints import EndpointConfig

from bot.privacy.settings import PrivacySettings
from bot.storage.clean import CleanEvent
from bot.storage.database import connect
from bot.storage.tables import review, review_metadata, statistics_metadata
from bot.storage.tallies import add, tally

log = structlog.get_logger(__name__)
_SHOWN = ("entities", "doubt", "language", "intent_ranking")


class ReviewLog(EventBroker):  # type: ignore[misc]
    """Writes messages to the review log and counts to the statistics. Named by ``endpoints.yml``.

    Takes nothing but `CleanEvent`: what Rasa itself would publish (its in-memory fallback does, when the database fails)
    is raw and is dropped.
    """

    def __init__(self, settings: PrivacySettings) -> None:
        """Make the tables where they are missing."""
        self.review = connect(settings.review_url)
        self.statistics = connect(settings.statistics_url)
        review_metadata.create_all(self.review)
        statistics_metadata.create_all(self.statistics)

    @classmethod
    async def from_endpoint_config(
        cls, broker_config: EndpointConfig, event_loop: AbstractEventLoop | None = None
    ) -> ReviewLog:
        """Return the log that the environment configures."""
        return cls(PrivacySettings.from_environment())

    def publish(self, event: dict[str, Any]) -> None:
        """Write one event."""
        self.publish_all([event])

    def publish_all(self, events: Iterable[dict[str, Any]]) -> None:
        """Write the events of one turn, in one transaction per store. Blocks; call it off the event loop."""
        taken = [event for event in events if isinstance(event, CleanEvent)]
        if not taken:
            log.warning("review_log.dropped_uncleaned_event")
            return
        rows = [row for event in taken if (row := _row(event)) is not None]
        if rows:
            with self.review.begin() as connection:
                connection.execute(review.insert(), rows)
        counts: Counter[tuple[str, str, str]] = Counter()
        for event in taken:
            counts.update(tally(event, _day(event)))
        add(self.statistics, counts)

    async def close(self) -> None:
        """Close the connections."""
        self.review.dispose()
        self.statistics.dispose()


def _day(event: CleanEvent) -> str:
    return datetime.fromtimestamp(event.get("timestamp") or 0.0, tz=timezone.utc).date().isoformat()


def _row(event: CleanEvent) -> dict[str, Any] | None:
    kind = event["event"]
    if kind not in {"user", "bot", "session_started"}:
        return None
    parse = event.get("parse_data") or {}
    intent = parse.get("intent") or {}
    metadata = event.get("metadata") or {}
    data: dict[str, Any] = {}
    if kind == "user":
        data = {name: parse[name] for name in _SHOWN if parse.get(name)}
        data["redacted"] = metadata.get("redacted", [])
    elif kind == "bot":
        custom = (event.get("data") or {}).get("custom") or {}
        data = {"channels": custom.get("channels", [])}
    return {
        "conversation": event["sender_id"],
        "timestamp": event.get("timestamp") or 0.0,
        "type": kind,
        "intent": intent.get("name"),
        "confidence": intent.get("confidence"),
        "answer": str(metadata.get("utter_action") or "").removeprefix("utter_") or None,
        "text": event.get("text") or "",
        "data": json.dumps(data, ensure_ascii=False),
    }
