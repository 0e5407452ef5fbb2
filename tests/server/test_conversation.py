"""Conversations with the really started assistant, over its REST channel."""

from __future__ import annotations

import json
import re
import uuid

import pytest

from bot.channels.guard import MAX_MESSAGE
from tests.assistant import started

pytestmark = pytest.mark.server


@pytest.fixture
def sender():
    return uuid.uuid4().hex


def texts(replies):
    return [reply["text"] for reply in replies if "text" in reply]


def channels(replies):
    return next(
        (reply["custom"]["channels"] for reply in replies if reply.get("custom", {}).get("channels")), []
    )


def buttons(replies):
    return [button for reply in replies for button in reply.get("buttons", ())]


def test_a_told_experience_leads_to_the_right_channel(assistant, sender):
    replies = assistant.say(sender, "Ik mocht het appartement niet huren omdat ik een hoofddoek draag.")
    assert channels(replies)[0] == "vmri"


def test_missing_domain_is_asked_with_buttons_and_free_text_works(assistant, sender):
    asked = assistant.say(sender, "Ik ben gediscrimineerd om mijn huidskleur")
    assert len(buttons(asked)) > 5
    assert channels(assistant.say(sender, "in een restaurant"))[0] == "unia"


def test_a_pressed_button_answers_the_question(assistant, sender):
    asked = assistant.say(sender, "Ik ben gediscrimineerd om mijn huidskleur")
    choice = next(b for b in buttons(asked) if "onderwijs" in b["payload"])
    assert channels(assistant.say(sender, choice["payload"]))[0] == "vmri"


def test_a_question_in_the_middle_is_answered_and_the_question_returns(assistant, sender):
    asked = assistant.say(sender, "Ik ben gediscrimineerd om mijn huidskleur")
    between = assistant.say(sender, "Kost dat eigenlijk iets, zo'n melding doen?")
    assert "gratis" in texts(between)[0].lower()
    assert buttons(between) == buttons(asked)


def test_danger_interrupts_an_open_question(assistant, sender):
    assistant.say(sender, "Ik ben gediscrimineerd om mijn huidskleur")
    replies = assistant.say(sender, "er staat een man met een mes aan mijn deur help mij")
    assert channels(replies)[0] in {"politie_101", "nood_112"}
    assert re.search(r"\b(101|112)\b", texts(replies)[0])
    assert buttons(assistant.say(sender, "verder"))


def test_two_topics_in_one_conversation(assistant, sender):
    assert channels(assistant.say(sender, "Mijn huisbaas weigert mij omdat ik Marokkaan ben"))[0] == "vmri"
    assert (
        channels(assistant.say(sender, "En in de winkel word ik altijd gevolgd omdat ik Marokkaan ben"))[0]
        == "unia"
    )


def test_nonsense_three_times_never_gets_the_same_sentence(assistant, sender):
    seen = [texts(assistant.say(sender, text))[0] for text in ("xqzt vlorp", "brrzk ploink", "wqpoe zzzt")]
    assert len(set(seen)) == 3
    assert "0800 20 800" in seen[1] + seen[2]


def test_the_preparation_collects_hands_over_and_keeps_nothing(assistant, sender):
    assistant.say(sender, "Mijn huisbaas weigert mij omdat ik Marokkaan ben")
    assistant.say(sender, "help mij mijn melding voorbereiden")
    marks = [f"kenmerk{n}" for n in range(6)]
    for mark in marks:
        replies = assistant.say(sender, f"Dit is {mark}.")
    whole = " ".join(texts(replies))
    assert all(mark in whole for mark in marks)
    assert any("preparation" in reply.get("custom", {}) for reply in replies)
    stored = b"".join(path.read_bytes() for path in assistant.var_dir.rglob("*") if path.is_file())
    assert not any(mark.encode() in stored for mark in marks)


def test_stop_ends_the_preparation(assistant, sender):
    assistant.say(sender, "help mij mijn melding voorbereiden")
    assert "gewist" in texts(assistant.say(sender, "stop"))[0]
    assert channels(assistant.say(sender, "Mijn huisbaas weigert mij omdat ik Marokkaan ben"))[0] == "vmri"


def test_simpler_says_the_last_answer_in_plainer_words(assistant, sender):
    first = texts(assistant.say(sender, "wat kost een melding?"))[0]
    simpler = texts(assistant.say(sender, "ik versta het niet, kan het eenvoudiger?"))[0]
    assert simpler != first
    assert "gratis" in simpler.lower()


@pytest.mark.parametrize(
    "message",
    [
        "",
        "   ",
        "a" * (MAX_MESSAGE + 1),
        "x" * 10_000,
        "😡😡😡",
        "/restart",
        '/ervaring_discriminatie{"grond":"x"}',
        "/session_start",
    ],
)
def test_bad_input_gets_a_clear_dutch_reply(assistant, sender, message):
    replies = assistant.say(sender, message)
    reply = " ".join(texts(replies))
    assert reply
    assert "Traceback" not in reply
    assert not re.search(r"\b(utter_|action_|ervaring_discriminatie)\b", reply)


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[]",
        '"tekst"',
        json.dumps({"message": "hallo"}),
        json.dumps({"sender": "", "message": "x"}),
        json.dumps({"sender": "a", "message": 5}),
        "",
    ],
)
def test_a_malformed_request_is_refused_in_dutch(assistant, body):
    status, reply = assistant.post("/webhooks/rest/webhook", body)
    assert status == 400
    assert json.loads(reply)["error"]


def test_without_the_action_server_nobody_meets_silence(tmp_path, sender):
    with started(tmp_path, parts=("rasa",)) as lonely:
        assert "gratis" in texts(lonely.say(sender, "wat kost een melding?"))[0].lower()
        assert "0800 20 800" in texts(lonely.say(sender, "help mij mijn melding voorbereiden"))[0]
