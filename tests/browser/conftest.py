"""Chromium, the widget on a page of its own, and what every test must not find: errors and policy violations.

Playwright is started here, not by its pytest plugin: the plugin keeps it open for the whole run, and while it is open
no asynchronous test can run.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, sync_playwright

from bot.answers import Content
from bot.paths import ROOT
from tests.channels.web_server import WebServer, serve

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = ROOT / "widget" / "node_modules" / "axe-core" / "axe.min.js"
PAGE = """<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Een pagina</title>
<meta name="viewport" content="width=device-width, initial-scale=1"></head><body><main><h1>Een pagina</h1>
<p><a href="#onder">Een link</a></p></main><script src="/stadsbot.js" data-server=""></script></body></html>"""
WATCH = "window.violations = []; addEventListener('securitypolicyviolation', (e) => violations.push(e.violatedDirective));"


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of this folder."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server(content: Content) -> Iterator[WebServer]:
    """The web channel with a scripted agent, and a page with the widget under ``default-src 'self'``."""
    with tempfile.TemporaryDirectory() as folder, serve(content, Path(folder), page=PAGE) as running:
        yield running


@dataclass
class Chat:
    """The widget on a page, and how a person uses it."""

    page: Page
    server: WebServer

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log", name="Gesprek")

    @property
    def field(self) -> Locator:
        return self.page.get_by_role("textbox", name="Schrijf hier je vraag of je verhaal")

    @property
    def launch(self) -> Locator:
        return self.page.get_by_role("button", name="Chat met ons")

    @property
    def messages(self) -> Locator:
        return self.page.locator("stadsbot-chat .message")

    @property
    def status(self) -> Locator:
        return self.page.locator("stadsbot-chat").get_by_role("status")

    def open(self) -> Chat:
        self.page.goto(self.server.url.removesuffix("/webhooks/web") + "/page")
        self.launch.click()
        self.messages.first.wait_for()
        return self

    def say(self, text: str) -> None:
        """Send and wait for the answer."""
        count = self.messages.count()
        self.field.fill(text)
        self.field.press("Enter")
        self.messages.nth(count + 1).wait_for()

    def menu(self, item: str) -> None:
        menu = self.page.get_by_role("button", name="Menu")
        if menu.get_attribute("aria-expanded") != "true":
            menu.click()
        self.page.get_by_role("button", name=item).click()

    def stored(self) -> Any:
        return json.loads(self.page.evaluate("sessionStorage.getItem('stadsbot')") or "null")


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh profile; no request may leave this machine."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="nl-BE")
    context.set_default_timeout(10_000)
    context.add_init_script(WATCH)
    context.route(re.compile(r"^https?://(?!127\.0\.0\.1|localhost)"), _outside)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page; afterwards it must have seen no script error and no violation of the policy."""
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("dialog", lambda dialog: (errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    yield page
    assert errors == []
    if "127.0.0.1" in page.url:
        assert page.evaluate("window.violations") == []


@pytest.fixture
def chat(page: Page, server: WebServer) -> Chat:
    """The widget, closed, on the page of ``server``."""
    return Chat(page, server)


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """Run axe-core over the page; returns one line per violation of WCAG 2.x A or AA."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm ci --prefix widget)")
    source = AXE.read_text(encoding="utf-8")

    def run(page: Page) -> list[str]:
        page.evaluate(source)
        found = page.evaluate(
            """async () => (await axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa']}))
            .violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.flat().join(' ')} ${n.failureSummary}`))"""
        )
        return list(found)

    return run


def _outside(route: Route) -> None:
    if route.request.is_navigation_request():
        route.fulfill(status=200, content_type="text/html", body="<title>elders</title>")
    else:
        route.abort()
