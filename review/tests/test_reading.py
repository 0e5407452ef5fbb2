"""Reading, handling and judging a conversation."""

from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.access import Role
from accounts.models import AuditEntry
from conversations.models import Conversation, Message
from conversations.reading import PART, read
from conversations.templatetags.reading import as_seen
from corrections.intents import find
from corrections.models import Correction, Note
from tests.factory import Talk, long_talk, spans, story


def url(conversation: Conversation, rest: str = "") -> str:
    return f"/gesprek/{conversation.pk}/{rest}"


def told(conversation: Conversation) -> Message:
    return Message.objects.get(conversation=conversation, intent="ervaring_discriminatie")


def judge(client, message: Message, seen: str = "geen", **values):
    data = {f"m{message.pk}-{name}": value for name, value in values.items()}
    return client.post(f"/bericht/{message.pk}/oordeel/", {"versie": seen, **data})


def test_everything_that_was_predicted_is_beside_the_message(db_all, signed_in):
    page = signed_in(Role.READER).get(url(story())).content.decode()
    for shown in (
        "Ik heb iets meegemaakt", "87 %", "ervaring_discriminatie", "Wat doet Unia?", "4 %", '<mark title="domein: Wonen of huren">huisbaas</mark>',
        "twijfelde tussen twee", "de gids: verwijzing (r_wonen)", "VMRI", "Hoe kan ik melden?", "Duim omlaag", "Verdwijnt vanzelf op",
    ):  # fmt: skip
        assert shown in page
    assert "Verbeter" not in page  # a reader only reads


def test_each_view_is_in_the_audit_log(db_all, signed_in):
    talk = story()
    client = signed_in(Role.REVIEWER)
    client.get(url(talk))
    client.get(f"/bericht/{told(talk).pk}/oordeel/")
    seen = AuditEntry.objects.filter(kind="conversation", number=talk.pk).values_list("action", flat=True)
    assert sorted(seen) == ["bericht.gelezen", "gesprek.gelezen"]


def test_a_long_conversation_comes_in_parts(db_all, signed_in):
    talk = long_talk(60)
    part = read(talk)
    assert (part.start, part.end, part.total) == (121 - PART, 121, 121)
    client = signed_in(Role.READER)
    page = client.get(url(talk)).content.decode()
    assert page.count("data-step") == PART
    assert "Eerdere berichten (91)" in page
    assert "Latere berichten" not in page
    whole = client.get(url(talk, "?deel=61-121")).content.decode()
    assert whole.count("data-step") == 60
    assert "vraag nummer 30" in whole
    more = client.get(url(talk, "?extra=61-91&deel=91-121"), headers={"HX-Request": "true"}).content.decode()
    assert more.count("data-step") == 30
    assert "<html" not in more
    assert "deel=31-121" in more


def test_a_long_conversation_opens_where_eyes_are_needed(db_all, signed_in):
    talk = long_talk(60, reason_at=20)
    part = read(talk)
    assert "vraag nummer 20" in [step.message.text for step in part.steps]
    assert part.start > 0
    assert part.left > 0
    page = signed_in(Role.READER).get(url(talk)).content.decode()
    assert "Eerdere berichten" in page
    assert "Latere berichten" in page
    number = Message.objects.get(text="vraag nummer 50").pk
    assert "vraag nummer 50" in signed_in_page(page, talk, number)


def signed_in_page(_page: str, talk: Conversation, number: int) -> str:
    return " ".join(step.message.text for step in read(talk, at=number).steps)


@pytest.mark.parametrize("span", ["9999-10000", "0-0", "5-2", "x", "1-999999"])
def test_any_part_asked_for_is_harmless(db_all, signed_in, span):
    assert signed_in(Role.READER).get(url(long_talk(5), f"?deel={span}")).status_code == 200


def test_answers_look_as_the_citizen_saw_them():
    assert as_seen("Dag **jij** & ik\n\n- een\n- <b>twee</b>") == (
        "<p>Dag <strong>jij</strong> &amp; ik</p><ul><li>een</li><li>&lt;b&gt;twee&lt;/b&gt;</li></ul>"
    )


def test_status_and_next_in_the_order_of_the_view(db_all, signed_in):
    first = Talk().say("vraag een", "unia", 0.3).done()
    Talk().say("vraag twee", "bewijs").done()
    third = Talk().say("vraag drie", "unia").done()
    client = signed_in(Role.REVIEWER)
    gone = client.post(
        url(first, "status/?bedoeling=unia"), {"was": "nieuw", "status": "klaar", "verder": "1"}
    )
    assert gone["Location"] == url(third, f"?bedoeling=unia&vorig={first.pk}")
    first.refresh_from_db()
    assert first.status == "klaar"
    assert (
        client.post(url(third, "status/?bedoeling=unia"), {"was": "nieuw", "status": "klaar", "verder": "1"})[
            "Location"
        ]
        == "/wachtrij/?bedoeling=unia"
    )
    entry = AuditEntry.objects.get(action="gesprek.status", number=first.pk)
    assert entry.detail == "nieuw → nagekeken"
    assert "nieuw → nagekeken" in client.get(url(first)).content.decode()


