"""Conversations in bulk, the same every time: the citizens' words come from the training messages."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.paths import data_dir
from bot.training.messages import TrainingMessage, read_messages
from django.db import connection

SEED = 20261126
NOW = 1_793_000_000.0  # seconds since 1970; the newest message
DAYS = 30
RARE = "zeldzaamwoord"
RARE_TIMES = 20
TURNS = 3  # a session start, then so many messages and answers: 7 rows
_CHANNELS = (("web", 70), ("whatsapp", 20), ("rest", 10))
_LANGUAGES = (("nl", 93), ("en", 3), ("fr", 2), ("ar", 1), ("tr", 1))
_REASONS = (
    ("nood", 2, 100),
    ("duim", 4, 40),
    ("mislukt", 3, 40),
    ("onbegrepen", 12, 20),
    ("onzeker", 25, 10),
    ("herhaald", 5, 5),
)
_STATUS = (("nieuw", 80), ("bezig", 2), ("klaar", 18))
_REFERRALS = ("unia", "vmri", "igvm", "nood_112", "stad_onthaal", "comite_p")
_COLUMNS = {
    "conversations_conversation": (
        "conversation",
        "channel",
        "first_at",
        "last_at",
        "messages_count",
        "attention",
        "status",
        "assignee_id",
    ),
    "conversations_message": (
        "conversation",
        "feed_id",
        "timestamp",
        "kind",
        "text",
        "intent",
        "confidence",
        "ranking",
        "entities",
        "doubt",
        "language",
        "redacted",
        "answer",
        "rule",
        "channels",
        "buttons",
        "value",
    ),
    "conversations_facet": ("kind", "value", "conversation", "attention", "last_at"),
}


@dataclass(frozen=True)
class Made:
    """One conversation as rows of the console's tables."""

    conversation: tuple[Any, ...]
    messages: list[tuple[Any, ...]]
    facets: list[tuple[Any, ...]]


def conversations(count: int, assignees: tuple[int, ...] = (), seed: int = SEED) -> Iterator[Made]:
    """Yield ``count`` conversations of ``1 + 2 * TURNS`` rows each, spread over ``DAYS`` days."""
    chance = random.Random(seed)
    spoken = read_messages(data_dir() / "nlu")
    rare = set(chance.sample(range(count), min(RARE_TIMES, count)))
    for number in range(count):
        yield _one(number, chance, spoken, assignees, number in rare)


def _one(
    number: int, chance: random.Random, spoken: list[TrainingMessage], assignees: tuple[int, ...], rare: bool
) -> Made:
    name = f"gesprek-{chance.getrandbits(128):032x}"
    began = NOW - chance.random() * DAYS * 86_400
    language = _pick(chance, _LANGUAGES)
    facets = {("taal", language)}
    attention = 0
    for reason, percent, weight in _REASONS:
        if chance.random() * 100 < percent:
            facets.add(("reden", reason))
            attention += weight
    feed = number * 100
    messages = [_row(name, feed, began, "session_started")]
    for turn in range(TURNS):
        said = chance.choice(spoken)
        at = began + 30 * (turn + 1)
        text = f"{said.text} {RARE}" if rare and turn == 0 else said.text
        entities = []
        for label in sorted(said.labels):
            kind, _, value = label.partition(":")
            facets.add((kind, value))
            entities.append({"entity": kind, "value": value, "start": 0, "end": 3})
        facets.add(("intent", said.intent))
        ranking = [{"name": said.intent, "confidence": 0.8}, {"name": "unia", "confidence": 0.1}]
        messages.append(
            _row(name, feed + 2 * turn + 1, at, "user", text, said.intent, 0.8, ranking, entities, language)
        )
        shown = [chance.choice(_REFERRALS)] if chance.random() < 0.25 else []
        facets.update(("kanaal", channel) for channel in shown)
        messages.append(
            _row(
                name,
                feed + 2 * turn + 2,
                at + 1,
                "bot",
                f"Antwoord over {said.intent}.",
                answer=said.intent,
                channels=shown,
            )
        )
    assignee = chance.choice(assignees) if assignees and chance.random() < 0.1 else None
    status = _pick(chance, _STATUS)
    row = (
        name,
        _pick(chance, _CHANNELS),
        began,
        began + 30 * TURNS + 1,
        len(messages),
        attention,
        status,
        assignee,
    )
    return Made(row, messages, [(kind, value, name, attention, row[3]) for kind, value in sorted(facets)])


def _row(
    name: str,
    feed: int,
    at: float,
    kind: str,
    text: str = "",
    intent: str = "",
    confidence: float | None = None,
    ranking: Iterable[Any] = (),
    entities: Iterable[Any] = (),
    language: str = "",
    answer: str = "",
    channels: Iterable[str] = (),
) -> tuple[Any, ...]:
    lists = [json.dumps(list(each)) for each in (ranking, entities, channels)]
    rule = "RulePolicy" if kind == "bot" else ""
    return (
        name, feed, at, kind, text, intent, confidence, lists[0], lists[1], "", language, "[]", answer, rule, lists[2], "[]", "",
    )  # fmt: skip


def _pick(chance: random.Random, weighted: tuple[tuple[str, int], ...]) -> str:
    return chance.choices([name for name, _ in weighted], [weight for _, weight in weighted])[0]


def load(made: Iterable[Made], batch: int = 5_000) -> int:
    """Write rows to the console's database, as fast as its vendor can; returns the number of conversations."""
    total = 0
    rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in _COLUMNS}
    for each in made:
        total += 1
        rows["conversations_conversation"].append(each.conversation)
        rows["conversations_message"].extend(each.messages)
        rows["conversations_facet"].extend(each.facets)
        if total % batch == 0:
            _flush(rows)
    _flush(rows)
    return total


def _flush(rows: dict[str, list[tuple[Any, ...]]]) -> None:
    for table, waiting in rows.items():
        if not waiting:
            continue
        names = _COLUMNS[table]
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
                    for row in waiting:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(names))
                cursor.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", waiting)
        waiting.clear()
