"""For staff: which links are dead. Used by ``stadsbot facts links``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx

from bot.referral.load import ChannelData

Opener = Callable[[str], int]
TIMEOUT = 10.0  # seconds for one link


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
