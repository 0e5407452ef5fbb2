"""Erasing a conversation everywhere, with a search that proves it."""

from __future__ import annotations

from bot.privacy.erase import erase_conversation, search_conversation
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from accounts.access import Right, needs
from accounts.audit import record
from conversations.models import Conversation


@require_http_methods(["GET", "POST"])
@needs(Right.ERASE)
def erase(request: HttpRequest, number: int) -> HttpResponse:
    """Show what is kept of a conversation; on confirmation delete it from every store, as ``stadsbot privacy erase`` does."""
    conversation = get_object_or_404(Conversation, pk=number)
    privacy = settings.CONFIG.privacy
    if request.method != "POST":
        found = search_conversation(conversation.pseudonym, privacy)
        record(request.user, "gesprek.gezocht", conversation, "voor het wissen")
        return render(
            request, "conversations/erase.html", {"conversation": conversation, "found": found.items()}
        )
    done = erase_conversation(conversation.pseudonym, privacy)
    rows = [(title, count, done.left[title]) for title, count in done.deleted.items()]
    outcome = "niets meer gevonden" if done.confirmed else f"nog {sum(done.left.values())} rijen"
    record(request.user, "gesprek.gewist", conversation, f"{sum(done.deleted.values())} rijen; {outcome}")
    return render(
        request,
        "conversations/erased.html",
        {"done": done, "rows": rows},
        status=200 if done.confirmed else 500,
    )
