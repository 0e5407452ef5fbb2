"""Every table that holds conversations, and the one walk that erasure, search, access and purging make over them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.privacy.settings import PrivacySettings
from bot.storage.database import connect, forget_deleted

HOUR, DAY = 3_600.0, 86_400.0  # seconds
QUEUE_KEEP = 2 * DAY  # what a network would not take for so long helps nobody any more


@dataclass(frozen=True)
class Table:
    """A table in which a column holds the pseudonym of a conversation.

    ``title`` is what staff and citizens read, once over all places. ``timestamp`` names a column with seconds since the epoch,
    or with a datetime where ``dated``. ``keep`` is in seconds, after each row or, where ``whole``, after the newest row of its
    conversation; without it only erasure deletes from the table, or whatever the owner of the table does.
    """

    title: str
    name: str
    conversation: str
    timestamp: str | None = None
    keep: float | None = None
    whole: bool = False
    dated: bool = False

    @cached_property
    def clause(self) -> sa.sql.expression.TableClause:
        """The table with the columns that are named here."""
        columns = [sa.column(self.conversation)]
        if self.timestamp is not None:
            columns.append(sa.column(self.timestamp, sa.DateTime(timezone=True) if self.dated else sa.Float))
        return sa.table(self.name, *columns)

    def of(self, conversation: str) -> Any:
        """Return the condition for the rows of one conversation."""
        return self.clause.c[self.conversation] == conversation

    def until(self, moment: float) -> Any:
        """Return the condition for rows of ``moment`` (seconds since the epoch) or older."""
        return self.clause.c[self.timestamp] <= self._moment(moment)

    def outdated(self, now: float) -> Any:
        """Return the condition for rows that have been kept long enough at ``now``."""
        if self.keep is None:
            return sa.false()
        if not self.whole:
            return self.until(now - self.keep)
        rows = self.clause.alias("rows_of_all")
        newest = sa.func.max(rows.c[self.timestamp])
        of = rows.c[self.conversation]
        old = sa.select(of).group_by(of).having(newest <= self._moment(now - self.keep))
        return self.clause.c[self.conversation].in_(old)

    def _moment(self, moment: float) -> float | datetime:
        return datetime.fromtimestamp(moment, tz=timezone.utc) if self.dated else moment


@dataclass(frozen=True)
class Place:
    """A database with conversations in it; a table that others refer to stands after those."""

    url: str
    tables: tuple[Table, ...]


# See `bot.storage.erased`. A turn takes less than a minute; a feed that stood still for more than a day starts anew.
MARKS = Table("wismerken", "erased", "conversation", "at", DAY)


def places(settings: PrivacySettings) -> tuple[Place, ...]:
    """Return where conversations are kept; whoever keeps them somewhere else adds a line here.

    The statistics are not among them: they know no conversation. Nor are the marks of erased conversations, `MARKS`.
    """
    state, review = settings.keep_state_hours * HOUR, settings.keep_log_days * DAY
    return (
        Place(
            settings.state_url,
            (Table("gespreksstatus", "events", "sender_id", "timestamp", state, whole=True),),
        ),
        Place(
            settings.review_url,
            (Table("leeslogboek", "review_events", "conversation", "timestamp", review),),
        ),
        Place(
            settings.messaging_url,
            (
                Table("berichten in de wachtrij", "messaging_inbox", "conversation", "timestamp", QUEUE_KEEP),
                Table(
                    "antwoorden in de wachtrij", "messaging_outbox", "conversation", "timestamp", QUEUE_KEEP
                ),
                Table("aangeboden keuzes", "messaging_people", "conversation", "timestamp", state),
            ),
        ),
        Place(
            settings.console_url,
            (
                # Of corrections and notes the clock starts at the latest change; what became training data was copied by then.
                Table("zinnen in voorstellen", "corrections_line", "conversation", "at", review, dated=True),
                Table("verbeteringen", "corrections_correction", "conversation", "at", review, dated=True),
                Table("onbegrepen berichten", "figures_unanswered", "conversation", "timestamp", review),
                Table("notities", "corrections_note", "conversation", "at", review, dated=True),
                Table(
                    "kenmerken in de leesconsole", "conversations_facet", "conversation", "last_at", review
                ),
                Table(
                    "berichten in de leesconsole",
                    "conversations_message",
                    "conversation",
                    "timestamp",
                    review,
                ),
                Table(
                    "gesprekken in de leesconsole",
                    "conversations_conversation",
                    "conversation",
                    "last_at",
                    review,
                ),
            ),
        ),
    )


def walk(settings: PrivacySettings, *extra: Place) -> Iterator[tuple[Table, Engine | None]]:
    """Yield every table of every place, with an engine, or with None where nothing has been stored yet."""
    for place in (*places(settings), *extra):
        with _opened(place.url) as engine:
            there = set(sa.inspect(engine).get_table_names()) if engine else set()
            for table in place.tables:
                yield table, engine if table.name in there else None


def remove(engine: Engine, table: Table, condition: Any) -> int:
    """Delete rows for good and return how many."""
    with engine.begin() as connection:
        rows = int(connection.execute(sa.delete(table.clause).where(condition)).rowcount)
    if rows:
        forget_deleted(engine, table.name)
    return rows


def count(engine: Engine, table: Table, condition: Any) -> int:
    """Return how many rows meet a condition."""
    query = sa.select(sa.func.count()).select_from(table.clause).where(condition)
    with engine.connect() as connection:
        return int(connection.execute(query).scalar() or 0)


@contextmanager
def _opened(url: str) -> Iterator[Engine | None]:
    if url.startswith("sqlite") and not Path(sa.engine.make_url(url).database).exists():
        yield None
        return
    engine = connect(url)
    try:
        yield engine
    finally:
        engine.dispose()
