"""The really started assistant on WhatsApp: dialogues, and a thousand messages with a kill in the middle."""

from __future__ import annotations

import random
import sqlite3
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from bot.answers import Content
from bot.channels.messaging.markup import translate
from bot.channels.messaging.phrases import load_phrases
from bot.paths import data_dir
from tests.assistant import started
from tests.channels.whatsapp import graph as stand_in
from tests.channels.whatsapp.people import Meta, contact, environment

pytestmark = pytest.mark.server
PHONE = "32470123456"


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """The assistant with the channel on, and the stand-in."""
    graph = stand_in.Graph()
    server = stand_in.serve(graph)
    url = f"http://127.0.0.1:{server.server_address[1]}"
    with started(
        tmp_path_factory.mktemp("whatsapp"), ("rasa", "acties"), extra=environment(graph, url)
    ) as assistant:
        meta = Meta(graph, f"{assistant.rasa}/webhooks/whatsapp")
        meta.var_dir = assistant.var_dir
        meta.report_statuses()
        yield assistant, meta, graph
    server.shutdown()
    server.server_close()


@pytest.fixture
def meta(running):
    return running[1]


@pytest.fixture
def phone():
    """A number that nobody in this module has used."""
    return f"3247{random.SystemRandom().randrange(10**7):07}"


def talk(meta, phone, *messages):
    """Say one thing after the other, a choice by its title in brackets; return the answers to the last."""
    before = 0
    for message in messages:
        received = meta.graph.to(phone)
        before = len(received)
        pressed = [c for sent in received for c in sent.choices if f"[{c[2]}]" == message]
        if pressed:
            meta.press(phone, pressed[-1])
        else:
            assert not message.startswith("["), f"no choice {message} in {[s.choices for s in received]}"
            meta.say(phone, message)
        settle(meta, phone, before + 1)
    return meta.graph.to(phone)[before:]


def settle(meta, phone, count):
    """Wait for the first answer, and then until nothing of this person waits any more."""
    meta.answers(phone, count)
    var = meta.var_dir
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with sqlite3.connect(f"file:{var / 'messaging.db'}?mode=ro", uri=True) as connection:
            left = [
                connection.execute(f"SELECT count(*) FROM messaging_{table}").fetchone()[0]
                for table in ("inbox", "outbox")
            ]
        if not any(left):
            return
        time.sleep(0.05)
    pytest.fail(f"still waiting: {left}; refused: {meta.graph.refused}")


def read(answers):
    return "\n".join(sent.text for sent in answers)


def test_the_whole_referral(meta, phone, content):
    asked = talk(meta, phone, "Ik ben gediscrimineerd om mijn huidskleur")
    assert "\n2. Wonen of huren" in read(asked)
    detail = talk(meta, phone, "2")
    if "0800 12 800" not in read(detail) and "vlaamsmensenrechteninstituut" not in read(detail):
        detail = talk(meta, phone, "weet ik niet")
    referral = read(detail)
    assert "1. *Vlaams Mensenrechteninstituut" in referral
    question = talk(meta, phone, "[Help mij voorbereiden]")
    assert question[-1].choices
    for number in range(6):
        told = talk(meta, phone, f"Dit is deel {number} van mijn verhaal.")
    assert all(f"deel {number}" in read(told) for number in range(6))
    assert meta.graph.refused == []


def test_titles_typed_with_a_mistake_and_a_question_in_between(meta, phone):
    asked = talk(meta, phone, "Ik ben gediscrimineerd om mijn geloof")
    between = talk(meta, phone, "wat kost een melding?")
    assert "gratis" in read(between)
    assert "1. Werk" in read(asked) and "1. Werk" in read(between)
    assert "0800 12 800" in read(talk(meta, phone, "winkel horeca bamk"))


def test_danger_comes_first_and_alone(meta, phone):
    first, *rest = talk(meta, phone, "er staat een man met een mes aan mijn deur help mij")
    assert first.type == "text"
    assert first.text.startswith("*Bel 101*")
    assert "contacts" in {sent.type for sent in rest}


