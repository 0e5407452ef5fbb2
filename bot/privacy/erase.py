"""Erasing one conversation everywhere, and proving it by a search."""

from __future__ import annotations

from dataclasses import dataclass

from bot.privacy.pseudonym import pseudonym
from bot.privacy.settings import PrivacySettings
from bot.storage.erased import mark
from bot.storage.stores import count, remove, walk
from bot.training.spool import TITLE, Spool


@dataclass(frozen=True)
class Erased:
    """``deleted`` holds rows per table, ``left`` what a search found afterwards: nothing, or the erasure failed."""

    conversation: str
    deleted: dict[str, int]
    left: dict[str, int]

    @property
    def confirmed(self) -> bool:
        """Whether nothing of the conversation is left."""
        return not any(self.left.values())


def erase_conversation(sender_id: str, settings: PrivacySettings) -> Erased:
    """Delete a conversation from every table of every store.

    Args:
        sender_id: the id under which a channel knows the conversation, or the pseudonym that the console shows.
        settings: where the stores are.

    A running assistant may hold the conversation in memory for the rest of a turn; it does not write it back
    (`bot.storage.erased`). Open buttons or a preparation last an hour at most; channels drop those when the citizen erases
    (`bot.channels.guard.Offers.forget`).
    """
    conversation = pseudonym(sender_id, settings.secret)
    mark(settings, conversation)
    deleted = {
        table.title: remove(engine, table, table.of(conversation)) if engine else 0
        for table, engine in walk(settings)
    }
    deleted[TITLE] = Spool(settings.purge_log.parent).forget(conversation)
    return Erased(conversation, deleted, search_conversation(conversation, settings))


def search_conversation(sender_id: str, settings: PrivacySettings) -> dict[str, int]:
    """Return how many rows each table holds of a conversation."""
    conversation = pseudonym(sender_id, settings.secret)
    found = {
        table.title: count(engine, table, table.of(conversation)) if engine else 0
        for table, engine in walk(settings)
    }
    found[TITLE] = Spool(settings.purge_log.parent).holding(conversation)
    return found
