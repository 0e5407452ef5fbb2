"""The review log becomes conversations: completely, once, whatever is in it, and never what was erased."""

import contextlib
import json
import random

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversations.feed import GRACE, MAX_GAP
from conversations.ingest import Ingest, take, take_back, tidy
from conversations.models import Conversation, Facet, FeedCursor, FeedEvent, Message
from conversations.rows import message_of
from tests.feed import FeedWriter, conversation

ANNA, BEN = conversation(1), conversation(2)


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def catch_up(ingest=None):
    ingest = ingest or Ingest()
    while ingest.step():
        pass
    return ingest


def facets(name, kind):
    return sorted(Facet.objects.filter(conversation_id=name, kind=kind).values_list("value", flat=True))


def test_a_conversation_as_it_was(feed):
    feed.start(ANNA)
    story = {
        "entities": [{"entity": "domein", "value": "wonen", "start": 3, "end": 7, "extractor": "x"}],
        "intent_ranking": [{"name": "getuige", "confidence": 0.8}],
        "doubt": {"kind": "between", "candidates": ["getuige"]},
    }
    first = feed.say(ANNA, "een huis niet gekregen", "getuige", 0.45, data=story)
    choice = {
        "channels": ["unia"],
        "buttons": ["Ja"],
        "policy": "GuidePolicy",
        "decision": "open_vraag",
        "rules": ["a", "b"],
    }
    referral = feed.answer(ANNA, "verwijzing", data=choice)
    feed.say(ANNA, "/ja", "ja", 1.0, data={"button": "Ja, graag"})
    feed.thumb(ANNA, "down", referral.timestamp, "verwijzing")
    catch_up()
    found = Conversation.objects.get()
    assert (found.pseudonym, found.channel, found.messages_count) == (ANNA, "web", 3)
    assert (found.status, found.attention) == ("nieuw", 48)
    start, said, referred, pressed, thumb = Message.objects.all()
    assert start.kind == "session_started"
    assert (said.text, said.confidence, said.doubt, said.own_words) == (first.text, 0.45, "between", True)
    assert said.entities == [{"entity": "domein", "value": "wonen", "start": 3, "end": 7}]
    assert referred.rule == "GuidePolicy: open_vraag (a, b)"
    assert (referred.channels, referred.buttons) == (["unia"], ["Ja"])
    assert (pressed.text, pressed.buttons, pressed.own_words) == ("Ja, graag", ["Ja, graag"], False)
    assert (thumb.value, thumb.about, thumb.answer) == ("down", referral.timestamp, "verwijzing")
    assert facets(ANNA, "intent") == ["getuige", "ja"]
    assert (facets(ANNA, "domein"), facets(ANNA, "kanaal"), facets(ANNA, "taal")) == (
        ["wonen"],
        ["unia"],
        ["nl"],
    )
    assert facets(ANNA, "reden") == ["duim", "onzeker"]


def test_a_button_that_is_always_there_is_shown_by_its_title(feed):
    feed.say(ANNA, "/wat_is_discriminatie", "wat_is_discriminatie")
    catch_up()
    shown = Message.objects.get()
    assert "/" not in shown.text
    assert shown.text == shown.buttons[0] != "wat_is_discriminatie"


def test_again_changes_nothing_and_what_is_new_is_added(feed):
    feed.say(ANNA, "hallo", "begroeting")
    catch_up()
    Conversation.objects.update(status="klaar")
    before = list(Message.objects.values_list("pk", flat=True))
    catch_up()  # a new start reads a part again
    assert list(Message.objects.values_list("pk", flat=True)) == before
    assert Conversation.objects.get().status == "klaar"
    feed.say(ANNA, "nog iets")
    catch_up()
    assert (Conversation.objects.get().status, Conversation.objects.get().messages_count) == ("nieuw", 2)


def test_numbers_that_are_committed_late_are_found(feed):
    clock = Clock()
    feed.say(ANNA, "eerst", id=1)
    feed.say(ANNA, "derde", id=5)
    ingest = catch_up(Ingest(clock))
    feed.say(BEN, "tweede", id=3)
    assert ingest.step() == 1
    assert set(Message.objects.values_list("feed_id", flat=True)) == {1, 3, 5}
    clock.now += GRACE + 1
    feed.say(BEN, "veel te laat", id=4)
    assert ingest.step() == 0
    catch_up()  # a new start looks back
    assert Message.objects.filter(feed_id=4).exists()


def test_a_hole_of_purged_rows_is_not_looked_for(feed):
    feed.say(ANNA, "oud", id=1)
    feed.say(ANNA, "nieuw", id=MAX_GAP * 50)
    ingest = catch_up()
    assert ingest._feed._gaps == {}


def test_a_log_that_starts_anew(feed):
    feed.say(ANNA, "uit het oude logboek", id=5_000)
    ingest = catch_up()
    FeedEvent.objects.all().delete()
    feed.say(BEN, "uit het nieuwe", id=1)
    catch_up(ingest)
    catch_up(ingest)
    assert Message.objects.filter(conversation_id=BEN).exists()


def test_any_order_of_rows_and_batches_gives_the_same(feed):
    rows = []
    for name in map(conversation, range(4)):
        rows.append(feed.start(name))
        for number in range(3):
            rows.append(feed.say(name, f"vraag {number}", confidence=0.4))
            rows.append(feed.answer(name, "niet_begrepen"))
        rows.append(feed.thumb(name, "down", rows[-1].timestamp))
    plain = list(FeedEvent.objects.values())

    def state():
        kept = list(
            Conversation.objects.order_by("pseudonym").values(
                "pseudonym", "first_at", "last_at", "messages_count", "attention", "channel"
            )
        )
        return (
            kept,
            sorted(Facet.objects.values_list("conversation", "kind", "value", "last_at")),
            Message.objects.count(),
        )

    take(plain)
    wanted = state()
    for seed in range(5):
        for model in (Message, Facet, Conversation):
            model.objects.all().delete()
        shuffled = random.Random(seed).sample(plain, len(plain))
        for start in range(0, len(shuffled), 5):
            take(shuffled[start : start + 5 + seed])  # batches overlap
        assert state() == wanted


