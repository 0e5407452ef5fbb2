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
from datetime import datetime, timezone

import pytest
import sqlalchemy as sa
from rich.console import Console

from bot.channels.web_feedback import FeedbackStore
from bot.paths import ROOT
from bot.privacy.cli import add_commands
from bot.privacy.erase import erase_conversation, search_conversation
from bot.privacy.export import export_conversation
from bot.privacy.pseudonym import pseudonym
from bot.privacy.retention import purge
from bot.storage import stores
from bot.storage.erased import erased_at, mark
from bot.storage.stores import DAY, HOUR, Place, Table, places
from bot.storage.tables import review, statistics
from tests.channels.web_server import serve

from .conversation import answered, everything, rows, said, state, turn


def _held(sender, settings):
    """What each table holds of a conversation, without the empty ones."""
    return {title: count for title, count in search_conversation(sender, settings).items() if count}


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
    assert {title: count for title, count in done.rows.items() if count} == {"gespreksstatus": 5}
    assert await store.retrieve("oud") is None
    assert (await store.retrieve("nieuw")).latest_message.text == "bericht nieuw"
    assert _held("oud", settings) == {"leeslogboek": 3}

    _age(store, "oud", 30 * DAY)
    assert purge(settings).rows["leeslogboek"] == 3
    assert _held("oud", settings) == {}
    counts = rows(store.event_broker.statistics, statistics)
    assert {r["count"] for r in counts if r["kind"] == "bericht"} == {2}  # counts stay
    records = [json.loads(line) for line in settings.purge_log.read_text().splitlines()]
    assert [(r["rows"]["gespreksstatus"], r["rows"]["leeslogboek"]) for r in records] == [(5, 0), (0, 3)]


async def test_a_conversation_that_goes_on_is_kept_whole(store, settings):
    await turn(store, "lang", said("begin"))
    _age(store, "lang", 30 * HOUR)
    await turn(store, "lang", said("nog altijd bezig"))
    assert not purge(settings).anything


def test_purging_nothing(settings):
    assert not purge(settings).anything


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
    assert {title: count for title, count in done.deleted.items() if count} == {
        "gespreksstatus": 5,
        "leeslogboek": 3,
    }
    assert done.conversation not in everything(store)
    assert "ZEBRA" not in everything(store)
    assert _held("nieuw", settings) == {"gespreksstatus": 5, "leeslogboek": 3}
    again = erase_conversation(done.conversation, settings)  # by the pseudonym, and twice
    assert not any(again.deleted.values())


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

    code, out = call("search")
    assert (code, out.splitlines()[:2]) == (0, ["gespreksstatus: 5", "leeslogboek: 3"])
    code, out = call("erase")
    assert (code, out.splitlines()[-1]) == (0, "Nothing is left.")
    assert call("search")[0] == 1
    assert shown not in everything(store)
    assert "ZEBRA" not in everything(store)
    assert sum(search_conversation("nieuw", settings).values()) == 8


def test_the_citizen_erases_from_the_widget(store, settings, content):
    with serve(content, settings.purge_log.parent, store=store) as running, running.client() as client:
        sent = client.post("/message", json={"id": "message-1", "text": "zeg ZEBRA"})
        assert sent.status_code == 200
        sender = running.agent.heard[-1].sender_id
        assert "ZEBRA" in everything(store)
        assert set(_held(sender, settings)) == {"gespreksstatus", "leeslogboek"}
        assert client.delete("/session").status_code == 204
    assert _held(sender, settings) == {}
    assert "ZEBRA" not in everything(store)
    assert pseudonym(sender, settings.secret) not in everything(store)


async def test_an_access_request(store, settings):
    await _two_conversations(store)
    document = json.loads(json.dumps(export_conversation("oud", settings)))
    assert document["bewaring"]["gespreksstatus"] == "24 uur na het laatste bericht"
    assert [row["text"] for row in document["leeslogboek"]] == ["", "bericht van ZEBRA oud", "antwoord"]
    assert len(document["gespreksstatus"]) == 5
    assert export_conversation("nooit", settings)["leeslogboek"] == []


