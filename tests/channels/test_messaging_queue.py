"""The durable queue, on SQLite and on a real PostgreSQL; and a turn that is cut off at every place where a process may die."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from bot.channels.messaging import Choice, Incoming, Kind, Limits, Outgoing
from bot.channels.messaging.dialogue import MAX_ATTEMPTS, Dialogue
from bot.channels.messaging.model import Choices
from bot.channels.messaging.phrases import load_phrases
from bot.channels.messaging.queue import Queue
from bot.paths import data_dir
from bot.privacy.erase import erase_conversation, search_conversation
from bot.privacy.export import export_conversation
from bot.privacy.retention import purge
from bot.storage.messaging_tables import inbox, messaging_metadata, outbox, people, seen
from tests.channels.web_server import ScriptedAgent, script

PERSON = "32470123456"
DAY = 86_400.0


@pytest.fixture
def clock():
    return [time.time()]


@pytest.fixture
def queue(settings, clock):
    queue = Queue(settings.messaging_url, settings.secret, "test", lambda: clock[0])
    yield queue
    if not settings.messaging_url.startswith("sqlite"):
        messaging_metadata.drop_all(queue.engine)
    queue.close()


def said(text="hallo", number=1, person=PERSON, at=0.0, **more):
    return Incoming(f"m{number}", person, {"to": person}, at or time.time(), text=text, **more)


def count(queue, table):
    with queue.engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar()


def test_a_message_is_taken_once_whoever_brings_it(queue, settings):
    other = Queue(settings.messaging_url, settings.secret, "test")
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda n: (queue, other)[n % 2].receive([said()]), range(24)))
    other.close()
    assert sum(map(len, results)) == 1
    assert count(queue, inbox) == 1
    assert queue.receive([said(number=2), said(number=2), said()]) == [queue.conversation(PERSON)]
    assert count(queue, inbox) == 2


def test_who_waits_is_answered_in_the_order_of_the_network(queue):
    now = time.time()
    queue.receive([said("later", 1, at=now), said("eerder", 2, at=now - 5), said("ook later", 3, at=now)])
    conversation, heard = queue.conversation(PERSON), []
    while arrived := queue.next_arrived(conversation):
        heard.append(arrived.incoming.text)
        queue.begin(arrived)
        queue.finish(arrived)
    assert heard == ["eerder", "later", "ook later"]
    assert queue.waiting() == []


def test_nothing_readable_is_on_disk(queue, settings):
    # A name long enough not to turn up in sealed text by chance.
    queue.receive([said("ik heet Fatima", number="-of-fatima")])
    arrived = queue.next_arrived(queue.conversation(PERSON))
    queue.stage(arrived.conversation, {"to": PERSON}, [Outgoing("Dag Fatima")], 0.0)
    queue.finish(arrived, Choices([Choice("k-1", "Geloof", '/x{"grond": "geloof"}')]))
    with queue.engine.connect() as connection:
        rows = [
            dict(row)
            for table in (seen, inbox, outbox, people)
            for row in connection.execute(sa.select(table)).mappings()
        ]
    files = b"".join(path.read_bytes() for path in settings.purge_log.parent.glob("messaging*"))
    assert len(rows) == 3
    for word in ("Fatima", PERSON, "eloof", "m-of-fatima"):
        assert word not in str([{k: v for k, v in row.items() if k != "sealed"} for row in rows])
        assert word.encode() not in b"".join(bytes(row.get("sealed") or b"") for row in rows) + files
    assert queue.next_departing(arrived.conversation).outgoing.text == "Dag Fatima"


def test_under_another_secret_it_cannot_be_opened(queue, settings):
    queue.receive([said()])
    conversation = queue.conversation(PERSON)
    queue.stage(conversation, {}, [Outgoing("x")], 0.0)
    stranger = Queue(settings.messaging_url, "another secret of the tests", "test")
    assert stranger.next_arrived(conversation).incoming is None
    assert stranger.staged(conversation) == []
    assert stranger.conversation(PERSON) != conversation
    stranger.close()


def test_a_conversation_is_held_by_one_worker_at_a_time(queue, settings):
    other = Queue(settings.messaging_url, settings.secret, "test")
    with queue.mine("gesprek-" + "a" * 32) as first, queue.mine("gesprek-" + "a" * 32) as second:
        assert (first, second) == (True, False)
        with queue.mine("gesprek-" + "b" * 32) as another:
            assert another
        if not settings.messaging_url.startswith("sqlite"):
            with other.mine("gesprek-" + "a" * 32) as elsewhere:
                assert not elsewhere
    with other.mine("gesprek-" + "a" * 32) as free:
        assert free
    other.close()


def test_an_answer_that_was_handed_over_waits_for_word_or_for_time(queue, clock):
    queue.receive([said()])
    arrived = queue.next_arrived(queue.conversation(PERSON))
    queue.stage(arrived.conversation, {"to": PERSON}, [Outgoing("een"), Outgoing("twee")], 0.0)
    assert queue.next_departing(arrived.conversation) is None  # the turn is not finished
    queue.finish(arrived)
    first = queue.next_departing(arrived.conversation)
    assert not queue.confirmed(first.key)  # nothing was in doubt
    queue.sending(first, clock[0] + 30)
    doubtful = queue.next_departing(arrived.conversation)
    assert (doubtful.id, doubtful.due > clock[0], doubtful.attempts) == (first.id, True, 1)
    assert queue.confirmed(first.key)
    assert queue.next_departing(arrived.conversation).outgoing.text == "twee"


def test_erasing_search_access_and_purging_reach_the_queue(queue, settings, clock):
    queue.receive([said("mijn bericht"), said(number=2, person="iemand anders")])
    conversation = queue.conversation(PERSON)
    arrived = queue.next_arrived(conversation)
    queue.stage(conversation, {"to": PERSON}, [Outgoing("mijn antwoord")], 0.0)
    queue.finish(arrived, Choices([Choice("k-1", "Werk", "/x")]))
    queue.receive([said("nog een", number=3)])
    # By the number itself, which is stored nowhere.
    document = str(export_conversation(f"test:{PERSON}", settings))
    assert "nog een" in document and "mijn antwoord" in document and "Werk" in document
    assert sum(search_conversation(f"test:{PERSON}", settings).values()) == 3
    assert erase_conversation(f"test:{PERSON}", settings).confirmed
    assert (count(queue, inbox), count(queue, outbox), count(queue, people)) == (1, 0, 0)
    # What was seen stays known, so that a late second delivery is not taken for a new message.
    assert queue.receive([said("mijn bericht")]) == []
    assert purge(settings, now=clock[0] + 3 * DAY)
    assert count(queue, inbox) == 0
    assert count(queue, seen) == 3
    clock[0] += 9 * DAY
    queue.forget_seen()
    assert count(queue, seen) == 0


class Killed(BaseException):
    """The process dies here."""


@pytest.fixture
def talk(queue, content, domain_store):
    phrases = load_phrases(data_dir() / "messaging.yml")
    agent = ScriptedAgent(script(content), domain_store)
    dialogue = Dialogue("test", queue, Limits(text=4000), phrases, content)

    def answer():
        arrived = queue.next_arrived(queue.conversation(PERSON))
        asyncio.run(dialogue.answer(arrived, agent, agent.handle_message))

    answer.agent = agent
    return answer


@pytest.fixture
def domain_store():
    from rasa.core.tracker_store import InMemoryTrackerStore
    from rasa.shared.core.domain import Domain

    return InMemoryTrackerStore(Domain.empty())


def leaving(queue):
    texts = []
    while departing := queue.next_departing(queue.conversation(PERSON)):
        texts.append(departing.outgoing.text)
        queue.settled(departing)
    return texts


@pytest.mark.parametrize(
    "place", ["before the turn", "while it speaks", "before it is stored", "before it is noted"]
)
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_turn_that_is_cut_off_is_neither_lost_nor_doubled(queue, talk, monkeypatch, place):
    def dies(*_args, **_more):
        monkeypatch.undo()
        raise Killed

    async def dies_later(*args, **more):
        dies()

    queue.receive([said("zeg een")])
    if place == "before the turn":
        monkeypatch.setattr(queue, "begin", dies)
    elif place == "while it speaks":
        monkeypatch.setattr(queue, "stage", dies)
    elif place == "before it is stored":
        monkeypatch.setattr(talk.agent.tracker_store, "save", dies_later)
    else:
        monkeypatch.setattr(queue, "finish", dies)
    with pytest.raises(Killed):
        talk()
    assert leaving(queue) == []
    talk()
    assert leaving(queue) == ["een"]
    tracker = asyncio.run(talk.agent.tracker_store.retrieve(queue.conversation(PERSON)))
    assert [event.text for event in tracker.events if event.type_name == "user"] == ["zeg een"]


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_choices_are_known_after_a_cut_off_turn_and_after_a_restart(queue, talk, monkeypatch):
    def dies(*_args):
        monkeypatch.undo()
        raise Killed

    queue.receive([said("waar")])
    monkeypatch.setattr(queue, "finish", dies)
    with pytest.raises(Killed):
        talk()
    talk()
    queue.receive([said("3", number=2)])
    talk()
    assert talk.agent.heard[-1].text.startswith("/ervaring_discriminatie")


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_message_that_always_kills_gets_an_apology_in_the_end(queue, talk):
    queue.receive([said("zeg een")])
    arrived = queue.next_arrived(queue.conversation(PERSON))
    for _ in range(MAX_ATTEMPTS):
        queue.begin(arrived)
        arrived = queue.next_arrived(queue.conversation(PERSON))
    talk()
    assert "er ging bij mij iets mis" in leaving(queue)[0]
    assert talk.agent.heard == []


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_picture_in_between_takes_no_choice_away(queue, talk):
    for number, incoming in enumerate([said("waar"), said("", kind=Kind.OTHER), said("2")], start=1):
        queue.receive([said(incoming.text, number, kind=incoming.kind)])
        talk()
    assert talk.agent.heard[-1].text.startswith("/ervaring_discriminatie")


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_the_question_whether_to_erase_lapses_with_another_message(queue, talk):
    for number, text in enumerate(["wis mijn gesprek", "waar", "ja"], start=1):
        queue.receive([said(text, number)])
        talk()
    assert [heard.text for heard in talk.agent.heard] == ["waar", "ja"]
