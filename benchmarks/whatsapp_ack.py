"""How long Meta waits for the acknowledgement of a delivery, while the assistant answers: real assistant, stand-in, loopback.

Run: ``.venv/bin/python -m benchmarks.whatsapp_ack [--people 50] [--messages 10]``. Writes ``benchmarks/results/whatsapp_ack.md``.
Everybody writes at the same time, each message as soon as the one before was acknowledged; a third of the deliveries come twice.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import platform
import random
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from bot.paths import ROOT
from tests.assistant import started
from tests.channels.whatsapp import graph as stand_in
from tests.channels.whatsapp.people import Meta, contact, environment, sign

GOAL = 200.0  # milliseconds at the 95th percentile
TARGET = ROOT / "benchmarks" / "results" / "whatsapp_ack.md"
MESSAGES = [
    "wat kost een melding?",
    "wat is racisme?",
    "help",
    "wat doet unia?",
    "hoe lang duurt het?",
    "bedankt",
]
SEED = 1


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--messages", type=int, default=10, help="of each person")
    arguments = parser.parse_args()
    graph = stand_in.Graph()
    server = stand_in.serve(graph)
    url = f"http://127.0.0.1:{server.server_address[1]}"
    phones = [f"32472{number:06}" for number in range(arguments.people)]
    with (
        tempfile.TemporaryDirectory() as folder,
        started(Path(folder), ("rasa",), extra=environment(graph, url)) as assistant,
    ):
        meta = Meta(graph, f"{assistant.rasa}/webhooks/whatsapp")
        meta.report_statuses()
        _write(meta, "32479000000", 6)  # warms the model up
        graph.wait(lambda: len(graph.sent) >= 6, 300)
        waiting = Meta(graph, meta.url)
        begun = time.perf_counter()
        with ThreadPoolExecutor(arguments.people) as pool:
            list(pool.map(lambda phone: _write(waiting, phone, arguments.messages), phones))
        acknowledged = time.perf_counter() - begun
        total = arguments.people * arguments.messages
        assert graph.wait(lambda: len(graph.sent) >= total + 6, 900), f"{len(graph.sent)} answers"
        answered = time.perf_counter() - begun
    server.shutdown()
    server.server_close()
    _report(waiting.acknowledged, total, acknowledged, answered)


def _write(meta: Meta, phone: str, count: int) -> None:
    """Write as one person, over a connection of one's own: the client of `Meta` in 50 threads takes more of the two cores than
    the assistant, and would measure itself.
    """
    chance = random.Random(f"{SEED}-{phone}")
    address = urlsplit(f"{meta.url}/webhook")
    with contextlib.closing(http.client.HTTPConnection(address.netloc, timeout=60)) as connection:
        for _ in range(count):
            message = meta.message(phone, "text", {"body": chance.choice(MESSAGES)})
            body = meta.update(messages=[message], contacts=[contact(phone)])
            for _ in range(1 + (chance.random() < 1 / 3)):
                headers = {"Content-Type": "application/json", "X-Hub-Signature-256": sign(body)}
                begun = time.perf_counter()
                connection.request("POST", address.path, body, headers)
                reply = connection.getresponse()
                reply.read()
                assert reply.status == 200
                meta.acknowledged.append(time.perf_counter() - begun)


def _report(times: list[float], messages: int, acknowledged: float, answered: float) -> None:
    shown = sorted(1000 * one for one in times)
    p95 = statistics.quantiles(shown, n=20, method="inclusive")[-1]
    lines = [
        "# Acknowledging what WhatsApp delivers",
        "",
        f"`.venv/bin/python -m benchmarks.whatsapp_ack`: real assistant on SQLite, stand-in for Meta, {messages} messages from people who all",
        f"write at once, a third of them delivered twice. Machine: {os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.1f} when measured; the people and the",
        f"stand-in run on it too. Goal: at most {GOAL:.0f} ms at the 95th percentile.",
        "",
        "| deliveries | median ms | p95 ms | p99 ms | max ms | all acknowledged after s | all answered after s |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        f"| {len(shown)} | {statistics.median(shown):.0f} | {p95:.0f} | {shown[int(len(shown) * 0.99)]:.0f} | {shown[-1]:.0f} "
        f"| {acknowledged:.1f} | {answered:.1f} |",
    ]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
