"""``manage.py ingest``: follows the review log."""

from __future__ import annotations

import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error

from conversations.ingest import Ingest, close_connections, tidy
from figures.unanswered import Background, refresh

PAUSE = 1.0  # seconds between two looks
LONGEST_PAUSE = 4.0  # seconds, while a database is away
TIDY_EVERY = 600.0  # seconds
GROUP_EVERY = 60.0  # seconds, when something new was read


class Command(BaseCommand):
    """Takes the review log over into the console, until it is told to stop."""

    help = "Follow the review log of the assistant; with --once, stop when nothing is left."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add ``--once``."""
        parser.add_argument("--once", action="store_true", help="take over what is there, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until SIGTERM or SIGINT."""
        if options["once"]:
            try:
                self.stdout.write(f"{self._catch_up()} rows read")
            except Error as error:
                raise CommandError(f"the review log cannot be read ({type(error).__name__})") from error
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        self._follow(stop)

    def _catch_up(self) -> int:
        ingest, rows = Ingest(), 0
        while taken := ingest.step():
            rows += taken
        tidy()
        refresh()
        return rows

    def _follow(self, stop: threading.Event) -> None:
        ingest, pause, tidied = None, PAUSE, 0.0
        unanswered, grouped, news = Background(), 0.0, True
        while not stop.is_set():
            try:
                ingest = ingest or Ingest()
                busy = ingest.step() > 0
                if time.monotonic() - tidied > TIDY_EVERY:
                    tidy()
                    tidied, news = time.monotonic(), True
                news = news or busy
                if news and time.monotonic() - grouped > GROUP_EVERY:
                    unanswered.start()
                    grouped, news = time.monotonic(), False
                pause = PAUSE
                if busy:
                    continue
            except Error as error:
                # The assistant has made no log yet, or a database is away. Only the kind is said: its text may hold a row.
                if pause == PAUSE:
                    self.stderr.write(f"ingest: waiting for the review log ({type(error).__name__})")
                close_connections()
                ingest, pause = None, min(pause * 2, LONGEST_PAUSE)
            stop.wait(pause)
