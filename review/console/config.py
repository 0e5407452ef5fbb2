"""What the console reads from the environment; a wrong value stops the start with the variable's name."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from bot.errors import DataError
from bot.privacy.settings import PrivacySettings

_TRUE = {"1", "true", "ja", "yes"}
_FALSE = {"", "0", "false", "nee", "no"}


@dataclass(frozen=True)
class OidcConfig:
    """Single sign-on with the city's identity provider.

    ``groups`` maps the provider's group names to roles of ours; ``claim`` is where the names stand, with dots for what is nested.
    """

    issuer: str
    client_id: str
    client_secret: str
    groups: dict[str, str]
    scopes: str = "openid profile email"
    claim: str = "groups"


@dataclass(frozen=True)
class ConsoleConfig:
    """Where the console keeps its own data, which stores it reads, and how people reach it.

    ``databases`` has Django's shape, with the aliases ``default`` (the console's own tables), ``feed`` (the review log that
    the event broker writes) and ``statistics`` (the daily counts).
    """

    privacy: PrivacySettings
    var_dir: Path
    databases: dict[str, dict[str, Any]]
    secret: str
    hosts: tuple[str, ...]
    origins: tuple[str, ...]
    https: bool
    require_totp: bool
    session_minutes: int
    oidc: OidcConfig | None


def read_config() -> ConsoleConfig:
    """Read the environment.

    Raises:
        DataError: a value that cannot be used, with the variable's name.
    """
    privacy = PrivacySettings.from_environment()
    var_dir = privacy.purge_log.parent
    https = _flag("STADSBOT_REVIEW_HTTPS")
    hosts = _words("STADSBOT_REVIEW_HOSTS") or ("127.0.0.1", "localhost", "[::1]")
    scheme = "https" if https else "http"
    return ConsoleConfig(
        privacy=privacy,
        var_dir=var_dir,
        databases={
            "default": database(privacy.console_url),
            "feed": database(privacy.review_url),
            "statistics": database(privacy.statistics_url),
        },
        secret=privacy.secret,
        hosts=hosts,
        origins=tuple(f"{scheme}://{host}" for host in hosts),
        https=https,
        require_totp=_flag("STADSBOT_REVIEW_TOTP"),
        session_minutes=_minutes("STADSBOT_REVIEW_SESSION_MINUTES", 30),
        oidc=_oidc(),
    )


def database(url: str) -> dict[str, Any]:
    """Return Django's settings for an SQLAlchemy URL of ``sqlite`` or ``postgresql``."""
    if url.startswith("sqlite:///"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": url.removeprefix("sqlite:///"),
            "OPTIONS": {
                "timeout": 15,
                "transaction_mode": "IMMEDIATE",
                # As bot.storage.database: readers do not wait for the writer, and deleted means overwritten.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
    }


def _oidc() -> OidcConfig | None:
    issuer = os.environ.get("STADSBOT_OIDC_ISSUER", "").rstrip("/")
    if not issuer:
        return None
    values = {}
    for name in ("STADSBOT_OIDC_CLIENT_ID", "STADSBOT_OIDC_CLIENT_SECRET", "STADSBOT_OIDC_GROUPS"):
        values[name] = os.environ.get(name, "")
        if not values[name]:
            raise DataError(f"{name} is missing; single sign-on (STADSBOT_OIDC_ISSUER) needs it")
    pairs = [pair.split("=", 1) for pair in values["STADSBOT_OIDC_GROUPS"].split(",")]
    if not all(len(pair) == 2 and all(part.strip() for part in pair) for pair in pairs):
        raise DataError("STADSBOT_OIDC_GROUPS must look like 'group-at-provider=lezer,other-group=beheerder'")
    return OidcConfig(
        issuer,
        values["STADSBOT_OIDC_CLIENT_ID"],
        values["STADSBOT_OIDC_CLIENT_SECRET"],
        {theirs.strip(): ours.strip() for theirs, ours in pairs},
        os.environ.get("STADSBOT_OIDC_SCOPES") or OidcConfig.scopes,
        os.environ.get("STADSBOT_OIDC_CLAIM") or OidcConfig.claim,
    )


def _words(name: str) -> tuple[str, ...]:
    return tuple(word for word in os.environ.get(name, "").replace(",", " ").split() if word)


def _flag(name: str) -> bool:
    raw = os.environ.get(name, "").strip().lower()
    if raw not in _TRUE | _FALSE:
        raise DataError(f"{name}={raw} is no yes or no; use 1 or 0")
    return raw in _TRUE


def _minutes(name: str, default: int) -> int:
    raw = os.environ.get(name, "")
    if not raw:
        return default
    if not raw.isdigit() or not 5 <= int(raw) <= 720:
        raise DataError(f"{name}={raw} is no session length; use 5 to 720 minutes")
    return int(raw)
