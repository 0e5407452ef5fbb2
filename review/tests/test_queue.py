"""The queue: order, filters, search, pages, saved views."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import QueryDict
from django.urls import reverse

from accounts.access import Role
from accounts.models import AuditEntry
from conversations import queue as module
from conversations.filters import Filters
from conversations.models import BRUSSELS, Conversation, Facet, Message, SavedFilter
from conversations.queue import Position, Queue
from tests.factory import Talk, spans, story

NOON = 1_790_000_000.0


def names(query: str = "", user: User | None = None) -> list[int]:
    filters, _ = Filters.read(QueryDict(query), user)
    return [c.pk for c in Queue(filters).page().conversations]


@pytest.fixture
def talks(db_all) -> dict[str, Conversation]:
    told = "mijn baas lacht met mijn geloof"
    return {
        "plain": Talk(NOON).say("wat is unia", "unia").answer("unia", channels=["unia"]).done(),
        "crisis": Talk(NOON + 100)
        .say("hij slaat mij", "nood_gevaar")
        .answer("nood_gevaar", channels=["nood_112"])
        .done(),
        "unsure": Talk(NOON + 200, "whatsapp").say("euh ja dat ding", "unia", 0.3).answer("twijfel").done(),
        "thumb": Talk(NOON + 300)
        .say(told, "ervaring_discriminatie", entities=spans(told, domein_werk="baas", grond_geloof="geloof"))
        .answer("verwijzing", channels=["unia"])
        .thumb("down")
        .done(status="bezig"),
        "english": Talk(NOON + 90_000)
        .say("hello there", "andere_taal", language="en")
        .answer("taal_en")
        .done(status="klaar"),
    }


def test_what_needs_eyes_comes_first(talks):
    order = [talks[name].pk for name in ("crisis", "thumb", "unsure", "plain")]
    assert names() == order
    assert names("status=alle") == [*order[:3], talks["english"].pk, order[3]]
    assert names("status=alle&volgorde=nieuwste") == [
        talks[n].pk for n in ("english", "thumb", "unsure", "crisis", "plain")
    ]
    assert names("status=alle&volgorde=oudste") == [
        talks[n].pk for n in ("plain", "crisis", "unsure", "thumb", "english")
    ]


@pytest.mark.parametrize("few", [0, 3_000], ids=["walked", "fetched"])
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("reden=nood", ["crisis"]),
        ("reden=onzeker", ["unsure"]),
        ("bedoeling=unia", ["unsure", "plain"]),
        ("grond=geloof", ["thumb"]),
        ("domein=werk&grond=geloof", ["thumb"]),
        ("domein=werk&grond=geloof&reden=nood", []),
        ("doorverwezen=unia", ["thumb", "plain"]),
        ("taal=en&status=alle", ["english"]),
        ("kanaal=whatsapp", ["unsure"]),
        ("status=bezig", ["thumb"]),
        ("status=klaar", ["english"]),
        ("q=geloof", ["thumb"]),
        ("q=gelo", ["thumb"]),
        ("q=baas+lacht", ["thumb"]),
        ("q=%22baas+lacht%22", ["thumb"]),
        ("q=%22lacht+baas%22", []),
        ("q=lacht&domein=werk&kanaal=web&status=bezig&bedoeling=ervaring_discriminatie", ["thumb"]),
        ("q=unia&status=alle", ["plain"]),
        ("q=%21%21", []),
        ("wie=niemand", ["crisis", "thumb", "unsure", "plain"]),
        ("wie=mij", []),
        ("wie=onbekende", ["crisis", "thumb", "unsure", "plain"]),  # an unknown choice is dropped
    ],
)
def test_filters(talks, monkeypatch, few, query, found):
    """Whatever plan is taken, the answer is the same."""
    monkeypatch.setattr(module, "FEW", few)
    assert names(query) == [talks[name].pk for name in found]


@pytest.mark.parametrize("few", [0, 3_000], ids=["walked", "fetched"])
def test_days_are_days_in_brussels(talks, monkeypatch, few):
    monkeypatch.setattr(module, "FEW", few)
    day = talks["plain"].ended.astimezone(BRUSSELS).date()
    assert names(f"van={day}&tot={day}&status=alle") == [
        talks[n].pk for n in ("crisis", "thumb", "unsure", "plain")
    ]
    assert names(f"van={date.fromordinal(day.toordinal() + 1)}&status=alle") == [talks["english"].pk]
    assert names("van=geen-datum") == names()


def test_assignee(talks, person):
    reviewer = person(Role.REVIEWER)
    Conversation.objects.filter(pk=talks["plain"].pk).update(assignee=reviewer)
    assert names("wie=mij", reviewer) == [talks["plain"].pk]
    assert names(f"wie={reviewer.username}") == [talks["plain"].pk]
    assert talks["plain"].pk not in names("wie=niemand")


@pytest.mark.parametrize(
    "query", ["", "bedoeling=unia", "q=vraag", "volgorde=oudste", "volgorde=nieuwste&bedoeling=unia&q=vraag"]
)
@pytest.mark.parametrize("few", [0, 3_000], ids=["walked", "fetched"])
def test_pages_hold_each_conversation_once_both_ways(db_all, monkeypatch, query, few):
    monkeypatch.setattr(module, "FEW", few)
    monkeypatch.setattr(module, "PAGE", 4)
    made = [
        Talk(NOON + number // 3).say(f"vraag {number}", "unia", 0.3 if number % 4 == 0 else 0.9).done()
        for number in range(11)
    ]
    filters, _ = Filters.read(QueryDict(query), None)
    queue = Queue(filters)
    pages = [queue.page()]
    while pages[-1].after:
        pages.append(queue.page(after=Position.read(pages[-1].after.text)))
    forward = [c.pk for page in pages for c in page.conversations]
    assert sorted(forward) == sorted(c.pk for c in made)
    assert [len(page.conversations) for page in pages] == [4, 4, 3]
    assert pages[0].before is None
    back = queue.page(before=pages[-1].before)
    assert [c.pk for c in back.conversations] == [c.pk for c in pages[1].conversations]
    first = Conversation.objects.get(pk=forward[0])
    walked = [first.pk]
    while (following := queue.neighbour(Conversation.objects.get(pk=walked[-1]))) is not None:
        walked.append(following.pk)
    assert walked == forward
    assert queue.neighbour(Conversation.objects.get(pk=forward[5]), backwards=True).pk == forward[4]


def test_deleting_with_plain_sql_leaves_nothing_to_find(talks):
    """What erasure and purging do from another process."""
    for table in ("conversations_message", "conversations_facet", "conversations_conversation"):
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE conversation = %s", [talks["thumb"].pseudonym])
    assert names("q=geloof") == []
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM conversations_conversation WHERE conversation = %s", [talks["crisis"].pseudonym]
        )
    assert names("q=slaat") == []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM conversations_search WHERE conversations_search MATCH 'slaat OR geloof'"
            )
            assert cursor.fetchone()[0] == 0
            cursor.execute("INSERT INTO conversations_search(conversations_search) VALUES('integrity-check')")


def test_search_follows_changed_text_and_accents(db_all):
    talk = Talk().say("een café en privé-zaken", "privacy").done()
    assert names("q=cafe+prive") == names("q=CAFÉ") == [talk.pk]
    Message.objects.filter(conversation_id=talk.pseudonym).update(text="iets anders")
    assert names("q=prive") == []
    assert names("q=anders") == [talk.pk]


def test_strange_searches_are_harmless(talks):
    for typed in ('"', "a*b", "NEAR(", "' OR 1=1 --", "col:x", "-", "é" * 200, "& | !", "\\", "<->"):
        filters, _ = Filters.read(QueryDict(mutable=True), None)
        data = QueryDict(mutable=True)
        data["q"] = typed
        filters, _ = Filters.read(data, None)
        Queue(filters).page()


def test_the_page_shows_why_and_keeps_the_view_in_its_links(talks, signed_in):
    client = signed_in(Role.READER)
    page = client.get("/wachtrij/?q=lacht&status=bezig").content.decode()
    assert "<mark>lacht</mark>" in page
    assert "duim omlaag" in page
    assert f'href="/gesprek/{talks["thumb"].pk}/?q=lacht&amp;status=bezig"' in page
    assert AuditEntry.objects.filter(action="wachtrij.gelezen", name="lezer-1").count() == 1


def test_markup_in_a_message_stays_text(db_all, signed_in):
    Talk().say("<script>alert(1)</script> en meer woorden hier").done()
    page = signed_in(Role.READER).get("/wachtrij/?q=woorden").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_saved_views_are_somebodys_own(talks, signed_in, person):
    client = signed_in(Role.READER)
    client.post("/wachtrij/bewaren/?reden=nood&na=1~2.0~3", {"naam": "Nood eerst"})
    saved = SavedFilter.objects.get()
    assert (saved.owner.username, saved.query) == ("lezer-1", "reden=nood")
    assert "Nood eerst" in client.get("/wachtrij/").content.decode()
    client.post("/wachtrij/bewaren/?reden=duim", {"naam": "Nood eerst"})
    assert SavedFilter.objects.get().query == "reden=duim"
    other = signed_in(Role.REVIEWER)
    assert "Nood eerst" not in other.get("/wachtrij/").content.decode()
    assert other.post(reverse("conversations:remove_filter", args=[saved.pk])).status_code == 404
    client.post(reverse("conversations:remove_filter", args=[saved.pk]))
    assert not SavedFilter.objects.exists()


def test_facets_carry_the_keys_of_their_conversation(db_all):
    talk = story()
    assert set(Facet.objects.filter(conversation=talk).values_list("attention", "last_at")) == {
        (talk.attention, talk.last_at)
    }


def test_a_broken_position_is_the_first_page(talks, signed_in):
    page = signed_in(Role.READER).get("/wachtrij/?na=onzin")
    assert page.status_code == 200
    assert len(re.findall("data-open", page.content.decode())) == 4
