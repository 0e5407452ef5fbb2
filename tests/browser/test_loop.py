"""The whole loop of learning, in a real browser with everything really started.

A citizen's message is not understood; staff correct it; the correction becomes a proposal, is measured and exported; the patch
goes into a copy of the checkout, which is trained again; the new assistant understands. ``LOOP_MESSAGES`` (a number) trains and
measures on that many messages per intent and file instead of on all of them, for machines that are slow.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.ops.review import FOLDER, python
from bot.paths import ROOT
from tests.assistant import Assistant, started
from tests.browser.test_assistant import open_chat

pytestmark = [pytest.mark.browser, pytest.mark.server]
MESSAGES = ("moet ik daar dokken", "kan ik dat afdokken in schijven")
INTENT, TITLE = "kosten", "Wat kost een melding?"
ANSWER = "Melden is gratis"
NAME, PASSWORD = "redactie", "vier trage otters 7"
SECRET = "a-secret-of-the-loop-test-that-is-long-enough"
PATIENCE = 1_800.0  # seconds for measuring; two minutes on two free cores
STEP = 120_000.0  # milliseconds for anything else; the assistant, the console, the worker and the browser share the machine
AXE = Callable[[Page], list[str]]


@pytest.fixture(autouse=True)
def patient(page: Page) -> Iterator[None]:
    page.set_default_timeout(STEP)
    page.set_default_navigation_timeout(STEP)
    expect.set_options(timeout=STEP)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is in git, as it stands here now."""
    folder = tmp_path_factory.mktemp("checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    if most := int(os.environ.get("LOOP_MESSAGES", "0")):
        for path in sorted((folder / "data" / "nlu").glob("*.yml")):
            path.write_text(thinned(path.read_text(encoding="utf-8"), most), encoding="utf-8")
    return folder


def thinned(text: str, most: int) -> str:
    """Keep ``most`` messages of each block."""
    kept, count = [], 0
    for line in text.splitlines(keepends=True):
        count = count + 1 if line.startswith("      - ") else 0
        if count <= most:
            kept.append(line)
    return "".join(kept)


@contextmanager
def worker(assistant: Assistant, environment: dict[str, str]) -> Iterator[None]:
    """The training worker as `make run` starts it, but with the same rights to the processor as everything else."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.training.worker", "--nice", "0"],
        cwd=ROOT,
        env={**os.environ, **environment, "STADSBOT_VAR_DIR": str(assistant.var_dir)},
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=120)


def administrator(var_dir: Path) -> None:
    """Make the first account with the command that people use."""
    subprocess.run(
        [str(python()), str(FOLDER / "manage.py"), "admin", NAME],
        input=f"{PASSWORD}\n",
        text=True,
        check=True,
        env={**os.environ, "STADSBOT_VAR_DIR": str(var_dir), "STADSBOT_SECRET": SECRET},
    )


def sign_in(page: Page, assistant: Assistant) -> None:
    page.goto(f"{assistant.console}/")
    page.get_by_label("Gebruikersnaam").fill(NAME)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Aanmelden", exact=True).click()
    expect(page.get_by_role("heading", name="Wachtrij", level=1)).to_be_visible()


def correct(page: Page, text: str) -> None:
    """On the page of a conversation: say what a message meant."""
    step = page.locator(".step.user", has_text=text)
    step.get_by_role("link", name="Verbeter").click()
    form = step.locator("form.judge")
    form.get_by_label("fout begrepen").check()
    # The search box that takes the place of the select, once the script has put it there.
    form.get_by_role("combobox", name="Wat bedoelde de burger?").and_(form.locator("input")).fill(TITLE)
    form.get_by_role("option", name=TITLE).first.click()
    form.get_by_role("button", name="Bewaar oordeel").click()
    expect(page.locator(".step.user", has_text=text).locator(".judged .tag")).to_have_text("fout begrepen")


def say(page: Page, text: str) -> None:
    answers = page.locator("stadsbot-chat .message.bot")
    count = answers.count()
    page.get_by_role("textbox", name="Schrijf hier").fill(text)
    page.keyboard.press("Enter")
    expect(answers.nth(count)).to_be_visible()


def reload_until(page: Page, there: Callable[[], bool], otherwise: str) -> None:
    """Load the page again until it shows what the console takes over from the assistant; a page of the console does not refresh itself."""
    begun = time.monotonic()
    while not there():
        assert time.monotonic() - begun < STEP / 1_000, otherwise
        page.reload()


def answers_about(page: Page) -> str:
    return page.locator("stadsbot-chat .message.bot").last.inner_text()


def test_from_not_understood_to_understood(page: Page, axe: AXE, checkout: Path, tmp_path: Path) -> None:
    """Must show: the whole loop."""
    environment = {"STADSBOT_SECRET": SECRET, "STADSBOT_DATA": str(checkout / "data")}
    parts = ("rasa", "acties", "demo", "console", "ingest")
    with started(tmp_path / "var", parts, extra=environment) as assistant, worker(assistant, environment):
        administrator(assistant.var_dir)
        patch = learn(page, axe, assistant, tmp_path)
    assert f"+      - {MESSAGES[0]}\n" in patch.read_text()
    subprocess.run(["git", "init", "-q"], cwd=checkout, check=True)
    subprocess.run(["git", "apply", "--check", str(patch)], cwd=checkout, check=True)
    subprocess.run(["git", "apply", str(patch)], cwd=checkout, check=True)
    model = train(checkout, tmp_path / "models")
    with started(
        tmp_path / "var-new",
        extra={"STADSBOT_SECRET": SECRET, "STADSBOT_DATA": str(checkout / "data")},
        model=model,
        root=checkout,
    ) as assistant:
        for message in MESSAGES:
            parsed = assistant.parse(message)
            assert (parsed["intent"]["name"], parsed["doubt"]["kind"]) == (INTENT, "none"), message
        page.context.clear_cookies()
        open_chat(page, assistant)
        say(page, MESSAGES[0])
        assert ANSWER in answers_about(page)


def learn(page: Page, axe: AXE, assistant: Assistant, folder: Path) -> Path:
    """From the citizen's message to the downloaded patch."""
    open_chat(page, assistant)
    for message in MESSAGES:
        say(page, message)
        assert ANSWER not in answers_about(page)
    said = time.monotonic()
    sign_in(page, assistant)
    found = page.get_by_role("link", name=re.compile("dokken"))
    reload_until(page, lambda: found.count() > 0, "did not appear in the queue")
    print(f"until in queue: {time.monotonic() - said:.0f} s")
    found.first.click()
    page.wait_for_url(re.compile("/gesprek/"))
    # The conversation can be opened between the first message and the second.
    steps = page.locator(".step.user")
    reload_until(page, lambda: steps.count() == len(MESSAGES), "is not whole in the console")
    for message in MESSAGES:
        correct(page, message)
    page.get_by_role("navigation", name="Hoofdmenu").get_by_role("link", name="Voorstellen").click()
    page.get_by_role("link", name=re.compile("te bekijken")).click()
    boxes = page.get_by_role("checkbox")
    expect(boxes).to_have_count(len(MESSAGES))
    assert axe(page) == []
    for box in boxes.all():
        box.check()
    page.get_by_role("button", name="Goedkeuren").click()
    page.get_by_role("link", name=re.compile("goedgekeurd")).click()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_label("Titel van het voorstel").fill("Betalen in dialect")
    page.get_by_role("button", name="Voorstel maken").click()
    expect(page.get_by_text("Niets dubbel, geen tegenspraak.")).to_have_count(
        len(MESSAGES), timeout=PATIENCE * 1_000
    )
    begun = time.monotonic()
    page.get_by_role("button", name="Meten").click()
    bar = page.get_by_role("progressbar")
    expect(bar).to_be_visible()
    assert axe(page) == []
    expect(bar).to_have_attribute("value", re.compile("^[1-9]"), timeout=PATIENCE * 1_000)
    expect(page.get_by_role("heading", name="Wat het voorstel doet")).to_be_visible(timeout=PATIENCE * 1_000)
    print(f"of measuring: {time.monotonic() - begun:.0f} s")
    own = page.get_by_role("region", name="De eigen zinnen").locator("tbody tr")
    expect(own).to_have_count(len(MESSAGES))
    for row in own.all():
        expect(row.locator("td").nth(2)).not_to_contain_text(TITLE)
        expect(row.locator("td").nth(4)).to_contain_text(TITLE)
    assert axe(page) == []
    if (knowing := page.get_by_label("Ik weet dat cijfers slechter worden")).count():
        knowing.check()
    page.get_by_role("button", name="Uitvoeren").click()
    assert axe(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Patch downloaden").click()
    patch = folder / "voorstel.patch"
    download.value.save_as(patch)
    return patch


def train(checkout: Path, models: Path) -> Path:
    """Train in the copy with the project's own command, run from the copy."""
    begun = time.monotonic()
    environment = {k: v for k, v in os.environ.items() if k != "STADSBOT_DATA"}
    done = subprocess.run(
        [sys.executable, "-c", "from bot.cli import main; main(['train'])"],
        cwd=checkout,
        env={**environment, "STADSBOT_MODELS_DIR": str(models), "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    print(f"of training: {time.monotonic() - begun:.0f} s")
    return next(models.glob("*.tar.gz"))
