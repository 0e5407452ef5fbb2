"""How long staff wait: pages of the queue and of a conversation, with 100,000 conversations, on SQLite and on PostgreSQL.

``python -m benchmarks.queue`` (in ``review/``) makes the data in a temporary place, starts a PostgreSQL server of its own, asks
every page through Django's test client (all of the console but the network), and writes ``benchmarks/results/review_queue.md``.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

REVIEW = Path(__file__).resolve().parents[1]
RESULT = REVIEW.parent / "benchmarks" / "results" / "review_queue.md"
TARGET = 200.0  # milliseconds at p95
PAGES: dict[str, str] = {
    "eerste bladzijde": "/wachtrij/",
    "alle statussen": "/wachtrij/?status=alle",
    "nieuwste eerst": "/wachtrij/?volgorde=nieuwste",
    "oudste eerst": "/wachtrij/?volgorde=oudste",
    "status nagekeken": "/wachtrij/?status=klaar",
    "reden nood (2 %)": "/wachtrij/?reden=nood",
    "reden lage zekerheid (25 %)": "/wachtrij/?reden=onzeker",
    "bedoeling": "/wachtrij/?bedoeling=unia",
    "grond": "/wachtrij/?grond=afkomst",
    "domein": "/wachtrij/?domein=werk",
    "doorverwezen": "/wachtrij/?doorverwezen=unia",
    "taal Nederlands (93 %)": "/wachtrij/?taal=nl",
    "taal Turks (1 %)": "/wachtrij/?taal=tr",
    "kanaal (10 %)": "/wachtrij/?kanaal=rest",
    "toegewezen aan niemand": "/wachtrij/?wie=niemand",
    "toegewezen aan mij": "/wachtrij/?wie=mij",
    "één dag": "/wachtrij/?van=2026-10-15&tot=2026-10-15",
    "tien dagen": "/wachtrij/?van=2026-10-10&tot=2026-10-20",
    "grond, domein, reden": "/wachtrij/?grond=afkomst&domein=werk&reden=onzeker",
    "vijf filters": "/wachtrij/?bedoeling=unia&grond=afkomst&doorverwezen=unia&domein=werk&taal=nl",
    "reden, status, dagen, taal": "/wachtrij/?reden=onzeker&status=klaar&van=2026-10-10&taal=nl",
    "zoeken, zeldzaam woord": "/wachtrij/?q=zeldzaamwoord",
    "zoeken, gewoon woord (14 %)": "/wachtrij/?q=discriminatie",
    "zoeken, heel gewoon woord": "/wachtrij/?q=mijn",
    "zoeken, twee woorden": "/wachtrij/?q=klacht+school",
    "zoeken met reden": "/wachtrij/?q=school&reden=nood",
    "zoeken met bedoeling": "/wachtrij/?q=mijn&bedoeling=unia",
    "diepe bladzijde": "/wachtrij/?na=5~1792000000.0~1",
    "diep, gefilterd": "/wachtrij/?taal=nl&na=5~1792000000.0~1",
    "diep, zoekend": "/wachtrij/?q=discriminatie&na=5~1792000000.0~1",
    "gesprek": "/gesprek/{number}/",
    "gesprek, in een gefilterde weergave": "/gesprek/{number}/?grond=afkomst&domein=werk",
    "gesprek, in een zoekende weergave": "/gesprek/{number}/?q=discriminatie",
}


def main() -> None:
    """Measure both databases and write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=100_000, help="conversations")
    parser.add_argument("--times", type=int, default=20, help="requests per page")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        _child(given.count, given.times, Path(given.child))
        return
    with tempfile.TemporaryDirectory(prefix="review-queue-") as folder:
        Path(folder).chmod(0o755)
        found = {"SQLite": _measure(given, Path(folder) / "sqlite", None)}
        spec = importlib.util.spec_from_file_location(
            "postgres_server", REVIEW.parent / "tests" / "postgres_server.py"
        )
        assert spec is not None and spec.loader is not None
        server = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(server)
        if reason := server.why_not():
            print(reason)
        else:
            own = Path(folder) / "server"
            own.mkdir()
            with server.started(own) as url:
                found["PostgreSQL"] = _measure(given, Path(folder) / "postgres", url)
    RESULT.write_text(_table(found, given.count, given.times), encoding="utf-8")
    print(RESULT.read_text(encoding="utf-8"))


