"""Message ids: our own web channel's stay, those of other networks go."""

import pytest

from bot.privacy.redact import default_redactor
from bot.storage.clean import clean
from tests.channels.web_server import serve

OWN = "web-" + "0123456789abcdef" * 2


@pytest.mark.parametrize("preparing", [False, True])
@pytest.mark.parametrize(
    ("found", "kept"),
    [
        (OWN, OWN),
        ("wamid.MzI0NzkxMjM0NTY=", None),
        (OWN + "0", None),
        (OWN + "\n", None),
        (OWN.upper(), None),
        ("web-32479123456", None),
        ("32479123456", None),
        (32479123456, None),
        (None, None),
    ],
)
def test_which_message_ids_are_kept(found, kept, preparing):
    event = {"event": "user", "text": "hallo", "parse_data": {}, "message_id": found}
    (cleaned,) = clean([event], preparing, default_redactor().redact)
    assert cleaned["message_id"] == kept


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_message_sent_again_after_a_restart_is_one_turn(store, settings, content):
    message = {"id": "message-1", "text": "zeg iets"}
    with serve(content, settings.purge_log.parent, store=store) as running, running.client() as client:
        token = client.headers["authorization"].removeprefix("Bearer ")
        first = client.post("/message", json=message).json()
    with serve(content, settings.purge_log.parent, store=store) as again, again.client(token) as client:
        assert client.post("/message", json=message).json() == first
        assert again.agent.heard == []


def test_entities_stand_where_their_words_stand_in_what_is_kept():
    said = "Mijn naam is Fatima Bouali, gsm 0470 12 34 56. Mijn baas wil mij niet."
    entities = [
        {"entity": "domein", "value": "werk", "start": said.index("baas"), "end": said.index("baas") + 4},
        {"entity": "grond", "value": "afkomst", "start": 13, "end": 19},
    ]
    event = {"event": "user", "text": said, "parse_data": {"entities": entities}}
    (cleaned,) = clean([event], False, default_redactor().redact)
    work, origin = cleaned["parse_data"]["entities"]
    assert cleaned["text"][work["start"] : work["end"]] == "baas"
    assert origin == {"entity": "grond", "value": "afkomst"}  # its word was taken out
