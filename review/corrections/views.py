"""Judging and correcting a message."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Right, needs
from accounts.audit import record
from conversations.filters import Filters
from conversations.history import history_of, told
from conversations.models import Conversation, Message
from conversations.reading import step_of
from corrections.forms import JudgeForm, values
from corrections.intents import find
from corrections.judging import Conflict, Locked, judge, version
from corrections.models import Correction


@require_safe
@needs(Right.READ)
def step(request: HttpRequest, number: int) -> HttpResponse:
    """Show one message again, as it stands in its conversation; without htmx, the conversation at that message."""
    message, conversation = _found(number)
    if not getattr(request, "htmx", False):
        return redirect(_address(request, conversation, message))
    record(request.user, "bericht.gelezen", conversation)
    return _step(request, conversation, message)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Right.REVIEW)
def judgement(request: HttpRequest, number: int) -> HttpResponse:
    """Show or take the judgement of one message."""
    message, conversation = _found(number)
    there = Correction.objects.select_related("by").filter(message=message).first()
    if request.method != "POST":
        record(request.user, "bericht.gelezen", conversation)
        return _form(request, conversation, message, JudgeForm(message, None, there), version(there), there)
    form = JudgeForm(message, request.POST, there)
    seen = request.POST.get("versie", "")
    if not message.own_words:
        form.add_error(None, "Enkel wat een burger zelf schreef, kan je beoordelen.")
    if form.is_valid():
        try:
            judge(message, request.user, *form.outcome(), seen)
        except Conflict as conflict:
            return _form(
                request, conversation, message, form, version(conflict.correction), conflict.correction, True
            )
        except Locked:
            form.add_error(None, "Deze verbetering zit al in een voorstel en verandert niet meer.")
        else:
            if getattr(request, "htmx", False):
                return _step(request, conversation, message)
            messages.success(request, "Je oordeel is bewaard.")
            return redirect(_address(request, conversation, message))
    return _form(request, conversation, message, form, seen, there)


@require_safe
@needs(Right.REVIEW)
def intents(request: HttpRequest) -> HttpResponse:
    """Find intents; as JSON for the search box, as a page without scripts."""
    query = request.GET.get("zoek", "")[:200]
    hits = find(query)
    if request.GET.get("vorm") == "json":
        found = [{"name": h.choice.name, "title": h.choice.title, "example": h.example} for h in hits]
        return JsonResponse({"hits": found})
    return render(request, "corrections/intents.html", {"query": query, "hits": hits})


def _found(number: int) -> tuple[Message, Conversation]:
    message = get_object_or_404(Message, pk=number, kind=Message.Kind.CITIZEN)
    return message, get_object_or_404(Conversation, pseudonym=message.conversation_id)


def _query(request: HttpRequest) -> str:
    filters, _ = Filters.read(request.GET, request.user)
    return filters.query()


def _address(request: HttpRequest, conversation: Conversation, message: Message) -> str:
    query = _query(request)
    return f"{reverse('conversations:conversation', args=[conversation.pk])}?{query}{'&' if query else ''}bij={message.pk}#bericht-{message.pk}"


def _step(request: HttpRequest, conversation: Conversation, message: Message) -> HttpResponse:
    context = {
        "step": step_of(message),
        "conversation": conversation,
        "query": _query(request),
        "may_review": request.user.has_perm(Right.REVIEW.permission),
        "focus": True,
    }
    response = render(request, "conversations/_step.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = f"#bericht-{message.pk}", "outerHTML"
    return response


def _form(
    request: HttpRequest,
    conversation: Conversation,
    message: Message,
    form: JudgeForm,
    seen: str,
    there: Correction | None,
    conflict: bool = False,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "step": step_of(message),
        "message": message,
        "conversation": conversation,
        "query": _query(request),
        "back": _address(request, conversation, message),
        "version": seen,
        "there": there,
        "theirs": told(there) if there and conflict else "",
        "conflict": conflict,
        "values": values(),
        "history": history_of(there) if there else [],
        "inline": bool(getattr(request, "htmx", False)),
    }
    if context["inline"]:
        return render(request, "corrections/_form.html", context)
    status = 409 if conflict else 422 if form.is_bound else 200
    return render(request, "corrections/judge.html", context, status=status)
