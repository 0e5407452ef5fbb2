"""How fast a homeserver is told that its messages arrived, and a person gets an answer: real assistant, real Synapse.

Run: ``.venv/bin/python -m benchmarks.matrix_latency [--rounds 12] [--burst 300]``. Writes
``benchmarks/results/matrix_latency.md``.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from rich.progress import track

from bot.paths import ROOT
from tests.channels.matrix_town import BOT, Town, town
from tests.matrix_client import MatrixClient

ACKNOWLEDGEMENT = 200.0  # milliseconds at the 95th percentile
AT_A_TIME = 8  # transactions under way
TARGET = ROOT / "benchmarks" / "results" / "matrix_latency.md"
MESSAGES = [
    "Wat is discriminatie?",
    "Ik werd op mijn werk uitgescholden om mijn hoofddoek",
    "Hoe lang duurt het voor ik antwoord krijg?",
    "Wat kost een melding?",
    "Kan ik anoniem blijven?",
    "De huisbaas wou mij niet omdat ik een vreemde naam heb",
    "Wie kan mij helpen als de politie mij slecht behandelt?",
    "Bedankt",
]
_numbers = itertools.count(1)


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=12, help="conversations of eight messages each")
    parser.add_argument("--burst", type=int, default=300, help="transactions, eight at a time")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, town(Path(folder)) as here:
        people = [here.synapse.register(f"mens{number}") for number in range(arguments.rounds)]
        rooms = [_room(person) for person in track(people, description="Chats opened")]
        _conversation(people[0], rooms[0])  # the first one warms the model up
        answers = [
            time_taken
            for person, room in track(list(zip(people, rooms, strict=True)), description="Conversations")
            for time_taken in _conversation(person, room)
        ]
        pairs = list(itertools.islice(itertools.cycle(zip(people, rooms, strict=True)), arguments.burst))
        calm = [_acknowledged(here, *pair) for pair in track(pairs[:50], description="One at a time")]
        with ThreadPoolExecutor(AT_A_TIME) as pool:
            burst = list(pool.map(lambda pair: _acknowledged(here, *pair), pairs))
    _report(
        {
            "acknowledgement, one transaction at a time": calm,
            f"acknowledgement, {AT_A_TIME} at a time, while all of them are being answered": burst,
            "first answer in the person's app": answers,
        }
    )


def _room(person: MatrixClient) -> str:
    room = person.create_room(BOT)
    person.wait_for(room, BOT, 1)
    return room


def _conversation(person: MatrixClient, room: str) -> list[float]:
    times = []
    for text in MESSAGES:
        before = len(person.answers(room, BOT))
        sent = time.perf_counter()
        person.say(room, text)
        person.wait_for(room, BOT, before + 1)
        times.append((time.perf_counter() - sent) * 1000)
        _until_quiet(person, room)
    return times


def _until_quiet(person: MatrixClient, room: str) -> None:
    """Take in the rest of the answer: the assistant has stopped writing, and nothing comes any more."""
    seen = -1
    while seen != len(person.timeline[room]) or person.typing.get(room):
        seen = len(person.timeline[room])
        person.sync(wait=0.5)


def _acknowledged(here: Town, person: MatrixClient, room: str) -> float:
    number = next(_numbers)
    event: dict[str, Any] = {
        "type": "m.room.message",
        "room_id": room,
        "event_id": f"$meting-{number}",
        "sender": person.user_id,
        "origin_server_ts": int(time.time() * 1000),
        "content": {"msgtype": "m.text", "body": MESSAGES[number % len(MESSAGES)]},
    }
    sent = time.perf_counter()
    here.push(f"meting-{number}", [event]).raise_for_status()
    return (time.perf_counter() - sent) * 1000


def _report(rows: dict[str, list[float]]) -> None:
    lines = [
        "# The assistant on Matrix",
        "",
        "`.venv/bin/python -m benchmarks.matrix_latency`: real assistant, real Synapse with SQLite, loopback; the client is ours.",
        f"Machine: {os.cpu_count()} cores, {platform.machine()}, load {os.getloadavg()[0]:.0f} at the end. "
        f"Goal: acknowledged within {ACKNOWLEDGEMENT:.0f} ms at the 95th percentile.",
        "",
        "| what | n | median ms | p95 ms | max ms |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, times in rows.items():
        p95 = statistics.quantiles(times, n=20, method="inclusive")[-1]
        lines.append(
            f"| {name} | {len(times)} | {statistics.median(times):.0f} | {p95:.0f} | {max(times):.0f} |"
        )
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
