"""The menu: one entry per page group, shown to whom may open it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from accounts.access import Right


@dataclass(frozen=True)
class Entry:
    """``name`` is a URL name; ``current`` is set for the group that the present page belongs to."""

    title: str
    name: str
    right: Right
    url: str = ""
    current: bool = False


_ENTRIES = (
    Entry("Wachtrij", "conversations:queue", Right.READ),
    Entry("Voorstellen", "corrections:proposals", Right.PROPOSE),
    Entry("Antwoorden", "figures:answers", Right.READ),
    Entry("Onbeantwoord", "figures:unanswered", Right.READ),
    Entry("Cijfers", "figures:statistics", Right.READ),
    Entry("Gebruikers", "accounts:users", Right.MANAGE),
    Entry("Logboek", "accounts:audit", Right.AUDIT),
)


def menu_for(request: HttpRequest) -> list[Entry]:
    """Return the entries that the signed-in person may open; nobody signed in: none."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    shown = []
    for entry in _ENTRIES:
        if not user.has_perm(entry.right.permission):
            continue
        try:
            url = reverse(entry.name)
        except NoReverseMatch:
            continue
        shown.append(Entry(entry.title, entry.name, entry.right, url, request.path.startswith(url)))
    return shown
