"""Connections to SQLite files and PostgreSQL, set up so that deleted means gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.pool import QueuePool

_INDEXES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'"
)


def connect(url: str) -> Engine:
    """Return an engine for ``url``; an SQLite file is made, readable for its owner only.

    The engine may be used from any thread. Parameters never show up in errors or logs.
    """
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_size=5, max_overflow=10, pool_pre_ping=True, hide_parameters=True)
    path = Path(sa.engine.make_url(url).database)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    engine = sa.create_engine(
        url,
        poolclass=QueuePool,
        connect_args={"check_same_thread": False, "timeout": 15},
        hide_parameters=True,
    )
    sa.event.listen(engine, "connect", _set_up_sqlite)
    return engine


def forget_deleted(engine: Engine, table: str) -> None:
    """Make sure that deleted rows of ``table`` are in no file any more: SQLite's write-ahead log is folded in and emptied.

    A full-text index of SQLite keeps deleted words until its parts are merged, so they are merged first.

    PostgreSQL reclaims rows by VACUUM, which cannot run inside a transaction and therefore gets its own connection.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            for name in connection.exec_driver_sql(_INDEXES).scalars().all():
                connection.exec_driver_sql(f'INSERT INTO "{name}"("{name}") VALUES (\'optimize\')')  # noqa: S608  # a name of its own
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            connection.exec_driver_sql(f'VACUUM "{table}"')


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    # Readers do not wait for the writer; a power cut may cost the last turn, never the file.
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    # Deleted content is overwritten with zeros.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()
