"""Conversations on Matrix: a real Synapse, the real assistant, and a client that does what a person's app does."""

import re

import pytest

from .matrix_town import BOT

pytestmark = pytest.mark.server
COLOUR = "Ik ben gediscrimineerd om mijn huidskleur"
CHOICES = r"^1\. "
VMRI = "1. Vlaams Mensenrechteninstituut"


def test_an_invitation_is_accepted_and_the_assistant_says_who_it_is(person):
    room = person.create_room(BOT)
    person.wait_for(room, BOT, 1)
    person.say(room, "Wie is Unia?")
    person.wait_for_answer(room, BOT, "unia helpt")
    greeting, *others = person.answers(room, BOT)
    assert "computer" in greeting["body"] and len(others) == 1
    assert person.membership(room, BOT) == "join"


def test_what_is_written_before_the_assistant_has_joined_is_answered(person):
    """Apps make the room, invite and send the first message in one go; a homeserver does not push that message."""
    room = person.create_room(BOT)
    person.say(room, "Wat kost een melding bij Unia?")
    first, *_ = person.wait_for(room, BOT, 1)
    assert "gratis" in first["body"].lower()


@pytest.mark.parametrize("choose", ["number", "title", "own words"])
def test_the_whole_referral(talk, person, choose):
    _, say = talk(person)
    asked = say(COLOUR, CHOICES)
    choices = re.findall(r"^(\d+)\. (.+)$", asked["body"], re.MULTILINE)
    assert len(choices) > 5 and not any("/" in title or "{" in title for _, title in choices)
    number, title = next(one for one in choices if "school" in one[1].lower())
    answer = say({"number": number, "title": title.upper(), "own words": "op school"}[choose], CHOICES)
    assert VMRI in answer["body"]
    assert "<ol><li><strong>Vlaams Mensenrechteninstituut" in answer["formatted_body"]
    assert "**" not in answer["body"] and "<" not in answer["body"]


def test_an_unknown_number_gets_no_referral(talk, person):
    room, say = talk(person)
    say(COLOUR, CHOICES)
    say("99", ".")
    say("bedankt", "graag|veel moed|sterkte|succes")
    assert not any("Vlaams Mensenrechteninstituut" in one["body"] for one in person.answers(room, BOT))


def test_danger_is_answered_by_a_plain_first_message(talk, person):
    _, say = talk(person)
    first = say("Help, hij staat voor mijn deur met een mes", ".")
    assert "112" in first["body"]
    assert not re.search(CHOICES, first["body"], re.MULTILINE)


def test_commands(talk, person):
    _, say = talk(person)
    say(COLOUR, CHOICES)
    say("help", "opnieuw.*we beginnen opnieuw")
    say("opnieuw", ".")
    say("stop", "ik stuur je niets meer")
    say("wis mijn gesprek", r"^1\. Ja")
    say("1", "gewist")


def test_a_message_that_looks_like_a_command_is_words(talk, person):
    _, say = talk(person)
    assert "/restart" not in say("/restart", ".")["body"]


def test_an_edited_message_is_answered_anew(talk, person):
    room, say = talk(person)
    say("Wat kost een melding?", "gratis bij Unia")
    mine = [event for event in person.timeline[room] if event["sender"] == person.user_id]
    person.edit(room, mine[-1]["event_id"], "Wie is Unia?")
    assert person.wait_for_answer(room, BOT, "unia helpt")


@pytest.mark.parametrize("kind", ["m.image", "m.audio", "m.file", "m.location"])
def test_what_cannot_be_read_is_answered_in_words(talk, person, kind):
    room, _ = talk(person)
    content = {"msgtype": kind, "body": "bewijs.jpg"}
    if kind == "m.location":
        content["geo_uri"] = "geo:51.028,4.477"
    else:
        content["url"] = person.upload(b"\x89PNG", "image/png")
    person.send(room, content)
    assert person.wait_for_answer(room, BOT, "alleen tekst lezen")


def test_an_answer_to_a_quoted_message(talk, person):
    room, say = talk(person)
    asked = say(COLOUR, CHOICES)
    quote = f"> <{BOT}> {asked['body'].splitlines()[0]}\n\nop school"
    relation = {"m.in_reply_to": {"event_id": person.timeline[room][-1]["event_id"]}}
    person.say(room, quote, **{"m.relates_to": relation})
    assert person.wait_for_answer(room, BOT, VMRI)


def test_a_thread_is_answered_in_the_thread(talk, person):
    room, _ = talk(person)
    root = person.say(room, "Wat is discriminatie?")
    before = len(person.wait_for(room, BOT, 2))
    relation = {"rel_type": "m.thread", "event_id": root}
    asked = person.say(room, "Wat kost een melding?", **{"m.relates_to": relation})
    answer = person.wait_for_answer(room, BOT, "gratis", before)["m.relates_to"]
    assert answer["rel_type"] == "m.thread" and answer["event_id"] == root
    assert answer["m.in_reply_to"]["event_id"] == asked


def test_reading_and_writing_are_shown(talk, person):
    room, say = talk(person)
    say("Wat kost een melding?", "gratis")
    asked = [event["event_id"] for event in person.timeline[room] if event["sender"] == person.user_id][-1]
    person.wait_until(lambda: (BOT, asked) in person.read.get(room, set()))
    person.wait_until(lambda: BOT in person.typed.get(room, set()) and not person.typing[room])


def test_answers_come_in_the_order_of_the_questions(talk, person):
    room, _ = talk(person)
    questions = {"Wat kost een melding?": "melden is gratis", "Wie is Unia?": "unia helpt", "help": "opnieuw"}
    for question in questions:
        person.say(room, question)
    person.wait_for_answer(room, BOT, "we beginnen opnieuw")
    bodies = [answer["body"].lower() for answer in person.answers(room, BOT)]
    order = [next(at for at, body in enumerate(bodies) if words in body) for words in questions.values()]
    assert order == sorted(order)


def test_other_bots_are_not_answered(talk, person):
    room, say = talk(person)
    person.send(room, {"msgtype": "m.notice", "body": "Wat kost een melding?"})
    say("Wie is Unia?", "unia helpt")
    assert not any("melden is gratis" in answer["body"].lower() for answer in person.answers(room, BOT))
