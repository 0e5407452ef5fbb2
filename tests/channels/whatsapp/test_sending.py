"""Sending: what Meta refuses for now or for ever, broken connections, the window. The agent is scripted, HTTP and the queue are real."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.channels.whatsapp import WhatsAppInput
from tests.channels import messaging_server
from tests.channels.whatsapp.graph import Refused
from tests.channels.whatsapp.people import Meta

PHONE = "32470123456"


@pytest.mark.parametrize(
    ("status", "code"), [(429, 130429), (400, 131056), (500, 131000), (503, 2), (401, 190)]
)
def test_what_meta_cannot_take_now_is_sent_later_once_and_in_order(
    meta, graph, served, monkeypatch, status, code
):
    monkeypatch.setattr("bot.channels.whatsapp._TOKEN_WAIT", 1.0)
    left = [2]

    def fail(_to):
        if left[0]:
            left[0] -= 1
            raise Refused(status, code, "not now", retry_after=1 if status == 429 else None)
        return None

    graph.fail = fail
    meta.say(PHONE, "zeg een")
    meta.say(PHONE, "zeg twee")
    assert [sent.text for sent in meta.answers(PHONE, 2)] == ["een", "twee"]
    assert [refused[0] for refused in graph.refused] == [code, code]


def test_what_meta_will_never_take_is_dropped_and_the_rest_goes_on(meta, graph):
    def fail(_to):
        graph.fail = lambda to: None
        raise Refused(400, 131051, "Unsupported message type")

    graph.fail = fail
    meta.say(PHONE, "zeg een")
    meta.say(PHONE, "zeg twee")
    assert [sent.text for sent in meta.answers(PHONE, 1)] == ["twee"]


def test_a_message_that_went_out_before_the_connection_broke_is_not_sent_again(meta, graph, make_channel):
    def fail(_to):
        graph.fail = lambda to: None
        return "drop"

    graph.fail = fail
    meta.say(PHONE, "zeg een")
    meta.say(PHONE, "zeg twee")
    first = meta.answers(PHONE, 1)[0]
    assert meta.post(meta.status(first)) == 200  # Meta reports that it has it
    assert [sent.text for sent in meta.answers(PHONE, 2)] == ["een", "twee"]


def test_without_word_from_meta_it_is_sent_again(graph, make_channel, content, monkeypatch):
    monkeypatch.setattr(WhatsAppInput, "settle", 1.0)

    def fail(_to):
        graph.fail = lambda to: None
        return "drop"

    graph.fail = fail
    with messaging_server.serve(make_channel(), content) as served:
        meta = Meta(graph, served.url)
        meta.say(PHONE, "zeg een")
        assert [sent.text for sent in meta.answers(PHONE, 2)] == ["een", "een"]


def test_nothing_is_sent_outside_the_window(served, meta, graph):
    old = meta.message(PHONE, "text", {"body": "zeg oud"}, at=time.time() - 25 * 3600)
    assert meta.post(meta.update(messages=[old])) == 200
    meta.say(PHONE, "zeg nieuw")
    assert [sent.text for sent in meta.answers(PHONE, 1)] == ["nieuw"]
    assert [message.text for message in served.agent.heard] == ["zeg nieuw"]


def test_what_was_not_answered_when_the_process_stops_is_answered_after_it(graph, make_channel, content):
    gate = threading.Event()
    with messaging_server.serve(make_channel(), content) as served:
        served.agent.gate = gate
        meta = Meta(graph, served.url)
        for text in ("zeg een", "zeg twee"):
            meta.say(PHONE, text)
        body = meta.update(messages=[meta.message(PHONE, "text", {"body": "zeg drie"})])
        assert meta.post(body) == 200
        threading.Timer(0.5, gate.set).start()  # the turn that is under way ends, and no other begins
    with messaging_server.serve(make_channel(), content) as served:
        again = Meta(graph, served.url)
        assert again.post(body) == 200  # Meta delivers once more
        assert [sent.text for sent in meta.answers(PHONE, 3)] == ["een", "twee", "drie"]
        again.say("32470999999", "zeg klaar")
        again.answers("32470999999", 1)
    assert len(graph.to(PHONE)) == 3


def test_two_workers_on_one_database_answer_once_and_in_order(
    graph, make_channel, content, postgres, monkeypatch
):
    monkeypatch.setenv("STADSBOT_DB_URL", postgres[0])
    people = [f"3247{number:07}" for number in range(6)]
    first, second = make_channel(), make_channel()
    with messaging_server.serve(first, content) as one, messaging_server.serve(second, content) as two:
        workers = [Meta(graph, one.url), Meta(graph, two.url)]
        for number in range(5):
            for phone in people:
                message = workers[0].message(
                    phone, "text", {"body": f"zeg {number}"}, at=time.time() - 60 + number
                )
                body = workers[0].update(messages=[message])
                with ThreadPoolExecutor(4) as pool:
                    assert set(pool.map(lambda n, body=body: workers[n % 2].post(body), range(4))) == {200}
        for phone in people:
            assert [sent.text for sent in workers[0].answers(phone, 5)] == ["0", "1", "2", "3", "4"]
        heard = len(one.agent.heard) + len(two.agent.heard)
    assert heard == 30
    assert len(graph.sent) == 30
