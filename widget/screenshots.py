"""Makes the pictures of docs/screenshots from the demo page: ``.venv/bin/python -m widget.screenshots``. Look at each one."""

from __future__ import annotations

import shutil
import socket
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bot.answers import load_content
from bot.ops.demo import DemoServer
from bot.paths import ROOT, data_dir
from tests.browser.conftest import FLAGS
from tests.channels.web_server import serve

TARGET = ROOT / "docs" / "screenshots"
SIZES = {"1280": (1280, 800), "320": (320, 640), "zoom400": (320, 256)}


def main() -> None:
    """Write one PNG per state and size."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    address = f"http://127.0.0.1:{port}"
    with (
        tempfile.TemporaryDirectory() as folder,
        serve(load_content(data_dir()), Path(folder), origins=frozenset({address})) as web,
        DemoServer("127.0.0.1", port, int(web.url.split(":")[2].split("/")[0])) as demo,
        sync_playwright() as playwright,
    ):
        threading.Thread(target=demo.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for size, (width, height) in SIZES.items():
            for state in ("greeting", "referral", "question", "menu", "offline", "preparation"):
                page = browser.new_page(viewport={"width": width, "height": height}, locale="nl-BE")
                page.goto(address)
                _show(page, state)
                page.screenshot(path=TARGET / f"{state}-{size}.png")
                page.close()
        page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="dark", locale="nl-BE")
        page.goto(address)
        _show(page, "danger")
        page.screenshot(path=TARGET / "danger-dark-1280.png")
        browser.close()
        demo.shutdown()


def _show(page: Page, state: str) -> None:
    page.get_by_role("button", name="Chat met ons").click()
    page.locator("stadsbot-chat .message").first.wait_for()
    words = {
        "referral": "verwijs mij door",
        "question": "waar moet ik zijn",
        "preparation": "klaar",
        "danger": "nood",
    }
    if state == "menu":
        page.get_by_role("button", name="Menu").click()
    elif state == "offline":
        page.route("**/webhooks/**", lambda route: route.abort())
        _say(page, "Ik werd geweigerd in een winkel")
        page.get_by_role("button", name="Probeer nu").wait_for()
    elif state in words:
        _say(page, words[state])
        page.locator("stadsbot-chat .message.bot").nth(1).wait_for()


def _say(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Schrijf hier").fill(text)
    page.keyboard.press("Enter")


if __name__ == "__main__":
    main()
