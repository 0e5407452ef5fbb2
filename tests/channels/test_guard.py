import pytest

from bot.channels.guard import MAX_MESSAGE, Accepted, Offers, Refused, check


@pytest.fixture
def offers():
    offers = Offers(limit=2)
    offers.remember(
        "a",
        [
            {
                "text": "?",
                "buttons": [{"title": "Op het werk", "payload": '/klacht_indienen{"domein": "werk"}'}],
            }
        ],
    )
    return offers


def test_an_offered_payload_is_accepted(offers):
    payload = '/klacht_indienen{"domein": "werk"}'
    assert check(payload, "a", offers) == Accepted(payload)


def test_a_typed_title_counts_as_pressing_the_button(offers):
    assert check("  op het  WERK. ", "a", offers) == Accepted('/klacht_indienen{"domein": "werk"}')


@pytest.mark.parametrize(
    "command", ["/restart", '/ervaring_discriminatie{"grond":"x"}', "//session_start", "/ /back"]
)
def test_a_command_that_was_not_offered_is_only_text(offers, command):
    verdict = check(command, "b", offers)
    assert isinstance(verdict, Accepted)
    assert not verdict.text.startswith("/")


def test_another_conversation_cannot_use_the_offer(offers):
    assert check('/klacht_indienen{"domein": "werk"}', "b", offers) != Accepted(
        '/klacht_indienen{"domein": "werk"}'
    )


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\x00\x07", "/"])
def test_nothing_to_read(offers, text):
    assert check(text, "a", offers) == Refused("leeg_bericht")


def test_too_long(offers):
    assert check("a" * (MAX_MESSAGE + 1), "a", offers) == Refused("te_lang_bericht")


def test_emoji_are_text(offers):
    assert check("😡😡", "a", offers) == Accepted("😡😡")


def test_the_oldest_offers_are_forgotten(offers):
    for name in ("b", "c"):
        offers.remember(name, [{"buttons": [{"title": "x", "payload": "/x"}]}])
    assert offers.payload("a", "op het werk") is None
    offers.forget("c")
    assert offers.payload("c", "x") is None
