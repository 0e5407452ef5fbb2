"""The tables of the review log and the statistics. Rasa makes that of the conversation state (`bot.storage.stores`)."""

from __future__ import annotations

import sqlalchemy as sa

review_metadata = sa.MetaData()
# Review log: one row per message, session start or thumb. `text` is redacted; `data` is JSON with what the review console
# shows (`bot.storage.log_rows`). Ids are never given twice, since the console reads on from the last one.
review = sa.Table(
    "review_events",
    review_metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("conversation", sa.String(64), nullable=False),
    sa.Column("timestamp", sa.Float, nullable=False, index=True),
    sa.Column("type", sa.String(16), nullable=False),
    sa.Column("intent", sa.String(64)),
    sa.Column("confidence", sa.Float),
    sa.Column("answer", sa.String(64)),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Index("ix_review_conversation_timestamp", "conversation", "timestamp"),
    sqlite_autoincrement=True,
)
# Conversations that were erased in the last day, see `bot.storage.erased`. `at` is in seconds since the epoch.
erased = sa.Table(
    "erased",
    review_metadata,
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("at", sa.Float, nullable=False),
)

statistics_metadata = sa.MetaData()
# Statistics: how often per day, nothing about whom. `day` is an ISO date in UTC.
statistics = sa.Table(
    "statistics",
    statistics_metadata,
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("kind", sa.String(24), primary_key=True),
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("count", sa.Integer, nullable=False),
)