@pytest.fixture
def elsewhere(settings, monkeypatch):
    """A further place with two tables of its own, as the queue and the review console have them; Django writes datetimes."""
    monkeypatch.setattr(
        stores,
        "places",
        lambda settings, known=places: (
            *known(settings),
            Place(
                settings.console_url,
                (
                    Table("labels", "labels", "talk", "made", keep=2 * DAY, dated=True),
                    Table("notes", "notes", "talk"),
                ),
            ),
        ),
    )

    def fill(*rows):
        engine = sa.create_engine(settings.console_url)
        kind = "TIMESTAMPTZ" if engine.dialect.name == "postgresql" else "datetime"
        with engine.begin() as connection:
            connection.exec_driver_sql(f"CREATE TABLE labels (talk TEXT, made {kind}, label TEXT)")
            connection.exec_driver_sql("CREATE TABLE notes (talk TEXT, note TEXT)")
            for sender, made in rows:
                talk = pseudonym(sender, settings.secret)
                connection.execute(
                    sa.text("INSERT INTO labels VALUES (:talk, :made, 'fout')"), {"talk": talk, "made": made}
                )
                connection.execute(sa.text("INSERT INTO notes VALUES (:talk, 'ZEBRA')"), {"talk": talk})
        engine.dispose()

    return fill


async def test_a_further_place_is_walked_like_the_others(store, settings, elsewhere):
    await _two_conversations(store)
    assert _held("oud", settings) == {"gespreksstatus": 5, "leeslogboek": 3}
    assert search_conversation("oud", settings)["notes"] == 0  # its database does not exist yet
    elsewhere(("oud", "2026-01-01 10:00:00.25+00:00"), ("nieuw", "2026-01-02 10:00:00+00:00"))
    assert _held("oud", settings) == {"gespreksstatus": 5, "leeslogboek": 3, "labels": 1, "notes": 1}
    document = json.loads(json.dumps(export_conversation("oud", settings)))
    assert [row["label"] for row in document["labels"]] == ["fout"]
    assert document["labels"][0]["made"].startswith("2026-01-01")
    assert document["bewaring"]["labels"] == "2 dagen na elk bericht"
    assert document["bewaring"]["notes"] == "tot het gewist wordt"

    done = erase_conversation("oud", settings)
    assert done.confirmed
    assert (done.deleted["labels"], done.deleted["notes"]) == (1, 1)
    assert _held("nieuw", settings) == {"gespreksstatus": 5, "leeslogboek": 3, "labels": 1, "notes": 1}

    morning = datetime(2026, 1, 4, 9, 59, tzinfo=timezone.utc).timestamp()
    assert purge(settings, morning).rows["labels"] == 0
    assert purge(settings, morning + 120).rows["labels"] == 1
    assert _held("nieuw", settings)["notes"] == 1


async def test_a_turn_that_was_going_on_does_not_write_an_erased_conversation_back(store, settings):
    await _two_conversations(store)
    tracker = await store.get_or_create_tracker("oud")
    tracker.update_with_events([said("nog een ZEBRA")], store.domain)
    assert erase_conversation("oud", settings).confirmed
    await store.save(tracker)
    assert _held("oud", settings) == {}
    await turn(store, "oud", said("iets nieuws"))  # a new conversation of the same person
    assert (await store.retrieve("oud")).latest_message.text == "iets nieuws"
    assert "ZEBRA" not in everything(store)
    assert _held("nieuw", settings) == {"gespreksstatus": 5, "leeslogboek": 3}


async def test_marks_of_erased_conversations_are_kept_for_a_day(store, settings):
    conversation = pseudonym("oud", settings.secret)
    mark(settings, conversation)
    at = erased_at(store.event_broker.review, conversation)
    mark(settings, conversation)
    assert erased_at(store.event_broker.review, conversation) >= at
    assert abs(time.time() - at) < HOUR
    assert purge(settings, at + 23 * HOUR).rows["wismerken"] == 0
    assert purge(settings, at + 25 * HOUR).rows["wismerken"] == 1
    assert erased_at(store.event_broker.review, conversation) is None


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
    first, second = output.splitlines()
    assert first == "purge: state after 24 h, review log after 30 days"
    assert second.startswith("purge: gespreksstatus 5, leeslogboek 0, ")
