"""Purging, erasing and exporting, on both databases."""

import argparse
import asyncio
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
import sqlalchemy as sa
from rich.console import Console

from bot.channels.web_feedback import FeedbackStore
from bot.paths import ROOT
from bot.privacy.cli import add_commands
from bot.privacy.erase import erase_conversation, search_conversation
from bot.privacy.export import export_conversation
from bot.privacy.pseudonym import pseudonym
from bot.privacy.retention import DAY, HOUR, purge
from bot.storage.tables import review, state, statistics
from tests.channels.web_server import serve

from .conversation import answered, everything, rows, said, turn


async def _two_conversations(store):
    await turn(store, "oud", said("bericht van ZEBRA oud"), answered("antwoord"))
    await turn(store, "nieuw", said("bericht nieuw"), answered("antwoord"))


def _age(store, sender, seconds):
    """Make everything of a conversation older."""
    stored = pseudonym(sender, store.settings.secret)
    for engine, table, column in (
        (store.engine, state, "sender_id"),
        (store.event_broker.review, review, "conversation"),
    ):
        with engine.begin() as connection:
            change = sa.update(table).where(table.c[column] == stored)
            connection.execute(change.values(timestamp=table.c.timestamp - seconds))


async def test_each_store_has_its_own_clock(store, settings):
    await _two_conversations(store)
    _age(store, "oud", 25 * HOUR)
    done = purge(settings)
    assert (done.conversations, done.review_rows) == (1, 0)
    assert done.state_rows > 0
    assert await store.retrieve("oud") is None
    assert (await store.retrieve("nieuw")).latest_message.text == "bericht nieuw"
    assert search_conversation("oud", settings) == {"gespreksstatus": 0, "leeslogboek": 3}

    _age(store, "oud", 30 * DAY)
    assert purge(settings).review_rows == 3
    assert search_conversation("oud", settings)["leeslogboek"] == 0
    counts = rows(store.event_broker.statistics, statistics)
    assert {r["count"] for r in counts if r["kind"] == "bericht"} == {2}  # counts stay
    records = [json.loads(line) for line in settings.purge_log.read_text().splitlines()]
    assert [(r["conversations"], r["review_rows"]) for r in records] == [(1, 0), (0, 3)]


async def test_a_conversation_that_goes_on_is_kept_whole(store, settings):
    await turn(store, "lang", said("begin"))
    _age(store, "lang", 30 * HOUR)
    await turn(store, "lang", said("nog altijd bezig"))
    assert purge(settings).state_rows == 0


def test_purging_nothing(settings):
    assert purge(settings).state_rows == 0


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_words_of_feedback_go_and_their_counts_stay(settings):
    feedback = FeedbackStore(settings.feedback)
    feedback.add("kosten", "down", word="ZEBRA, bel 0479 12 34 56")
    assert b"ZEBRA" in settings.feedback.read_bytes()
    assert b"0479" not in settings.feedback.read_bytes()
    assert settings.feedback.stat().st_mode & 0o077 == 0
    now = time.time()
    assert purge(settings, now + 28 * DAY).feedback_words == 0
    assert purge(settings, now + 30 * DAY).feedback_words == 1
    assert b"ZEBRA" not in settings.feedback.read_bytes()
    assert not list(settings.feedback.parent.glob("feedback.db-*"))
    assert feedback.counts() == {("kosten", "down"): 1}


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_word_is_redacted_before_it_is_cut(settings):
    FeedbackStore(settings.feedback).add("kosten", "down", word="x" * 50 + " 0479 12 34 56")
    assert b"0479" not in settings.feedback.read_bytes()


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_feedback_has_no_room_for_a_conversation(settings):
    FeedbackStore(settings.feedback).add("kosten", "up")
    with sqlite3.connect(settings.feedback) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {t: [c[1] for c in connection.execute(f"PRAGMA table_info({t})")] for t in tables}
    assert columns == {
        "feedback": ["day", "answer", "value", "count"],
        "feedback_word": ["day", "answer", "value", "word"],
    }


async def test_erasure_is_confirmed_by_a_search(store, settings):
    await _two_conversations(store)
    done = erase_conversation("oud", settings)
    assert done.confirmed
    assert done.deleted == {"gespreksstatus": 5, "leeslogboek": 3}
    assert done.conversation not in everything(store)
    assert "ZEBRA" not in everything(store)
    assert search_conversation("nieuw", settings) == {"gespreksstatus": 5, "leeslogboek": 3}
    again = erase_conversation(done.conversation, settings)  # by the pseudonym, and twice
    assert again.deleted == {"gespreksstatus": 0, "leeslogboek": 0}


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_erased_words_are_in_no_file(store, settings):
    await _two_conversations(store)
    files = [path for path in settings.purge_log.parent.iterdir() if path.is_file()]
    assert any(b"ZEBRA" in path.read_bytes() for path in files)
    erase_conversation("oud", settings)
    assert not any(b"ZEBRA" in path.read_bytes() for path in files)


async def test_staff_erase_by_the_id_that_the_console_shows(store, settings):
    await _two_conversations(store)
    shown = pseudonym("oud", settings.secret)
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))

    def call(action):
        out = io.StringIO()
        arguments = parser.parse_args(["privacy", action, shown])
        return arguments.command(
            arguments, Console(file=out, soft_wrap=True, highlight=False)
        ), out.getvalue()

    assert call("search") == (0, "gespreksstatus: 5\nleeslogboek: 3\n")
    code, out = call("erase")
    assert (code, out.splitlines()[-1]) == (0, "Nothing is left.")
    assert call("search") == (1, "gespreksstatus: 0\nleeslogboek: 0\n")
    assert shown not in everything(store)
    assert "ZEBRA" not in everything(store)
    assert sum(search_conversation("nieuw", settings).values()) == 8


def test_the_citizen_erases_from_the_widget(store, settings, content):
    with serve(content, settings.purge_log.parent, store=store) as running, running.client() as client:
        sent = client.post("/message", json={"id": "message-1", "text": "zeg ZEBRA"})
        assert sent.status_code == 200
        sender = running.agent.heard[-1].sender_id
        assert "ZEBRA" in everything(store)
        assert all(search_conversation(sender, settings).values())
        assert client.delete("/session").status_code == 204
    assert search_conversation(sender, settings) == {"gespreksstatus": 0, "leeslogboek": 0}
    assert "ZEBRA" not in everything(store)
    assert pseudonym(sender, settings.secret) not in everything(store)


async def test_an_access_request(store, settings):
    await _two_conversations(store)
    document = json.loads(json.dumps(export_conversation("oud", settings)))
    assert document["bewaring"]["gespreksstatus"] == "24 uur na het laatste bericht"
    assert [row["text"] for row in document["leeslogboek"]] == ["", "bericht van ZEBRA oud", "antwoord"]
    assert len(document["gespreksstatus"]) == 5
    assert export_conversation("nooit", settings)["leeslogboek"] == []


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_the_purge_process_stops_cleanly(store, settings):
    asyncio.run(_two_conversations(store))
    _age(store, "oud", 25 * HOUR)
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.privacy.purge_daemon"],
        cwd=ROOT,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 30
    while not settings.purge_log.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=10)
    assert process.returncode == 0
    assert output.splitlines() == [
        "purge: state after 24 h, review log after 30 days",
        "purge: 1 conversations, 0 review rows, 0 words of feedback",
    ]
