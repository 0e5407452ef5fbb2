"""Small screens, large letters, wide spacing, touch keyboards, other colours: nothing may be lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import WATCH, Chat
from tests.browser.states import greeting, menu, offline, preparation, referral

pytestmark = pytest.mark.browser
# WCAG 2.2, 1.4.12: what must be possible without loss.
SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } "
    "p { margin-bottom: 2em !important }"
)


@pytest.mark.parametrize("size", [(320, 640), (320, 256)], ids=["320px", "400percent"])
@pytest.mark.parametrize(
    "state", [greeting, referral, menu, offline, preparation], ids=lambda state: state.__name__
)
def test_reflow_without_loss(chat: Chat, state: Callable[[Chat], None], size: tuple[int, int]) -> None:
    chat.page.set_viewport_size({"width": size[0], "height": size[1]})
    state(chat)
    assert _overflowing(chat.page) == []
    for control in (chat.field, chat.page.get_by_role("button", name="Verstuur")):
        control.scroll_into_view_if_needed()
        expect(control).to_be_in_viewport(ratio=1)


def test_text_spacing_without_loss(chat: Chat) -> None:
    chat.open().say("verwijs mij door")
    chat.page.evaluate(
        f"""() => {{ const s = new CSSStyleSheet(); s.replaceSync(`{SPACING}`);
        document.adoptedStyleSheets = [s];
        const root = document.querySelector('stadsbot-chat').renderRoot; root.adoptedStyleSheets = [...root.adoptedStyleSheets, s]; }}"""
    )
    assert _overflowing(chat.page) == []
    chat.page.get_by_role("button", name="Menu").click()
    assert _overflowing(chat.page) == []


def test_touch_keyboard_does_not_cover_the_field(chromium: Browser, chat: Chat) -> None:
    """A keyboard shrinks the visual viewport, not the layout: the field must stay within what is left."""
    context = chromium.new_context(viewport={"width": 375, "height": 667}, has_touch=True, is_mobile=True)
    context.add_init_script(WATCH)
    context.add_init_script(
        """const real = new EventTarget(); Object.assign(real, {height: 667, width: 375, offsetTop: 0, offsetLeft: 0, scale: 1});
        Object.defineProperty(window, 'visualViewport', {value: real});
        window.keyboard = (height, top) => { Object.assign(real, {height, offsetTop: top}); real.dispatchEvent(new Event('resize')); };"""
    )
    phone = Chat(context.new_page(), chat.server)
    phone.open().say("kosten")
    phone.page.evaluate("keyboard(330, 40)")
    for control in (phone.field, phone.page.get_by_role("button", name="Snel weg")):
        box = control.bounding_box()
        assert box
        assert box["y"] >= 40
        assert box["y"] + box["height"] <= 370
    context.close()


def test_reduced_motion_and_no_motion_at_all(chat: Chat) -> None:
    chat.page.emulate_media(reduced_motion="reduce")
    chat.open().say("kosten")
    assert chat.page.evaluate("document.getAnimations().length") == 0
    moving = chat.page.evaluate(
        """() => [...document.querySelector('stadsbot-chat').renderRoot.querySelectorAll('*')].map((e) => getComputedStyle(e))
            .filter((s) => s.transitionDuration !== '0s' || s.animationName !== 'none' || s.scrollBehavior !== 'auto').length"""
    )
    assert moving == 0


def test_forced_colours_keep_every_border(chat: Chat) -> None:
    chat.page.emulate_media(forced_colors="active")
    chat.open().say("verwijs mij door")
    chat.page.locator("stadsbot-chat .vote button").first.wait_for()
    missing = chat.page.evaluate(
        """() => [...document.querySelector('stadsbot-chat').renderRoot.querySelectorAll('button, textarea, .text, .card')]
            .filter((e) => e.checkVisibility({visibilityProperty: true}))
            .filter((e) => { const s = getComputedStyle(e); return parseFloat(s.borderTopWidth) < 1 || s.borderTopColor === s.backgroundColor; })
            .map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert missing == []


def _overflowing(page: Page) -> list[str]:
    """What sticks out sideways, or is cut off."""
    return list(
        page.evaluate(
            """() => { const root = document.querySelector('stadsbot-chat').renderRoot; const wide = innerWidth + 0.5;
            const found = document.documentElement.scrollWidth > wide ? ['page'] : [];
            for (const e of root.querySelectorAll('dialog *')) {
                if (!e.checkVisibility() || e.matches('.vh, .vh *, option')) continue;
                const r = e.getBoundingClientRect();
                if (r.right > wide || r.left < -0.5) found.push(`out: ${e.outerHTML.slice(0, 80)}`);
                if (e.clientWidth && e.scrollWidth > e.clientWidth + 1) found.push(`wide: ${e.outerHTML.slice(0, 80)}`);
                if (e.matches('button, a, h2, label') && e.scrollHeight > e.clientHeight + 1 && e.clientHeight) found.push(`cut: ${e.outerHTML.slice(0, 80)}`);
            } return found; }"""
        )
    )
