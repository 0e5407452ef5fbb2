"""How long the pages of figures take: ``cd review && .venv/bin/python -m benchmarks.figures``, results in benchmarks/results/.

Two years of daily counts and 100,000 conversations of thirty days, on SQLite in a folder of its own. Requests go through Django
from URL to rendered page, without a network; each page is asked once before it is measured.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "benchmarks" / "results" / "review_figures.md"
LAST = date(2026, 11, 25)
DAYS = 731
TIMES = 40


def main(conversations: int = 100_000) -> None:
    """Fill a console, measure, write the table."""
    for name in [name for name in os.environ if name.startswith("STADSBOT_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"STADSBOT_VAR_DIR": folder, "DJANGO_SETTINGS_MODULE": "console.settings"}
        sys.path.append(str(ROOT))
        import django

        django.setup()
        rows, filled = _fill(conversations)
        grouping, unanswered = _group()
        lines = [
            "# Pages of figures in the review console",
            "",
            f"`cd review && .venv/bin/python -m benchmarks.figures`, SQLite, {os.cpu_count()} cores shared with other work. "
            f"{rows:,} daily counts of {DAYS} days, {conversations:,} conversations. {TIMES} requests per page, in milliseconds.",
            "",
            "| page | p50 | p95 | bytes |",
            "| --- | ---: | ---: | ---: |",
            *_pages(),
            "",
            f"Grouping {unanswered} unanswered messages, in the background of the process that follows the log: {grouping:.1f} s.",
            "",
            *_quality(),
        ]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write("\n".join(lines) + f"\nfilled in {filled:.0f} s\n")


def _fill(conversations: int) -> tuple[int, float]:
    from django.contrib.auth.models import Group, User
    from django.core.management import call_command
    from django.db import connection, connections

    from benchmarks import dataset
    from figures.models import DailyCount
    from tests.counted import days

    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    with connections["statistics"].schema_editor() as editor:
        editor.create_model(DailyCount)
    counts = list(days(LAST - timedelta(days=DAYS - 1), LAST))
    DailyCount.objects.bulk_create(counts, batch_size=500)
    dataset.load(dataset.conversations(conversations))
    with connection.cursor() as cursor:
        # Every eighth message was guessed with little confidence.
        cursor.execute("UPDATE conversations_message SET confidence = 0.3 WHERE kind = 'user' AND id % 8 = 0")
    User.objects.create_user("lezer").groups.add(Group.objects.get(name="redacteur"))
    return len(counts), time.perf_counter() - began


def _group() -> tuple[float, int]:
    from figures.unanswered import refresh

    began = time.perf_counter()
    count = refresh()
    return time.perf_counter() - began, count


def _pages() -> list[str]:
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client()
    client.force_login(User.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
    pages = {
        "statistics, a month": "/cijfers/?soort=maand&op=2026-10-01",
        "statistics, a quarter": "/cijfers/?soort=kwartaal&op=2026-08-01",
        "statistics, a year of one's own": "/cijfers/?soort=eigen&van=2025-11-26&tot=2026-11-25",
        "statistics, two years": f"/cijfers/?soort=eigen&van={LAST - timedelta(days=DAYS - 1)}&tot={LAST}",
        "one table as CSV": "/cijfers/csv/vragen/?soort=kwartaal&op=2026-08-01",
        "monthly report": "/rapport/2026-10/",
        "answers": "/antwoorden/?soort=maand&op=2026-10-01",
        "one answer": "/antwoorden/over/unia/?soort=maand&op=2026-10-01",
        "facts due": "/antwoorden/feiten/",
        "unanswered": "/onbeantwoord/",
    }
    lines = []
    for name, path in pages.items():
        took, size = [], 0
        for number in range(TIMES + 1):
            began = time.perf_counter()
            answer = client.get(path, headers={"host": "127.0.0.1"})
            if answer.status_code != 200:
                raise SystemExit(f"{path}: {answer.status_code}")
            if number:
                took.append((time.perf_counter() - began) * 1_000)
            size = len(answer.content)
        took.sort()
        lines.append(
            f"| {name} | {took[len(took) // 2]:.0f} | {took[int(len(took) * 0.95)]:.0f} | {size:,} |"
        )
    return lines


def _quality() -> list[str]:
    """Group training messages of which the intent is known, as if they were unanswered ones."""
    import random
    from collections import Counter

    from bot.paths import data_dir
    from bot.training.messages import read_messages

    from figures.grouping import groups

    chance = random.Random(1)
    spoken = [message for message in read_messages(data_dir() / "nlu") if len(message.text) < 140]
    intents = chance.sample(sorted({message.intent for message in spoken}), 12)
    sample = chance.sample([message for message in spoken if message.intent in intents], 300)
    found = [group for group in groups([message.text for message in sample]) if len(group) > 2]
    most = [Counter(sample[place].intent for place in group).most_common(1)[0] for group in found]
    inside = sum(map(len, found))
    return [
        "Quality, on 300 short training messages of 12 intents, as if nobody knew these: "
        f"{len(found)} groups of three or more hold {100 * inside / 300:.0f} % of the messages; in a group "
        f"{100 * sum(times for _, times in most) / inside:.0f} % share its commonest intent; {len({name for name, _ in most})} of the "
        "12 intents have a group. Words alone cannot do much better: a group is a hint for a person, who decides.",
    ]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
