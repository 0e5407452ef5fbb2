"""Deleting what has been kept long enough, with a record that holds counts and no texts."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from datetime import datetime, timezone

import sqlalchemy as sa

from bot.channels.web_feedback import FeedbackStore
from bot.privacy.settings import PrivacySettings
from bot.storage.database import forget_deleted
from bot.storage.stores import Place, opened, places

HOUR, DAY = 3_600.0, 86_400.0
KEEP_RECORDS = 3_000  # lines of the purge log: a month of quarter-hourly runs


@dataclass(frozen=True)
class Purged:
    """What one run deleted. ``at`` is UTC, ISO 8601; rows are events and messages, words those with a thumb."""

    at: str
    conversations: int
    state_rows: int
    review_rows: int
    feedback_words: int
    keep_state_hours: int
    keep_log_days: int


def purge(settings: PrivacySettings, now: float | None = None) -> Purged:
    """Delete conversations whose last message is too old, and review rows and words with a thumb that are.

    Args:
        settings: how long is long enough.
        now: seconds since the epoch; the present by default.

    Returns:
        What was deleted; the same is appended to ``settings.purge_log``.
    """
    now = time.time() if now is None else now
    state, review = places(settings)
    conversations, state_rows = _purge_conversations(state, now - settings.keep_state_hours * HOUR)
    review_rows = _purge_rows(review, now - settings.keep_log_days * DAY)
    # Only the day of a word is known: it goes with the start of its day, so that none is kept too long.
    last_day = datetime.fromtimestamp(now - settings.keep_log_days * DAY, tz=timezone.utc).date()
    feedback_words = FeedbackStore(settings.feedback).forget_words(last_day.isoformat())
    record = Purged(
        at=datetime.fromtimestamp(now, tz=timezone.utc).isoformat(timespec="seconds"),
        conversations=conversations,
        state_rows=state_rows,
        review_rows=review_rows,
        feedback_words=feedback_words,
        keep_state_hours=settings.keep_state_hours,
        keep_log_days=settings.keep_log_days,
    )
    _write_record(settings, record)
    return record


def _purge_conversations(place: Place, limit: float) -> tuple[int, int]:
    with opened(place) as engine:
        if engine is None:
            return 0, 0
        with engine.begin() as connection:
            old = [
                row[0]
                for row in connection.execute(
                    sa.select(place.key)
                    .group_by(place.key)
                    .having(sa.func.max(place.table.c.timestamp) < limit)
                )
            ]
            # The condition is repeated: somebody may have come back between the two statements.
            rows = 0
            for conversation in old:
                newest = sa.select(sa.func.max(place.table.c.timestamp)).where(place.key == conversation)
                if (connection.execute(newest).scalar() or 0.0) < limit:
                    rows += connection.execute(
                        sa.delete(place.table).where(place.key == conversation)
                    ).rowcount
        if rows:
            forget_deleted(engine, place.table.name)
        return len(old), rows


def _purge_rows(place: Place, limit: float) -> int:
    with opened(place) as engine:
        if engine is None:
            return 0
        with engine.begin() as connection:
            rows = int(
                connection.execute(sa.delete(place.table).where(place.table.c.timestamp < limit)).rowcount
            )
        if rows:
            forget_deleted(engine, place.table.name)
        return rows


def _write_record(settings: PrivacySettings, record: Purged) -> None:
    path = settings.purge_log
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    lines = [*lines[-KEEP_RECORDS + 1 :], json.dumps(asdict(record))]
    fresh = path.with_suffix(".new")
    fresh.write_text("\n".join(lines) + "\n", encoding="utf-8")
    fresh.replace(path)
