"""Settings that all messaging channels share, and how a channel reads its own."""

from __future__ import annotations

import os
from dataclasses import dataclass

from bot.errors import DataError
from bot.privacy.settings import PrivacySettings


@dataclass(frozen=True)
class MessagingSettings:
    """``url`` is where the queue is kept (SQLAlchemy), ``secret`` the key that seals it."""

    url: str
    secret: str

    @classmethod
    def from_environment(cls) -> MessagingSettings:
        """Read ``STADSBOT_DB_URL``, ``STADSBOT_VAR_DIR`` and ``STADSBOT_SECRET``.

        Raises:
            DataError: a value that cannot be; or several workers on one SQLite file, which only one process may work on.
        """
        privacy = PrivacySettings.from_environment()
        workers = os.environ.get("SANIC_WORKERS", "1")
        if privacy.messaging_url.startswith("sqlite") and workers not in {"", "1"}:
            raise DataError(
                f"SANIC_WORKERS={workers}: messaging channels on several workers need PostgreSQL; set STADSBOT_DB_URL"
            )
        return cls(url=privacy.messaging_url, secret=privacy.secret)


def required(names: dict[str, str], channel: str) -> dict[str, str] | None:
    """Read the settings that a channel cannot do without.

    Args:
        names: variable → what it is, in a few words for the error.
        channel: as people call it.

    Returns:
        The values by variable, or None when none of them is set: then the channel is off.

    Raises:
        DataError: only some of them are set; names the first that is missing.
    """
    values = {name: os.environ.get(name, "").strip() for name in names}
    missing = [name for name, value in values.items() if not value]
    if len(missing) == len(names):
        return None
    if missing:
        raise DataError(
            f"{channel}: {missing[0]} is missing ({names[missing[0]]}); set it, or none of {', '.join(names)}"
        )
    return values