def _measure(given: argparse.Namespace, folder: Path, url: str | None) -> dict[str, Any]:
    """Measure in a process of its own, since Django knows one set of databases per process."""
    folder.mkdir()
    answer = folder / "measured.json"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STADSBOT_")}
    environment |= {
        "STADSBOT_VAR_DIR": str(folder),
        "STADSBOT_SECRET": "a secret for benchmarks",
        "PYTHONHASHSEED": "0",
    }
    if url:
        environment["STADSBOT_DB_URL"] = url
    command = [
        sys.executable,
        "-m",
        "benchmarks.queue",
        "--child",
        str(answer),
        "--count",
        str(given.count),
        "--times",
        str(given.times),
    ]
    subprocess.run(command, cwd=REVIEW, env=environment, check=True)
    measured: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
    return measured


def _child(count: int, times: int, answer: Path) -> None:
    """Fill the database of the environment and measure; writes what was found to ``answer``."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "console.settings")
    import django

    django.setup()
    from django.contrib.auth.models import Group, User
    from django.core.management import call_command
    from django.db import connection, transaction

    from benchmarks.dataset import conversations, load

    call_command("migrate", verbosity=0)
    people = []
    for name in ("ann", "bert"):
        person = User.objects.create(username=name)
        person.groups.add(Group.objects.get(name="beoordelaar"))
        people.append(person)
    started = time.monotonic()
    with transaction.atomic():
        load(conversations(count, tuple(person.pk for person in people)))
    loaded = time.monotonic() - started
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    print(f"{connection.vendor}: {count} conversations loaded in {loaded:.0f} s, measuring", flush=True)
    found = {"version": _version(), "loaded": loaded, **_waits(count, times, people[0])}
    answer.write_text(json.dumps(found))


def _version() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT version()"
            if connection.vendor == "postgresql"
            else "SELECT 'SQLite ' || sqlite_version()"
        )
        return " ".join(str(cursor.fetchone()[0]).split()[:2])


def _waits(count: int, times: int, person: Any) -> dict[str, dict[str, list[float]]]:
    """Ask every page ``times`` times; returns milliseconds of waiting and of the processor, by page."""
    from django.test import Client

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    waits: dict[str, list[float]] = {name: [] for name in PAGES}
    processor: dict[str, list[float]] = {name: [] for name in PAGES}
    for turn in range(times + 1):
        for name, path in PAGES.items():
            address = path.format(number=1 + (turn * 7919) % count)
            began, used = time.perf_counter(), time.process_time()
            response = client.get(address)
            took = time.perf_counter() - began
            assert response.status_code == 200, (address, response.status_code)
            if turn:  # the first round fills caches: templates, titles, pages of the database
                waits[name].append(took * 1_000)
                processor[name].append((time.process_time() - used) * 1_000)
    return {"waits": waits, "processor": processor}


def _table(found: dict[str, dict[str, Any]], count: int, times: int) -> str:
    load = os.getloadavg()[2]
    lines = [
        "# Review console: pages with many conversations",
        "",
        f"{count:,} conversations of 7 messages, fixed seed; {times} requests per page after one to warm up, through Django's test client",
        f"(all of the console, no network), one after the other. {os.cpu_count()} processors, {platform.machine()}; load average of the last "
        f"15 minutes {load:.1f}: above the number of processors",
        "the waits tell of the machine's other work too. Milliseconds: shortest wait, median and 95th percentile, and the median processor",
        f"time of the console's own process (SQLite runs in it, PostgreSQL does not). Target: p95 of at most {TARGET:.0f}; bold is above it.",
        "Made by `python -m benchmarks.queue` in `review/`.",
        "",
    ]
    names = list(found)
    lines.append("| page | " + " | ".join(f"{name} min | p50 | p95 | cpu" for name in names) + " |")
    lines.append("| --- |" + " ---: | ---: | ---: | ---: |" * len(names))
    for page in PAGES:
        cells = [_cells(found[name]["waits"][page], found[name]["processor"][page]) for name in names]
        lines.append(f"| {page} | " + " | ".join(cells) + " |")
    every = [[_flat(found[name][what]) for what in ("waits", "processor")] for name in names]
    lines.append("| **all pages together** | " + " | ".join(_cells(*pair) for pair in every) + " |")
    lines += [
        "",
        *(f"{name}: {found[name]['version']}, loaded in {found[name]['loaded']:.0f} s." for name in names),
        "",
    ]
    return "\n".join(lines)


def _cells(waits: list[float], used: list[float]) -> str:
    high = _p95(waits)
    bold = "**" if high > TARGET else ""
    return f"{min(waits):.0f} | {statistics.median(waits):.0f} | {bold}{high:.0f}{bold} | {statistics.median(used):.0f}"


def _flat(pages: dict[str, list[float]]) -> list[float]:
    return [value for values in pages.values() for value in values]


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


if __name__ == "__main__":
    main()
