"""Who works on a conversation: one turn at a time, whatever process it is in."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import sqlalchemy as sa


class Holding:
    """Holds conversations: in memory on SQLite, where one process works; with advisory locks on PostgreSQL."""

    def __init__(self, url: str, most: int) -> None:
        """``most`` is how many conversations this process holds at a time."""
        self._held: set[str] = set()
        self._guard = threading.Lock()
        # Apart from the queue's own connections: a held conversation keeps one of these for a whole turn.
        self._engine = (
            None
            if url.startswith("sqlite")
            else sa.create_engine(
                url, pool_size=most, max_overflow=0, pool_pre_ping=True, hide_parameters=True
            )
        )

    @contextlib.contextmanager
    def hold(self, conversation: str) -> Iterator[bool]:
        """Hold a conversation; yields False when somebody has it. Gone with the process that held it."""
        with self._guard:
            taken = conversation in self._held
            self._held.add(conversation)
        if taken:
            yield False
            return
        try:
            if self._engine is None:
                yield True
                return
            with self._engine.connect() as connection:
                # Released at the end of the transaction, so also when the process is killed.
                statement = sa.text("SELECT pg_try_advisory_xact_lock(:key)")
                yield bool(connection.execute(statement, {"key": _key(conversation)}).scalar())
        finally:
            with self._guard:
                self._held.discard(conversation)

    def close(self) -> None:
        """Close the connections."""
        if self._engine is not None:
            self._engine.dispose()


def _key(conversation: str) -> int:
    """64 bits of the pseudonym, signed as PostgreSQL wants them."""
    return int.from_bytes(bytes.fromhex(conversation[-16:]), "big", signed=True)
