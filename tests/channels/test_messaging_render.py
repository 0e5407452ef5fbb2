"""Every answer of the assistant on every messaging channel: nothing cut, no choice lost, no command visible, within limits."""

from __future__ import annotations

import re
import string

import pytest

from bot.answers import load_content
from bot.channels.messaging import BUTTONS, LIST, Limits, row
from bot.channels.messaging.markup import split, translate
from bot.channels.messaging.overview import channels
from bot.channels.messaging.phrases import load_phrases
from bot.channels.messaging.render import LETTERS, NUMBERS, choices_of, render_message
from bot.channels.messaging.understand import chosen
from bot.dialogue.flow import CRISIS
from bot.paths import data_dir
from bot.training.catalogue import intents
from tests.channels.messaging_answers import everything
from tests.channels.whatsapp.graph import Graph

CONTENT = load_content(data_dir())
PHRASES = load_phrases(data_dir() / "messaging.yml")
SAID = dict(everything(CONTENT))
# Beside the real channels: one that can do nothing, and one with the tightest limits that anybody has.
LIMITS = {channel.name(): channel.limits for channel in channels()} | {
    "plain": Limits(text=2000),
    "tight": Limits(
        text=640, body=160, buttons=3, button_title=20, rows=10, row_title=12, row_description=72
    ),
}
on_every_channel = pytest.mark.parametrize("limits", LIMITS.values(), ids=LIMITS.keys())
NAMES = [name for name in intents() if "_" in name]


def words(text: str) -> list[str]:
    """Everything that is read, without markup and signs."""
    return re.findall(r"\w+", re.sub(r"\*", "", text))


@on_every_channel
def test_every_answer(limits):
    assert len(SAID) > 500
    for name, message in SAID.items():
        sent = render_message(message, limits, PHRASES)
        assert sent, name
        within(name, sent, limits)
        visible = "\n".join([*(one.text for one in sent), *(c["name"] for one in sent for c in one.contacts)])
        complete(name, message, sent, visible, limits)
        no_machinery(name, sent, visible)


def within(name, sent, limits):
    for one in sent:
        assert bool(one.text.strip()) != bool(one.contacts), name
        assert len(one.text) <= (limits.body if one.style in {BUTTONS, LIST} else limits.text), name
        assert len(one.contacts) <= limits.contacts
        assert all(len(choice.id) <= limits.id for choice in one.choices)
        titles = [choice.title for choice in one.choices]
        assert len(set(titles)) == len(titles), name
        if one.style == BUTTONS:
            assert len(titles) <= limits.buttons and max(map(len, titles)) <= limits.button_title, name
        elif one.style == LIST:
            rows = [row(choice, limits) for choice in one.choices]
            assert len(rows) <= limits.rows, name
            assert all(len(title) <= limits.row_title for title, _ in rows), name
            assert all(len(description) <= limits.row_description for _, description in rows), name


def complete(name, message, sent, visible, limits):
    # Every word of the answer, in order, whatever stands between.
    told = iter(words(visible))
    expected = words(translate(PHRASES.adapt(message["text"], bool(limits.buttons)), limits.markup))
    assert all(word in told for word in expected), name
    offered = choices_of(message)
    carriers = [one for one in sent if one.choices]
    assert len(carriers) == (1 if offered else 0), name
    if offered:
        assert carriers[0].choices == offered, name
        if carriers[0].style in {NUMBERS, LETTERS}:
            assert all(choice.title in visible for choice in offered), name
    for card in (message.get("custom") or {}).get("cards", ()):
        known = [card[key] for key in ("phone", "form_url", "url", "email") if card.get(key)]
        assert not known or any(value in visible for value in known), f"{name}: {card['name']}"


def no_machinery(name, sent, visible):
    shown = visible + "\n".join(choice.title for one in sent for choice in one.choices)
    assert not [intent for intent in NAMES if re.search(rf"\b{intent}\b", shown)], name
    assert not re.search(r"(^|\s)/[a-z_]+|utter_|\{|\}", shown), name
    assert "Wis gesprek" not in shown, f"{name}: there is no such button here"


@on_every_channel
def test_an_emergency_is_text_alone_first(limits):
    for answer in CRISIS:
        message = SAID[f"{answer}-0"]
        first, *rest = render_message(message, limits, PHRASES)
        assert re.match(r"\*{0,2}Bel \d+", first.text)
        assert not first.choices
        assert [one.choices for one in rest if one.choices] == [c for c in [choices_of(message)] if c]


@on_every_channel
def test_what_is_shown_is_understood_when_typed(limits):
    for name, message in SAID.items():
        for one in render_message(message, limits, PHRASES):
            for place, choice in enumerate(one.choices):
                assert chosen(choice.title.upper(), one.choices, one.style) == choice, name
                if one.style == NUMBERS:
                    assert chosen(f" {place + 1}. ", one.choices, one.style) == choice, name
                if one.style == LETTERS:
                    assert chosen(string.ascii_lowercase[place], one.choices, one.style) == choice, name


def test_whatsapp_takes_every_answer():
    from bot.channels.whatsapp import WhatsAppInput
    from bot.channels.whatsapp_messages import to_graph

    graph = Graph()
    graph.heard("32470000001", "wamid.1")
    for name, message in SAID.items():
        for one in render_message(message, WhatsAppInput.limits, PHRASES):
            kind, content = to_graph(one, WhatsAppInput.limits, PHRASES.open_list, PHRASES.list_title)
            body = {"messaging_product": "whatsapp", "to": "32470000001", "type": kind, kind: content}
            graph.take(body, graph.phone_id, f"Bearer {graph.token}")  # raises what Meta would refuse
        assert graph.sent, name


def test_a_text_is_cut_where_it_may_be():
    text = "Een. Twee.\n\nDrie is langer.\nVier\n\n" + "woord " * 20 + "\n\nslot"
    for most in (20, 30, 64, 1000):
        for last in (10, 20):
            pieces = split(text, most, min(last, most))
            assert "".join("".join(pieces).split()) == "".join(text.split())
            assert all(len(piece) <= most for piece in pieces)
            assert len(pieces[-1]) <= min(last, most)
            assert not any(piece.endswith(("woor", "Twe")) for piece in pieces)
    assert split("Een zin. Nog een zin.", 12) == ["Een zin.", "Nog een zin."]
    assert split("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]


def test_markup():
    assert translate(
        "**Bel 101** op [de site](https://x.be/a) of [https://y.be](https://y.be)", "whatsapp"
    ) == ("*Bel 101* op de site: https://x.be/a of https://y.be")
    assert translate("**Bel**", "plain") == "Bel"
    assert translate("**Bel**", "markdown") == "**Bel**"
