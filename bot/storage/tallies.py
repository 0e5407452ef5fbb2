"""What is counted per day; no count is about one person, and only ground and domain are combined, since that is where to act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.engine import Engine

from bot.storage.log_rows import channel_of

# SQLite (from 3.24) and PostgreSQL share this form.
_ADD = text(
    "INSERT INTO statistics (day, kind, name, count) VALUES (:day, :kind, :name, :count) "
    "ON CONFLICT (day, kind, name) DO UPDATE SET count = statistics.count + excluded.count"
)


_BRUSSELS = ZoneInfo("Europe/Brussels")
# Upper bounds of the response times that are counted, in milliseconds; what takes longer counts as "meer".
_BUCKETS = (50, 100, 200, 500, 1_000, 2_000, 5_000)
_OUTCOMES = {
    "twijfel": "verduidelijking",
    "niet_begrepen": "niet_begrepen",
    "niet_begrepen_vraag": "niet_begrepen",
    "niet_begrepen_contact": "mislukt",
}
_REFERRAL = "utter_verwijzing"
_UNKNOWN = "onbekend"
Count = tuple[str, str, str]


def tally(events: Iterable[Mapping[str, Any]]) -> Iterator[Count]:
    """Yield ``(day, kind, name)`` for everything that the cleaned events of one turn count for.

    Kinds per event: ``gesprek``, ``bericht``, ``intent``, ``taal``, ``twijfel``, ``grond``, ``domein``, ``antwoord``, ``kanaal``
    (in a referral) and ``weggehaald`` (a kind of personal data that was redacted).

    Kinds per turn: ``ingang_bericht`` and ``ingang_gesprek`` (the channel of a message, and of the first one of a session),
    ``uur`` (of a message, 00–23 in Brussels), ``begrip`` (what became of a message: ``beantwoord``, ``verduidelijking``,
    ``niet_begrepen``, ``mislukt``), ``antwoordtijd`` (milliseconds from understanding a message to the first answer, as the upper
    bound of its bucket) and ``grond_domein`` (``ground|domain`` of a referral).
    """
    new, asked = False, None
    case: dict[str, Any] = {}
    for event in events:
        day = _day(event)
        yield from _alone(event, day)
        kind = event["event"]
        if kind == "session_started":
            new = True
        elif kind == "user":
            asked = event
            yield day, "ingang_bericht", channel_of(dict(event))
            if new:
                yield day, "ingang_gesprek", channel_of(dict(event))
            new = False
            yield day, "uur", f"{_moment(event).astimezone(_BRUSSELS):%H}"
        elif kind == "slot" and event.get("name") in {"grond", "domein"}:
            case[event["name"]] = event.get("value")
        elif kind == "bot":
            answer = str((event.get("metadata") or {}).get("utter_action") or "")
            if asked is not None:
                yield day, "begrip", _OUTCOMES.get(answer.removeprefix("utter_"), "beantwoord")
                yield day, "antwoordtijd", _bucket(asked, event)
                asked = None
            if answer == _REFERRAL:
                for ground in case.get("grond") or [_UNKNOWN]:
                    yield day, "grond_domein", f"{ground}|{case.get('domein') or _UNKNOWN}"


def thumb_counts(timestamp: float, answer: str, value: str, before: str | None) -> Counter[Count]:
    """Return the counts of a thumb: ``duim`` (``up`` or ``down``) and ``duim_antwoord`` (``answer|up``).

    The vote that it replaces is taken back, on the day of the new one: a day may come out below zero, the sum does not.
    """
    day = datetime.fromtimestamp(timestamp, tz=timezone.utc).date().isoformat()
    counts: Counter[Count] = Counter()
    for vote, change in ((value, 1), (before, -1)):
        if vote:
            counts[(day, "duim", vote)] += change
            counts[(day, "duim_antwoord", f"{answer}|{vote}")] += change
    return counts


def _alone(event: Mapping[str, Any], day: str) -> Iterator[Count]:
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


def _moment(event: Mapping[str, Any]) -> datetime:
    return datetime.fromtimestamp(event.get("timestamp") or 0.0, tz=timezone.utc)


def _day(event: Mapping[str, Any]) -> str:
    return _moment(event).date().isoformat()


def _bucket(asked: Mapping[str, Any], answered: Mapping[str, Any]) -> str:
    took = ((answered.get("timestamp") or 0.0) - (asked.get("timestamp") or 0.0)) * 1_000
    return next((str(bound) for bound in _BUCKETS if took <= bound), "meer")


def add(engine: Engine, counts: Counter[tuple[str, str, str]]) -> None:
    """Add counts to the statistics in one transaction."""
    if not any(counts.values()):
        return
    # In a fixed order, so that two writers cannot wait for each other's rows.
    rows = [{"day": d, "kind": k, "name": n[:64], "count": c} for (d, k, n), c in sorted(counts.items()) if c]
    with engine.begin() as connection:
        connection.execute(_ADD, rows)