def test_two_reviewers_at_once_lose_nothing_of_status_and_assignment(db_all, signed_in, person):
    talk, other = story(), person(Role.REVIEWER, "ander")
    client = signed_in(Role.REVIEWER)
    Conversation.objects.filter(pk=talk.pk).update(status="klaar", assignee=other)
    answer = client.post(
        url(talk, "status/"), {"was": "nieuw", "status": "bezig"}, follow=True
    ).content.decode()
    assert "Intussen zette iemand anders" in answer
    answer = client.post(url(talk, "toewijzen/"), {"was": "", "wie": ""}, follow=True).content.decode()
    assert Conversation.objects.get(pk=talk.pk).status == "klaar"
    answer = client.post(url(talk, "toewijzen/"), {"was": "77", "wie": ""}, follow=True).content.decode()
    assert "Intussen is dit gesprek toegewezen aan ander" in answer
    assert Conversation.objects.get(pk=talk.pk).assignee == other


def test_only_reviewers_are_given_conversations(db_all, signed_in, person):
    talk, reader = story(), person(Role.READER, "enkel-lezer")
    signed_in(Role.REVIEWER).post(url(talk, "toewijzen/"), {"was": "", "wie": str(reader.pk)})
    assert Conversation.objects.get(pk=talk.pk).assignee is None


def test_notes(db_all, signed_in):
    talk, client = story(), signed_in(Role.REVIEWER)
    client.post(url(talk, "notitie/"), {"tekst": "Vreemd antwoord."})
    client.post(url(talk, "notitie/"), {"tekst": "  "})
    client.post(url(talk, "notitie/"), {"tekst": "x" * 1001})
    note = Note.objects.get()
    assert (note.text, note.by.username) == ("Vreemd antwoord.", "beoordelaar-1")
    assert "Vreemd antwoord." in client.get(url(talk)).content.decode()


def test_right_wrong_unclear(db_all, signed_in):
    talk, client = story(), signed_in(Role.REVIEWER)
    message = told(talk)
    assert judge(client, message, oordeel="goed").status_code == 302
    there = Correction.objects.get()
    assert (there.verdict, there.intent, there.text, there.entities) == (
        "goed",
        message.intent,
        message.text,
        message.entities,
    )
    seen = f"{there.at.timestamp():.6f}"
    answer = judge(client, message, seen, oordeel="fout", bedoeling="klacht_indienen", stuk=["Huisbaas", "hoofddoek"],
                   waarde=["domein:wonen", "grond:geloof"], begin=["", "42"], einde=["", "51"])  # fmt: skip
    assert answer.status_code == 302
    there.refresh_from_db()
    assert (there.verdict, there.intent) == ("fout", "klacht_indienen")
    assert there.entities == spans(message.text, domein_wonen="huisbaas", grond_geloof="hoofddoek")
    page = client.get(url(talk)).content.decode()
    assert "Hoe kan ik melden?" in page
    assert "fout begrepen, bedoeling: Hoe kan ik melden?" in page  # the history
    judge(client, message, f"{there.at.timestamp():.6f}", oordeel="onduidelijk")
    there.refresh_from_db()
    assert (there.verdict, there.intent, there.entities) == ("onduidelijk", "", [])
    assert [version.verdict for version in there.history.all()] == ["onduidelijk", "fout", "goed"]
    assert {version.history_user.username for version in there.history.all()} == {"beoordelaar-1"}
    assert AuditEntry.objects.filter(action__startswith="oordeel.", number=talk.pk).count() == 3


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({"oordeel": "fout", "bedoeling": ""}, "Kies wat de burger bedoelde"),
        ({"oordeel": "fout", "bedoeling": "bestaat_niet"}, "bestaat_niet"),
        (
            {"oordeel": "fout", "bedoeling": "unia", "stuk": ["kapper"], "waarde": ["domein:handel"]},
            "staat niet in het bericht",
        ),
        (
            {"oordeel": "fout", "bedoeling": "unia", "stuk": [""], "waarde": ["domein:handel"]},
            "in welke woorden",
        ),
        (
            {"oordeel": "fout", "bedoeling": "unia", "stuk": ["huisbaas"], "waarde": ["domein:maan"]},
            "uit de lijst",
        ),
        (
            {
                "oordeel": "fout",
                "bedoeling": "unia",
                "stuk": ["huisbaas", "baas"],
                "waarde": ["domein:wonen", "domein:werk"],
            },
            "overlapt",
        ),
        ({"bedoeling": "unia"}, "Kies of het bericht goed begrepen is"),
    ],
)
def test_what_cannot_be_saved_is_said(db_all, signed_in, values, complaint):
    answer = judge(signed_in(Role.REVIEWER), told(story()), **values)
    assert answer.status_code == 422
    assert complaint in answer.content.decode()
    assert not Correction.objects.exists()


