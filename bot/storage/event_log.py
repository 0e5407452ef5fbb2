"""The review log and the daily counts, fed by the tracker store with cleaned events."""

from __future__ import annotations

import time
from asyncio import AbstractEventLoop
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import structlog
from rasa.core.brokers.broker import EventBroker
from rasa.utils.endpoints import EndpointConfig

from bot.privacy.settings import PrivacySettings
from bot.storage import log_rows
from bot.storage.clean import CleanEvent
from bot.storage.database import connect
from bot.storage.tables import review, review_metadata, statistics_metadata
from bot.storage.tallies import add, tally, thumb_counts

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Thumb:
    """A thumb on one message. ``conversation`` is the pseudonym, ``word`` redacted, ``about`` the time of the judged message
    (seconds since the epoch), ``before`` the earlier vote that this one replaces."""

    conversation: str
    answer: str
    value: str
    word: str = ""
    before: str | None = None
    about: float | None = None


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
        rows = list(log_rows.rows(taken))
        if rows:
            with self.review.begin() as connection:
                connection.execute(review.insert(), rows)
        add(self.statistics, Counter(tally(taken)))

    def add_thumb(self, thumb: Thumb) -> None:
        """Write a thumb under the pseudonym of its conversation, and count it. Blocks; call it off the event loop."""
        now = time.time()
        row = log_rows.thumb(thumb.conversation, now, thumb.answer, thumb.value, thumb.word, thumb.about)
        with self.review.begin() as connection:
            connection.execute(review.insert(), [row])
        add(self.statistics, thumb_counts(now, thumb.answer, thumb.value, thumb.before))

    async def close(self) -> None:
        """Close the connections."""
        self.review.dispose()
        self.statistics.dispose()
