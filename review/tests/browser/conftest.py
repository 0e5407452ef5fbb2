"""Chromium, a served console, and what no test may find: script errors, policy violations, requests to elsewhere."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from accounts.access import Role
from corrections.intents import find

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]
AXE = Path(__file__).resolve().parents[3] / "widget" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WATCH = "window.violations = []; addEventListener('securitypolicyviolation', (e) => violations.push(e.violatedDirective));"
expect.set_options(timeout=60_000)
LOOKS = [(1280, "light"), (1280, "dark"), (320, "light"), (320, "dark")]


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


class Console:
    """A signed-in person's browser; `close` checks that nothing went wrong in it."""

    def __init__(self, browser: Browser, url: str, user: User, **options: Any) -> None:
        width = options.pop("width", 1280)
        self.url = url
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 800}, locale="nl-BE", **options
        )
        self.context.set_default_timeout(90_000)  # a busy machine is no failure
        self.scripts = options.get("java_script_enabled", True)
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])
        self.context.add_init_script(WATCH)
        self.outside: list[str] = []
        self.errors: list[str] = []
        self.context.route(
            re.compile(r"^https?://(?!127\.0\.0\.1|localhost)"),
            lambda route: (self.outside.append(route.request.url), route.abort()),
        )
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console",
            lambda m: (
                self.errors.append(m.text)
                if m.type == "error" and "409" not in m.text and "422" not in m.text
                else None
            ),
        )

    def open(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def close(self) -> None:
        violations = (
            self.page.evaluate("window.violations")
            if self.scripts and self.page.url.startswith("http")
            else []
        )
        self.context.close()
        assert (violations, self.errors, self.outside) == ([], [], [])


@pytest.fixture
def people(transactional_db) -> Callable[[Role], User]:
    """Make (once) a person with a role."""

    def make(role: Role) -> User:
        user, _ = User.objects.get_or_create(username=f"{role}-1")
        user.groups.add(Group.objects.get(name=role.value))
        return user

    return make


@pytest.fixture
def console(
    chromium: Browser, live_server: Any, people: Callable[[Role], User]
) -> Iterator[Callable[..., Console]]:
    """Open the console as somebody with a role; further options go to the browser's context."""
    find("klacht")  # as console.wsgi: texts and training messages are read before the first page
    opened: list[Console] = []

    def start(role: Role = Role.REVIEWER, **options: Any) -> Console:
        opened.append(Console(chromium, live_server.url, people(role), **options))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """Run axe-core over the page; returns one line per violation."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm ci --prefix widget)")
    source = AXE.read_text(encoding="utf-8")

    def run(page: Page) -> list[str]:
        page.evaluate(source)
        found = page.evaluate("(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})", RULES)
        return [
            f"{v['id']}: {v['nodes'][0]['html'][:200]} {v['nodes'][0]['failureSummary'][:300]}"
            for v in found["violations"]
        ]

    return run