def test_commands(meta, phone):
    talk(meta, phone, "Ik ben gediscrimineerd om mijn huidskleur")
    assert "*Bel 112*" in read(talk(meta, phone, "help"))
    assert "wis mijn gesprek" in read(talk(meta, phone, "Stop!"))
    # What was open is closed: the next word is not taken for an answer to it.
    assert "1. " not in read(talk(meta, phone, "bedankt"))
    assert "wat kan je doen?" in str(talk(meta, phone, "begin opnieuw")[0].choices).lower()
    talk(meta, phone, "help mij mijn melding voorbereiden")
    assert "gewist" in read(talk(meta, phone, "stop"))


def test_erasing_asks_first_then_erases_everywhere(running, meta, phone):
    assistant, _, _ = running
    talk(meta, phone, "Mijn huisbaas weigert mij omdat ik Marokkaan ben")
    assert "Ja, wis alles" in str(talk(meta, phone, "wis mijn gesprek")[0].choices)
    assert "niets" in read(talk(meta, phone, "nee"))
    talk(meta, phone, "verwijder mijn gegevens")
    assert "gewist" in read(talk(meta, phone, "[Ja, wis alles]"))
    conversation = conversation_of(assistant, phone)
    for name, table, column in (
        ("conversations.db", "events", "sender_id"),
        ("reviewlog.db", "review_events", "conversation"),
        ("messaging.db", "messaging_people", "conversation"),
        ("messaging.db", "messaging_inbox", "conversation"),
        ("messaging.db", "messaging_outbox", "conversation"),
    ):
        with sqlite3.connect(f"file:{assistant.var_dir / name}?mode=ro", uri=True) as connection:
            query = f"SELECT count(*) FROM {table} WHERE {column} = ?"
            assert connection.execute(query, (conversation,)).fetchone() == (0,), table
    # It can be talked to again, as to a stranger.
    assert read(talk(meta, phone, "hallo"))


def conversation_of(assistant, phone):
    from bot.privacy.pseudonym import pseudonym

    return pseudonym(f"whatsapp:{phone}", (assistant.var_dir / "secret.key").read_text().strip())


def test_nothing_raw_is_stored_or_logged(running, meta, phone):
    assistant, _, graph = running
    secrets = ["Fatima De Smet", "fatima.desmet@voorbeeld.be", "0486 12 34 56", "85.07.30-033.28", phone]
    talk(meta, phone, f"Ik ben {secrets[0]}, mail {secrets[1]}, bel {secrets[2]}, rijksregister {secrets[3]}")
    body = meta.update(
        messages=[meta.message(phone, "image", {"caption": f"bel mij op {secrets[2]}"})],
        contacts=[contact(phone)],
    )
    before = len(graph.to(phone))
    meta.post(body)
    settle(meta, phone, before + 1)
    meta.post(meta.status(graph.to(phone)[-1], "failed", errors=[{"code": 131026, "message": phone}]))
    stored = b"".join(path.read_bytes() for path in assistant.var_dir.rglob("*") if path.is_file()).decode(
        "utf-8", "replace"
    )
    assert [secret for secret in [*secrets, "Fatima", "486123456"] if secret in stored] == []


def test_forged_replayed_duplicated_and_concurrent_deliveries(meta, phone):
    body = meta.update(messages=[meta.message(phone, "text", {"body": "wat kost een melding?"})])
    assert httpx.post(f"{meta.url}/webhook", content=body).status_code == 401
    assert meta.post(body, signature="sha256=" + "0" * 64) == 403
    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(lambda _: meta.post(body), range(36))) == {200}
    settle(meta, phone, 1)
    assert meta.post(body) == 200
    talk(meta, phone, "help")
    assert len(meta.graph.to(phone)) == 2


