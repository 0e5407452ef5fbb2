"""What a reviewer does with a conversation as a whole: its status, who looks after it, a note."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import Right, needs
from accounts.audit import record
from conversations.filters import Filters, reviewers
from conversations.history import ASSIGNED, NOTED, STATUS
from conversations.models import Conversation
from conversations.queue import Queue
from corrections.models import Note

_NOTE = 1_000  # characters


@require_POST
@needs(Right.REVIEW)
def status(request: HttpRequest, number: int) -> HttpResponse:
    """Change the status, unless somebody else did so since the page was made; with ``verder`` go on to the next."""
    wanted = request.POST.get("status", "")
    filters, _ = Filters.read(request.GET, request.user)
    with transaction.atomic():
        conversation = get_object_or_404(Conversation.objects.select_for_update(), pk=number)
        before = conversation.get_status_display()
        if wanted not in Conversation.Status.values:
            messages.error(request, "Die status bestaat niet.")
        elif conversation.status != request.POST.get("was") and conversation.status != wanted:
            messages.error(
                request, f"Intussen zette iemand anders dit gesprek op “{before}”. Kijk na en kies opnieuw."
            )
            return _back(request, number)
        elif conversation.status != wanted:
            conversation.status = wanted
            conversation.save(update_fields=["status"])
            after = conversation.get_status_display()
            record(request.user, STATUS, conversation, f"{before} → {after}")
            messages.success(request, f"Gesprek {number} staat op “{after}”.")
    if "verder" in request.POST:
        view = Queue(filters)
        following = view.neighbour(conversation)
        if following is not None:
            # Handled, it may be out of this view; "previous" should lead back to it all the same.
            known = view.neighbour(following, backwards=True) == conversation
            return _back(request, following.pk, came_from=None if known else conversation.pk)
        messages.info(request, "Dat was het laatste gesprek van deze weergave.")
        return redirect(f"{reverse('conversations:queue')}?{filters.query()}")
    return _back(request, number)


@require_POST
@needs(Right.REVIEW)
def assign(request: HttpRequest, number: int) -> HttpResponse:
    """Give the conversation to a reviewer, or to nobody, unless somebody else did so since the page was made."""
    people = {str(person.pk): person for person in reviewers()}
    wanted = request.POST.get("wie", "")
    if wanted and wanted not in people:
        messages.error(request, "Die persoon kan geen gesprekken beoordelen.")
        return _back(request, number)
    with transaction.atomic():
        conversation = get_object_or_404(Conversation.objects.select_for_update(), pk=number)
        now = str(conversation.assignee_id or "")
        if now != request.POST.get("was", "") and now != wanted:
            holder = conversation.assignee.get_username() if conversation.assignee else "niemand"
            messages.error(
                request, f"Intussen is dit gesprek toegewezen aan {holder}. Kijk na en kies opnieuw."
            )
        elif now != wanted:
            conversation.assignee = people.get(wanted)
            conversation.save(update_fields=["assignee"])
            name = conversation.assignee.get_username() if conversation.assignee else "niemand"
            record(request.user, ASSIGNED, conversation, f"aan {name}")
            messages.success(request, f"Gesprek {number} is toegewezen aan {name}.")
    return _back(request, number)


@require_POST
@needs(Right.REVIEW)
def note(request: HttpRequest, number: int) -> HttpResponse:
    """Add a note; notes of others stay as they are, so two at once lose nothing."""
    conversation = get_object_or_404(Conversation, pk=number)
    text = request.POST.get("tekst", "").strip()
    if not text:
        messages.error(request, "Schrijf eerst iets in de notitie.")
    elif len(text) > _NOTE:
        messages.error(request, f"Een notitie heeft hoogstens {_NOTE} tekens.")
    else:
        Note.objects.create(conversation=conversation, text=text, by_id=request.user.pk)
        record(request.user, NOTED, conversation, "toegevoegd")
        messages.success(request, "De notitie is bewaard.")
    return _back(request, number)


def _back(request: HttpRequest, number: int, came_from: int | None = None) -> HttpResponse:
    """Return to the page of a conversation, in the same view of the queue."""
    filters, _ = Filters.read(request.GET, request.user)
    query = filters.query()
    if came_from is not None:
        query = "&".join(filter(None, [query, f"vorig={came_from}"]))
    address = reverse("conversations:conversation", args=[number])
    return redirect(f"{address}?{query}" if query else address)
