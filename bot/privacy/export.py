"""An access request: everything that is stored of one conversation, as one JSON document."""

from __future__ import annotations

import contextlib
import json
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.privacy.pseudonym import pseudonym
from bot.privacy.settings import PrivacySettings
from bot.privacy.vault import Vault
from bot.storage.stores import DAY, HOUR, Table, walk


def export_conversation(sender_id: str, settings: PrivacySettings) -> dict[str, Any]:
    """Return what every table holds of a conversation, row by row, oldest first; only JSON types.

    Args:
        sender_id: the id under which a channel knows the conversation, or the pseudonym that the console shows.
        settings: where the stores are.
    """
    conversation = pseudonym(sender_id, settings.secret)
    vault = Vault(settings.secret)
    document: dict[str, Any] = {"gesprek": conversation, "bewaring": {}}
    for table, engine in walk(settings):
        document["bewaring"][table.title] = _retention(table)
        document[table.title] = _rows(engine, table, conversation, vault) if engine else []
    return document


def _rows(engine: Engine, table: Table, conversation: str, vault: Vault) -> list[dict[str, Any]]:
    query = sa.select(sa.text("*")).select_from(table.clause).where(table.of(conversation))
    if table.timestamp is not None:
        query = query.order_by(table.clause.c[table.timestamp])
    with engine.connect() as connection:
        return [
            {name: _plain(value, vault) for name, value in row.items()}
            for row in connection.execute(query).mappings()
        ]


def _plain(value: Any, vault: Vault) -> Any:
    """Return a value of a column as JSON knows it; what is stored as JSON text is unfolded, what is sealed is opened."""
    if isinstance(value, (bytes, memoryview)):
        return vault.open(bytes(value))
    if isinstance(value, str) and value[:1] in {"{", "["}:
        with contextlib.suppress(ValueError):
            return json.loads(value)
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, (str, int, float, bool, list, dict)) else str(value)


def _retention(table: Table) -> str:
    if table.keep is None:
        return "tot het gewist wordt"
    hours = round(table.keep / HOUR)
    period = f"{round(table.keep / DAY)} dagen" if table.keep > DAY and hours % 24 == 0 else f"{hours} uur"
    return f"{period} na {'het laatste bericht' if table.whole else 'elk bericht'}"
