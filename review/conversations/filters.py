"""The filters of the queue: read from the address, written back to it, and their choices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.core.cache import cache
from django.http import QueryDict

from accounts.access import Right
from conversations import titles
from conversations.models import BRUSSELS, Conversation, Facet
from conversations.widgets import QuickSelect

Choices = list[tuple[str, str]]
_ANY: Choices = [("", "alles")]
FACETS = {
    "reden": Facet.Kind.REASON,
    "bedoeling": Facet.Kind.INTENT,
    "grond": Facet.Kind.GROUND,
    "domein": Facet.Kind.DOMAIN,
    "doorverwezen": Facet.Kind.REFERRAL,
    "taal": Facet.Kind.LANGUAGE,
}
STATUS: Choices = [
    ("", "nog niet nagekeken"),
    (Conversation.Status.NEW, "nieuw"),
    (Conversation.Status.BUSY, "bezig"),
    (Conversation.Status.DONE, "nagekeken"),
    ("alle", "alle"),
]
SORTS: Choices = [("", "dringendste eerst"), ("nieuwste", "nieuwste eerst"), ("oudste", "oudste eerst")]
MINE, NOBODY = "mij", "niemand"
_NAMES = ("q", "status", *FACETS, "kanaal", "wie", "van", "tot", "volgorde")
_EMPTY: dict[str, Any] = {"van": None, "tot": None}  # what is no text
_MORE = frozenset(_NAMES) - {"q", "status", "reden", "volgorde"}


def reviewers() -> list[User]:
    """Return who may be given a conversation."""
    return list(
        User.objects.with_perm(
            Right.REVIEW.permission, backend="django.contrib.auth.backends.ModelBackend"
        ).order_by("username")
    )


def _seen(kind: str) -> list[str]:
    """The values that occur, from one look per five minutes."""

    def look() -> list[str]:
        if kind == "kanaal":
            return sorted(Conversation.objects.order_by().values_list("channel", flat=True).distinct())
        return sorted(Facet.objects.filter(kind=kind).order_by().values_list("value", flat=True).distinct())

    return cache.get_or_set(f"seen-{kind}", look, 300) or []


class FilterForm(forms.Form):
    """The form above the queue. An unknown value is dropped, not an error: addresses are shared and get old."""

    q = forms.CharField(label="Zoek in wat burgers schreven", required=False, max_length=200)
    status = forms.ChoiceField(label="Status", required=False, widget=QuickSelect, choices=STATUS)
    reden = forms.ChoiceField(label="Waarom nakijken", required=False, widget=QuickSelect)
    bedoeling = forms.ChoiceField(label="Bedoeling", required=False, widget=QuickSelect)
    grond = forms.ChoiceField(label="Grond", required=False, widget=QuickSelect)
    domein = forms.ChoiceField(label="Domein", required=False, widget=QuickSelect)
    doorverwezen = forms.ChoiceField(label="Doorverwezen naar", required=False, widget=QuickSelect)
    taal = forms.ChoiceField(label="Taal", required=False, widget=QuickSelect)
    kanaal = forms.ChoiceField(label="Binnengekomen via", required=False, widget=QuickSelect)
    wie = forms.ChoiceField(label="Toegewezen aan", required=False, widget=QuickSelect)
    van = forms.DateField(
        label="Van", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    tot = forms.DateField(
        label="Tot en met", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    volgorde = forms.ChoiceField(label="Volgorde", required=False, widget=QuickSelect, choices=SORTS)

    def __init__(self, data: Any = None) -> None:
        """Fill in the choices."""
        super().__init__(data, auto_id="filter-%s", label_suffix="")
        people = [(person.username, person.get_full_name() or person.username) for person in reviewers()]
        options: dict[str, Iterable[tuple[str, Any]]] = {
            "reden": Facet.Reason.choices,
            "bedoeling": grouped_intents(),
            "grond": titles.grounds().items(),
            "domein": titles.domains().items(),
            "doorverwezen": sorted(titles.channels().items(), key=lambda pair: pair[1].lower()),
            "taal": [(code, titles.language(code)) for code in _seen("taal")],
            "kanaal": [(name, titles.source(name)) for name in _seen("kanaal") if name],
            "wie": [(MINE, "mij"), (NOBODY, "niemand"), *people],
        }
        for name, choices in options.items():
            chosen = self.fields[name]
            assert isinstance(chosen, forms.ChoiceField)
            chosen.choices = [*_ANY, *choices]


def grouped_intents() -> list[tuple[str, Choices]]:
    """Return the intents as choices under their themes."""
    groups: dict[str, Choices] = {}
    for choice in titles.intents().values():
        groups.setdefault(choice.theme, []).append((choice.name, choice.title))
    return list(groups.items())


@dataclass(frozen=True)
class Filters:
    """What somebody chose. Each value is as in the address; empty means not chosen. Dates are days in Brussels."""

    q: str = ""
    status: str = ""
    reden: str = ""
    bedoeling: str = ""
    grond: str = ""
    domein: str = ""
    doorverwezen: str = ""
    taal: str = ""
    kanaal: str = ""
    wie: str = ""
    van: date | None = None
    tot: date | None = None
    volgorde: str = ""
    user: AbstractBaseUser | AnonymousUser | None = field(default=None, compare=False)

    @classmethod
    def read(
        cls, data: QueryDict, user: AbstractBaseUser | AnonymousUser | None
    ) -> tuple[Filters, FilterForm]:
        """Return the filters of an address, and the form that shows them."""
        form = FilterForm(data)
        form.is_valid()
        chosen: dict[str, Any] = {
            name: form.cleaned_data.get(name) or _EMPTY.get(name, "") for name in _NAMES
        }
        chosen["q"] = str(chosen["q"]).strip()
        return cls(**chosen, user=user), form

    def query(self) -> str:
        """Return the query string that `read` takes; without a page."""
        pairs = [(name, value) for name in _NAMES if (value := getattr(self, name))]
        return urlencode(
            [(name, value.isoformat() if isinstance(value, date) else value) for name, value in pairs]
        )

    def facets(self) -> list[tuple[str, str]]:
        """Return the kind and value of each facet chosen."""
        return [(str(kind), value) for name, kind in FACETS.items() if (value := getattr(self, name))]

    def more(self) -> int:
        """Count the chosen filters that are folded away."""
        return sum(bool(getattr(self, name)) for name in _MORE)

    def without(self, name: str) -> Filters:
        """Return these filters with one of them taken off."""
        values: dict[str, Any] = {name: _EMPTY.get(name, "")}
        return replace(self, **values)

    def since(self) -> float | None:
        """First moment of the first day, in seconds since 1970."""
        return _midnight(self.van) if self.van else None

    def until(self) -> float | None:
        """First moment after the last day, in seconds since 1970."""
        return _midnight(self.tot + timedelta(days=1)) if self.tot else None


def _midnight(day: date) -> float:
    return datetime.combine(day, time.min, tzinfo=BRUSSELS).timestamp()


def chips(form: FilterForm, filters: Filters) -> list[dict[str, str]]:
    """Return what is chosen as label, value, and the query string of the queue without it."""
    found = []
    for name in _NAMES:
        value = getattr(filters, name)
        if not value or name == "volgorde":
            continue
        shown = value.strftime("%d/%m/%Y") if isinstance(value, date) else _title(form, name, value)
        found.append(
            {"label": str(form.fields[name].label), "value": shown, "query": filters.without(name).query()}
        )
    return found


def _title(form: FilterForm, name: str, value: str) -> str:
    flat: dict[str, str] = {}
    for key, title in getattr(form.fields[name], "choices", ()):
        flat.update(title if isinstance(title, (list, tuple)) else [(key, title)])
    return str(flat.get(value, value))
