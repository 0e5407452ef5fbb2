"""The queue as a query: one page of it, its size, and what stands before and after a conversation.

With 100,000 conversations no plan is fast for every filter, so the smallest set of conversations is looked for first, by
counts that stop at `FEW`. A small set is fetched and sorted. Otherwise the queue is walked in order, through the index of a
facet or of all conversations, and each row is asked the rest. Pages follow each other by key, never by number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce, Concat
from django.db.models.lookups import Exact, GreaterThanOrEqual, LessThan

from conversations.filters import MINE, NOBODY, Filters
from conversations.models import Conversation, Facet
from conversations.search import Search

PAGE = 50
FEW = 3_000  # a set that is quicker fetched than walked around
WIDE = 20_000  # sets are compared up to this size
COUNTED = 1_000  # from here on the size is told as "more than"

Key = tuple[int, float, str]  # attention, last_at, pseudonym


@dataclass(frozen=True)
class Position:
    """Where a conversation stands; ``text`` is how it is written in an address."""

    attention: int
    last_at: float
    number: int

    @classmethod
    def of(cls, conversation: Conversation) -> Position:
        """Return the position of a conversation."""
        return cls(conversation.attention, conversation.last_at, conversation.pk)

    @classmethod
    def read(cls, text: str) -> Position | None:
        """Read `text` back; None for what is none."""
        try:
            attention, last_at, number = text.split("~")
            return cls(int(attention), float(last_at), int(number))
        except ValueError:
            return None

    @property
    def text(self) -> str:
        """The position as one word."""
        return f"{self.attention}~{self.last_at!r}~{self.number}"


@dataclass(frozen=True)
class Page:
    """Conversations of one page; ``before`` and ``after`` are positions to go on from, where there is more."""

    conversations: list[Conversation]
    before: Position | None
    after: Position | None


# What each order sorts by: field and whether it descends. The pseudonym decides between equals.
_ORDERS: dict[str, tuple[tuple[str, bool], ...]] = {
    "": (("attention", True), ("last_at", True)),
    "nieuwste": (("last_at", True),),
    "oudste": (("last_at", False),),
}


class Queue:
    """The conversations that meet some filters, in their order."""

    def __init__(self, filters: Filters) -> None:
        """Choose the plan; costs one short count per filter."""
        self.filters = filters
        self.order = _ORDERS[filters.volgorde]
        self.search = Search(filters.q)
        self.nothing = bool(filters.q) and self.search.empty
        self._facets = filters.facets()
        self._many_hits = False
        self.small = False
        self._base: Callable[[], QuerySet[Any]] = Conversation.objects.all
        sizes = [(counted.order_by()[:WIDE].count(), rows) for counted, rows in self._sets()]
        facets = dict(zip(self._facets, (size for size, _ in sizes), strict=False))
        if not self.search.empty:
            hits = self.search.hits(FEW)
            self._many_hits = hits >= FEW
            sizes.append(
                (hits if hits < FEW else WIDE, lambda: Conversation.objects.filter(self.search.few()))
            )
        size, smallest = min(sizes, key=lambda pair: pair[0], default=(WIDE, self._base))
        self._walked: tuple[str, str] | None = None
        self._searched = False  # whether the base of the plan is the search
        if size < FEW:
            self.small, self._base = True, smallest
            self._searched = not self.search.empty and smallest is sizes[-1][1]
        elif facets:
            self._walked = min(facets, key=lambda facet: facets[facet])
            self._base = self._walk_facet

    def _sets(self) -> list[tuple[QuerySet[Any], Callable[[], QuerySet[Any]]]]:
        """Return what to count for each set that the filters name, and the conversations of that set."""
        everybody = Conversation.objects
        sets: list[tuple[QuerySet[Any], Callable[[], QuerySet[Any]]]] = []
        for kind, value in self._facets:
            facets = Facet.objects.filter(kind=kind, value=value).order_by()
            sets.append((facets, partial(everybody.filter, pseudonym__in=facets.values("conversation_id"))))
        if self._between():
            days = everybody.filter(self._between()).order_by()
            sets.append((days, partial(everybody.filter, pk__in=days.values("pk"))))
        for condition in (self._status(), self._source(), self._person()):
            if condition:
                sets.append((everybody.filter(condition), partial(everybody.filter, condition)))
        return sets

    def page(self, after: Position | None = None, before: Position | None = None) -> Page:
        """Return the first page, the one after a position, or the one before it."""
        if self.nothing:
            return Page([], None, None)
        start = before or after
        found = self._names(start, PAGE + 1, backwards=before is not None)
        more, found = len(found) > PAGE, found[:PAGE]
        if before is not None:
            found.reverse()
        by_name = Conversation.objects.select_related("assignee").in_bulk(found, field_name="pseudonym")
        shown = [by_name[name] for name in found if name in by_name]
        if not shown:
            return Page([], None, None)
        has_before = more if before is not None else after is not None
        has_after = more if before is None else True
        return Page(
            shown,
            Position.of(shown[0]) if has_before else None,
            Position.of(shown[-1]) if has_after else None,
        )

    def neighbour(self, conversation: Conversation, backwards: bool = False) -> Conversation | None:
        """Return the conversation after this one (or before), also when this one no longer meets the filters."""
        found = [] if self.nothing else self._names(Position.of(conversation), 1, backwards)
        return Conversation.objects.filter(pseudonym=found[0]).first() if found else None

    def size(self) -> int | None:
        """Return how many there are, up to `COUNTED` + 1; None where counting would take long."""
        if self.nothing:
            return 0
        conditions = (self._between(), self._status(), self._source(), self._person())
        chosen = len(self._facets) + (not self.search.empty) + sum(map(bool, conditions))
        if not self.small and (chosen > 1 or self._many_hits):
            return None
        return int(self._conditions(self._base()).order_by()[: COUNTED + 1].count())

    def _names(self, start: Position | None, limit: int, backwards: bool) -> list[str]:
        rows = self._conditions(self._base())
        key = "conversation_id" if self._walked else "pseudonym"
        order = [(name, down != backwards) for name, down in (*self.order, (key, False))]
        if start is not None:
            rows = rows.filter(self._beyond(start, order))
        rows = rows.order_by(*[OrderBy(F(name), descending=down) for name, down in order])
        return list(rows.values_list(key, flat=True)[:limit])

    def _beyond(self, start: Position, order: list[tuple[str, bool]]) -> Q:
        """Condition for what comes after ``start``; the first field also alone, so that an index can start there."""
        name = Conversation.objects.filter(pk=start.number).values_list("pseudonym", flat=True).first() or ""
        values: dict[str, Any] = {"attention": start.attention, "last_at": start.last_at}
        beyond, same = Q(), Q()
        for field, down in order:
            value = values.get(field, name)
            beyond |= same & Q(**{f"{field}__{'lt' if down else 'gt'}": value})
            same &= Q(**{field: value})
        first, down = order[0]
        return Q(**{f"{first}__{'lte' if down else 'gte'}": values[first]}) & beyond

    def _conditions(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Add what the base of the plan does not already say."""
        key = "conversation_id" if self._walked else "pseudonym"
        for kind, value in self._facets:
            if (kind, value) != self._walked:
                rows = rows.filter(
                    Exists(Facet.objects.filter(kind=kind, value=value, conversation=OuterRef(key)))
                )
        if self._walked:
            rows = rows.filter(self._between(opaque=not self._by_time()))
            own = Conversation.objects.filter(self._columns(), pseudonym=OuterRef(key))
            if self._many_hits:
                own = own.annotate(**self.search.annotations()).filter(self.search.many())
            return rows.filter(Exists(own)) if self._columns() or self._many_hits else rows
        if self._many_hits:
            rows = rows.annotate(**self.search.annotations()).filter(self.search.many())
        elif not self.search.empty and not self._searched:
            rows = rows.filter(self.search.few())
        return rows.filter(self._columns(), self._between(opaque=self.small or not self._by_time()))

    def _by_time(self) -> bool:
        return self.order[0][0] == "last_at"

    def _status(self) -> Q:
        chosen = self.filters.status
        return Q(status=chosen) if chosen not in ("", "alle") else Q()

    def _source(self) -> Q:
        return Q(channel=self.filters.kanaal) if self.filters.kanaal else Q()

    def _person(self) -> Q:
        chosen = self.filters.wie
        return Q(assignee_id=self._assignee()) if chosen not in ("", NOBODY) else Q()

    def _columns(self) -> Q:
        """Condition on the conversation's own columns, in a form that SQLite does not choose an index for."""
        chosen = self.filters
        condition = Q()
        if chosen.status == "":
            condition &= ~Q(status=Conversation.Status.DONE)
        elif chosen.status != "alle":
            condition &= _plain("status", chosen.status)
        if chosen.kanaal:
            condition &= _plain("channel", chosen.kanaal)
        if chosen.wie:
            condition &= Q(Exact(Coalesce("assignee_id", 0), Value(self._assignee())))
        return condition

    def _assignee(self) -> int:
        """Return the number of the person chosen; 0 for nobody, -1 for somebody unknown."""
        chosen = self.filters
        if chosen.wie == NOBODY:
            return 0
        if chosen.wie == MINE:
            return getattr(chosen.user, "pk", None) or -1
        return User.objects.filter(username=chosen.wie).values_list("pk", flat=True).first() or -1

    def _between(self, opaque: bool = False) -> Q:
        """Condition on the days; ``opaque``: in a form that SQLite does not choose an index for."""
        last: Any = F("last_at") + 0.0 if opaque and connection.vendor == "sqlite" else F("last_at")
        condition = Q()
        if (since := self.filters.since()) is not None:
            condition &= Q(GreaterThanOrEqual(last, Value(since)))
        if (until := self.filters.until()) is not None:
            condition &= Q(LessThan(last, Value(until)))
        return condition

    def _walk_facet(self) -> QuerySet[Any]:
        kind, value = self._walked or ("", "")
        return Facet.objects.filter(kind=kind, value=value)


def _plain(field: str, value: str) -> Q:
    """Condition that a text column has a value; PostgreSQL knows from its statistics how to meet it, SQLite must not guess."""
    if connection.vendor != "sqlite":
        return Q(**{field: value})
    return Q(Exact(Concat(field, Value("")), Value(value)))
