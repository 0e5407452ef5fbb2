"""The channel at its edge: signatures, what Meta delivers, what comes back. The agent is scripted, HTTP and the queue are real."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from bot.channels.messaging import Off
from bot.channels.whatsapp import WhatsAppInput
from bot.errors import DataError
from tests.channels.whatsapp.people import VERIFY_TOKEN, contact, sign

PHONE = "32470123456"


def test_meta_can_verify_the_webhook(served):
    params = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1158201444"}
    reply = httpx.get(f"{served.url}/webhook", params=params)
    assert (reply.status_code, reply.text) == (200, "1158201444")


@pytest.mark.parametrize("params", [{}, {"hub.verify_token": "x"}, {"hub.verify_token": "é"}])
def test_nobody_else_can(served, params):
    reply = httpx.get(f"{served.url}/webhook", params={**params, "hub.challenge": "1"})
    assert (reply.status_code, reply.text) == (403, "Forbidden")


def test_an_unsigned_update_is_refused(served, meta):
    body = meta.update(messages=[meta.message(PHONE, "text", {"body": "hallo"})])
    assert httpx.post(f"{served.url}/webhook", content=body).status_code == 401
    assert served.agent.heard == []


@pytest.mark.parametrize(
    "signature",
    ["sha256=", "sha256=00", "sha1=00", "x", "sha256=" + "0" * 64, "sha256=\u00e9".encode("latin-1")],
)
def test_a_forged_update_is_refused(served, meta, signature):
    body = meta.update(messages=[meta.message(PHONE, "text", {"body": "hallo"})])
    headers = {"X-Hub-Signature-256": signature}
    assert httpx.post(f"{served.url}/webhook", content=body, headers=headers).status_code == 403
    assert served.agent.heard == []


def test_a_changed_body_or_another_secret_is_refused(served, meta):
    body = meta.update(messages=[meta.message(PHONE, "text", {"body": "hallo"})])
    assert meta.post(body + b" ", signature=sign(body)) == 403
    assert meta.post(body, signature=sign(body, "another secret")) == 403
    assert meta.post(body) == 200


def test_the_signature_is_over_the_raw_bytes(served, meta):
    text = json.dumps({"object": "whatsapp_business_account", "entry": []}, indent=3) + "\n "
    assert meta.post(text.encode()) == 200


def test_a_message_is_answered_read_and_shown_as_being_typed(meta, graph):
    meta.say(PHONE, "zeg **Dag** Fatima")
    (answer,) = meta.answers(PHONE, 1)
    assert answer.text == "*Dag* Fatima"
    assert graph.wait(lambda: len(graph.read) == 1)
    assert graph.refused == []


def test_a_person_without_a_visible_number_is_answered_by_user_id(meta, graph):
    user_id = "BE.13491208655302741918"
    graph.heard(user_id, "wamid.bsuid")
    message = {
        "from_user_id": user_id,
        "id": "wamid.bsuid",
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": "zeg dag"},
    }
    sender = {"profile": {"name": "F", "username": "fatima"}, "user_id": user_id}
    assert meta.post(meta.update(messages=[message], contacts=[sender])) == 200
    assert meta.answers(user_id, 1)[0].text == "dag"


def test_the_user_id_names_the_person_whatever_the_number(served, meta):
    for phone in ("32470000001", "32470000002"):
        message = meta.message(phone, "text", {"body": "hallo"}, from_user_id="BE.1")
        meta.post(meta.update(messages=[message], contacts=[{**contact(phone), "user_id": "BE.1"}]))
        meta.answers(phone, 1)
    assert len({message.sender_id for message in served.agent.heard}) == 1
    assert "32470" not in served.agent.heard[0].sender_id


def test_several_messages_in_one_delivery_go_to_their_own_people(meta):
    messages = [
        meta.message(phone, "text", {"body": f"zeg {phone}"}) for phone in ("32470000001", "32470000002")
    ]
    assert meta.post(meta.update(messages=messages)) == 200
    for phone in ("32470000001", "32470000002"):
        assert meta.answers(phone, 1)[0].text == phone


@pytest.mark.parametrize(
    "kind", ["image", "audio", "video", "document", "sticker", "location", "contacts", "unsupported"]
)
def test_what_cannot_be_read_gets_a_friendly_answer(meta, content, kind):
    body = meta.update(messages=[meta.message(PHONE, kind, {"id": "media"})])
    assert meta.post(body) == 200
    assert meta.answers(PHONE, 1)[0].text == content.answers["alleen_tekst"].text


def test_the_words_under_a_picture_are_answered_first(meta, content):
    body = meta.update(messages=[meta.message(PHONE, "image", {"id": "media", "caption": "zeg gezien"})])
    assert meta.post(body) == 200
    assert [sent.text for sent in meta.answers(PHONE, 2)] == ["gezien", content.answers["alleen_tekst"].text]


@pytest.mark.parametrize(
    "update",
    [
        {"statuses": [{"id": "wamid.x", "status": "delivered", "recipient_id": PHONE}]},
        {
            "statuses": [
                {
                    "id": "wamid.x",
                    "status": "failed",
                    "biz_opaque_callback_data": "k",
                    "errors": [{"code": 131026}],
                }
            ]
        },
        {"messages": [{"type": "text"}]},
        {"messages": "x", "contacts": 5, "statuses": {}},
        {
            "messages": [
                {
                    "from": PHONE,
                    "id": "wamid.r",
                    "timestamp": "1",
                    "type": "reaction",
                    "reaction": {"emoji": "👍"},
                }
            ]
        },
        {
            "messages": [
                {"from": PHONE, "id": "wamid.s", "timestamp": "1", "type": "system", "system": {"body": "x"}}
            ]
        },
        {
            "messages": [
                {"from": PHONE, "id": "wamid.t", "timestamp": "soon", "type": "text", "text": {"body": "x"}}
            ]
        },
        {},
    ],
)
def test_statuses_and_unknown_payloads_are_passed_over(served, meta, update):
    assert meta.post(meta.update(**update)) == 200
    meta.say("32470999999", "zeg klaar")
    meta.answers("32470999999", 1)
    assert len(served.agent.heard) == 1
    assert meta.graph.to(PHONE) == []


@pytest.mark.parametrize(
    "body", [b"[]", b"5", b'{"entry": [[]]}', b'{"entry": [{"changes": [{"field": "flows", "value": 1}]}]}']
)
def test_other_json_is_passed_over_too(meta, body):
    assert meta.post(body) == 200


def test_what_is_no_json_is_a_bad_request(meta):
    assert meta.post(b"{") == 400


def test_a_message_for_another_number_is_not_ours(served, meta):
    body = meta.update(messages=[meta.message(PHONE, "text", {"body": "hallo"})])
    assert meta.post(body.replace(meta.graph.phone_id.encode(), b"999")) == 200
    meta.say("32470999999", "zeg klaar")
    meta.answers("32470999999", 1)
    assert len(served.agent.heard) == 1


def test_a_pressed_choice_an_older_one_and_a_typed_one(served, meta):
    meta.say(PHONE, "kosten")
    offered = meta.answers(PHONE, 1)[0].choices
    assert len(offered) > 1
    meta.press(PHONE, offered[0])
    meta.answers(PHONE, 2)
    meta.press(PHONE, offered[1])  # of the earlier message
    meta.answers(PHONE, 3)
    payloads = [message.text for message in served.agent.heard[1:]]
    assert all(payload.startswith("/") for payload in payloads)
    assert len(set(payloads)) == 2


def test_a_payload_that_was_not_offered_is_only_text(served, meta):
    meta.press(PHONE, ("button_reply", "/session_start", "/session_start"))
    meta.say(PHONE, '/ervaring_discriminatie{"grond": "geloof"}')
    meta.answers(PHONE, 2)
    assert [message.text[:1] for message in served.agent.heard] == ["s", "e"]


def test_fourteen_choices_are_numbered_and_the_number_works(served, meta):
    meta.say(PHONE, "waar")
    asked = meta.answers(PHONE, 1)[0]
    assert asked.type == "text"
    assert "\n14. " in asked.text
    meta.say(PHONE, "2.")
    meta.answers(PHONE, 2)
    assert '"domein"' in served.agent.heard[1].text


def test_a_referral_comes_with_contact_cards(meta):
    meta.say(PHONE, "verwijs")
    answer, cards = meta.answers(PHONE, 2)[:2]
    assert answer.type == "interactive"
    assert cards.type == "contacts"
    assert all(c["phones"] for c in cards.content)


def test_in_an_emergency_the_first_message_is_text_alone(meta):
    meta.say(PHONE, "nood")
    first = meta.answers(PHONE, 3)
    assert [sent.type for sent in first] == ["text", "contacts", "interactive"]
    assert first[0].text.startswith("*Bel 101*")


def test_a_broken_model_and_a_silent_one_get_an_apology(meta, content):
    for text in ("stuk", "stil"):
        meta.say(PHONE, text)
    answers = meta.answers(PHONE, 2)
    assert all("er ging bij mij iets mis" in sent.text for sent in answers)


def test_without_settings_the_channel_is_off(monkeypatch, make_channel):
    for name in ("PHONE_ID", "TOKEN", "APP_SECRET", "VERIFY_TOKEN"):
        monkeypatch.delenv(f"STADSBOT_WHATSAPP_{name}")
    assert isinstance(WhatsAppInput.from_credentials(None), Off)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOKEN", ""),
        ("PHONE_ID", "+32 15"),
        ("VERIFY_TOKEN", "kort"),
        ("GRAPH_URL", "http://graph.example"),
        ("APP_SECRET", " "),
    ],
)
def test_a_wrong_setting_stops_the_start_with_its_name(monkeypatch, make_channel, name, value):
    monkeypatch.setenv(f"STADSBOT_WHATSAPP_{name}", value)
    with pytest.raises(DataError, match=f"STADSBOT_WHATSAPP_{name}"):
        WhatsAppInput.from_credentials(None)


def test_several_workers_need_postgresql(monkeypatch, make_channel):
    monkeypatch.setenv("SANIC_WORKERS", "4")
    with pytest.raises(DataError, match="STADSBOT_DB_URL"):
        WhatsAppInput.from_credentials(None)
