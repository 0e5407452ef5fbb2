"""The queue."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import Right, needs
from conversations.models import Conversation


@require_safe
@needs(Right.READ)
def queue(request: HttpRequest) -> HttpResponse:
    """Show conversations, those that need eyes first."""
    shown = Conversation.objects.order_by("-attention", "-last_at")[:50]
    return render(request, "conversations/queue.html", {"conversations": shown})