def test_bad_rows_do_not_stop_the_good_ones(feed):
    feed.say(ANNA, "/session_start", "session_start", confidence=None)
    feed.row(ANNA, "user", text="zonder iets", intent=None, confidence=None)
    feed.row(ANNA, "user", text="kapot", data="x")
    FeedEvent.objects.filter(text="kapot").update(data="{geen json")
    feed.row(ANNA, "slot", text="onbekende soort")
    feed.row("", "user", text="van niemand")
    long = feed.row(
        ANNA,
        "user",
        text="lang",
        intent="i" * 64,
        data={"language": "n" * 99, "doubt": "d" * 99, "entities": "geen lijst"},
    )
    feed.say(BEN, "goed")
    catch_up()
    assert set(Message.objects.values_list("text", flat=True)) == {"zonder iets", "kapot", "lang", "goed"}
    assert Message.objects.get(feed_id=long.id).language == "n" * 8


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "kind", "entity", "value", "confidence"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)
DATA = st.dictionaries(
    st.sampled_from(
        [
            "entities",
            "doubt",
            "language",
            "intent_ranking",
            "redacted",
            "button",
            "channels",
            "buttons",
            "policy",
            "decision",
            "rules",
            "value",
            "about",
            "input_channel",
        ]
    ),
    JSON,
)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(["user", "bot", "feedback", "session_started"]), DATA, JSON)
def test_no_content_of_a_row_is_too_strange_to_store(feed, kind, data, other):
    row = {
        "id": 1, "conversation": ANNA, "timestamp": 1.0, "type": kind, "intent": other, "confidence": other,
        "answer": other, "text": other, "data": json.dumps(data),
    }  # fmt: skip
    Message.objects.all().delete()
    message, channel = message_of(row)
    assert isinstance(channel, str)
    take([row])
    assert Message.objects.get().kind == message.kind


def test_what_is_erased_does_not_come_back(feed):
    feed.say(ANNA, "weg", "getuige")
    feed.say(BEN, "blijft")
    read = list(FeedEvent.objects.values())
    catch_up()
    feed.erase(ANNA)
    take_back(ANNA, feed.now + 10)
    assert set(Message.objects.values_list("text", flat=True)) == {"blijft"}
    assert not Facet.objects.filter(conversation_id=ANNA).exists()
    take(read)  # rows that were read just before
    catch_up()
    assert list(Conversation.objects.values_list("pseudonym", flat=True)) == [BEN]
    feed.now += 10_000
    feed.say(ANNA, "daar ben ik weer")
    catch_up()
    assert Message.objects.get(conversation_id=ANNA).text == "daar ben ik weer"


@contextlib.contextmanager
def away(table):
    """The assistant has not made this table yet."""
    with connections["feed"].cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
        try:
            yield
        finally:
            cursor.execute(f"ALTER TABLE {table}_away RENAME TO {table}")


def test_no_mark_table_yet(feed):
    """An installation that was made before erasures were marked."""
    feed.say(ANNA, "hallo")
    with away("erased"):
        catch_up()
    assert Conversation.objects.exists()


def test_facets_do_not_outlive_the_messages_they_came_from(feed, settings):
    days = settings.CONFIG.privacy.keep_log_days
    feed.say(ANNA, "oud", "getuige", timestamp=1_000.0)
    feed.say(ANNA, "nieuw", "privacy", timestamp=1_000.0 + 86_400 * 20)
    feed.say(BEN, "alles oud", "getuige", timestamp=1_000.0)
    catch_up()
    now = 1_001.0 + 86_400 * days
    Message.objects.filter(timestamp__lte=now - 86_400 * days).delete()
    tidy(now)
    assert facets(ANNA, "intent") == ["privacy"]
    assert list(Conversation.objects.values_list("pseudonym", flat=True)) == [ANNA]
    assert not Facet.objects.filter(conversation_id=BEN).exists()


def test_the_command_reads_on_from_the_cursor(feed, capsys):
    feed.say(ANNA, "een")
    call_command("ingest", "--once")
    assert "1 rows read" in capsys.readouterr().out
    assert FeedCursor.objects.get().last_id == 1


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_without_a_log_the_command_says_so():
    with away("review_events"), pytest.raises(CommandError, match="cannot be read"):
        call_command("ingest", "--once")


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_a_writer_that_commits_late_on_postgresql(stores):
    if connections["feed"].vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    feed, late = FeedWriter(), connections["feed"].copy("late")
    try:
        late.set_autocommit(False)
        with late.cursor() as cursor:
            cursor.execute(
                "INSERT INTO review_events (id, conversation, timestamp, type, text, data) VALUES (1, %s, 1, 'user', 'laat', '{}')",
                [ANNA],
            )
        feed.say(BEN, "vlug", id=2)
        feed.say(BEN, "nog vlugger", id=4)
        ingest = catch_up()
        assert set(Message.objects.values_list("text", flat=True)) == {"vlug", "nog vlugger"}
        late.commit()
        assert ingest.step() == 1
        assert Message.objects.get(conversation_id=ANNA).text == "laat"
    finally:
        late.close()
