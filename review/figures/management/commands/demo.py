"""``manage.py demo``: fills the console with conversations that were really held with the assistant."""

from __future__ import annotations

import subprocess
import time
import urllib.error
import urllib.request
from typing import Any

from bot.errors import DataError
from bot.ops.settings import Settings
from bot.paths import ROOT
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from conversations.models import Message
from figures.rehearsal import Citizen, script

START_LIMIT = 300.0  # seconds until a started assistant must answer
READ_LIMIT = 60.0  # seconds until the console must have read what was said
SCRIPT = settings.BASE_DIR / "demo.yml"


class Command(BaseCommand):
    """Talks to the running assistant, or starts everything for as long as it takes. Makes no users."""

    help = "Hold the conversations of review/demo.yml with the assistant, so that there is something to see."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add how many, and where the assistant is."""
        parser.add_argument("--only", type=int, default=0, help="hold only the first so many conversations")
        parser.add_argument("--address", default="", help="of the assistant; default: on this machine")

    def handle(self, *args: Any, **options: Any) -> None:
        """Talk, with a line of progress, and wait until the console has read it."""
        address = options["address"] or f"http://127.0.0.1:{Settings.from_environment().rasa_port}"
        started = None
        try:
            talks = script(SCRIPT)
            talks = talks[: options["only"] or len(talks)]
            if not answers(f"{address}/webhooks/web/"):
                started = self._start(address, own=not options["address"])
            before = Message.objects.filter(kind=Message.Kind.CITIZEN).count()
            said = 0
            for number, steps in enumerate(talks, 1):
                said += sum(isinstance(step, str) or "knop" in step for step in Citizen(address).talk(steps))
                self.stdout.write(f"\r{number} van {len(talks)} gesprekken, {said} berichten", ending="")
                self.stdout.flush()
            self.stdout.write("")
            self._wait(before + said)
        except DataError as error:
            raise CommandError(str(error)) from error
        finally:
            if started is not None:
                started.terminate()
                started.wait(timeout=30)
        self.stdout.write(
            "Klaar. Bekijk ze in de leesconsole; een eerste gebruiker maak je met: stadsbot review admin"
        )

    def _start(self, address: str, own: bool) -> subprocess.Popen[bytes] | None:
        """Start everything and wait; only wait when it is starting already, which the console's page shows."""
        if not own:
            raise CommandError(f"there is no assistant at {address}")
        log = settings.CONFIG.var_dir / "demo.log"
        started = None
        if not answers(f"http://127.0.0.1:{Settings.from_environment().review_port}/aanmelden/"):
            self.stdout.write("De assistent draait niet; ik start hem voor de duur van de demonstratie.")
            with log.open("wb") as file:
                program = ROOT / ".venv" / "bin" / "stadsbot"
                started = subprocess.Popen([program, "run"], cwd=ROOT, stdout=file, stderr=file)  # noqa: S603 - fixed program
        deadline = time.monotonic() + START_LIMIT
        while not answers(f"{address}/webhooks/web/"):
            dead = started is not None and started.poll() is not None
            if dead or time.monotonic() > deadline:
                if started is not None:
                    started.terminate()
                raise CommandError(f"the assistant does not answer at {address}; see {log}")
            time.sleep(0.5)
        return started

    def _wait(self, wanted: int) -> None:
        deadline = time.monotonic() + READ_LIMIT
        while Message.objects.filter(kind=Message.Kind.CITIZEN).count() < wanted:
            if time.monotonic() > deadline:
                self.stderr.write(
                    "De leesconsole heeft nog niet alles gelezen: draait 'ingest' wel (make run)?"
                )
                return
            time.sleep(0.5)


def answers(url: str) -> bool:
    """Whether a page is there."""
    try:
        with urllib.request.urlopen(url, timeout=2) as reply:  # noqa: S310 - from the command line
            return bool(reply.status == 200)
    except (urllib.error.URLError, OSError):
        return False
