"""The widget on the demo page against the really started assistant."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.assistant import Assistant

pytestmark = [pytest.mark.browser, pytest.mark.server]


def open_chat(page: Page, assistant: Assistant) -> None:
    page.goto(assistant.demo + "/")
    page.get_by_role("button", name="Chat met ons").click()
    expect(page.locator("stadsbot-chat .message")).to_have_count(1)


def say(page: Page, text: str) -> None:
    count = page.locator("stadsbot-chat .message.bot").count()
    page.get_by_role("textbox", name="Schrijf hier").fill(text)
    page.keyboard.press("Enter")
    # Nobody types as fast as this: a message that comes too soon is refused once, and sent again by the widget.
    expect(page.locator("stadsbot-chat .message.bot").nth(count)).to_be_visible(timeout=20_000)


def test_from_a_story_to_the_right_place(
    assistant: Assistant, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    open_chat(page, assistant)
    say(page, "Ik werd op mijn werk uitgescholden om mijn hoofddoek")
    for _ in range(2):  # at most two questions before the referral
        if page.locator("stadsbot-chat .card").count():
            break
        count = page.locator("stadsbot-chat .message.bot").count()
        page.locator("stadsbot-chat .message.bot").last.locator(".choices button").first.click()
        expect(page.locator("stadsbot-chat .message.bot").nth(count)).to_be_visible()
    expect(page.locator("stadsbot-chat .card").first).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("^Bel ")).first).to_be_visible()
    assert axe(page) == []


def test_reload_and_erase(assistant: Assistant, page: Page) -> None:
    open_chat(page, assistant)
    say(page, "Wat kost een melding?")
    page.reload()
    expect(page.locator("stadsbot-chat .message")).to_have_count(3)
    expect(page.locator("stadsbot-chat .message").nth(1)).to_contain_text("Wat kost een melding?")
    token = page.evaluate("JSON.parse(sessionStorage.getItem('stadsbot')).token")
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name="Wis gesprek").click()
    page.get_by_role("button", name="Ja, wis alles").click()
    expect(page.get_by_role("status")).to_have_text("Je gesprek is gewist.")
    history = f"{assistant.rasa}/webhooks/web/history"
    assert httpx.get(history, headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_preparation_is_handed_over_once(assistant: Assistant, page: Page) -> None:
    open_chat(page, assistant)
    say(page, "Ik wil klacht indienen")
    say(page, "Kan je mij helpen om mijn melding voor te bereiden?")
    prepare = page.get_by_role("button", name="Help mij voorbereiden")
    if prepare.count():
        count = page.locator("stadsbot-chat .message.bot").count()
        prepare.first.click()
        expect(page.locator("stadsbot-chat .message.bot").nth(count)).to_be_visible()
    for number in range(6):
        if page.get_by_role("group", name="Jouw tekst").count():
            break
        say(page, f"mijn antwoord nummer {number}")
    prepared = page.get_by_role("group", name="Jouw tekst")
    expect(prepared).to_contain_text("mijn antwoord nummer 0")
    page.reload()
    expect(page.get_by_role("log")).to_contain_text("Ik bewaar dat niet")
    assert "mijn antwoord nummer" not in page.get_by_role("log").inner_text()


def test_another_origin_is_refused(assistant: Assistant) -> None:
    reply = httpx.get(f"{assistant.rasa}/webhooks/web/config", headers={"Origin": "https://elders.test"})
    assert reply.status_code == 403
    assert "access-control-allow-origin" not in reply.headers


def test_the_first_danger_word_brings_the_number_first(assistant: Assistant, page: Page) -> None:
    open_chat(page, assistant)
    say(page, "Er staat nu iemand aan mijn deur die mij gaat slaan")
    last = page.locator("stadsbot-chat .message.bot").last
    expect(last).to_contain_text(re.compile("101|112"))
