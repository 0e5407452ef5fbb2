"""An access request: everything that is stored of one conversation, as one JSON document."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from bot.privacy.pseudonym import pseudonym
from bot.privacy.settings import PrivacySettings
from bot.storage.stores import opened, places


def export_conversation(sender_id: str, settings: PrivacySettings) -> dict[str, Any]:
    """Return what every store holds of a conversation, row by row, in order.

    Args:
        sender_id: the id under which a channel knows the conversation, or the pseudonym that the console shows.
        settings: where the stores are.
    """
    conversation = pseudonym(sender_id, settings.secret)
    document: dict[str, Any] = {"gesprek": conversation, "bewaring": _retention(settings)}
    for place in places(settings):
        with opened(place) as engine:
            rows: list[dict[str, Any]] = []
            if engine is not None:
                query = sa.select(place.table).where(place.key == conversation).order_by(place.table.c.id)
                with engine.connect() as connection:
                    rows = [dict(row) for row in connection.execute(query).mappings()]
            document[place.name] = [{**row, "data": json.loads(row["data"])} for row in rows]
    return document


def _retention(settings: PrivacySettings) -> dict[str, str]:
    return {
        "gespreksstatus": f"{settings.keep_state_hours} uur na het laatste bericht",
        "leeslogboek": f"{settings.keep_log_days} dagen na elk bericht",
    }
