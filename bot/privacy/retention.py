"""Deleting what has been kept long enough, with a record that holds counts and no texts."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from datetime import datetime, timezone

from bot.channels.web_feedback import FeedbackStore
from bot.privacy.settings import PrivacySettings
from bot.storage.stores import DAY, MARKS, Place, remove, walk
from bot.training.spool import TITLE, Spool

KEEP_RECORDS = 3_000  # lines of the purge log: a month of quarter-hourly runs


@dataclass(frozen=True)
class Purged:
    """What one run deleted. ``at`` is UTC, ISO 8601; ``rows`` counts per table, words are those with a thumb."""

    at: str
    rows: dict[str, int]
    feedback_words: int
    keep_state_hours: int
    keep_log_days: int

    @property
    def anything(self) -> bool:
        """Whether anything was deleted."""
        return any(self.rows.values()) or bool(self.feedback_words)

    def __str__(self) -> str:
        counts = {**self.rows, "woorden bij een duim": self.feedback_words}
        return ", ".join(f"{title} {count}" for title, count in counts.items())


def purge(settings: PrivacySettings, now: float | None = None) -> Purged:
    """Delete conversations whose last message is too old, and rows of the other tables and words with a thumb that are.

    Args:
        settings: how long is long enough.
        now: seconds since the epoch; the present by default.

    Returns:
        What was deleted; the same is appended to ``settings.purge_log``.
    """
    now = time.time() if now is None else now
    rows = {
        table.title: remove(engine, table, table.outdated(now)) if engine else 0
        for table, engine in walk(settings, Place(settings.review_url, (MARKS,)))
    }
    rows[TITLE] = Spool(settings.purge_log.parent).purge(now - settings.keep_log_days * DAY)
    # Only the day of a word is known: it goes with the start of its day, so that none is kept too long.
    last_day = datetime.fromtimestamp(now - settings.keep_log_days * DAY, tz=timezone.utc).date()
    record = Purged(
        at=datetime.fromtimestamp(now, tz=timezone.utc).isoformat(timespec="seconds"),
        rows=rows,
        feedback_words=FeedbackStore(settings.feedback).forget_words(last_day.isoformat()),
        keep_state_hours=settings.keep_state_hours,
        keep_log_days=settings.keep_log_days,
    )
    _write_record(settings, record)
    return record


def _write_record(settings: PrivacySettings, record: Purged) -> None:
    path = settings.purge_log
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    lines = [*lines[-KEEP_RECORDS + 1 :], json.dumps(asdict(record))]
    fresh = path.with_suffix(".new")
    fresh.write_text("\n".join(lines) + "\n", encoding="utf-8")
    fresh.replace(path)
