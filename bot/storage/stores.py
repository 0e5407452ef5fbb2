"""The stores as one thing to purge, search and erase in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.privacy.settings import PrivacySettings
from bot.storage.database import connect
from bot.storage.tables import review, state


@dataclass(frozen=True)
class Place:
    """One table with conversations in it. ``conversation`` names the column that holds the pseudonym."""

    name: str
    url: str
    table: sa.sql.expression.TableClause
    conversation: str

    @property
    def key(self) -> sa.sql.expression.ColumnElement:
        """The column with the pseudonym."""
        return self.table.c[self.conversation]


def places(settings: PrivacySettings) -> tuple[Place, Place]:
    """Return where conversations are kept. The statistics are not among them: they know no conversation."""
    return (
        Place("gespreksstatus", settings.state_url, state, "sender_id"),
        Place("leeslogboek", settings.review_url, review, "conversation"),
    )


@contextmanager
def opened(place: Place) -> Iterator[Engine | None]:
    """Yield an engine for ``place``, or None where nothing has been stored yet."""
    if place.url.startswith("sqlite") and not Path(sa.engine.make_url(place.url).database).exists():
        yield None
        return
    engine = connect(place.url)
    try:
        yield engine if sa.inspect(engine).has_table(place.table.name) else None
    finally:
        engine.dispose()
