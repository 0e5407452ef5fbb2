"""``stadsbot review …``: the commands of the review console, which lives in an environment of its own (docs/decisions/0004)."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.errors import DataError
from bot.ops.settings import Settings
from bot.paths import ROOT

FOLDER = ROOT / "review"


def add_commands(subparsers: Any) -> None:
    """Add ``review``; what follows it goes to the console's own command line.

    Args:
        subparsers: what ``ArgumentParser.add_subparsers`` returned.
    """
    text = "the review console: admin (make the first administrator), migrate, ingest, help, …"
    parser = subparsers.add_parser("review", help=text, description=text, add_help=False)
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    parser.set_defaults(command=_manage)


def python() -> Path:
    """Return the Python of the console's environment.

    Raises:
        DataError: it has not been made.
    """
    found = FOLDER / ".venv" / "bin" / "python"
    if not found.exists():
        raise DataError("the review console is not set up: run 'make setup'")
    return found


def command(*arguments: str) -> str:
    """Return the command line of one of the console's commands."""
    return " ".join([str(python()), str(FOLDER / "manage.py"), *arguments])


def _manage(arguments: argparse.Namespace, console: Console) -> int:
    program = str(python())
    environment = {**os.environ, "STADSBOT_SECRET": Settings.from_environment().secret()}
    # In the place of this process, so that questions, Ctrl-C and the exit code are the console's own.
    os.execve(  # noqa: S606 - fixed program, no shell
        program, [program, str(FOLDER / "manage.py"), *(arguments.arguments or ["help"])], environment
    )
