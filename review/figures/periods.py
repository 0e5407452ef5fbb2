"""Which days the figures are about, as chosen in an address, and the days they are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import urlencode

LONGEST = 731  # days of a period of one's own: two years
_MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]
_ONE = timedelta(days=1)


class Kind(StrEnum):
    """What people choose between; the value stands in the address."""

    WEEK = "week"
    MONTH = "maand"
    QUARTER = "kwartaal"
    OWN = "eigen"


@dataclass(frozen=True)
class Period:
    """Days from ``first`` to ``last``, both included. The counts' days are UTC days."""

    kind: Kind
    first: date
    last: date

    @classmethod
    def around(cls, kind: Kind, day: date) -> Period:
        """Return the week, month or quarter that ``day`` lies in."""
        if kind is Kind.WEEK:
            first = day - timedelta(days=day.weekday())
            return cls(kind, first, first + timedelta(days=6))
        months = 3 if kind is Kind.QUARTER else 1
        first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
        return cls(kind, first, _later(first, months) - _ONE)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def title(self) -> str:
        """What it is called in a heading."""
        if self.kind is Kind.MONTH:
            return f"{_MONTHS[self.first.month - 1]} {self.first.year}"
        if self.kind is Kind.QUARTER:
            return f"kwartaal {(self.first.month + 2) // 3} van {self.first.year}"
        span = f"{spoken(self.first)} tot en met {spoken(self.last)}"
        if self.kind is Kind.WEEK:
            year, week, _ = self.first.isocalendar()
            return f"week {week} van {year} ({span})"
        return span

    @property
    def query(self) -> str:
        """The query string that `read` takes."""
        if self.kind is Kind.OWN:
            return urlencode(
                {"soort": self.kind, "van": self.first.isoformat(), "tot": self.last.isoformat()}
            )
        return urlencode({"soort": self.kind, "op": self.first.isoformat()})

    @property
    def before(self) -> Period:
        """The period before it, equally long for one of one's own."""
        if self.kind is Kind.OWN:
            return Period(self.kind, self.first - timedelta(days=self.days), self.first - _ONE)
        return Period.around(self.kind, self.first - _ONE)

    @property
    def after(self) -> Period:
        """The period after it."""
        if self.kind is Kind.OWN:
            return Period(self.kind, self.last + _ONE, self.last + timedelta(days=self.days))
        return Period.around(self.kind, self.last + _ONE)

    def running(self, today: date) -> bool:
        """Whether it is not over yet."""
        return self.last >= today

    def compared(self, today: date) -> Period:
        """What to compare it with: the period before it, of a running one only as many days as have gone by."""
        before = self.before
        if not self.running(today):
            return before
        gone = max((today - self.first).days + 1, 1)
        return Period(Kind.OWN, before.first, min(before.last, before.first + timedelta(days=gone - 1)))


def read(chosen: Mapping[str, str], today: date) -> Period:
    """Return the period of an address; whatever is wrong in it gives the present month."""
    try:
        kind = Kind(chosen.get("soort") or Kind.MONTH)
    except ValueError:
        kind = Kind.MONTH
    if kind is not Kind.OWN:
        return Period.around(kind, day(chosen.get("op")) or today)
    first, last = day(chosen.get("van")), day(chosen.get("tot"))
    if first is None or last is None:
        return Period.around(Kind.MONTH, today)
    first, last = min(first, last), max(first, last)
    return Period(kind, max(first, last - timedelta(days=LONGEST - 1)), last)


def day(text: str | None) -> date | None:
    """Read an ISO date of this century; None for anything else."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 2000 <= found.year < 2100 else None


def spoken(moment: date) -> str:
    """Write a date as people read it ("3 november 2026")."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def _later(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 + months, 12)
    return first.replace(year=first.year + years, month=month + 1)
