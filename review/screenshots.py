"""Makes the pictures of docs/screenshots/console: ``cd review && .venv/bin/python screenshots.py [name …]``. Look at each one.

Everything is really started (`stadsbot run`) on data of its own, and the conversations are really held (`demo`). Only the counts
of earlier days are made up (`tests.counted`): the handbook says so. The people have no passwords.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

REVIEW = Path(__file__).resolve().parent
ROOT = REVIEW.parent
TARGET = ROOT / "docs" / "screenshots" / "console"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
START_LIMIT = 600.0  # seconds
MOST = 150_000  # bytes of one picture
PEOPLE = {
    "an.lezer": "lezer",
    "bilal.beoordelaar": "beoordelaar",
    "carla.redacteur": "redacteur",
    "dirk.beheerder": "beheerder",
}


def main() -> None:
    """Start everything, fill it, and write one PNG per page and size."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is stopped too
    sys.path[:0] = [str(REVIEW), str(ROOT)]
    with tempfile.TemporaryDirectory() as folder:
        ports = _prepare(Path(folder))
        with _running(Path(folder), ports):
            import django

            django.setup()
            _fill()
            _shoot(f"http://127.0.0.1:{ports['REVIEW']}", _numbers(), frozenset(sys.argv[1:]))


def _prepare(folder: Path) -> dict[str, int]:
    from tests.running import free_port

    for name in [name for name in os.environ if name.startswith("STADSBOT_")]:
        del os.environ[name]
    ports = {name: free_port() for name in ("RASA", "DEMO", "ACTIONS", "REVIEW")}
    os.environ |= {f"STADSBOT_{name}_PORT": str(port) for name, port in ports.items()}
    os.environ |= {"STADSBOT_VAR_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "console.settings"}
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright has a loop of its own
    os.environ["STADSBOT_SECRET"] = "only for pictures, thrown away afterwards"  # noqa: S105
    return ports


@contextmanager
def _running(folder: Path, ports: dict[str, int]) -> Iterator[None]:
    wanted = [(ports["REVIEW"], "/aanmelden/"), (ports["RASA"], "/webhooks/web/")]
    log = (folder / "run.log").open("wb")
    process = subprocess.Popen([ROOT / ".venv" / "bin" / "stadsbot", "run"], cwd=ROOT, stdout=log, stderr=log)  # noqa: S603
    try:
        deadline = time.monotonic() + START_LIMIT
        while not all(_answers(f"http://127.0.0.1:{port}{path}") for port, path in wanted):
            if process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit((folder / "run.log").read_text()[-2000:])
            time.sleep(1)
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - loopback
            return True
    except (urllib.error.URLError, OSError):
        return False


def _fill() -> None:
    from django.contrib.auth.models import Group, User
    from django.core.management import call_command
    from django.utils import timezone

    from figures.models import DailyCount
    from figures.unanswered import refresh
    from tests.counted import days

    for name, role in PEOPLE.items():
        user = User.objects.create_user(name)
        user.groups.add(Group.objects.get(name=role))
    call_command("demo")
    today = timezone.localdate()
    DailyCount.objects.bulk_create(
        days(today - timedelta(days=420), today - timedelta(days=1)), batch_size=500
    )
    refresh()
    _correct()


def _correct() -> None:
    """Judge what was guessed wrongly, as a reviewer and an editor would."""
    from django.contrib.auth.models import User

    from conversations.models import Message
    from corrections.judging import judge
    from corrections.models import Correction
    from corrections.proposing import create, decide

    reviewer, editor = (
        User.objects.get(username="bilal.beoordelaar"),
        User.objects.get(username="carla.redacteur"),
    )
    said = Message.objects.filter(kind=Message.Kind.CITIZEN)
    judged = {
        "hoe stem ik bij de verkiezingen": "andere_stadsdienst",
        "kan ik hier mijn stem uitbrengen bij de verkiezingen": "andere_stadsdienst",
        "ik ben 58 en krijg overal te horen dat ze iemand jonger zoeken": "ervaring_discriminatie",
        "mijn buurman heeft een hakenkruis op mijn brievenbus geverfd": "ervaring_discriminatie",
    }
    for text, intent in judged.items():
        message = said.filter(text=text).first()
        if message is not None:
            judge(message, reviewer, Correction.Verdict.WRONG, intent, message.entities, "geen")
    numbers = list(Correction.objects.order_by("pk").values_list("pk", flat=True))
    decide(numbers[1:], editor, approved=True)
    create("Leeftijd en buren beter begrijpen", numbers[2:], editor)


def _numbers() -> dict[str, int]:
    """The conversation and message that are shown."""
    from conversations.models import Message
    from corrections.models import Proposal

    told = (
        Message.objects.filter(text__startswith="mijn dochter draagt een hoofddoek")
        .select_related("conversation")
        .get()
    )
    hidden = Message.objects.filter(text__startswith="Mijn naam is").select_related("conversation").first()
    found = {"talk": told.conversation.pk, "message": told.pk, "proposal": Proposal.objects.get().pk}
    return {**found, "redacted": hidden.conversation.pk if hidden else told.conversation.pk}


def _shoot(url: str, numbers: dict[str, int], only: frozenset[str]) -> None:
    from django.conf import settings
    from playwright.sync_api import sync_playwright

    last = date.today().replace(day=1) - timedelta(days=1)
    month = (f"{last:%Y-%m-01}", f"{last:%Y-%m}")
    quarter = f"{last - timedelta(days=90):%Y-%m-01}"
    pages = {
        "wachtrij": ("an.lezer", "/wachtrij/"),
        "gesprek": ("bilal.beoordelaar", f"/gesprek/{numbers['talk']}/"),
        "weggehaald": ("an.lezer", f"/gesprek/{numbers['redacted']}/"),
        "verbeteren": ("bilal.beoordelaar", f"/bericht/{numbers['message']}/oordeel/"),
        "verbeteringen": ("carla.redacteur", "/voorstellen/verbeteringen/"),
        "voorstellen": ("carla.redacteur", "/voorstellen/"),
        "voorstel": ("carla.redacteur", f"/voorstellen/{numbers['proposal']}/"),
        "antwoorden": ("an.lezer", f"/antwoorden/?soort=maand&op={month[0]}"),
        "antwoord": ("an.lezer", "/antwoorden/over/wat_na_melding/"),
        "feiten": ("an.lezer", "/antwoorden/feiten/"),
        "onbeantwoord": ("bilal.beoordelaar", "/onbeantwoord/"),
        "cijfers": ("an.lezer", f"/cijfers/?soort=maand&op={month[0]}"),
        "gronden": ("an.lezer", f"/cijfers/?soort=kwartaal&op={quarter}#gronden"),
        "rapport": ("an.lezer", f"/rapport/{month[1]}/"),
        "wissen": ("dirk.beheerder", f"/gesprek/{numbers['talk']}/wissen/"),
        "gebruikers": ("dirk.beheerder", "/gebruikers/"),
        "logboek": ("dirk.beheerder", "/logboek/"),
        "account": ("bilal.beoordelaar", "/account/"),
    }
    narrow = {"wachtrij", "gesprek", "cijfers", "onbeantwoord"}
    TARGET.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="nl-BE")
        page.goto(url + "/aanmelden/")
        page.screenshot(path=TARGET / "aanmelden-1280.png")
        page.close()
        for name, (person, path) in pages.items():
            for width, height in ((1280, 800), (320, 640)):
                if (width == 320 and name not in narrow) or (only and name not in only):
                    continue
                context = browser.new_context(viewport={"width": width, "height": height}, locale="nl-BE")
                context.add_cookies(
                    [{"name": settings.SESSION_COOKIE_NAME, "value": _session(person), "url": url}]
                )
                page = context.new_page()
                answer = page.goto(url + path)
                if answer is None or answer.status != 200:
                    raise SystemExit(f"{path}: {answer and answer.status}")
                file = TARGET / f"{name}-{width}.png"
                page.screenshot(path=file)
                if file.stat().st_size > MOST:
                    raise SystemExit(f"{file.name} is {file.stat().st_size} bytes")
                context.close()
        browser.close()


def _session(person: str) -> str:
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client()
    client.force_login(User.objects.get(username=person), backend="django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


if __name__ == "__main__":
    main()
