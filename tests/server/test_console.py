"""A citizen talks to the started assistant; staff find it in the started console; erased is erased everywhere."""

from __future__ import annotations

import json
import re
import urllib.request

import pytest

from bot.ops import review
from tests.assistant import started
from tests.staff import administrator, numbers_in, stadsbot, until

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def assistant(tmp_path_factory):
    if not (review.FOLDER / ".venv").exists():
        pytest.skip("the console's environment is not set up: make setup")
    with started(tmp_path_factory.mktemp("city"), ("rasa", "acties", "console", "ingest")) as running:
        yield running


@pytest.fixture(scope="module")
def staff(assistant):
    return administrator(assistant)


def numbers(staff):
    return numbers_in(staff.get("/wachtrij/"))


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