def test_wrong_must_change_something(db_all, signed_in):
    message = told(story())
    same = {"stuk": ["huisbaas", "hoofddoek"], "waarde": ["domein:wonen", "grond:geloof"]}
    answer = judge(signed_in(Role.REVIEWER), message, oordeel="fout", bedoeling=message.intent, **same)
    assert "verandert niets" in answer.content.decode()
    assert judge(signed_in(Role.EDITOR), message, oordeel="fout", bedoeling=message.intent).status_code == 302


def test_two_reviewers_judging_at_once(db_all, signed_in):
    message = told(story())
    one, two = signed_in(Role.REVIEWER), signed_in(Role.EDITOR)
    judge(one, message, oordeel="fout", bedoeling="klacht_indienen")
    late = judge(two, message, oordeel="fout", bedoeling="getuige")
    page = late.content.decode()
    assert late.status_code == 409
    assert "Iemand anders was je net voor" in page
    assert "beoordelaar-1" in page
    assert '<option value="getuige" selected>' in page  # what the second filled in is still there
    assert Correction.objects.get().intent == "klacht_indienen"
    seen = page.split('name="versie" value="')[1].split('"')[0]
    assert judge(two, message, seen, oordeel="fout", bedoeling="getuige").status_code == 302
    assert [version.intent for version in Correction.objects.get().history.all()] == [
        "getuige",
        "klacht_indienen",
    ]


def test_saying_the_same_twice_is_no_conflict(db_all, signed_in):
    message = told(story())
    judge(signed_in(Role.REVIEWER), message, oordeel="onduidelijk")
    assert judge(signed_in(Role.EDITOR), message, oordeel="onduidelijk").status_code == 302
    assert Correction.objects.get().history.count() == 1


def test_a_changed_judgement_must_be_approved_again_and_a_used_one_stays(db_all, signed_in):
    message, client = told(story()), signed_in(Role.REVIEWER)
    judge(client, message, oordeel="goed")
    there = Correction.objects.get()
    Correction.objects.update(state=Correction.State.APPROVED, at=timezone.now())
    there.refresh_from_db()
    judge(client, message, f"{there.at.timestamp():.6f}", oordeel="onduidelijk")
    there.refresh_from_db()
    assert there.state == Correction.State.OPEN
    Correction.objects.update(state=Correction.State.USED)
    answer = judge(client, message, f"{there.at.timestamp():.6f}", oordeel="goed")
    assert "zit al in een voorstel" in answer.content.decode()
    assert (
        "Onduidelijk</button>"
        not in client.get(f"/bericht/{message.pk}/", headers={"HX-Request": "true"}).content.decode()
    )


def test_a_button_is_nothing_to_judge(db_all, signed_in):
    Talk().say("Hoe kan ik melden?", "klacht_indienen", buttons=["Hoe kan ik melden?"]).done()
    message = Message.objects.get(kind="user")
    assert judge(signed_in(Role.REVIEWER), message, oordeel="goed").status_code == 422


def test_readers_cannot_change_anything(db_all, signed_in):
    talk, client = story(), signed_in(Role.READER)
    for address in (
        url(talk, "status/"),
        url(talk, "toewijzen/"),
        url(talk, "notitie/"),
        f"/bericht/{told(talk).pk}/oordeel/",
    ):
        assert client.post(address, {"status": "klaar"}).status_code == 403


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("unia", "unia"),
        ("aangifte politie", "politie_aangifte"),
        ("wat kost", "kosten"),
        ("waar kan ik een klacht over discriminatie indienen", "klacht_indienen"),
        ("hoelang duurt het", "duur_behandeling"),
    ],
)
def test_intents_are_found_by_title_and_by_example(typed, first):
    assert first in [hit.choice.name for hit in find(typed)][:3]


def test_intents_as_a_page_and_as_data(db_all, signed_in):
    client = signed_in(Role.REVIEWER)
    assert "Wat doet Unia?" in client.get("/bedoelingen/?zoek=unia").content.decode()
    assert "Niets gevonden" in client.get("/bedoelingen/?zoek=qqqq").content.decode()
    hits = client.get("/bedoelingen/?vorm=json&zoek=unia").json()["hits"]
    assert hits[0]["name"] == "unia"
