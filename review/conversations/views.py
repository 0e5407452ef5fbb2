"""The queue and the reading of one conversation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Right, needs
from accounts.audit import record
from accounts.wording import counted
from console.numbers import whole_number
from conversations import titles
from conversations.filters import Filters, chips, reviewers
from conversations.history import history
from conversations.models import Conversation, Facet, Message, SavedFilter
from conversations.queue import COUNTED, PAGE, Position, Queue
from conversations.reading import leaves_on, read, sorted_reasons
from conversations.search import Search

_SPAN = re.compile(r"(\d{1,6})-(\d{1,6})")
_KEPT = 30  # saved filters per person
_INTENTS_SHOWN = 3
_EXCERPT = 220  # characters


@dataclass(frozen=True)
class Row:
    """A conversation in the queue. ``excerpt``: the message that was found, or else the longest, in pieces (text, marked)."""

    conversation: Conversation
    reasons: list[Facet.Reason]
    intents: list[str]
    excerpt: list[tuple[str, bool]]

    @property
    def source(self) -> str:
        """The channel by which the citizen came."""
        return titles.source(self.conversation.channel)


@require_safe
@needs(Right.READ)
def queue(request: HttpRequest) -> HttpResponse:
    """Show conversations, those that need eyes first."""
    filters, form = Filters.read(request.GET, request.user)
    wanted = Queue(filters)
    after, before = Position.read(request.GET.get("na", "")), Position.read(request.GET.get("voor", ""))
    page = wanted.page(after, before)
    total = len(page.conversations) if not (page.before or page.after) else wanted.size()
    record(request.user, "wachtrij.gelezen", detail=counted(len(page.conversations), "gesprek", "gesprekken"))
    query = filters.query()
    context = {
        "form": form,
        "filters": filters,
        "chips": chips(form, filters),
        "rows": _rows(page.conversations, wanted.search),
        "query": query,
        "page": page,
        "total": total,
        "many": total is not None and total > COUNTED,
        "counted": COUNTED,
        "page_size": PAGE,
        "saved": SavedFilter.objects.filter(owner_id=request.user.pk),
        "current": next(
            (s for s in SavedFilter.objects.filter(owner_id=request.user.pk) if s.query == query), None
        ),
    }
    return render(request, "conversations/queue.html", context)


def _rows(conversations: list[Conversation], search: Search) -> list[Row]:
    names = [conversation.pseudonym for conversation in conversations]
    facets: dict[str, dict[str, list[str]]] = {name: {} for name in names}
    # All facets of these: with the kind in the condition, SQLite goes through every conversation's.
    for name, kind, value in Facet.objects.filter(conversation_id__in=names).values_list(
        "conversation_id", "kind", "value"
    ):
        facets[str(name)].setdefault(kind, []).append(value)
    said: dict[str, list[tuple[str, bool]]] = {}
    telling: dict[str, str] = {}  # the longest message: a greeting says nothing
    told = Message.objects.filter(conversation_id__in=names, kind=Message.Kind.CITIZEN).order_by("timestamp")
    for key, text in told.values_list("conversation_id", "text"):
        talk = str(key)
        if len(text) > len(telling.get(talk, "")):
            telling[talk] = text
        if not search.empty and talk not in said:
            pieces = search.marks(text)
            if any(marked for _, marked in pieces):
                said[talk] = pieces
    known = set(Facet.Reason.values)
    return [
        Row(
            conversation,
            sorted_reasons(
                Facet.Reason(value) for value in facets[name].get(Facet.Kind.REASON, ()) if value in known
            ),
            [titles.intent(value) for value in facets[name].get(Facet.Kind.INTENT, ())[:_INTENTS_SHOWN]],
            _cut(said.get(name) or [(telling.get(name, ""), False)]),
        )
        for name, conversation in zip(names, conversations, strict=True)
    ]


def _cut(pieces: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Keep about `_EXCERPT` characters, with the first word that was found among them."""
    lead, *rest = [piece for piece in pieces if piece[0]] or [("", False)]
    if rest and len(lead[0]) > _EXCERPT // 2:
        lead = ("… " + lead[0][-_EXCERPT // 2 :], lead[1])
    cut, left = [], _EXCERPT
    for text, marked in [lead, *rest]:
        if left > 0 and text:
            cut.append((text if len(text) <= left else text[:left].rstrip() + " …", marked))
        left -= len(text)
    return cut


@require_POST
@needs(Right.READ)
def save_filter(request: HttpRequest) -> HttpResponse:
    """Keep the present view of the queue under a name; a name that is there already takes the new view."""
    filters, _ = Filters.read(request.GET, request.user)
    name = request.POST.get("naam", "").strip()[:60]
    mine = SavedFilter.objects.filter(owner_id=request.user.pk)
    if not name:
        messages.error(request, "Geef de weergave een naam.")
    elif mine.exclude(name=name).count() >= _KEPT:
        messages.error(request, f"Je kan {_KEPT} weergaven bewaren. Verwijder er eerst een.")
    else:
        SavedFilter.objects.update_or_create(
            owner_id=request.user.pk, name=name, defaults={"query": filters.query()}
        )
        record(request.user, "weergave.bewaard")
        messages.success(request, f"Weergave “{name}” is bewaard.")
    return redirect(f"{reverse('conversations:queue')}?{filters.query()}")


@require_POST
@needs(Right.READ)
def remove_filter(request: HttpRequest, number: int) -> HttpResponse:
    """Forget a saved view of one's own."""
    saved = get_object_or_404(SavedFilter, pk=number, owner_id=request.user.pk)
    record(request.user, "weergave.verwijderd")
    messages.success(request, f"Weergave “{saved.name}” is verwijderd.")
    saved.delete()
    return redirect("conversations:queue")


@require_safe
@needs(Right.READ)
def conversation(request: HttpRequest, number: int) -> HttpResponse:
    """Show a conversation, or a part of a long one; htmx gets only the part that it asked for."""
    shown = get_object_or_404(Conversation.objects.select_related("assignee"), pk=number)
    filters, _ = Filters.read(request.GET, request.user)
    span = _SPAN.fullmatch(request.GET.get("deel", ""))
    extra = _SPAN.fullmatch(request.GET.get("extra", ""))
    wanted = extra or span
    part = read(
        shown,
        (int(wanted[1]), int(wanted[2])) if wanted else None,
        whole_number(request.GET.get("bij", "")),
        continued=bool(extra and span and int(extra[1]) >= int(span[2])),
    )
    record(request.user, "gesprek.gelezen", shown, f"berichten {part.start + 1} tot {part.end}")
    may_review = request.user.has_perm(Right.REVIEW.permission)
    context: dict[str, Any] = {
        "conversation": shown,
        "part": part,
        "query": filters.query(),
        "may_review": may_review,
    }
    if extra:
        start, end = (int(span[1]), int(span[2])) if span else (part.start, part.end)
        context |= {"whole_start": start, "whole_end": end, "forward": int(extra[1]) >= end}
        return render(request, "conversations/_part.html", context)
    wanted_queue = Queue(filters)
    context |= {
        "whole_start": part.start,
        "whole_end": part.end,
        "source": titles.source(shown.channel),
        "languages": [
            titles.language(code)
            for code in Facet.objects.filter(conversation=shown, kind=Facet.Kind.LANGUAGE).values_list(
                "value", flat=True
            )
        ],
        "next": wanted_queue.neighbour(shown),
        "previous": _came_from(request) or wanted_queue.neighbour(shown, backwards=True),
        "leaves": leaves_on(shown),
        "people": reviewers() if may_review else [],
        "history": history(shown),
        "statuses": Conversation.Status,
    }
    return render(request, "conversations/reading.html", context)


def _came_from(request: HttpRequest) -> Conversation | None:
    """Return the conversation that was just handled and is out of this view since."""
    number = whole_number(request.GET.get("vorig", ""))
    return None if number is None else Conversation.objects.filter(pk=number).first()
