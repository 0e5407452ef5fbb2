"""Marks of erased conversations: who read one just before it was erased must not write it back.

Whoever copies conversations from one store to another (the tracker store at the end of a turn, the feed of the review console)
first writes and then calls `take_back`, or does the same in SQL: the table ``erased`` in the database of the review log holds a
pseudonym and a time; rows of that conversation up to that time must go. What the person says afterwards is a new conversation.
An erasure marks first and deletes then, so that one of the two always comes last.
"""

from __future__ import annotations

import time

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.privacy.settings import PrivacySettings
from bot.storage.database import connect
from bot.storage.stores import remove, walk
from bot.storage.tables import erased


def mark(settings: PrivacySettings, conversation: str) -> None:
    """Remember that a conversation is being erased now."""
    engine = connect(settings.review_url)
    try:
        erased.create(engine, checkfirst=True)
        with engine.begin() as connection:
            connection.execute(sa.delete(erased).where(erased.c.conversation == conversation))
            connection.execute(sa.insert(erased).values(conversation=conversation, at=time.time()))
    finally:
        engine.dispose()


def erased_at(review: Engine, conversation: str) -> float | None:
    """Return when a conversation was last erased, in seconds since the epoch, if that was in the last day (`bot.storage.stores.MARKS`)."""
    with review.connect() as connection:
        at = connection.execute(sa.select(erased.c.at).where(erased.c.conversation == conversation)).scalar()
    return None if at is None else float(at)


def take_back(review: Engine, conversation: str, settings: PrivacySettings) -> None:
    """Delete what was just written, wherever, of a conversation that was erased in the meantime.

    Args:
        review: the database of the review log.
        conversation: the pseudonym.
        settings: where the stores are.
    """
    at = erased_at(review, conversation)
    if at is None:
        return
    for table, engine in walk(settings):
        if engine is not None and table.timestamp is not None:
            remove(engine, table, table.of(conversation) & table.until(at))
