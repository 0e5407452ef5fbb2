"""The name under which a conversation is stored: a keyed hash, so that nobody without the key can look a person up."""

from __future__ import annotations

import hashlib
import hmac
import re

PREFIX = "gesprek-"
_PSEUDONYM = re.compile(re.escape(PREFIX) + r"[0-9a-f]{32}")


def pseudonym(sender_id: str, secret: str) -> str:
    """Return the stored id of a conversation: 40 characters, ``gesprek-`` and 128 bits in hex.

    What already is a pseudonym is returned as it is, so that staff can act on an id that they read in the console.
    Channels must therefore not accept such an id from outside (see `is_pseudonym`).
    """
    if is_pseudonym(sender_id):
        return sender_id
    return PREFIX + hmac.new(secret.encode(), sender_id.encode(), hashlib.sha256).hexdigest()[:32]


def is_pseudonym(sender_id: str) -> bool:
    """Tell whether an id has the shape of a stored one."""
    return _PSEUDONYM.fullmatch(sender_id) is not None
