"""How often one session and one client may write. Addresses live in this process's memory only, and only as salted hashes."""

from __future__ import annotations

import hashlib
import ipaddress
import math
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping

from pyrate_limiter import InMemoryBucket, Rate, RateItem

from bot.channels.web_settings import Network

MINUTE = 60_000  # milliseconds
MAX_KEYS = 20_000  # sessions or clients remembered; the longest silent is forgotten first


class Limiter:
    """At most ``per_minute`` events per key in any minute, and a third of that in any five seconds."""

    def __init__(
        self, per_minute: int, clock: Callable[[], float] = time.monotonic, keys: int = MAX_KEYS
    ) -> None:
        """``clock`` returns seconds and is replaced in tests."""
        burst = max(2, math.ceil(per_minute / 3))
        self._rates = [Rate(per_minute, MINUTE)]
        if burst < per_minute:
            self._rates.insert(0, Rate(burst, 5_000))
        self._clock = clock
        self._keys = keys
        self._buckets: OrderedDict[str, InMemoryBucket] = OrderedDict()

    def wait(self, key: str) -> int:
        """Count one event; return 0, or after how many whole seconds the next one will be taken."""
        now = int(self._clock() * 1000)
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = InMemoryBucket(list(self._rates))
        self._buckets.move_to_end(key)
        while len(self._buckets) > self._keys:
            self._buckets.popitem(last=False)
        bucket.leak(now)
        item = RateItem(key, now)
        if bucket.put(item):
            return 0
        milliseconds = bucket.waiting(item)
        assert isinstance(milliseconds, int)
        return max(1, math.ceil(milliseconds / 1000))


class Clients:
    """Names the client behind a request, believing ``X-Forwarded-For`` only when a trusted proxy wrote it."""

    def __init__(self, trusted: tuple[Network, ...]) -> None:
        """``trusted`` are the networks of the city's own reverse proxies."""
        self._trusted = trusted
        self._salt = secrets.token_bytes(16)

    def key(self, peer: str, headers: Mapping[str, str]) -> str:
        """Return a salted hash of the client's address (IPv6: of its /64, which is one household)."""
        address = self._address(peer, headers.get("x-forwarded-for", ""))
        return hashlib.blake2b(address.encode(), key=self._salt, digest_size=16).hexdigest()

    def _address(self, peer: str, forwarded: str) -> str:
        # From the right: each hop was added by the proxy after it, so the first untrusted one is the client.
        for hop in [peer, *(part.strip() for part in reversed(forwarded.split(",")))]:
            try:
                address = ipaddress.ip_address(hop)
            except ValueError:
                break
            if isinstance(address, ipaddress.IPv6Address):
                address = address.ipv4_mapped or address
            peer = str(address)
            if address.version == 6:
                peer = str(ipaddress.ip_network((address, 64), strict=False))
            if not any(address in network for network in self._trusted):
                break
        return peer
