"""Reload, lost connections, several tabs, other origins and thieves."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from bot.answers import Content
from tests.browser.conftest import Chat
from tests.channels.web_server import WebServer, serve

pytestmark = pytest.mark.browser


def test_reload_brings_the_conversation_back(chat: Chat) -> None:
    chat.open().say("waar")
    before = chat.messages.all_inner_texts()
    chat.page.reload()
    expect(chat.log).to_be_visible()  # it was open, so it opens again
    expect(chat.messages).to_have_count(3)
    strip = [re.sub(r"\d\d:\d\d", "", text) for text in before]
    assert [re.sub(r"\d\d:\d\d", "", text) for text in chat.messages.all_inner_texts()] == strip
    chat.messages.last.get_by_role("button").first.click()
    expect(chat.messages.nth(4)).to_be_visible()


def test_two_tabs_are_two_conversations(context: BrowserContext, chat: Chat) -> None:
    chat.open().say("zeg van de eerste")
    other = Chat(context.new_page(), chat.server).open()
    other.say("zeg van de tweede")
    assert chat.stored()["token"] != other.stored()["token"]
    for one, words in ((chat, "van de tweede"), (other, "van de eerste")):
        one.page.reload()
        expect(one.messages).to_have_count(3)
        assert words not in one.log.inner_text()


def test_offline_and_back(context: BrowserContext, chat: Chat) -> None:
    chat.open().say("kosten")
    context.set_offline(True)
    chat.field.fill("zeg ik ben terug")
    chat.field.press("Enter")
    expect(chat.status).to_contain_text("Geen verbinding")
    expect(chat.messages.last).to_contain_text("Nog niet verstuurd")
    help_card = chat.page.get_by_role("group", name="Lukt het niet?")
    expect(help_card.get_by_role("link", name="Bel 112")).to_be_visible()
    expect(help_card.get_by_role("link", name="Bel 0800 20 800")).to_be_visible()
    chat.field.fill("nog een zin")
    context.set_offline(False)  # the browser's own signal ends the pause
    expect(chat.messages.last).to_contain_text("ik ben terug")
    expect(chat.field).to_have_value("nog een zin")
    expect(help_card).to_have_count(0)
    assert [message.text for message in chat.server.agent.heard[-2:]] == ["kosten", "zeg ik ben terug"]


def test_works_from_the_start_without_a_server(chat: Chat) -> None:
    chat.page.route("**/webhooks/**", lambda route: route.abort())
    chat.open()
    expect(chat.messages.first).to_contain_text("Bel 112")
    chat.field.fill("hallo")
    chat.field.press("Enter")
    expect(chat.page.get_by_role("group", name="Lukt het niet?")).to_be_visible()
    chat.page.unroute("**/webhooks/**")
    chat.page.get_by_role("button", name="Probeer nu").click()
    expect(chat.messages).to_have_count(3)


def test_what_was_not_sent_survives_a_reload(chat: Chat) -> None:
    chat.open().say("kosten")
    chat.page.route("**/webhooks/web/message", lambda route: route.abort())
    chat.field.fill("zeg ik kom nog")
    chat.field.press("Enter")
    expect(chat.status).to_contain_text("Geen verbinding")
    chat.page.unroute("**/webhooks/web/message")
    chat.page.reload()
    expect(chat.messages).to_have_count(5)
    expect(chat.messages.last).to_contain_text("ik kom nog")


def test_a_lost_answer_is_not_asked_twice(chat: Chat) -> None:
    chat.open().say("kosten")
    lost = threading.Event()

    def lose(route: Route) -> None:
        if lost.is_set():
            route.continue_()
        else:
            route.fetch()
            lost.set()
            route.abort()

    chat.page.route("**/webhooks/web/message", lose)
    heard = len(chat.server.agent.heard)
    chat.field.fill("zeg een keer")
    chat.field.press("Enter")
    chat.page.get_by_role("button", name="Probeer nu").click()
    expect(chat.messages.last).to_contain_text("een keer")
    assert len(chat.server.agent.heard) == heard + 1


def test_too_fast_waits_and_goes_on(chat: Chat) -> None:
    refusals = [429]

    def refuse(route: Route) -> None:
        if refusals:
            refusals.pop()
            body = {"code": "too_many", "error": "Te snel.", "retry_after": 1}
            route.fulfill(status=429, json=body, headers={"Retry-After": "1"})
        else:
            route.continue_()

    chat.open().page.route("**/webhooks/web/message", refuse)
    chat.field.fill("zeg daar is het")
    chat.field.press("Enter")
    expect(chat.status).to_contain_text("Even wachten")
    expect(chat.messages.last).to_contain_text("daar is het")


def test_an_expired_conversation_goes_on_in_a_new_one(content: Content, chat: Chat) -> None:
    chat.open().say("kosten")
    chat.server.channel.tokens.revoke(
        chat.server.channel.tokens.read(f"Bearer {chat.stored()['token']}")  # type: ignore[arg-type]
    )
    chat.say("zeg nieuw begin")
    expect(chat.messages.last).to_contain_text("nieuw begin")
    expect(chat.log).to_contain_text("Je vorige gesprek was afgelopen")


def test_the_browser_refuses_another_origin(
    content: Content, context: BrowserContext, tmp_path: Path
) -> None:
    """Must show: another origin is refused."""
    with (
        serve(content, tmp_path / "a", page="<title>a</title>") as stranger,
        serve(content, tmp_path / "b") as ours,
    ):
        page = context.new_page()
        page.goto(stranger.url.removesuffix("/webhooks/web") + "/page")
        ask = f"fetch('{ours.url}/config').then(() => 'read', () => 'refused')"
        page.evaluate("0")
        assert page.evaluate(ask) == "refused"


def test_a_stolen_sender_id_opens_nothing(chat: Chat, server: WebServer, context: BrowserContext) -> None:
    chat.open().say("zeg geheim")
    sender = server.agent.heard[-1].sender_id
    thief = Chat(context.new_page(), server)
    thief.page.goto(server.url.removesuffix("/webhooks/web") + "/page")
    thief.page.evaluate(
        f"sessionStorage.setItem('stadsbot', {json.dumps(json.dumps({'token': sender, 'open': True}))})"
    )
    thief.page.reload()
    expect(thief.log).to_contain_text("Je vorige gesprek was afgelopen")
    assert "geheim" not in thief.log.inner_text()
