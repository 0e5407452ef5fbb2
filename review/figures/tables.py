"""A table of figures: one object from which the page, its chart and its CSV file are made, so that they cannot differ."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.dateformat import format as written

Value = str | int | float | date | None
HIDDEN = "minder dan 5"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Row:
    """One line. ``values`` as in ``Table.columns`` without the first; a number that is None is hidden as too small."""

    label: str
    values: tuple[Value, ...]
    link: str = ""
    bar: float | None = None  # length of its bar, 0 to 100


@dataclass(frozen=True)
class Bar:
    """A column of a chart over time: place and size in a box of 1000 by 100, and what it stands for."""

    x: float
    y: float
    width: float
    height: float
    title: str


@dataclass(frozen=True)
class Chart:
    """Columns over time; ``top`` is the value at the upper edge."""

    bars: tuple[Bar, ...]
    top: int
    first: str
    last: str
    summary: str


@dataclass(frozen=True)
class Table:
    """``columns`` are headings, the first one of the labels; ``note`` says how to read it, ``empty`` what stands there without rows."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    note: str = ""
    empty: str = "Niets geteld in deze periode."
    chart: Chart | None = None
    folded: bool = False
    wide: bool = False

    @property
    def headings(self) -> tuple[tuple[str, bool], ...]:
        """The columns, and whether numbers stand under each."""
        words = {
            place
            for row in self.rows
            for place, value in enumerate(row.values, start=1)
            if not is_number(value)
        }
        return tuple((title, place not in words | {0}) for place, title in enumerate(self.columns))

    @property
    def bars(self) -> bool:
        """Whether rows have bars."""
        return any(row.bar is not None for row in self.rows)

    def csv(self) -> str:
        """Return the table as CSV for a spreadsheet in Dutch: semicolons, decimal commas, ISO dates, nothing that it would take for a formula."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerow([_cell(title) for title in self.columns])
        for row in self.rows:
            writer.writerow([_cell(row.label), *(_cell(value) for value in row.values)])
        return out.getvalue()


def _cell(value: Value) -> str:
    if value is None:
        return "<5"
    if isinstance(value, str):
        text = value.replace("\0", "")
        return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
    if isinstance(value, date):
        return value.isoformat()
    return number(value).replace(".", "")


def is_number(value: Value) -> bool:
    """Whether a value is a count or a share; a hidden count is one too."""
    return not isinstance(value, (str, date))


def number(value: Value) -> str:
    """Write a value in Dutch: 1.234, 12,5 and 5 maart 2026."""
    if value is None:
        return HIDDEN
    if isinstance(value, date):
        return written(value, "j F Y")
    if isinstance(value, float):
        whole, _, part = f"{value:,.1f}".partition(".")
        return f"{whole.replace(',', '.')},{part}"
    return f"{value:,}".replace(",", ".") if isinstance(value, int) else value


def percent(part: int, whole: int) -> float | None:
    """Return the share in percent with one decimal; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def with_bars(rows: Sequence[Row], column: int = 0) -> tuple[Row, ...]:
    """Return the rows with a bar for the value in ``column``, the largest one full."""
    most = max((_size(row.values[column]) for row in rows), default=0.0)
    return tuple(
        Row(
            row.label, row.values, row.link, round(100 * _size(row.values[column]) / most, 1) if most else 0.0
        )
        for row in rows
    )


def over_time(points: Sequence[tuple[str, int]], unit: str) -> Chart | None:
    """Return a chart of values by label, in order; None for fewer than two points.

    Args:
        points: label and value.
        unit: what is counted, in the plural.
    """
    if len(points) < 2:
        return None
    top = _round_up(max(value for _, value in points))
    step = 1000 / len(points)
    gap = min(step * 0.15, 4.0)
    bars = []
    for place, (label, value) in enumerate(points):
        height = 100 * value / top
        bars.append(
            Bar(
                round(place * step + gap / 2, 2),
                round(100 - height, 2),
                round(step - gap, 2),
                round(height, 2),
                f"{label}: {number(value)} {unit}",
            )
        )
    most = max(points, key=lambda point: point[1])
    least = min(points, key=lambda point: point[1])
    summary = f"Kolommen van {points[0][0]} tot {points[-1][0]}: het meest op {most[0]} ({number(most[1])}), het minst op {least[0]} ({number(least[1])})."
    return Chart(tuple(bars), top, points[0][0], points[-1][0], summary)


def _size(value: Value) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def _round_up(value: int) -> int:
    """The next number from 1, 2 or 5 times a power of ten."""
    size = 1
    while True:
        for step in (1, 2, 5):
            if step * size >= value:
                return step * size
        size *= 10
