"""Signed session tokens; the sender id that Rasa and the logs see is derived from them and opens nothing."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import jwt

LIFETIME = 24 * 3600  # seconds
MAX_REVOKED = 50_000  # erased sessions remembered; older ones have nearly expired
_ALGORITHM = "HS256"


@dataclass(frozen=True)
class Session:
    """``sender_id`` names the conversation; it cannot be turned back into a token."""

    jti: str
    sender_id: str


class Tokens:
    """Issues and checks tokens. A token is the only key to its conversation."""

    def __init__(self, secret: str, clock: Callable[[], float] = time.time) -> None:
        """Derive one key per purpose from ``secret``; ``clock`` is replaced in tests."""
        self._signing = hmac.digest(secret.encode(), b"web-token", "sha256")
        self._naming = hmac.digest(secret.encode(), b"web-sender", "sha256")
        self._clock = clock
        self._revoked: OrderedDict[str, None] = OrderedDict()

    def issue(self) -> str:
        """Return a new token."""
        claims = {"jti": secrets.token_urlsafe(16), "exp": int(self._clock()) + LIFETIME}
        return jwt.encode(claims, self._signing, algorithm=_ALGORITHM)

    def read(self, authorization: str | None) -> Session | None:
        """Return the session of an ``Authorization`` header; None for anything that is not a valid token of ours."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            claims = jwt.decode(
                token,
                self._signing,
                algorithms=[_ALGORITHM],
                # Expiry is checked below, against our own clock.
                options={"require": ["jti", "exp"], "verify_exp": False},
            )
        except (jwt.InvalidTokenError, ValueError):
            return None
        jti = str(claims["jti"])
        if int(claims["exp"]) <= self._clock() or jti in self._revoked:
            return None
        return Session(jti, self._sender_id(jti))

    def revoke(self, session: Session) -> None:
        """Make the token of an erased session worthless."""
        self._revoked[session.jti] = None
        while len(self._revoked) > MAX_REVOKED:
            self._revoked.popitem(last=False)

    def restore(self, session: Session) -> None:
        """Take `revoke` back, when the erasing failed and must be possible again."""
        self._revoked.pop(session.jti, None)

    def _sender_id(self, jti: str) -> str:
        return "web-" + hmac.new(self._naming, jti.encode(), hashlib.sha256).hexdigest()[:32]
