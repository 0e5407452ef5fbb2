"""How long what is kept, where, and under which key; read from the environment and checked at the start."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from bot.errors import DataError
from bot.ops.settings import Settings

MAX_STATE_HOURS = 24 * 7
MAX_LOG_DAYS = 90
_MIN_SECRET = 16  # characters


@dataclass(frozen=True)
class PrivacySettings:
    """Retention and places of the stores, and of the words with a thumb (``feedback``, always an SQLite file).

    ``keep_state_hours`` counts from the last message of a conversation, ``keep_log_days`` from each message. The URLs are
    SQLAlchemy's; ``secret`` is the key of the pseudonyms: with another key every stored conversation is out of reach.
    """

    secret: str
    state_url: str
    review_url: str
    statistics_url: str
    messaging_url: str
    console_url: str
    purge_log: Path
    feedback: Path
    keep_state_hours: int = 24
    keep_log_days: int = 30

    @classmethod
    def from_environment(cls) -> PrivacySettings:
        """Read ``STADSBOT_KEEP_STATE_HOURS``, ``STADSBOT_KEEP_LOG_DAYS``, ``STADSBOT_DB_URL``, ``STADSBOT_SECRET``.

        Without ``STADSBOT_DB_URL`` each store is an SQLite file of its own in ``STADSBOT_VAR_DIR``; with it, each is a set of
        tables of its own in that PostgreSQL database.

        Raises:
            DataError: a period that is no number or out of bounds, a database that is not supported, a weak key.
        """
        settings = Settings.from_environment()
        folder = settings.var_dir.resolve()
        url = os.environ.get("STADSBOT_DB_URL", "")
        if url.startswith("postgres://"):  # the old spelling, which SQLAlchemy no longer reads
            url = url.replace("postgres://", "postgresql://", 1)
        if url and not url.startswith(("postgresql://", "postgresql+psycopg2://")):
            raise DataError("STADSBOT_DB_URL must start with postgresql://; leave it empty for SQLite files")
        hours, days = _periods()
        secret = os.environ.get("STADSBOT_SECRET") or settings.secret()
        if len(secret) < _MIN_SECRET:
            raise DataError(f"STADSBOT_SECRET is too short; use at least {_MIN_SECRET} random characters")
        return cls(
            secret=secret,
            state_url=url or f"sqlite:///{folder / 'conversations.db'}",
            review_url=url or f"sqlite:///{folder / 'reviewlog.db'}",
            statistics_url=url or f"sqlite:///{folder / 'statistics.db'}",
            messaging_url=url or f"sqlite:///{folder / 'messaging.db'}",
            console_url=url or f"sqlite:///{folder / 'review.db'}",
            purge_log=folder / "purge.jsonl",
            feedback=folder / "feedback.db",
            keep_state_hours=hours,
            keep_log_days=days,
        )


def retention_phrases() -> dict[str, str]:
    """Return what the citizen is told: the values of ``{privacy.…}`` in answers, for the periods of this environment.

    Raises:
        DataError: a period that is no number or out of bounds.
    """
    hours, days = _periods()
    state = f"{hours // 24} dagen" if hours % 24 == 0 and hours > 24 else f"{hours} uur"
    return {"bewaartermijn": state, "logtermijn": "1 dag" if days == 1 else f"{days} dagen"}


def _periods() -> tuple[int, int]:
    return (
        _period("STADSBOT_KEEP_STATE_HOURS", 24, MAX_STATE_HOURS),
        _period("STADSBOT_KEEP_LOG_DAYS", 30, MAX_LOG_DAYS),
    )


def _period(name: str, default: int, most: int) -> int:
    raw = os.environ.get(name, "")
    if not raw:
        return default
    if not raw.isascii() or not raw.isdigit() or not 1 <= int(raw) <= most:
        raise DataError(f"{name}={raw} is no period; use a whole number from 1 to {most}")
    return int(raw)