def test_messages_in_one_delivery_in_the_wrong_order_are_answered_in_the_right_one(meta, phone, content):
    now = time.time() - 60
    texts = ["help", "wat is racisme?", "wat kost een melding?"]
    messages = [
        meta.message(phone, "text", {"body": text}, at=now + place) for place, text in enumerate(texts)
    ]
    assert meta.post(meta.update(messages=messages[::-1])) == 200
    settle(meta, phone, 3)
    assert answer_ids(content, meta.graph.to(phone)) == ["hulp_commando", "wat_is_racisme", "kosten"]


# Each is answered by one message that says which question it answers.
QUESTIONS = {
    "help": "hulp_commando",
    "wat kost een melding?": "kosten",
    "wat is racisme?": "wat_is_racisme",
    "wat doet unia?": "unia",
    "wat is discriminatie?": "wat_is_discriminatie",
    "wat is positieve actie?": "positieve_actie",
    "heb ik bewijs nodig?": "bewijs",
}
PEOPLE, MESSAGES, SEED = 50, 1_000, 20_261_126


def test_a_thousand_messages_with_a_kill_in_the_middle(tmp_path, content):
    """0 lost, 0 doubled, each person in order: deliveries come one to three times, a process is killed at a third and stopped at two."""
    chance = random.Random(SEED)
    plan = {f"32471{number:06}": [] for number in range(PEOPLE)}
    for number in range(MESSAGES):
        plan[f"32471{number % PEOPLE:06}"].append(chance.choice(list(QUESTIONS)))
    graph = stand_in.Graph()
    server = stand_in.serve(graph)
    url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        with started(tmp_path, ("rasa",), extra=environment(graph, url)) as assistant:
            meta = Meta(graph, f"{assistant.rasa}/webhooks/whatsapp")
            meta.report_statuses()
            deliver_all(meta, plan, assistant, graph)
            done = graph.wait(lambda: len(graph.sent) >= MESSAGES, 900)
            assert done, f"{len(graph.sent)} of {MESSAGES} answered; refused: {Counter(graph.refused)}"
            meta.var_dir = tmp_path
            settle(meta, "32471000000", 1)
    finally:
        server.shutdown()
        server.server_close()
    assert Counter(graph.refused) == {}
    received = graph.by_person()
    wrong = {}
    for phone, said in plan.items():
        got = answer_ids(content, received[phone])
        expected = [QUESTIONS[text] for text in said]
        if got != expected:
            wrong[phone] = (got, expected)
    assert wrong == {}


def deliver_all(meta, plan, assistant, graph):
    """Everybody writes at the same time, each message one to three times; Meta delivers again what was not taken."""
    chances = {phone: random.Random(f"{SEED}-{phone}") for phone in plan}

    def person(phone):
        for place, text in enumerate(plan[phone]):
            message = meta.message(phone, "text", {"body": text}, at=time.time() - 600 + place)
            body = meta.update(messages=[message], contacts=[contact(phone)])
            for _ in range(chances[phone].randint(1, 3)):
                assert meta.post(body, tries=600) == 200

    stopped = threading.Event()

    def trouble():
        graph.wait(lambda: len(graph.sent) >= MESSAGES // 3, 900)
        assistant.restart("rasa")  # SIGKILL
        graph.wait(lambda: len(graph.sent) >= 2 * MESSAGES // 3, 900)
        assistant.restart("rasa", 15)  # SIGTERM
        stopped.set()

    breaking = threading.Thread(target=trouble, daemon=True)
    breaking.start()
    with ThreadPoolExecutor(PEOPLE) as pool:
        list(pool.map(person, plan))
    assert stopped.wait(900)


PHRASES = load_phrases(data_dir() / "messaging.yml")


def answer_ids(content: Content, sent):
    """Return which answers these messages are; "?" for what is none."""
    known = {}
    for answer in content.answers.values():
        for text in (answer.text, *answer.variants):
            shown = translate(PHRASES.adapt(content.fill(text), True), "whatsapp")
            known[" ".join(shown.split())[:120]] = answer.id
    return [known.get(" ".join(one.text.split())[:120], "?") for one in sent]
