"""What goes wrong between a homeserver and the assistant: forged, repeated, refused, restarted, killed."""

import itertools
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from .matrix_town import BOT

pytestmark = pytest.mark.server
_ids = itertools.count(1)


def words(room, person, text, event_id=None):
    """An event as the homeserver pushes it."""
    return {
        "type": "m.room.message",
        "room_id": room,
        "event_id": event_id or f"$met-de-hand-{next(_ids)}",
        "sender": person.user_id,
        "origin_server_ts": int(time.time() * 1000),
        "content": {"msgtype": "m.text", "body": text},
    }


def picture(room, person):
    return words(room, person, "") | {"content": {"msgtype": "m.image", "body": "x.png", "url": "mxc://x/y"}}


def count(person, room):
    """Return how many answers there are, once all that was sent before has been answered."""
    before = len(person.answers(room, BOT))
    person.say(room, "help")
    person.wait_for_answer(room, BOT, "we beginnen opnieuw", before)
    return len(person.answers(room, BOT)) - 2  # the greeting and this one


@pytest.mark.parametrize(("token", "status"), [("", 401), ("wrong", 403), ("h" * 64, 403), ("é", 403)])
def test_only_the_homeserver_may_push(town, person, talk, token, status):
    room, _ = talk(person)
    assert town.push("vals", [words(room, person, "Wie is Unia?")], token).status_code == status
    assert count(person, room) == 0


@pytest.mark.parametrize(("token", "status"), [("", 401), ("wrong", 403), (None, 200)])
def test_the_old_place_of_the_token(town, token, status):
    token = town.hs_token if token is None else token
    url = f"{town.webhook}/_matrix/app/v1/transactions/oud"
    assert httpx.put(url, json={"events": []}, params={"access_token": token}).status_code == status


def test_what_else_a_homeserver_asks(town):
    def get(path, token=town.hs_token):
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.get(f"{town.webhook}/_matrix/app/v1/{path}", headers=headers).status_code

    assert get("users/%40inclusie%3Amatrix.test") == 200
    assert get("users/%40anna%3Amatrix.test") == 404
    assert get("rooms/%23kamer%3Amatrix.test") == 404
    assert get("users/%40inclusie%3Amatrix.test", "wrong") == 403


def test_the_homeserver_reaches_the_assistant_and_both_know_each_other(town):
    url = f"{town.synapse.url}/_matrix/client/v1/appservice/stadsbot/ping"
    headers = {"Authorization": f"Bearer {town.settings['STADSBOT_MATRIX_AS_TOKEN']}"}
    reply = httpx.post(url, json={}, headers=headers, timeout=30)
    assert reply.status_code == 200 and "duration_ms" in reply.json()


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"events": 3}', b'{"events": {"a": 1}}', b'{"events": [3, null]}']
)
def test_a_body_that_is_no_transaction(town, body):
    headers = {"Authorization": f"Bearer {town.hs_token}"}
    url = f"{town.webhook}/_matrix/app/v1/transactions/x"
    assert httpx.put(url, content=body, headers=headers).status_code in {200, 400}


def test_three_times_the_same_at_the_same_time(town, person, talk):
    room, _ = talk(person)
    event = words(room, person, "Wie is Unia?")
    with ThreadPoolExecutor(6) as pool:
        # The same transaction, and the same event in another one.
        names = ["t1", "t1", "t1", "t2", "t2", "t3"]
        statuses = list(pool.map(lambda name: town.push(name, [event, event]).status_code, names))
    assert statuses == [200] * 6
    assert count(person, room) == 1


def test_a_transaction_number_that_comes_back_with_other_events(town, person, talk):
    """A homeserver that was set up anew counts from 1 again."""
    room, _ = talk(person)
    town.push("1", [picture(room, person)])
    town.push("1", [picture(room, person)])
    assert count(person, room) == 2


def test_a_homeserver_that_goes_away_and_comes_back(town, person, talk):
    room, _ = talk(person)
    person.say(room, "Wie is Unia?")
    person.wait_for(room, BOT, 2)
    town.synapse.stop()
    for _ in range(2):
        assert town.push(f"weg-{next(_ids)}", [words(room, person, "Wie is Unia?")]).status_code == 200
    town.synapse.start()
    person.say(room, "Wie is Unia?")
    person.wait_for(room, BOT, 5)
    assert count(person, room) == 4


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_an_assistant_that_is_restarted_in_the_middle(town, person, talk, end):
    room, _ = talk(person)
    for _ in range(3):
        person.say(room, "Wie is Unia?")
    event = words(room, person, "Wie is Unia?")
    town.push("voor", [event])
    (town.stop_assistant if end == "stop" else town.kill_assistant)()
    person.say(room, "Wie is Unia?")  # the homeserver keeps it meanwhile
    town.start_assistant()
    town.push("na", [event])
    person.wait_for(room, BOT, 6)
    assert count(person, room) == 5
