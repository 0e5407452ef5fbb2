"""``stadsbot data``: look at the training messages."""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.table import Table

from bot.nlu.text import Normaliser
from bot.paths import data_dir
from bot.training.messages import read_messages
from bot.training.report import Pair, examine

SHOWN = 15


def report(arguments: argparse.Namespace, console: Console) -> int:
    """Print the findings; exit code 1 when messages are double or contradict each other."""
    messages = read_messages(data_dir() / "nlu")
    found = examine(messages, Normaliser.from_file(data_dir() / "spelling.yml"))
    console.print(f"{len(messages)} messages")
    _pairs(console, "Duplicates", found.duplicates)
    _pairs(console, "Conflicts: (nearly) the same words under two intents", found.conflicts)
    _pairs(console, "Near-duplicates", found.near)
    console.print(f"\nTemplates: {len(found.templates)} groups that differ in one word")
    for group in found.templates[:SHOWN]:
        console.print(f"  {len(group)}× {group[0].intent}: {group[0].text[:90]}", markup=False)
    table = Table("intent", "messages", "voices", "≤ 3 words", "stories", "questions", "chat", "mistakes")
    for row in found.coverage:
        shares = [
            f"{value:.0%}" for value in (row.keywords, row.stories, row.questions, row.chat, row.mistakes)
        ]
        table.add_row(row.intent, str(row.messages), str(row.voices), *shares)
    console.print(table)
    return 1 if found.duplicates or any(p.likeness > 0.999 for p in found.conflicts) else 0


def _pairs(console: Console, title: str, pairs: list[Pair]) -> None:
    console.print(f"\n{title}: {len(pairs)}")
    for pair in pairs[:SHOWN]:
        first, second = pair.first, pair.second
        console.print(f"  {pair.likeness:.2f} {first.intent}: {first.text[:70]}", markup=False)
        console.print(f"       {second.intent}: {second.text[:70]}", markup=False)
