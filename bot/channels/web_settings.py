"""Settings of the web channel, from environment variables; a wrong one stops the start."""

from __future__ import annotations

import ipaddress
import os
import re
from dataclasses import dataclass
from pathlib import Path

from bot.errors import DataError
from bot.ops.settings import Settings
from bot.paths import ROOT

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
MIN_SECRET = 32  # characters: RFC 7518 asks for at least 256 bits under HS256
_ORIGIN = re.compile(r"https?://[^/\s?#@]+")


@dataclass(frozen=True)
class WebSettings:
    """How the channel behaves.

    ``origins`` are the sites whose pages may use it (``STADSBOT_ORIGINS``, separated by commas; default: the demo page on
    this machine). ``trusted_proxies`` are the addresses whose ``X-Forwarded-For`` is believed (``STADSBOT_TRUSTED_PROXIES``).
    The rates are messages per minute (``STADSBOT_RATE_SESSION``, ``STADSBOT_RATE_CLIENT``).
    """

    secret: str
    origins: frozenset[str]
    trusted_proxies: tuple[Network, ...] = ()
    session_rate: int = 20
    client_rate: int = 120
    var_dir: Path = ROOT / "var"

    @classmethod
    def from_environment(cls) -> WebSettings:
        """Read the environment.

        Raises:
            DataError: a weak secret, or a value that cannot be; names the variable and what to do.
        """
        secret = Settings.from_environment().secret()
        if len(secret) < MIN_SECRET:
            raise DataError(
                f"STADSBOT_SECRET must have at least {MIN_SECRET} random characters: it signs the sessions of the widget. "
                "Leave it empty to have one made, or: python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
            )
        return cls(
            secret=secret,
            origins=_origins(),
            trusted_proxies=_networks(),
            session_rate=_rate("STADSBOT_RATE_SESSION", cls.session_rate),
            client_rate=_rate("STADSBOT_RATE_CLIENT", cls.client_rate),
            var_dir=Path(os.environ.get("STADSBOT_VAR_DIR") or cls.var_dir),
        )


def _list(name: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def _origins() -> frozenset[str]:
    given = _list("STADSBOT_ORIGINS")
    for origin in given:
        if not _ORIGIN.fullmatch(origin):
            raise DataError(
                f"STADSBOT_ORIGINS: '{origin}' is no origin; write it as https://www.mechelen.be, without a path"
            )
    if given:
        return frozenset(given)
    port = os.environ.get("STADSBOT_DEMO_PORT") or "8080"
    return frozenset({f"http://127.0.0.1:{port}", f"http://localhost:{port}"})


def _networks() -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part) for part in _list("STADSBOT_TRUSTED_PROXIES"))
    except ValueError as error:
        raise DataError(
            f"STADSBOT_TRUSTED_PROXIES: {error}; write addresses such as 127.0.0.1 or 10.0.0.0/8"
        ) from error


def _rate(name: str, default: int) -> int:
    raw = os.environ.get(name) or str(default)
    if not raw.isdigit() or int(raw) < 1:
        raise DataError(f"{name}={raw} is no rate; use a number of messages per minute from 1")
    return int(raw)
