"""How long the follower takes to catch up with a full review log: ``python -m benchmarks.ingest [conversations]``.

Makes a log of its own in a temporary folder (SQLite) and prints lines for ``benchmarks/results/review_ingest.md``.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROUNDS = 3  # questions and answers per conversation, after the start of a session: seven rows
_LOG = """CREATE TABLE review_events (id INTEGER PRIMARY KEY AUTOINCREMENT, conversation VARCHAR(64), timestamp FLOAT, type VARCHAR(16),
    intent VARCHAR(64), confidence FLOAT, answer VARCHAR(64), text TEXT, data TEXT)"""
_INTENTS = ("wat_is_discriminatie", "ervaring_discriminatie", "privacy", "getuige", "wat_kan_je")
Row = tuple[Any, ...]


def rows(conversations: int) -> Iterator[Row]:
    """Yield the rows of a log in which twenty conversations go on at any time."""
    chance, start = random.Random(1), time.time() - 86_400 * 20
    for first in range(0, conversations, 20):
        names = [f"gesprek-{number:032x}" for number in range(first, min(first + 20, conversations))]
        at = start + first
        for name in names:
            yield name, at, "session_started", None, None, None, "", "{}"
        for turn in range(1, ROUNDS + 1):
            for name in names:
                intent = chance.choice(_INTENTS)
                said = {
                    "input_channel": "web",
                    "language": "nl",
                    "doubt": {"kind": "none"},
                    "redacted": [],
                    "entities": [{"entity": "domein", "value": "wonen", "start": 0, "end": 5}],
                    "intent_ranking": [{"name": one, "confidence": 0.3} for one in _INTENTS[:3]],
                }
                chose = {
                    "channels": ["unia"],
                    "buttons": ["Ja", "Nee"],
                    "policy": "RulePolicy",
                    "confidence": 1.0,
                }
                text = "een vraag van ongeveer vijftig tekens over wonen " + name[-4:]
                yield name, at + turn, "user", intent, chance.random(), None, text, json.dumps(said)
                yield (
                    name,
                    at + turn + 0.05,
                    "bot",
                    None,
                    None,
                    intent,
                    "Een antwoord van enkele zinnen. " * 8,
                    json.dumps(chose),
                )


def main(conversations: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "STADSBOT_VAR_DIR": folder,
            "STADSBOT_SECRET": "a secret for benchmarks",
            "DJANGO_SETTINGS_MODULE": "console.settings",
        }
        with sqlite3.connect(Path(folder) / "reviewlog.db") as log:
            log.execute(_LOG)
            names = "conversation, timestamp, type, intent, confidence, answer, text, data"
            log.executemany(
                f"INSERT INTO review_events ({names}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows(conversations)
            )
        import django

        django.setup()
        from django.core.management import call_command

        from conversations.ingest import Ingest
        from conversations.models import Conversation, Message

        call_command("migrate", verbosity=0)
        ingest, read = Ingest(), 0
        wall, processor = time.perf_counter(), time.process_time()
        while taken := ingest.step():
            read += taken
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        assert Conversation.objects.count() == conversations
        assert Message.objects.count() == read
        print(f"| {conversations:,} | {read:,} | {wall:.0f} | {processor:.0f} | {read / processor:,.0f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
