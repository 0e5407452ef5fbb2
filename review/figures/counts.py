"""Reading the daily counts of the assistant."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db import OperationalError, ProgrammingError
from django.db.models import Sum

from figures.models import DailyCount
from figures.periods import Period


class Counts:
    """The counts of some days, summed: how often, by kind and name (`bot.storage.tallies` lists both)."""

    def __init__(self, kinds: dict[str, dict[str, int]]) -> None:
        """Wrap what was read."""
        self._kinds = kinds

    @classmethod
    def of(cls, period: Period) -> Counts:
        """Sum the days of a period; an assistant that never ran has counted nothing."""
        kinds: dict[str, dict[str, int]] = defaultdict(dict)
        for kind, name, count in _rows(period):
            kinds[kind][name] = count
        return cls(dict(kinds))

    def names(self, kind: str) -> dict[str, int]:
        """Return the counts of one kind; a sum below zero (a thumb taken back later) is none."""
        return {name: count for name, count in self._kinds.get(kind, {}).items() if count > 0}

    def total(self, kind: str) -> int:
        """Return the sum of one kind."""
        return sum(self.names(kind).values())


def per_day(period: Period, kind: str) -> dict[date, dict[str, int]]:
    """Return the counts of one kind by day, in order; days without any are left out."""
    days: dict[date, dict[str, int]] = defaultdict(dict)
    chosen = _of(period).filter(kind=kind).order_by("day", "name").values_list("day", "name", "count")
    try:
        for day, name, count in chosen:
            days[date.fromisoformat(day)][name] = count
    except (OperationalError, ProgrammingError):
        return {}
    return dict(days)


def _of(period: Period):  # type: ignore[no-untyped-def]
    return DailyCount.objects.filter(day__gte=period.first.isoformat(), day__lte=period.last.isoformat())


def _rows(period: Period) -> list[tuple[str, str, int]]:
    try:
        return list(_of(period).order_by().values_list("kind", "name").annotate(Sum("count")))
    except (OperationalError, ProgrammingError):
        return []
