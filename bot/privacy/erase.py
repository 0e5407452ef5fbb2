"""Erasing one conversation everywhere, and proving it by a search."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from bot.privacy.pseudonym import pseudonym
from bot.privacy.settings import PrivacySettings
from bot.storage.database import forget_deleted
from bot.storage.stores import opened, places


@dataclass(frozen=True)
class Erased:
    """``deleted`` holds rows per store, ``left`` what a search found afterwards: nothing, or the erasure failed."""

    conversation: str
    deleted: dict[str, int]
    left: dict[str, int]

    @property
    def confirmed(self) -> bool:
        """Whether nothing of the conversation is left."""
        return not any(self.left.values())


def erase_conversation(sender_id: str, settings: PrivacySettings) -> Erased:
    """Delete a conversation from every store on disk.

    Args:
        sender_id: the id under which a channel knows the conversation, or the pseudonym that the console shows.
        settings: where the stores are.

    A running assistant may hold the conversation in memory for the rest of a turn, and open buttons or a preparation for
    an hour at most; channels drop those when the citizen erases (`bot.channels.guard.Offers.forget`).
    """
    conversation = pseudonym(sender_id, settings.secret)
    deleted: dict[str, int] = {}
    for place in places(settings):
        with opened(place) as engine:
            if engine is None:
                deleted[place.name] = 0
                continue
            with engine.begin() as connection:
                gone = connection.execute(sa.delete(place.table).where(place.key == conversation)).rowcount
            deleted[place.name] = int(gone)
            forget_deleted(engine, place.table.name)
    return Erased(conversation, deleted, search_conversation(conversation, settings))


def search_conversation(sender_id: str, settings: PrivacySettings) -> dict[str, int]:
    """Return how many rows each store holds of a conversation."""
    conversation = pseudonym(sender_id, settings.secret)
    found: dict[str, int] = {}
    for place in places(settings):
        with opened(place) as engine:
            if engine is None:
                found[place.name] = 0
                continue
            with engine.connect() as connection:
                count = sa.select(sa.func.count()).select_from(place.table).where(place.key == conversation)
                found[place.name] = int(connection.execute(count).scalar() or 0)
    return found
