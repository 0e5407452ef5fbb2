"""The demo page, served as ``make run`` serves it: its policy, its contacts without JavaScript, its options."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from bot.answers import Content
from bot.ops.demo import DemoServer
from tests.channels.web_server import serve

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a demo page that talks to a channel on another port, so another origin."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    origins = frozenset({f"http://127.0.0.1:{port}"})
    with (
        serve(content, tmp_path_factory.mktemp("var"), origins=origins) as web,
        DemoServer("127.0.0.1", port, int(web.url.split(":")[2].split("/")[0])) as page,
    ):
        threading.Thread(target=page.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield f"http://127.0.0.1:{port}/"
        page.shutdown()


def test_policy_and_no_foreign_address(demo: str) -> None:
    reply = httpx.get(demo)
    policy = reply.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "nonce" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "{{" not in reply.text
    assert "style=" not in reply.text
    assert httpx.get(demo + "../pyproject.toml").status_code == 404
    assert httpx.get(demo + "%2e%2e/pyproject.toml").status_code == 404


def test_a_conversation_under_the_policy(demo: str, page: Page) -> None:
    page.goto(demo)
    page.get_by_role("button", name="Chat met ons").click()
    page.get_by_role("textbox", name="Schrijf hier").fill("verwijs mij door")
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Unia")).to_be_visible()


def test_axe_finds_nothing_on_the_page(demo: str, page: Page, axe: Callable[[Page], list[str]]) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(demo)
        assert axe(page) == []


def test_page_reflows(demo: str, page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(demo)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_without_javascript_the_contacts_are_there(demo: str, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(demo)
    for number in ("112", "101", "1813", "0800 20 800", "0800 12 800"):
        expect(page.get_by_role("link", name=f"Bel {number}")).to_be_visible()
    expect(page.get_by_text("werkt niet zonder JavaScript")).to_be_visible()
    context.close()


def test_options_change_the_chat_and_the_line(demo: str, page: Page) -> None:
    page.goto(demo)
    page.get_by_label("Titel").fill("Praat met ons")
    page.get_by_label("Kleur").fill("#7a1f5c")
    page.get_by_label("Meteen open").check()
    page.get_by_role("button", name="Toon").click()
    expect(page.get_by_role("dialog", name="Praat met ons")).to_be_visible()
    line = page.locator("#snippet")
    expect(line).to_contain_text("data-title='Praat met ons' data-colour='#7a1f5c' data-open")


def test_command_line(tmp_path: Path) -> None:
    from bot.ops import demo as module

    with pytest.raises(SystemExit) as ended:
        module.main(["--help"])
    assert ended.value.code == 0
