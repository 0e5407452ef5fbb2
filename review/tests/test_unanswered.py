"""Unanswered questions: which count, how they group, that handling sticks, that erasing and roles reach them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.access import Role
from accounts.models import AuditEntry
from conversations.models import Conversation, Message
from figures.grouping import groups, words
from figures.models import Unanswered
from figures.unanswered import Background, filled, handle, listed, not_understood, refresh
from tests.factory import Talk

ELECTIONS = [
    "hoe stem ik bij de verkiezingen",
    "stemmen bij de verkiezingen als niet belg",
    "mag ik stemmen voor de verkiezingen",
    "verkiezingen stemmen zonder paspoort",
]
TOILETS = ["waar is een openbaar toilet", "openbaar toilet centrum", "openbare toiletten waar zijn die"]


def lost(text, answer="niet_begrepen"):
    return Talk().start().say(text, confidence=0.6).answer(answer).done()


def texts(conversation):
    messages = Message.objects.filter(conversation_id=conversation.pseudonym).order_by("timestamp")
    return [message.text for message in not_understood(messages)]


def test_what_is_alike_comes_together_whatever_its_order():
    mixed = [*ELECTIONS, *TOILETS, "iets heel anders"]
    for order in (mixed, mixed[::-1]):
        found = [{order[place] for place in group} for group in groups(order)]
        assert set(ELECTIONS) in found
        assert set(TOILETS) in found
        assert {"iets heel anders"} in found


@settings(deadline=None)
@given(st.lists(st.text(max_size=40), max_size=30))
def test_every_message_is_in_one_group_and_again_the_same(found):
    first = groups(found)
    assert sorted(place for group in first for place in group) == list(range(len(found)))
    assert groups(found) == first


def test_what_was_redacted_is_no_word():
    assert words("Bel [telefoonnummer] één keer, 2 maal!") == ["bel", "een", "keer", "maal"]


def test_which_messages_count(db_all):
    talk = (
        Talk().start()
        .say("begrepen").answer("wat_is_racisme")
        .say("niet begrepen", confidence=0.6).answer("niet_begrepen")
        .say("een gok", confidence=0.3).answer("unia")
        .say("twijfel", confidence=0.9, doubt="between").answer("twijfel")
        .say("een knop", confidence=0.2, buttons=["een knop"]).answer("niet_begrepen")
        .say("bonjour", confidence=0.2, language="fr").answer("vreemde_taal")
        .done()
    )  # fmt: skip
    assert texts(talk) == ["niet begrepen", "een gok", "twijfel"]


@pytest.fixture
def grouped(db_all):
    for text in [*ELECTIONS, *TOILETS, "iets heel anders"]:
        lost(text)
    assert refresh() == 8


def test_the_largest_group_first_with_its_words(grouped):
    found = filled(listed())
    assert [group.size for group in found] == [4, 3]
    assert "verkiezingen" in found[0].words
    assert {message.text for message in found[0].messages} == set(ELECTIONS)
    assert found[0].nearest == (("wat_is_discriminatie", 100),)
    assert [group.size for group in listed(least=1)] == [4, 3, 1]


def test_handled_stays_handled_until_somebody_asks_again(grouped):
    group = listed()[0]
    assert handle(group.number, group.newest, True) == 4
    refresh()
    assert [found.size for found in listed()] == [3]
    assert [found.size for found in listed(handled=True)] == [4]
    lost("wanneer kan ik stemmen bij de verkiezingen")
    refresh()
    again = next(found for found in listed() if found.size == 5)
    assert again.open == 1


def test_what_came_after_the_page_was_shown_is_not_handled_with_it(grouped):
    group = listed()[0]
    lost("verkiezingen stemmen wanneer")
    refresh()
    assert handle(group.number, group.newest, True) == 4


def test_an_erased_message_is_gone_at_once_and_for_good(grouped):
    message = Message.objects.get(text=ELECTIONS[0])
    # As erasing from outside does: plain SQL, one table at a time.
    Message.objects.filter(pk=message.pk)._raw_delete("default")
    assert [group.size for group in listed()] == [3, 3]
    refresh()
    assert not Unanswered.objects.filter(message_id=message.pk).exists()
    assert Unanswered.objects.count() == 7


def test_the_page_and_its_button(grouped, signed_in):
    client = signed_in(Role.REVIEWER)
    page = client.get("/onbeantwoord/").content.decode()
    assert ELECTIONS[0] in page
    group = listed()[0]
    reply = client.post(
        "/onbeantwoord/afhandelen/", {"groep": group.number, "nieuwste": group.newest}, follow=True
    )
    assert ELECTIONS[0] not in reply.content.decode()
    assert ELECTIONS[0] in client.get("/onbeantwoord/?toon=afgehandeld").content.decode()
    assert AuditEntry.objects.get(action="onbeantwoord.afgehandeld").detail == "4 berichten"
    client.post("/onbeantwoord/afhandelen/", {"groep": group.number, "nieuwste": group.newest, "terug": "1"})
    assert len(listed()) == 2
    assert client.post("/onbeantwoord/afhandelen/", {"groep": "x"}).status_code == 404


def test_a_reader_sees_no_button(grouped, signed_in):
    client = signed_in(Role.READER)
    assert '<button class="quiet">Afgehandeld' not in client.get("/onbeantwoord/").content.decode()
    assert client.post("/onbeantwoord/afhandelen/", {}).status_code == 403


def test_a_message_that_looks_like_html_is_shown_as_text(db_all, signed_in):
    lost("<b onclick=x>vet</b> mag dat")
    lost("<b onclick=x>vet</b> mag dat niet")
    refresh()
    page = signed_in(Role.READER).get("/onbeantwoord/").content.decode()
    assert "&lt;b onclick=x&gt;" in page
    assert "<b onclick" not in page


def test_the_page_says_what_is_among_them(db_all, signed_in):
    """What counts is tested above (`test_which_messages_count`); the introduction says the same, guesses included."""
    page = signed_in(Role.READER).get("/onbeantwoord/").text
    assert (
        "niet begreep, waarover hij twijfelde of waarbij hij met weinig zekerheid gokte (minder dan 60 %)"
        in page
    )
    assert "1000 nieuwste zulke berichten; knoppen en andere talen tellen niet mee" in page


def test_nothing_yet(db_all, signed_in):
    assert refresh() == 0
    assert "Geen groepen" in signed_in(Role.READER).get("/onbeantwoord/").content.decode()
    assert Conversation.objects.count() == 0


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_groups_are_made_beside_other_work(django_db_serialized_rollback):
    for text in ELECTIONS:
        lost(text)
    background = Background()
    background.start()
    background.wait()
    assert [group.size for group in listed()] == [4]
