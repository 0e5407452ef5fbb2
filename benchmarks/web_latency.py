"""How long until the first answer is visible in the widget: real assistant, real Chromium, loopback.

Run: ``.venv/bin/python -m benchmarks.web_latency [--rounds 12]``. Writes ``benchmarks/results/web_latency.md``.
The clock runs in the page, from the Enter key to the frame in which the answer is drawn.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import socket
import statistics
import tempfile
import threading
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright
from rich.progress import track

from bot.ops.demo import DemoServer
from bot.paths import ROOT
from tests.assistant import started
from tests.browser.conftest import FLAGS

GOAL = 300.0  # milliseconds at the 95th percentile
TARGET = ROOT / "benchmarks" / "results" / "web_latency.md"
MESSAGES = [
    "Hallo",
    "Wat is discriminatie?",
    "Ik werd op mijn werk uitgescholden om mijn hoofddoek",
    "Hoe lang duurt het voor ik antwoord krijg?",
    "Wat kost een melding?",
    "Kan ik anoniem blijven?",
    "De huisbaas wou mij niet omdat ik een vreemde naam heb",
    "Wie kan mij helpen als de politie mij slecht behandelt?",
    "Bedankt",
]
MEASURE = """(text) => new Promise((done) => {
  const root = document.querySelector('stadsbot-chat').renderRoot;
  const field = root.querySelector('textarea');
  field.value = text;
  field.dispatchEvent(new Event('input'));
  const before = root.querySelectorAll('.message.bot').length;
  const sent = performance.now();
  const look = () => {
    if (root.querySelectorAll('.message.bot').length > before) requestAnimationFrame(() => setTimeout(() => done(performance.now() - sent)));
    else requestAnimationFrame(look);
  };
  field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
  look();
})"""


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=12, help="conversations of nine messages each")
    rounds = parser.parse_args().rounds
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    os.environ.update(
        STADSBOT_ORIGINS=f"http://127.0.0.1:{port}",
        STADSBOT_RATE_SESSION="100000",
        STADSBOT_RATE_CLIENT="100000",
    )
    first: list[float] = []
    later: list[float] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        started(Path(folder), ("rasa", "acties")) as assistant,
        DemoServer("127.0.0.1", port, urlsplit(assistant.rasa).port or 0) as demo,
        sync_playwright() as playwright,
    ):
        threading.Thread(target=demo.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        _conversation(browser.new_page(), port)  # the first one warms the model up
        for _ in track(range(rounds), description="Conversations"):
            page = browser.new_page()
            times = _conversation(page, port)
            first.append(times[0])
            later += times[1:]
            page.close()
        browser.close()
        demo.shutdown()
    _report(first, later)


def _conversation(page: Page, port: int) -> list[float]:
    page.goto(f"http://127.0.0.1:{port}/")
    page.get_by_role("button", name="Chat met ons").click()
    page.locator("stadsbot-chat .message").first.wait_for()
    return [float(page.evaluate(MEASURE, text)) for text in MESSAGES]


def _report(first: list[float], later: list[float]) -> None:
    rows = {"first message (opens the session)": first, "later messages": later, "all": [*first, *later]}
    lines = [
        "# First answer visible in the widget",
        "",
        "`.venv/bin/python -m benchmarks.web_latency`: real assistant, Chromium, loopback, from Enter to the drawn frame.",
        f"Machine: {os.cpu_count()} cores, {platform.machine()}. Goal: at most {GOAL:.0f} ms at the 95th percentile.",
        "",
        "| messages | n | median ms | p95 ms | max ms |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, times in rows.items():
        p95 = statistics.quantiles(times, n=20, method="inclusive")[-1]
        lines.append(
            f"| {name} | {len(times)} | {statistics.median(times):.0f} | {p95:.0f} | {max(times):.0f} |"
        )
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
