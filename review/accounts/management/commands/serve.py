"""``manage.py serve``: brings the tables up to date and serves the console."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    """Becomes gunicorn, so that signals and the exit code are its own."""

    help = "Bring the tables up to date, then serve the console."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add where to listen and with how many processes."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8081)
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *args: Any, **options: Any) -> None:
        """Never returns."""
        call_command("migrate", verbosity=0, interactive=False)
        command = [
            sys.executable,
            "-m",
            "gunicorn",
            f"--chdir={settings.BASE_DIR}",
            f"--bind={options['host']}:{options['port']}",
            f"--workers={options['workers']}",
            "--threads=4",
            f"--umask={0o077}",
            "--no-control-socket",
            "--log-level=warning",
            "console.wsgi",
        ]
        os.execv(sys.executable, command)  # noqa: S606 - fixed program, no shell
