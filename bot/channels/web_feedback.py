"""Thumbs up and down, as counts per day and answer: no conversation, no sender, no message text.

Nothing in it can be traced to a conversation, so erasing one has nothing to look for here; the optional words are deleted by
`bot.privacy.retention.purge`, the counts stay.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timezone
from pathlib import Path

from bot.channels.guard import MAX_MESSAGE
from bot.privacy.redact import default_redactor

VALUES = ("up", "down")
MAX_WORD = 60  # characters
_SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    day TEXT NOT NULL, answer TEXT NOT NULL, value TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (day, answer, value)
);
CREATE TABLE IF NOT EXISTS feedback_word (day TEXT NOT NULL, answer TEXT NOT NULL, value TEXT NOT NULL, word TEXT NOT NULL);
"""
_ADD = "INSERT INTO feedback VALUES (?, ?, ?, 1) ON CONFLICT (day, answer, value) DO UPDATE SET count = count + 1"
_TAKE_BACK = "UPDATE feedback SET count = count - 1 WHERE day = ? AND answer = ? AND value = ? AND count > 0"


class FeedbackStore:
    """Counts in ``feedback.db`` of the var directory; every call opens and closes the file, from any thread."""

    def __init__(self, path: Path) -> None:
        """The file and its directory are made on first use."""
        self._path = path

    def add(self, answer: str, value: str, before: str | None = None, word: str = "") -> str:
        """Count one vote and return the word as it was kept.

        Args:
            answer: id of the answer that was judged.
            value: ``up`` or ``down``.
            before: the earlier vote of the same person on the same message, which is taken back.
            word: an optional word; it is kept only after redaction.
        """
        day = datetime.now(tz=timezone.utc).date().isoformat()
        kept = redacted(word)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.touch(mode=0o600)
        with closing(sqlite3.connect(self._path, timeout=5)) as connection, connection:
            connection.executescript(_SCHEMA)
            if before != value:
                connection.execute(_ADD, (day, answer, value))
                if before:
                    connection.execute(_TAKE_BACK, (day, answer, before))
            if kept:
                connection.execute(
                    "INSERT INTO feedback_word VALUES (?, ?, ?, ?)", (day, answer, value, kept)
                )
        return kept

    def forget_words(self, last_day: str) -> int:
        """Delete the words up to and including ``last_day`` (ISO date, UTC) from the file; return how many there were."""
        if not self._path.exists():
            return 0
        with closing(sqlite3.connect(self._path, timeout=5)) as connection, connection:
            connection.execute("PRAGMA secure_delete = ON")
            connection.executescript(_SCHEMA)
            return connection.execute("DELETE FROM feedback_word WHERE day <= ?", (last_day,)).rowcount

    def counts(self) -> dict[tuple[str, str], int]:
        """Return how often each answer got each value, over all days."""
        if not self._path.exists():
            return {}
        with closing(sqlite3.connect(self._path, timeout=5)) as connection:
            rows = connection.execute("SELECT answer, value, sum(count) FROM feedback GROUP BY answer, value")
            return {(str(answer), str(value)): int(count) for answer, value, count in rows}


def redacted(word: str) -> str:
    """Return the word, shortened and without personal data."""
    # Redacted before it is cut: half a phone number is not recognised any more.
    return str(default_redactor().redact(" ".join(word[:MAX_MESSAGE].split())).text)[:MAX_WORD]
