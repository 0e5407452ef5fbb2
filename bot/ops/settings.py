"""All settings, from environment variables, with defaults that work on one machine."""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass, fields
from pathlib import Path

from bot.errors import DataError
from bot.paths import ROOT


@dataclass(frozen=True)
class Settings:
    """Each field is read from ``STADSBOT_<NAME>``; a wrong value stops the start with the variable's name."""

    demo_port: int = 8080
    review_port: int = 8081
    rasa_port: int = 5005
    actions_port: int = 5055
    host: str = "127.0.0.1"
    api_token: str = ""
    var_dir: Path = ROOT / "var"
    models_dir: Path = ROOT / "models"

    @classmethod
    def from_environment(cls) -> Settings:
        """Read the environment.

        Raises:
            DataError: a port that is no port, or an open host without a token.
        """
        values: dict[str, object] = {}
        for field in fields(cls):
            name = f"STADSBOT_{field.name.upper()}"
            raw = os.environ.get(name)
            if raw is None or raw == "":
                continue
            values[field.name] = _convert(name, raw, field.default)
        settings = cls(**values)  # type: ignore[arg-type]
        if settings.host not in {"127.0.0.1", "localhost", "::1"} and not settings.api_token:
            raise DataError("STADSBOT_HOST opens Rasa's API to others: set STADSBOT_API_TOKEN as well")
        return settings

    @property
    def ports(self) -> dict[str, int]:
        """The ports by the variable that changes them."""
        return {
            "STADSBOT_DEMO_PORT": self.demo_port,
            "STADSBOT_REVIEW_PORT": self.review_port,
            "STADSBOT_RASA_PORT": self.rasa_port,
            "STADSBOT_ACTIONS_PORT": self.actions_port,
        }

    def secret(self) -> str:
        """Return the key of this installation: ``STADSBOT_SECRET``, or one made on first use in ``var/secret.key``."""
        if given := os.environ.get("STADSBOT_SECRET"):
            return given
        path = self.var_dir / "secret.key"
        self.var_dir.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            # Created readable for its owner only, and only by the first of several processes.
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(secrets.token_urlsafe(48))
        return path.read_text(encoding="utf-8").strip()


def _convert(name: str, raw: str, default: object) -> object:
    if isinstance(default, Path):
        return Path(raw)
    if isinstance(default, int):
        if not raw.isdigit() or not 0 < int(raw) < 65536:
            raise DataError(f"{name}={raw} is no port; use a number from 1 to 65535")
        return int(raw)
    return raw
