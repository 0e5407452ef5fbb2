"""Which events are answered and how they are read, without a server."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.matrix_events import ENCRYPTED, INVITED, MEMBERS, read
from bot.channels.messaging.model import Incoming, Kind

OWN = "@inclusie:matrix.test"
ROOM = "!kamer:matrix.test"


def event(content, kind="m.room.message", **more):
    return {
        "type": kind,
        "room_id": ROOM,
        "event_id": "$een",
        "sender": "@anna:matrix.test",
        "origin_server_ts": 1_800_000_000_500,
        "content": content,
        **more,
    }


def words(body, **more):
    return event({"msgtype": "m.text", "body": body, **more})


def test_words():
    found = read(words("Hallo"), OWN)
    address = {"room": ROOM, "event": "$een"}
    assert found == Incoming("$een", ROOM, address, 1_800_000_000.5, text="Hallo")


def test_an_emote_is_words_too():
    assert read(event({"msgtype": "m.emote", "body": "zucht"}), OWN).text == "zucht"


@pytest.mark.parametrize("kind", ["m.image", "m.audio", "m.video", "m.file", "m.location", "be.eigen.soort"])
def test_what_is_no_text(kind):
    found = read(event({"msgtype": kind, "body": "foto.jpg", "url": "mxc://matrix.test/x"}), OWN)
    assert (found.kind, found.answer, found.text) == (Kind.OTHER, "alleen_tekst", "")


def test_words_under_a_picture():
    picture = {"msgtype": "m.image", "filename": "foto.jpg", "url": "mxc://matrix.test/x"}
    assert read(event({**picture, "body": "dit kreeg ik"}), OWN).text == "dit kreeg ik"
    assert read(event({**picture, "body": "foto.jpg"}), OWN).text == ""


def test_a_sticker_is_no_text():
    assert read(event({"body": "duim", "url": "mxc://x/y"}, "m.sticker"), OWN).kind is Kind.OTHER


def test_an_edit_is_read_as_a_new_message():
    new = {"msgtype": "m.text", "body": "beter"}
    relation = {"rel_type": "m.replace", "event_id": "$nul"}
    found = read(words("* beter", **{"m.new_content": new, "m.relates_to": relation}), OWN)
    assert (found.text, found.message_id) == ("beter", "$een")


@pytest.mark.parametrize("new", [None, "beter", {}, {"msgtype": "m.notice", "body": "x"}])
def test_an_edit_without_readable_content(new):
    relation = {"rel_type": "m.replace", "event_id": "$nul"}
    found = read(words("* beter", **{"m.new_content": new, "m.relates_to": relation}), OWN)
    assert found is None or found.kind is Kind.OTHER


def test_the_quote_of_a_reply_is_not_read_as_words():
    relation = {"m.in_reply_to": {"event_id": "$nul"}}
    quoted = "> <@inclusie:matrix.test> Waar was het?\n> Kies.\n\nop het werk"
    assert read(words(quoted, **{"m.relates_to": relation}), OWN).text == "op het werk"
    assert read(words("op het werk", **{"m.relates_to": relation}), OWN).text == "op het werk"
    assert read(words("> hij riep\n\ndat zei hij"), OWN).text == "> hij riep\n\ndat zei hij"


def test_a_thread_is_answered_in_the_thread():
    relation = {"rel_type": "m.thread", "event_id": "$draad"}
    assert read(words("Hallo", **{"m.relates_to": relation}), OWN).address["thread"] == "$draad"


def test_encryption_is_mentioned_once_per_room():
    first, second = (
        read(event({"ciphertext": "x"}, "m.room.encrypted", event_id=name), OWN) for name in ("$een", "$twee")
    )
    assert first.answer == ENCRYPTED and first.kind is Kind.OTHER
    assert first.message_id == second.message_id != "$een"


@pytest.mark.parametrize(
    ("target", "sender", "membership", "expected"),
    [
        (OWN, "@anna:matrix.test", "invite", INVITED),
        (OWN, "@anna:matrix.test", "leave", None),
        (OWN, OWN, "join", None),
        ("@bo:matrix.test", "@bo:matrix.test", "join", MEMBERS),
        ("@anna:matrix.test", "@anna:matrix.test", "leave", MEMBERS),
        ("@bo:matrix.test", "@anna:matrix.test", "ban", MEMBERS),
        ("@bo:matrix.test", "@anna:matrix.test", "invite", None),
    ],
)
def test_who_comes_and_goes(target, sender, membership, expected):
    one = event({"membership": membership}, "m.room.member", state_key=target, sender=sender)
    found = read(one, OWN)
    assert (found.text if found else None) == expected
    assert found is None or found.kind is Kind.ROOM


@pytest.mark.parametrize(
    "one",
    [
        words("Hallo") | {"sender": OWN},
        event({"msgtype": "m.notice", "body": "Ik ben ook een robot"}),
        event({"m.relates_to": {"rel_type": "m.annotation", "key": "👍"}}, "m.reaction"),
        event({"redacts": "$nul"}, "m.room.redaction"),
        event({}),  # taken back before the assistant saw it
        event({"name": "Kamer"}, "m.room.name", state_key=""),
        words("Hallo") | {"room_id": None},
        words("Hallo") | {"event_id": 3},
        words("Hallo") | {"origin_server_ts": "gisteren"},
        words("Hallo") | {"content": "Hallo"},
        "geen gebeurtenis",
        None,
    ],
)
def test_what_is_not_answered(one):
    assert read(one, OWN) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = ("msgtype", "body", "m.relates_to", "m.new_content", "membership", "rel_type", "event_id")


@given(
    kind=st.sampled_from(["m.room.message", "m.room.member", "m.room.encrypted", "m.sticker", "x"]),
    content=st.dictionaries(
        st.sampled_from(KEYS), json_values | st.sampled_from(["m.text", "m.replace", "m.thread"])
    ),
    more=st.dictionaries(
        st.sampled_from(["room_id", "sender", "state_key", "origin_server_ts"]), json_values
    ),
)
def test_no_event_breaks_the_reading(kind, content, more):
    found = read(event(content, kind) | more, OWN)
    assert found is None or Incoming.from_json(found.to_json()) == found
