"""Settings of the Matrix channel, from environment variables; a wrong one stops the start."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.channels.messaging.settings import required
from bot.errors import DataError

MIN_TOKEN = 32  # characters
# The localpart and the server name as the Matrix specification allows them (appendices, "User identifiers").
_USER = re.compile(r"@(?P<localpart>[a-z0-9._=/+-]+):(?P<server>[A-Za-z0-9.\-:\[\]]+)")
_URL = re.compile(r"https?://[^/\s?#@]+")
VARIABLES = {
    "STADSBOT_MATRIX_URL": "where the homeserver is",
    "STADSBOT_MATRIX_USER": "the assistant's account",
    "STADSBOT_MATRIX_AS_TOKEN": "what the assistant shows to the homeserver",
    "STADSBOT_MATRIX_HS_TOKEN": "what the homeserver shows to the assistant",
}


@dataclass(frozen=True)
class MatrixSettings:
    """How the assistant and the homeserver reach and know each other.

    ``url`` is the homeserver's client API without a path, ``user_id`` the assistant's own account. The assistant shows
    ``as_token`` to the homeserver, the homeserver ``hs_token`` to the assistant; both stand in the registration file.
    """

    url: str
    user_id: str
    as_token: str
    hs_token: str

    @classmethod
    def from_environment(cls) -> MatrixSettings | None:
        """Read ``STADSBOT_MATRIX_URL``, ``_USER``, ``_AS_TOKEN`` and ``_HS_TOKEN``; None when none of them is set.

        Raises:
            DataError: one is missing or wrong; names the variable and what to do.
        """
        values = required(VARIABLES, "Matrix ('stadsbot matrix registration' makes what is needed)")
        if values is None:
            return None
        for name, value in values.items():
            if name.endswith("_TOKEN") and len(value) < MIN_TOKEN:
                raise DataError(
                    f"{name} must have at least {MIN_TOKEN} characters; 'stadsbot matrix registration' makes one"
                )
        url, user_id, as_token, hs_token = values.values()
        url = url.rstrip("/")
        if not _URL.fullmatch(url):
            raise DataError(
                f"STADSBOT_MATRIX_URL={url} is no address of a homeserver; write https://matrix.mechelen.be, without a path"
            )
        split_user(user_id, "STADSBOT_MATRIX_USER")
        if as_token == hs_token:
            raise DataError("STADSBOT_MATRIX_HS_TOKEN must differ from STADSBOT_MATRIX_AS_TOKEN")
        return cls(url, user_id, as_token, hs_token)


def split_user(user_id: str, name: str) -> tuple[str, str]:
    """Return the localpart and the server name of a Matrix user id.

    Raises:
        DataError: it is none; names where it was given (``name``).
    """
    found = _USER.fullmatch(user_id)
    if found is None or len(user_id) > 255:
        raise DataError(
            f"{name}: '{user_id}' is no Matrix user; write @inclusie:mechelen.be, in small letters"
        )
    return found["localpart"], found["server"]
