"""What is counted per day; no count is about one person and none is combined with another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import Engine

# SQLite (from 3.24) and PostgreSQL share this form.
_ADD = text(
    "INSERT INTO statistics (day, kind, name, count) VALUES (:day, :kind, :name, :count) "
    "ON CONFLICT (day, kind, name) DO UPDATE SET count = statistics.count + excluded.count"
)


def tally(event: Mapping[str, Any], day: str) -> Iterator[tuple[str, str, str]]:
    """Yield ``(day, kind, name)`` for everything that one cleaned event counts for.

    Kinds: ``gesprek``, ``bericht``, ``intent``, ``taal``, ``twijfel``, ``grond``, ``domein``, ``antwoord``, ``kanaal``
    (in a referral) and ``weggehaald`` (a kind of personal data that was redacted).
    """
    kind = event["event"]
    metadata = event.get("metadata") or {}
    if kind == "session_started":
        yield day, "gesprek", "nieuw"
    elif kind == "user":
        parse = event.get("parse_data") or {}
        yield day, "bericht", "burger"
        if intent := (parse.get("intent") or {}).get("name"):
            yield day, "intent", intent
        if language := parse.get("language"):
            yield day, "taal", language
        if (doubt := (parse.get("doubt") or {}).get("kind")) and doubt != "none":
            yield day, "twijfel", doubt
        for entity in parse.get("entities") or ():
            if entity.get("entity") in {"grond", "domein"}:
                yield day, str(entity["entity"]), str(entity["value"])
        for redacted in metadata.get("redacted", ()):
            yield day, "weggehaald", redacted
    elif kind == "bot":
        if answer := metadata.get("utter_action"):
            yield day, "antwoord", str(answer).removeprefix("utter_")
        custom = (event.get("data") or {}).get("custom") or {}
        for channel in custom.get("channels") or ():
            yield day, "kanaal", str(channel)


def add(engine: Engine, counts: Counter[tuple[str, str, str]]) -> None:
    """Add counts to the statistics in one transaction."""
    if not counts:
        return
    # In a fixed order, so that two writers cannot wait for each other's rows.
    rows = [{"day": d, "kind": k, "name": n[:64], "count": c} for (d, k, n), c in sorted(counts.items())]
    with engine.begin() as connection:
        connection.execute(_ADD, rows)
