"""``stadsbot matrix registration``: the file that makes a homeserver know the assistant."""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.channels.matrix_settings import split_user
from bot.errors import DataError
from bot.ops.settings import Settings

DEFAULT_ADDRESS = f"http://127.0.0.1:{Settings.rasa_port}/webhooks/matrix"


def add_commands(subparsers: Any) -> None:
    """Add ``matrix`` with its own sub-commands.

    Args:
        subparsers: what ``ArgumentParser.add_subparsers`` returned.
    """
    parser = subparsers.add_parser("matrix", help="the assistant on a Matrix homeserver")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    text = "write the registration file for the homeserver, and the settings that belong to it"
    sub = actions.add_parser("registration", help=text, description=text)
    sub.add_argument("user", help="the assistant's account, such as @inclusie:mechelen.be")
    sub.add_argument(
        "homeserver", help="where the assistant reaches the homeserver: https://matrix.mechelen.be"
    )
    sub.add_argument(
        "--assistant",
        default=DEFAULT_ADDRESS,
        help="where the homeserver reaches the assistant (%(default)s)",
    )
    sub.add_argument(
        "--output", type=Path, default=Path("var/matrix"), help="folder for the files (%(default)s)"
    )
    sub.set_defaults(command=_registration)


def _registration(arguments: argparse.Namespace, console: Console) -> int:
    registration, settings = write(
        arguments.user, arguments.homeserver, arguments.assistant, arguments.output
    )
    console.print(f"For the homeserver (app_service_config_files): {registration}", markup=False)
    console.print(f"For the assistant's environment: {settings}", markup=False)
    console.print("Both hold secrets: keep them out of version control. docs/matrix.md says what comes next.")
    return 0


def write(user_id: str, homeserver: str, assistant: str, folder: Path) -> tuple[Path, Path]:
    """Write ``registration.yaml`` and ``matrix.env`` with new tokens into ``folder``; return their paths.

    Raises:
        DataError: no Matrix user, or a file is there already: new tokens would lock the homeserver out.
    """
    localpart, _ = split_user(user_id, "user")
    registration, settings = folder / "registration.yaml", folder / "matrix.env"
    for path in (registration, settings):
        if path.exists():
            raise DataError(f"{path} exists; remove it first if the homeserver must get new tokens")
    as_token, hs_token = secrets.token_urlsafe(48), secrets.token_urlsafe(48)
    fields = {
        "id": "stadsbot",
        "url": assistant.rstrip("/"),
        "as_token": as_token,
        "hs_token": hs_token,
        "sender_localpart": localpart,
        "rate_limited": False,
        "namespaces": {
            "users": [{"exclusive": True, "regex": f"^{re.escape(user_id)}$"}],
            "aliases": [],
            "rooms": [],
        },
    }
    lines = [f"{name}: {json.dumps(value)}" for name, value in fields.items()]  # JSON values are YAML
    environment = {
        "STADSBOT_MATRIX_URL": homeserver.rstrip("/"),
        "STADSBOT_MATRIX_USER": user_id,
        "STADSBOT_MATRIX_AS_TOKEN": as_token,
        "STADSBOT_MATRIX_HS_TOKEN": hs_token,
    }
    folder.mkdir(parents=True, exist_ok=True)
    _write_private(registration, lines)
    _write_private(settings, [f"{name}={value}" for name, value in environment.items()])
    return registration, settings


def _write_private(path: Path, lines: list[str]) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
