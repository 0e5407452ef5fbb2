"""A citizen talks to the started assistant; staff find it in the started console; erased is erased everywhere."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import urllib.request
from http.cookiejar import CookieJar
from urllib.parse import urlencode

import pytest

from bot.ops import review
from bot.paths import ROOT
from tests.assistant import started

pytestmark = pytest.mark.server
PASSWORD = "drie groene fietsen 9"
WAIT = 30.0  # seconds; how fast it really goes stands in benchmarks/results


@pytest.fixture(scope="module")
def assistant(tmp_path_factory):
    if not (review.FOLDER / ".venv").exists():
        pytest.skip("the console's environment is not set up: make setup")
    with started(tmp_path_factory.mktemp("city"), ("rasa", "acties", "console", "ingest")) as running:
        yield running


def stadsbot(assistant, *arguments, text=""):
    from bot.ops.run import environment
    from bot.ops.settings import Settings

    env = environment(Settings(var_dir=assistant.var_dir))
    command = [sys.executable, "-m", "bot.cli", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, input=text, capture_output=True, text=True, check=False)


class Staff:
    """Somebody signed in to the console, without a browser."""

    def __init__(self, url):
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path):
        with self.opener.open(self.url + path, timeout=60) as page:
            return page.read().decode()

    def post(self, path, **fields):
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(path)).group(1)
        data = urlencode({**fields, "csrfmiddlewaretoken": token}).encode()
        with self.opener.open(self.url + path, data, timeout=60) as page:
            return page.read().decode()


@pytest.fixture(scope="module")
def staff(assistant):
    made = stadsbot(assistant, "review", "admin", "eva", text=PASSWORD + "\n")
    assert made.returncode == 0, made.stderr
    somebody = Staff(assistant.console)
    assert "Wachtrij" in somebody.post("/aanmelden/", username="eva", password=PASSWORD)
    return somebody


def until(found):
    deadline = time.monotonic() + WAIT
    while not (value := found()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return value


def numbers(staff):
    return set(re.findall(r"/gesprek/(\d+)/", staff.get("/wachtrij/")))


def test_from_the_chat_to_the_queue_and_gone_everywhere(assistant, staff):
    before = numbers(staff)
    assistant.say("iemand", "ik word gepest op mijn werk omdat ik zwanger ben, bel mij op 0479 12 34 56")
    (number,) = until(lambda: numbers(staff) - before)
    # Found words stand between marks.
    page = re.sub(r"<[^>]+>", "", staff.get(f"/gesprek/{number}/"))
    assert "omdat ik zwanger ben" in page and "[telefoonnummer]" in page
    assert "0479" not in page
    held = stadsbot(assistant, "privacy", "search", "iemand").stdout
    assert re.search(r"berichten in de leesconsole: [1-9]", held) and re.search(r"leeslogboek: [1-9]", held)
    assert "er is niets meer van gevonden" in staff.post(f"/gesprek/{number}/wissen/")
    assert stadsbot(assistant, "privacy", "search", "iemand").returncode == 1
    assert number not in numbers(staff)


def test_a_thumb_moves_it_up(assistant, staff):
    base = f"{assistant.rasa}/webhooks/web"

    def call(path, body, token=""):
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        with urllib.request.urlopen(
            urllib.request.Request(base + path, json.dumps(body).encode(), headers), timeout=60
        ) as reply:
            return json.loads(reply.read() or b"null")

    token = call("/session", {})["token"]
    replies = call("/message", {"id": "message-1", "text": "wat is unia"}, token)["messages"]
    call("/feedback", {"message_id": replies[0]["id"], "value": "down", "word": "te lang"}, token)
    page = until(lambda: (text := staff.get("/wachtrij/?reden=duim")) and numbers_in(text) and text)
    (number,) = numbers_in(page)
    assert "te lang" in staff.get(f"/gesprek/{number}/")


def numbers_in(page):
    return set(re.findall(r"/gesprek/(\d+)/", page))
