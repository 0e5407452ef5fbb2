"""Rooms that the assistant cannot or will not talk in."""

import pytest

from .matrix_town import BOT

pytestmark = pytest.mark.server
ENCRYPTED, GROUP = "versleuteling", "meer mensen"


def test_an_encrypted_room_is_told_once_that_it_cannot_be_read(person, town):
    room = person.create_room(BOT, encrypted=True)
    person.send_encrypted(room)
    answer = person.wait_for_answer(room, BOT, ENCRYPTED)
    assert "112" in answer["body"] and "0800" in answer["body"]
    person.send_encrypted(room)
    person.send_encrypted(room)
    person.say(room, "help")  # not encrypted, so that it is known when the others have been handled
    person.wait_for_answer(room, BOT, "we beginnen opnieuw")
    assert [ENCRYPTED in one["body"] for one in person.answers(room, BOT)].count(True) == 1


def test_encryption_that_comes_later(person, talk):
    room, say = talk(person)
    say("Wie is Unia?", "unia")
    path = f"/rooms/{room}/state/m.room.encryption"
    person.http.put(path, json={"algorithm": "m.megolm.v1.aes-sha2"}).raise_for_status()
    person.send_encrypted(room)
    assert person.wait_for_answer(room, BOT, ENCRYPTED)


def test_a_room_with_others_is_left_with_a_word(person, town):
    friend = town.synapse.register(f"vriend-{person.user_id[1:].split(':')[0]}")
    room = person.create_room(friend.user_id, direct=False)
    friend.join(room)
    person.invite(room, BOT)
    person.say(room, "Wat denkt de assistent hiervan?")
    assert "112" in person.wait_for_answer(room, BOT, GROUP)["body"]
    person.wait_until(lambda: person.membership(room, BOT) == "leave")
    assert len(person.answers(room, BOT)) == 1


def test_somebody_who_comes_later_learns_nothing(person, talk, town):
    room, say = talk(person)
    say("Wie is Unia?", "unia")
    friend = town.synapse.register(f"later-{person.user_id[1:].split(':')[0]}")
    person.invite(room, friend.user_id)
    friend.join(room)
    person.say(room, "Wat had ik jou verteld?")
    person.wait_for_answer(room, BOT, GROUP)
    person.wait_until(lambda: person.membership(room, BOT) == "leave")
    assert GROUP in person.answers(room, BOT)[-1]["body"]


def test_the_assistant_can_be_invited_again(person, talk, town):
    room, _ = talk(person)
    friend = town.synapse.register(f"weer-{person.user_id[1:].split(':')[0]}")
    person.invite(room, friend.user_id)
    friend.join(room)
    person.wait_until(lambda: person.membership(room, BOT) == "leave")
    friend.leave(room)
    person.invite(room, BOT)
    person.wait_until(lambda: person.membership(room, BOT) == "join")
    person.say(room, "Wie is Unia?")
    assert person.wait_for_answer(room, BOT, "unia", len(person.answers(room, BOT)))


def test_the_last_to_leave_is_followed(person, talk, town):
    room, _ = talk(person)
    admin = town.synapse.register(f"beheer-{person.user_id[1:].split(':')[0]}", admin=True)
    person.leave(room)
    members = f"{town.synapse.url}/_synapse/admin/v1/rooms/{room}/members"
    admin.wait_until(lambda: admin.http.get(members).json().get("members") in ([], None))


def test_a_withdrawn_invitation_does_no_harm(person, talk):
    room = person.create_room(BOT)
    person.leave(room)
    other, say = talk(person)
    assert other != room and say("Wie is Unia?", "unia")
