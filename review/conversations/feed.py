"""Reading the review log in the order of its ids, without missing a row that was committed late."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connections
from django.db.models import Max

from conversations.models import Erasure, FeedEvent

BATCH = 2_000  # rows
# Numbers are given out before a row is committed, so that with several writers a lower number can appear after a higher one.
GRACE = 600.0  # seconds that a number which was skipped is looked for
MAX_GAP = 1_000  # numbers in one hole that are looked for; a wider one comes from purging
MAX_WAITING = 5_000  # numbers looked for at once; the newest matter most
OVERLAP = 1_000  # numbers read again after a restart; what is known already is passed over
_FIELDS = ("id", "conversation", "timestamp", "type", "intent", "confidence", "answer", "text", "data")
Row = dict[str, Any]


class Feed:
    """A place in the review log. ``last`` is the highest number that was read."""

    def __init__(self, last: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Read on after ``last``, and a little before it."""
        self.last = max(0, last - OVERLAP)
        self._clock = clock
        self._gaps: dict[int, float] = {}  # number: until when it is looked for

    def read(self) -> list[Row]:
        """Return the next rows, oldest number first; empty when there is nothing new.

        Raises:
            django.db.Error: the database is away, or the table is not there yet.
        """
        rows = [
            *self._late(),
            *FeedEvent.objects.filter(id__gt=self.last).order_by("id").values(*_FIELDS)[:BATCH],
        ]
        ahead = [row["id"] for row in rows if row["id"] > self.last]
        if ahead:
            self._note_gaps(ahead)
        elif not rows:
            self._restarted()
        return rows

    def _late(self) -> list[Row]:
        now = self._clock()
        self._gaps = {number: until for number, until in self._gaps.items() if until > now}
        found: list[Row] = []
        waiting = sorted(self._gaps)
        for start in range(0, len(waiting), 500):
            found += (
                FeedEvent.objects.filter(id__in=waiting[start : start + 500]).order_by("id").values(*_FIELDS)
            )
        for row in found:
            self._gaps.pop(row["id"], None)
        return found

    def _note_gaps(self, numbers: Sequence[int]) -> None:
        before, until = self.last, self._clock() + GRACE
        for number in numbers:
            if number - before - 1 <= MAX_GAP:
                self._gaps.update(dict.fromkeys(range(before + 1, number), until))
            before = number
        for number in sorted(self._gaps)[:-MAX_WAITING]:
            del self._gaps[number]
        self.last = before

    def _restarted(self) -> None:
        """An emptied or replaced log may count from the start again."""
        highest = FeedEvent.objects.aggregate(highest=Max("id"))["highest"] or 0
        if highest < self.last:
            self.last, self._gaps = max(0, highest - OVERLAP), {}


def erased(conversations: Iterable[str]) -> dict[str, float]:
    """Return which of the conversations were erased in the last day, and when (seconds since 1970); see `bot.storage.erased`."""
    if Erasure._meta.db_table not in connections["feed"].introspection.table_names():
        return {}
    names = list(conversations)
    marks: dict[str, float] = {}
    for start in range(0, len(names), 500):
        found = Erasure.objects.filter(conversation__in=names[start : start + 500])
        marks.update(found.values_list("conversation", "at"))
    return marks
