"""The tables of the messaging channels' queue: what waits to be answered or sent, and hashes of what was already seen.

``sealed`` columns hold JSON under `bot.privacy.vault.Vault`. Rows of ``inbox`` and ``outbox`` go as soon as they
are handled; ``seen`` knows no conversation and no person.
"""

from __future__ import annotations

import sqlalchemy as sa

messaging_metadata = sa.MetaData()

# `message` is a keyed hash of the network's message id. `timestamp` is when it came in.
seen = sa.Table(
    "messaging_seen",
    messaging_metadata,
    sa.Column("channel", sa.String(24), primary_key=True),
    sa.Column("message", sa.String(32), primary_key=True),
    sa.Column("timestamp", sa.Float, nullable=False, index=True),
)

# `sent_at` is the network's time of sending, which gives the order.
inbox = sa.Table(
    "messaging_inbox",
    messaging_metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("channel", sa.String(24), nullable=False),
    sa.Column("conversation", sa.String(64), nullable=False, index=True),
    sa.Column("message", sa.String(32), nullable=False),
    sa.Column("sent_at", sa.Float, nullable=False),
    sa.Column("timestamp", sa.Float, nullable=False),
    sa.Column("due", sa.Float, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sqlite_autoincrement=True,  # a number is never given twice, so order survives deleting
)

# `state`: staged (its turn is not finished), ready, sending (handed to the network, outcome unknown until the row goes).
# `key` names the message towards the network; `until` is when answering is no longer allowed (0: never).
outbox = sa.Table(
    "messaging_outbox",
    messaging_metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("channel", sa.String(24), nullable=False),
    sa.Column("conversation", sa.String(64), nullable=False, index=True),
    sa.Column("key", sa.String(32), nullable=False, unique=True),
    sa.Column("state", sa.String(8), nullable=False),
    sa.Column("timestamp", sa.Float, nullable=False),
    sa.Column("until", sa.Float, nullable=False),
    sa.Column("due", sa.Float, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

# What a person may choose from, as long as the conversation is kept.
people = sa.Table(
    "messaging_people",
    messaging_metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("conversation", sa.String(64), nullable=False, unique=True),
    sa.Column("channel", sa.String(24), nullable=False),
    sa.Column("timestamp", sa.Float, nullable=False, index=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)
