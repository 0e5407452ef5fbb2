"""For staff: which facts want checking. Used by ``stadsbot facts due`` and the review console."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from bot.referral.load import ChannelData
from bot.referral.model import Confidence


class Due(str, Enum):
    """Why a fact wants checking, most pressing first."""

    UNVERIFIED = "onbevestigd"
    SINGLE_SOURCE = "één bron"
    OLD = "lang niet nagekeken"
    LIVE = "nog niet live getest"


@dataclass(frozen=True)
class DueFact:
    """A fact to check; ``sources`` are addresses or titles with their date, ``line`` where it stands."""

    channel: str
    field: str
    value: str
    due: Due
    checked: date
    sources: tuple[str, ...]
    note: str
    line: int


def is_older(checked: date, today: date, months: int) -> bool:
    """Return whether ``checked`` lies ``months`` calendar months or more before ``today``."""
    passed = (today.year - checked.year) * 12 + today.month - checked.month - (today.day < checked.day)
    return passed >= months


def due_facts(data: ChannelData, today: date, months: int, live: bool = True) -> tuple[DueFact, ...]:
    """Return the facts that want checking, most pressing first.

    Args:
        data: the channels.
        today: the day to count from.
        months: facts checked this many months ago or longer are due.
        live: also list verified facts of channels that were never called or clicked (``live_check: true``).
    """
    found = []
    for channel in data.channels.values():
        for field, fact in channel.facts.items():
            if fact.confidence is Confidence.UNVERIFIED:
                due = Due.UNVERIFIED
            elif fact.confidence is Confidence.SINGLE_SOURCE:
                due = Due.SINGLE_SOURCE
            elif is_older(fact.checked, today, months):
                due = Due.OLD
            elif live and channel.live_check:
                due = Due.LIVE
            else:
                continue
            sources = tuple(f"{data.sources[s].label} ({data.sources[s].date})" for s in fact.sources)
            value = str(fact.value).lower() if isinstance(fact.value, bool) else fact.value
            found.append(DueFact(channel.id, field, value, due, fact.checked, sources, fact.note, fact.line))
    order = list(Due)
    return tuple(sorted(found, key=lambda fact: order.index(fact.due)))
