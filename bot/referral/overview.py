"""For staff: which facts want checking, and which links are dead. Used by ``stadsbot facts``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

import httpx

from bot.referral.load import ChannelData
from bot.referral.model import Confidence

Opener = Callable[[str], int]
TIMEOUT = 10.0  # seconds for one link


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


@dataclass(frozen=True)
class Link:
    """An address and where it is used (``unia.url``, ``sources.vvsg``)."""

    url: str
    used_in: tuple[str, ...]


@dataclass(frozen=True)
class LinkResult:
    """What came back from a link: an HTTP status, or the error instead of one."""

    link: Link
    status: int | None
    error: str = ""

    @property
    def ok(self) -> bool:
        """Whether the page is there."""
        return self.status is not None and self.status < httpx.codes.BAD_REQUEST


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


def links(data: ChannelData) -> tuple[Link, ...]:
    """Return every address in the channels and their sources once."""
    used: dict[str, list[str]] = {}
    for channel in data.channels.values():
        for field in ("url", "form_url"):
            if field in channel.facts:
                used.setdefault(str(channel.facts[field].value), []).append(f"{channel.id}.{field}")
    for source in data.sources.values():
        if source.url:
            used.setdefault(source.url, []).append(f"sources.{source.id}")
    return tuple(Link(url, tuple(places)) for url, places in used.items())


def check_links(data: ChannelData, opener: Opener | None = None) -> Iterator[LinkResult]:
    """Open every link and yield what came back, one by one so that progress can be shown.

    Args:
        data: the channels.
        opener: gets an address, returns the HTTP status or raises `httpx.HTTPError` or `OSError`;
            by default `http_status`.
    """
    for link in links(data):
        try:
            yield LinkResult(link, (opener or http_status)(link.url))
        except (httpx.HTTPError, OSError) as error:
            yield LinkResult(link, None, f"{type(error).__name__}: {error}")


def http_status(url: str) -> int:
    """Return the status of a page after redirects, without reading its body.

    Raises:
        httpx.HTTPError: no answer within `TIMEOUT` seconds, or none at all.
    """
    with httpx.stream("GET", url, follow_redirects=True, timeout=TIMEOUT) as response:
        return response.status_code
