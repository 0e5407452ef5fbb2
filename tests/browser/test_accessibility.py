"""What people with a screen reader, a keyboard, large letters or other colours need from the widget."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Chat
from tests.browser.states import STATES, closed, greeting, offline, referral

pytestmark = pytest.mark.browser
Axe = Callable[[Page], list[str]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing(chat: Chat, axe: Axe, state: Callable[[Chat], None], scheme: str) -> None:
    """Must show: 0 violations of WCAG 2.x A and AA in every state."""
    chat.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    state(chat)
    assert axe(chat.page) == []


@pytest.mark.parametrize("state", [greeting, referral, offline], ids=lambda state: state.__name__)
@pytest.mark.parametrize("size", [(320, 640), (320, 256)], ids=["320px", "400percent"])
def test_axe_finds_nothing_on_small_screens(
    chat: Chat, axe: Axe, state: Callable[[Chat], None], size: tuple[int, int]
) -> None:
    chat.page.set_viewport_size({"width": size[0], "height": size[1]})
    state(chat)
    assert axe(chat.page) == []


@pytest.mark.parametrize("colour", ["#ffcc00", "#777777", "#c00000", "#000000", "#ffffff"])
def test_any_colour_of_the_city_keeps_its_contrast(chat: Chat, axe: Axe, colour: str) -> None:
    chat.open().page.evaluate(f"document.querySelector('stadsbot-chat').setAttribute('colour', '{colour}')")
    chat.say("kosten")
    assert axe(chat.page) == []


def focused(page: Page) -> str:
    """Role and name of what has the focus, through the shadow root."""
    return str(
        page.evaluate(
            """() => { let e = document.activeElement; while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
            const label = e.labels?.[0]?.textContent;
            return `${e.getAttribute('role') ?? e.localName} ${e.getAttribute('aria-label') ?? label ?? e.textContent.trim()}`; }"""
        )
    )


def test_keyboard_walk(chat: Chat) -> None:
    """The whole conversation without a mouse."""
    page = chat.page
    page.goto(chat.server.url.removesuffix("/webhooks/web") + "/page")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert focused(page) == "button Chat met ons"
    page.keyboard.press("Enter")
    expect(chat.field).to_be_focused()
    expect(chat.messages).to_have_count(1)
    page.keyboard.type("waar")
    page.keyboard.press("Enter")
    expect(chat.messages).to_have_count(3)
    expect(chat.field).to_be_focused()  # an answer takes no focus away
    walk = []
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        walk.append(focused(page))
        if walk[-1] == "button Snel weg":
            break
    options = chat.messages.nth(2).locator(".choices button").all_inner_texts()
    starters = chat.messages.nth(0).locator(".choices button").all_inner_texts()
    assert walk == [
        "button Nee, dit hielp niet",
        "button Ja, dit hielp",
        *(f"button {title}" for title in reversed(options)),
        *(f"button {title}" for title in reversed(starters)),
        "log Gesprek",
        "button Sluit de chat",
        "button Menu",
        "button Snel weg",
    ]
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert focused(page) == "button Begin opnieuw"
    page.keyboard.press("Escape")
    assert focused(page) == "button Menu"
    page.wait_for_timeout(700)  # longer than the two Escs of the quick exit
    page.keyboard.press("Escape")
    expect(chat.launch).to_be_focused()
    assert page.get_by_role("dialog").count() == 0


def test_every_control_shows_its_focus(chat: Chat) -> None:
    chat.open().say("verwijs mij door")
    page = chat.page
    page.get_by_role("button", name="Menu").click()
    chat.field.focus()
    seen = set()
    for _ in range(80):
        page.keyboard.press("Shift+Tab")
        name = focused(page)
        if name == "a Een link":
            break
        seen.add(name)
        outline = page.evaluate(
            """() => { let e = document.activeElement; while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
            const s = getComputedStyle(e); return [s.outlineStyle, parseFloat(s.outlineWidth)]; }"""
        )
        assert outline[0] == "solid", name
        assert outline[1] >= 2, name
    assert len(seen) > 10


def test_small_screen_holds_the_focus(chat: Chat) -> None:
    """The chat covers the page there, so the page behind it must not get the focus."""
    chat.page.set_viewport_size({"width": 375, "height": 667})
    chat.open()
    names = set()
    for _ in range(15):
        chat.page.keyboard.press("Tab")
        names.add(focused(chat.page))
    assert "a Een link" not in names
    chat.page.keyboard.press("Escape")
    expect(chat.launch).to_be_focused()


def test_screen_can_change_while_open(chat: Chat) -> None:
    chat.open().say("kosten")
    chat.field.fill("half geschreven")
    for size in ((375, 667), (1280, 800), (667, 375)):
        chat.page.set_viewport_size({"width": size[0], "height": size[1]})
        expect(chat.log).to_be_visible()
        expect(chat.field).to_have_value("half geschreven")


def test_what_a_screen_reader_gets(chat: Chat) -> None:
    chat.open().say("waar")
    expect(chat.page.locator("stadsbot-chat dialog")).to_match_aria_snapshot(
        """
        - dialog "Chat over discriminatie":
          - heading "Chat over discriminatie" [level=2]
          - button "Snel weg"
          - button "Menu"
          - button "Sluit de chat"
          - log "Gesprek":
            - text: Assistent
            - paragraph:
              - text: /Hallo! Ik ben/
              - strong: een computer
              - text: /geen mens/
            - paragraph:
              - text: In nood?
              - strong: Bel 112
            - paragraph:
              - text: /Ik bewaar ons gesprek 24 uur/
              - strong: Wis gesprek
            - button "Ik heb iets meegemaakt"
            - button "Wat is discriminatie?"
            - button "Hoe kan ik melden?"
            - time: /\\d\\d:\\d\\d/
            - text: Jij
            - paragraph: waar
            - time: /\\d\\d:\\d\\d/
            - text: Assistent
            - paragraph: /Waar gebeurde het/
            - button "Werk"
            - button "Weet ik niet"
            - time: /\\d\\d:\\d\\d/
            - group "Hielp dit?":
              - button "Ja, dit hielp"
              - button "Nee, dit hielp niet"
          - status
          - text: Schrijf hier je vraag of je verhaal
          - textbox "Schrijf hier je vraag of je verhaal"
          - button "Verstuur"
          - text: /Enter verstuurt/
        """
    )


def test_announcements_are_polite_and_in_order(chat: Chat) -> None:
    """New messages are added at the end of a live region that was there before them."""
    closed(chat)
    expect(chat.page.locator("stadsbot-chat [role=log]")).to_have_count(1)
    chat.open()
    chat.page.evaluate(
        """() => { window.added = []; const log = document.querySelector('stadsbot-chat').renderRoot.querySelector('[role=log]');
        new MutationObserver((all) => all.forEach((m) => m.addedNodes.forEach((n) => {
            if (n.classList?.contains('message')) added.push(n.querySelector('.text').textContent.trim());
        }))).observe(log, {childList: true}); }"""
    )
    chat.say("zeg een")
    chat.say("zeg twee")
    assert chat.page.evaluate("added") == ["zeg een", "een", "zeg twee", "twee"]
    assert chat.log.get_attribute("aria-live") in (None, "polite")


def test_foreign_replies_carry_their_language(chat: Chat) -> None:
    chat.open().say("hello")
    assert chat.messages.last.locator(".text").get_attribute("lang") == "en"
    assert chat.page.locator("stadsbot-chat dialog").get_attribute("lang") == "nl"


@pytest.mark.parametrize("state", STATES[1:], ids=lambda state: state.__name__)
def test_targets_are_44_px(chat: Chat, state: Callable[[Chat], None]) -> None:
    state(chat)
    boxes = chat.page.evaluate(
        """() => [...document.querySelector('stadsbot-chat').renderRoot.querySelectorAll('button, summary, textarea, input, .choices a, .menu a')]
            .filter((e) => e.checkVisibility({visibilityProperty: true}))
            .map((e) => [e.textContent.trim(), e.getBoundingClientRect()]).map(([t, r]) => [t, r.width, r.height])"""
    )
    assert boxes
    assert [box for box in boxes if box[1] < 44 or box[2] < 44] == []
