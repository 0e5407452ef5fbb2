"""Erasing and purging reach every table of the console, from the console and from the command line."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest
from bot.privacy.erase import erase_conversation, search_conversation
from bot.privacy.export import export_conversation
from bot.storage.stores import places, remove, walk
from django.apps import apps
from django.test import Client

from accounts.access import Role
from accounts.models import AuditEntry
from conversations.ingest import Ingest
from conversations.models import Conversation, Facet, FeedEvent, Message
from corrections.models import Correction, Note
from tests.feed import FeedWriter, conversation

ANNA, BEN = conversation(1), conversation(2)
pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")


def talk(feed, name, word):
    feed.start(name)
    said = feed.say(
        name, f"ik zeg {word}", "getuige", data={"entities": [{"entity": "domein", "value": "wonen"}]}
    )
    answered = feed.answer(name, "verwijzing", data={"channels": ["unia"]})
    feed.thumb(name, "down", answered.timestamp, "verwijzing", f"slecht {word}")
    while Ingest().step() > 0 and not Message.objects.filter(conversation_id=name, kind="feedback").exists():
        pass
    message = Message.objects.get(feed_id=said.id)
    Correction.objects.create(
        conversation_id=name, message=message, text=message.text, verdict="fout", intent="privacy"
    )
    Note.objects.create(conversation_id=name, text=f"kijk naar {word}")


def held(name, privacy):
    return {title: count for title, count in search_conversation(name, privacy).items() if count}


def purge(privacy, now=None):
    """What `bot.privacy.retention.purge` does with the tables; the rest of it needs Rasa's environment."""
    now = time.time() if now is None else now
    return {
        table.title
        for table, engine in walk(privacy)
        if engine and remove(engine, table, table.outdated(now))
    }


def test_every_table_with_a_conversation_is_a_place(stores):
    """A new model with this column must be added to `bot.storage.stores.places`."""
    known = {table.name for place in places(stores) for table in place.tables}
    for model in apps.get_models():
        columns = {field.column for field in model._meta.local_concrete_fields}
        if model._meta.managed and "conversation" in columns:
            assert model._meta.db_table in known, model


def test_a_manager_erases_with_proof(stores, signed_in):
    feed, client = FeedWriter(), signed_in(Role.ADMINISTRATOR)
    talk(feed, ANNA, "ZEBRA")
    talk(feed, BEN, "GIRAF")
    found = Conversation.objects.get(pseudonym=ANNA)
    page = client.get(f"/gesprek/{found.pk}/wissen/")
    assert "berichten in de leesconsole" in page.content.decode()
    done = client.post(f"/gesprek/{found.pk}/wissen/")
    assert done.status_code == 200
    assert "er is niets meer van gevonden" in done.content.decode()
    assert {title: left for title, _, left in done.context["rows"] if left} == {}
    for model in (Conversation, Message, Facet, Correction, Note):
        names = {getattr(one, "conversation_id", None) or one.pseudonym for one in model.objects.all()}
        assert names == {BEN}, model
    Ingest().step()
    assert not Message.objects.filter(conversation_id=ANNA).exists()
    assert client.get(f"/gesprek/{found.pk}/wissen/").status_code == 404
    entry = AuditEntry.objects.get(action="gesprek.gewist")
    assert (entry.number, ANNA in entry.detail) == (found.pk, False)
    # Neither in a table nor in the search index, which holds words in small letters.
    assert not any(b"zebra" in path.read_bytes().lower() for path in files(stores))


def files(stores):
    path = Path(stores.console_url.removeprefix("sqlite:///"))
    if not path.exists():
        return []
    for url in (stores.console_url, stores.review_url):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return [found for found in path.parent.glob("test-*") if found.is_file()]


def test_the_command_line_reaches_the_console_too(stores):
    feed = FeedWriter()
    talk(feed, ANNA, "ZEBRA")
    everywhere = held(ANNA, stores)
    assert everywhere == {
        "leeslogboek": 4,
        "verbeteringen": 1,
        "notities": 1,
        "kenmerken in de leesconsole": 5,
        "berichten in de leesconsole": 4,
        "gesprekken in de leesconsole": 1,
    }
    document = export_conversation(ANNA, stores)
    assert document["notities"][0]["text"] == "kijk naar ZEBRA"
    assert erase_conversation(ANNA, stores).confirmed
    assert held(ANNA, stores) == {}


def test_purging_follows_the_clock_of_the_log(stores):
    feed = FeedWriter()
    talk(feed, ANNA, "ZEBRA")
    Note.objects.update(at="2020-01-01T00:00Z")
    Correction.objects.filter(conversation_id=ANNA).update(at="2020-01-01T00:00Z")
    assert purge(stores) == {"verbeteringen", "notities"}
    assert Conversation.objects.exists()
    later = time.time() + stores.keep_log_days * 86_400 + 10
    purge(stores, later)
    assert held(ANNA, stores) == {}
    assert not Facet.objects.exists()


def test_who_may_not_erase_sees_no_button(stores, signed_in):
    talk(FeedWriter(), ANNA, "ZEBRA")
    number = Conversation.objects.get().pk
    assert signed_in(Role.EDITOR).post(f"/gesprek/{number}/wissen/").status_code == 403
    assert Client().post(f"/gesprek/{number}/wissen/").status_code == 302
    assert FeedEvent.objects.count() == 4
