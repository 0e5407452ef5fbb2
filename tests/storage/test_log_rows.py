"""What a turn leaves in the review log and the counts: who chose the answer, through which channel, and thumbs."""

import json

import pytest
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered

from bot.storage.clean import CleanEvent
from bot.storage.event_log import Thumb
from bot.storage.tables import review, statistics
from bot.storage.tallies import tally

from .conversation import answered, everything, preparing, rows, said, turn

SENDER = "+32479123456"
BUTTONS = [{"title": "Op het werk", "payload": '/getuige{"domein": "werk"}'}]


def pressed(payload, channel="web"):
    parse = {"text": payload, "intent": {"name": "getuige", "confidence": 1.0}, "entities": []}
    return UserUttered(payload, parse["intent"], [], parse, input_channel=channel)


def chose(action, policy="policy_0_GuidePolicy", **metadata):
    return ActionExecuted(action, policy, 1.0, metadata=metadata or None)


def log_of(store):
    return [{**row, **json.loads(row["data"])} for row in rows(store.event_broker.review, review)]


def counts_of(store):
    return {(r["kind"], r["name"]): r["count"] for r in rows(store.event_broker.statistics, statistics)}


async def test_a_referral_says_what_chose_it(store):
    question = BotUttered("Waar?", {"buttons": BUTTONS}, {"utter_action": "utter_vraag_domein"})
    await turn(
        store,
        SENDER,
        pressed("/getuige"),
        chose("utter_getuige", decision="nieuw_verhaal"),
        answered("Dank je.", "getuige"),
        chose("utter_vraag_domein"),
        question,
        chose("action_listen", "policy_1_RulePolicy"),
    )
    await turn(
        store,
        SENDER,
        pressed(BUTTONS[0]["payload"]),
        SlotSet("domein", "werk"),
        SlotSet("grond", ["geslacht", "leeftijd"]),
        chose("utter_verwijzing", decision="open_vraag"),
        answered("Bel het IGVM.", channels=["igvm"], rules=["werk_geslacht"]),
    )
    _, first, thanks, asked, second, referral = log_of(store)
    assert (first["input_channel"], "button" in first) == ("web", False)
    assert (thanks["policy"], thanks["decision"], thanks["confidence"]) == (
        "GuidePolicy",
        "nieuw_verhaal",
        1.0,
    )
    assert (asked["decision"], asked["buttons"]) == ("nieuw_verhaal", ["Op het werk"])
    assert second["button"] == "Op het werk"
    assert (referral["decision"], referral["rules"], referral["channels"]) == (
        "open_vraag",
        ["werk_geslacht"],
        ["igvm"],
    )
    counts = counts_of(store)
    assert counts["ingang_gesprek", "web"] == 1
    assert counts["ingang_bericht", "web"] == 2
    assert counts["grond_domein", "geslacht|werk"] == counts["grond_domein", "leeftijd|werk"] == 1
    assert counts["begrip", "beantwoord"] == 2


async def test_nothing_of_a_button_in_a_preparation(store):
    offer = BotUttered("Hoe voel je je?", {"buttons": [{"title": "GEHEIM", "payload": "/nee"}]})
    await turn(store, SENDER, said("start"), preparing(True), offer)
    before = everything(store).count("GEHEIM")  # in the offer itself, as state and as log
    await turn(store, SENDER, pressed("/nee"))
    assert log_of(store)[-1]["text"] == "[voorbereiding]"
    assert "button" not in log_of(store)[-1]
    assert everything(store).count("GEHEIM") == before


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("twijfel", "verduidelijking"),
        ("niet_begrepen", "niet_begrepen"),
        ("niet_begrepen_contact", "mislukt"),
        ("wat_is_unia", "beantwoord"),
    ],
)
def test_what_became_of_a_message_and_how_fast(answer, outcome):
    asked = {"event": "user", "timestamp": 1_000_000.0, "input_channel": "+32 479 12 34 56", "parse_data": {}}
    first = {"event": "bot", "timestamp": 1_000_000.03, "metadata": {"utter_action": f"utter_{answer}"}}
    later = {"event": "bot", "timestamp": 1_000_009.0, "metadata": {}}
    found = {(kind, name) for _day, kind, name in tally(map(CleanEvent, (asked, first, later)))}
    assert {("begrip", outcome), ("antwoordtijd", "50"), ("uur", "14"), ("ingang_bericht", "ander")} <= found
    assert sum(kind == "antwoordtijd" for kind, _ in found) == 1
    slow = {**first, "timestamp": 1_000_060.0}
    assert ("antwoordtijd", "meer") in {(k, n) for _, k, n in tally(map(CleanEvent, (asked, slow)))}


async def test_a_thumb_is_a_row_and_two_counts(store):
    await turn(store, SENDER, said("hallo"), answered("Dag."))
    (conversation,) = await store.keys()
    broker = store.event_broker
    broker.add_thumb(Thumb(conversation, "groet", "up", about=12.5))
    broker.add_thumb(Thumb(conversation, "groet", "down", word="onduidelijk", before="up", about=12.5))
    *_, first, second = log_of(store)
    assert (first["type"], first["answer"], first["value"], first["about"]) == (
        "feedback",
        "groet",
        "up",
        12.5,
    )
    assert (second["value"], second["text"], second["conversation"]) == ("down", "onduidelijk", conversation)
    counts = counts_of(store)
    assert (counts["duim", "up"], counts["duim", "down"]) == (0, 1)
    assert (counts["duim_antwoord", "groet|up"], counts["duim_antwoord", "groet|down"]) == (0, 1)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
async def test_ids_are_never_given_twice(store):
    await turn(store, SENDER, said("hallo"))
    with store.event_broker.review.begin() as connection:
        last = connection.exec_driver_sql("SELECT max(id) FROM review_events").scalar()
        connection.exec_driver_sql("DELETE FROM review_events")
    await turn(store, SENDER, said("daar ben ik weer"))
    assert log_of(store)[0]["id"] > last
