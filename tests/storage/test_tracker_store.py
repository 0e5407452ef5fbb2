"""Conversation state and review log hold no personal data and nothing of a preparation."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.events import AllSlotsReset, SlotSet
from rasa.utils.endpoints import read_endpoint_config

from bot.paths import ROOT
from bot.privacy.pseudonym import is_pseudonym
from bot.storage.tables import review, statistics
from bot.storage.tracker_store import PrivateTrackerStore

from .conversation import answered, everything, preparing, rows, said, turn

SENDER = "+32479123456"


async def test_what_is_stored_is_redacted_and_goes_on(store):
    entities = [{"entity": "domein", "value": "werk"}, {"entity": "persoon", "value": "Dirk Claes"}]
    message = said("Ik ben Fatima El Amrani, bel 0479 12 34 56", entities=entities, language="nl")
    message.metadata = {"ip": "84.12.34.56", "model_id": "m1"}
    tracker = await turn(
        store, SENDER, message, SlotSet("domein", "werk"), answered("Bel 0800 12 800.", channels=["unia"])
    )
    assert tracker.latest_message.text.startswith("Ik ben Fatima")  # within the turn the text is whole

    stored = everything(store)
    for trace in ("Fatima", "Amrani", "0479", "Dirk", SENDER, "84.12", "wamid"):
        assert trace not in stored
    again = await store.retrieve(SENDER)
    assert again.latest_message.text == "Ik ben [naam], bel [telefoonnummer]"
    assert again.get_slot("domein") == "werk"
    assert again.latest_message.parse_data["language"] == "nl"
    assert "Bel 0800 12 800." in stored  # the assistant's own words are whole


async def test_the_review_log_and_the_counts(store):
    await turn(store, SENDER, said("bel 0479 12 34 56"), answered("Bel Unia.", channels=["unia", "vmri"]))
    log = rows(store.event_broker.review, review)
    assert [(row["type"], row["text"], row["intent"], row["answer"]) for row in log] == [
        ("session_started", "", None, None),
        ("user", "bel [telefoonnummer]", "ervaring_discriminatie", None),
        ("bot", "Bel Unia.", None, "verwijzing"),
    ]
    assert {row["conversation"] for row in log} == set(await store.keys())
    await turn(store, SENDER, said("nog iets"))
    found = rows(store.event_broker.statistics, statistics)
    counts = {(r["kind"], r["name"]): r["count"] for r in found if r["kind"] not in {"uur", "antwoordtijd"}}
    assert sum(r["count"] for r in found if r["kind"] == "uur") == 2
    assert counts == {
        ("ingang_gesprek", "ander"): 1,
        ("ingang_bericht", "ander"): 2,
        ("begrip", "beantwoord"): 1,
        ("grond_domein", "onbekend|onbekend"): 1,
        ("gesprek", "nieuw"): 1,
        ("bericht", "burger"): 2,
        ("intent", "ervaring_discriminatie"): 2,
        ("antwoord", "verwijzing"): 1,
        ("kanaal", "unia"): 1,
        ("kanaal", "vmri"): 1,
        ("weggehaald", "telefoonnummer"): 1,
    }


async def test_nothing_of_a_preparation_is_stored(store):
    await turn(
        store, SENDER, said("ik wil mijn melding voorbereiden"), preparing(True), answered("Wat gebeurde er?")
    )
    await turn(store, SENDER, said("het GEHEIM eerst", "belediging"), answered("Waar?"))
    await turn(
        store,
        SENDER,
        said("het GEHEIM daarna", entities=[{"entity": "grond", "value": "geheim"}]),
        answered("Je tekst: GEHEIM", preparation={"text": "GEHEIM"}, channels=["unia"]),
        preparing(False),
    )
    await turn(store, SENDER, said("en hoe lang duurt dat"))
    stored = everything(store)
    assert "geheim" not in stored.casefold()
    assert "belediging" not in stored
    texts = [row["text"] for row in rows(store.event_broker.review, review)][1:]
    assert texts == [
        "ik wil mijn melding voorbereiden", "Wat gebeurde er?", "[voorbereiding]", "Waar?", "[voorbereiding]",
        "[voorbereiding]", "en hoe lang duurt dat",
    ]  # fmt: skip
    assert (await store.retrieve(SENDER)).latest_message.text == "en hoe lang duurt dat"


async def test_a_preparation_ends_with_the_slots(store):
    await turn(store, SENDER, preparing(True), said("verborgen"), AllSlotsReset(), said("zichtbaar"))
    assert [row["text"] for row in rows(store.event_broker.review, review)][1:] == [
        "[voorbereiding]",
        "zichtbaar",
    ]


async def test_ids_are_keyed_hashes_that_staff_can_use(store):
    await turn(store, SENDER, said("hallo"))
    (pseudonym,) = await store.keys()
    assert is_pseudonym(pseudonym)
    assert (await store.retrieve(pseudonym)).latest_message.text == "hallo"
    assert await store.exists(SENDER)
    assert not await store.exists("+32479123457")


async def test_only_the_current_session_is_read(store):
    from rasa.shared.core.events import ActionExecuted, SessionStarted

    await turn(store, SENDER, said("eerste"))
    await turn(store, SENDER, ActionExecuted("action_session_start"), SessionStarted(), said("tweede"))
    tracker = await store.retrieve(SENDER)
    assert "eerste" not in [getattr(event, "text", "") for event in tracker.events]
    whole = await store.retrieve_full_tracker(SENDER)
    assert "eerste" in [getattr(event, "text", "") for event in whole.events]


async def test_many_conversations_at_once(store):
    async def talk(number):
        for text in ("een", "twee", "drie"):
            await turn(store, f"sender-{number}", said(f"bericht {text}"))

    await asyncio.gather(*(talk(number) for number in range(12)))
    assert len(await store.keys()) == 12
    assert len(rows(store.event_broker.review, review)) == 12 * 4


async def test_what_rasa_itself_would_publish_is_dropped(store):
    fallback = InMemoryTrackerStore(
        store.domain, store.event_broker
    )  # what Rasa falls back on when the database fails
    await turn(fallback, SENDER, said("bel 0479 12 34 56"))
    assert rows(store.event_broker.review, review) == []


async def test_rasa_makes_it_from_endpoints_yml(settings, domain, monkeypatch, _logs_as_before):
    monkeypatch.setenv("STADSBOT_ACTIONS_URL", "http://127.0.0.1:5055/webhook")
    endpoints = str(ROOT / "endpoints.yml")
    made = TrackerStore.create(read_endpoint_config(endpoints, "tracker_store"), domain)
    assert isinstance(made, PrivateTrackerStore)
    made.engine.dispose()
    assert read_endpoint_config(endpoints, "event_broker").type == "bot.storage.event_log.ReviewLog"


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_files_are_for_the_owner_only_and_indexed(store, settings):
    asyncio.run(turn(store, SENDER, said("hallo")))
    folder = settings.purge_log.parent
    assert {path.stat().st_mode & 0o077 for path in Path(folder).glob("*.db*")} == {0}
    with sqlite3.connect(folder / "conversations.db") as connection:
        names = {row[1] for row in connection.execute("PRAGMA index_list(events)")}
    assert {"ix_events_sender_timestamp", "ix_events_timestamp"} <= names
