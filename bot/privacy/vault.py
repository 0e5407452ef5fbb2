"""What waits in the queue is sealed: without the installation's secret its rows say nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from cryptography.fernet import Fernet, InvalidToken


class Vault:
    """Seals and opens JSON (Fernet: AES-128-CBC with HMAC-SHA-256), and names things by keyed hashes."""

    def __init__(self, secret: str) -> None:
        """Derive one key per purpose from the installation's ``secret``."""
        sealing = hmac.digest(secret.encode(), b"messaging-queue", "sha256")
        self._fernet = Fernet(base64.urlsafe_b64encode(sealing))
        self._naming = hmac.digest(secret.encode(), b"messaging-ids", "sha256")

    def seal(self, value: Any) -> bytes:
        """Return ``value`` (JSON-able) so that only this installation can read it."""
        return self._fernet.encrypt(json.dumps(value, ensure_ascii=False).encode())

    def open(self, sealed: bytes) -> Any:
        """Return what was sealed; None when it was sealed under another secret, or damaged."""
        try:
            return json.loads(self._fernet.decrypt(bytes(sealed)))
        except InvalidToken:
            return None

    def name(self, *parts: str) -> str:
        """Return a keyed hash of ids, 32 hex characters: equal for equal ids, and no way back."""
        text = "\0".join(parts).encode()
        return hmac.new(self._naming, text, hashlib.sha256).hexdigest()[:32]
