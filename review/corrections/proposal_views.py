"""The pages of proposals: corrections to decide on, and each proposal on its way to a patch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.errors import DataError
from bot.training.spool import JobState
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Right, needs
from accounts.audit import record
from accounts.models import AuditEntry
from accounts.wording import counted
from console.numbers import whole_number
from conversations import titles
from conversations.models import Message
from corrections import proposing, results
from corrections.exporting import export
from corrections.models import Correction, Line, Proposal
from corrections.proposing import NotNow

PER_PAGE = 50
_TABS = (Correction.State.OPEN, Correction.State.APPROVED, Correction.State.REFUSED)


@require_safe
@needs(Right.PROPOSE)
def proposals(request: HttpRequest) -> HttpResponse:
    """Show all proposals, newest first."""
    found = Proposal.objects.annotate(count=Count("lines")).select_related("by").order_by("-created")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("pagina"))
    return render(request, "corrections/proposals.html", {"page": page, **_tabs("")})


@require_safe
@needs(Right.PROPOSE)
def corrections(request: HttpRequest) -> HttpResponse:
    """Show the corrections of one state, to decide on or to make a proposal of."""
    state = request.GET.get("staat", Correction.State.OPEN)
    if state not in _TABS:
        raise Http404
    chosen = proposing.usable().filter(state=state).select_related("by").order_by("-at")
    page = Paginator(chosen, PER_PAGE).get_page(request.GET.get("pagina"))
    # Not joined: a message goes by its own age, and its correction stays longer.
    said = Message.objects.in_bulk([correction.message_id for correction in page])
    rows = [_correction_row(correction, said.get(correction.message_id)) for correction in page]
    record(request.user, "verbeteringen.gelezen", detail=str(state))
    return render(request, "corrections/corrections.html", {"page": page, "rows": rows, **_tabs(state)})


@require_POST
@needs(Right.PROPOSE)
def decide(request: HttpRequest) -> HttpResponse:
    """Approve or refuse the corrections that are ticked, or make a proposal of them."""
    given = map(whole_number, request.POST.getlist("verbetering"))
    numbers = [number for number in given if number is not None]
    state, action = request.POST.get("staat", Correction.State.OPEN), request.POST.get("actie", "")
    try:
        if action == "voorstel":
            proposal = proposing.create(request.POST.get("titel", ""), numbers, request.user)
            return redirect("corrections:proposal", proposal.pk)
        if not numbers:
            raise NotNow("Vink eerst een of meer verbeteringen aan.")
        approved = action == "goedkeuren"
        changed = proposing.decide(numbers, request.user, approved, request.POST.get("reden", ""))
        word = "goedgekeurd" if approved else "geweigerd"
        messages.success(request, f"{counted(changed, 'verbetering', 'verbeteringen')} {word}.")
    except NotNow as reason:
        messages.error(request, str(reason))
    back = redirect("corrections:corrections")
    back["Location"] += f"?staat={state if state in _TABS else Correction.State.OPEN}"
    return back


@require_safe
@needs(Right.PROPOSE)
def proposal(request: HttpRequest, number: int) -> HttpResponse:
    """Show one proposal: its lines with what is to be looked at, the measurement, the result, the export."""
    found, job = _refreshed(_found(number))
    record(request.user, "voorstel.gelezen", found)
    return render(request, "corrections/proposal.html", _page(found, job))


@require_safe
@needs(Right.PROPOSE)
def progress(request: HttpRequest, number: int) -> HttpResponse:
    """Show how far measuring is; nothing when the page shows that already, the whole page anew when it is over."""
    found = _found(number)
    checking = bool(found.check_job)
    found, job = _refreshed(found)
    response: HttpResponse
    if job.status not in {"waiting", "running", "unreachable"} and not found.check_job:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    context = _progress(found, job)
    if checking == bool(found.check_job) and request.GET.get("gezien") == context["seen"]:
        return HttpResponse(status=204)
    if checking and not found.check_job:
        response = HttpResponse(status=204)
        response["HX-Refresh"] = "true"
        return response
    return render(request, "corrections/_progress.html", context)


@require_POST
@needs(Right.PROPOSE)
def line(request: HttpRequest, number: int, place: int) -> HttpResponse:
    """Change or drop one line of a proposal."""
    found = get_object_or_404(Line, pk=place, proposal_id=number)

    def change() -> None:
        if request.POST.get("actie") == "weg":
            proposing.drop(found, request.user)
            messages.success(
                request, "De zin is uit het voorstel. De verbetering staat weer bij de goedgekeurde."
            )
            return
        lost = proposing.edit(found, request.POST.get("tekst", ""), request.user)
        if lost:
            names = ", ".join(titles.entity(e["entity"], e["value"]) for e in lost)
            messages.warning(request, f"De zin is gewijzigd. Deze woorden staan er niet meer in: {names}.")
        else:
            messages.success(request, "De zin is gewijzigd.")

    return _act(request, number, change)


@require_POST
@needs(Right.PROPOSE)
def act(request: HttpRequest, number: int, action: str) -> HttpResponse:
    """Measure, stop measuring, throw away or export a proposal."""
    found, user = _found(number), request.user
    actions: dict[str, Callable[[], object]] = {
        "vergelijken": lambda: proposing.compare(found),
        "meten": lambda: proposing.measure(found, user),
        "stoppen": lambda: proposing.cancel(found, user),
        "weggooien": lambda: proposing.discard(found, user),
        "uitvoeren": lambda: export(found, user, request.POST.get("weet") == "ja"),
    }
    if action not in actions:
        raise Http404
    return _act(request, number, actions[action])


@require_safe
@needs(Right.PROPOSE)
def download(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Hand over the patch or the text of the merge request of an exported proposal."""
    found = _found(number)
    if found.state != Proposal.State.EXPORTED or what not in {"patch", "tekst"}:
        raise Http404
    record(request.user, f"voorstel.{what}", found)
    text = found.patch if what == "patch" else found.request
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    name = f"voorstel-{found.pk}.{'patch' if what == 'patch' else 'md'}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _found(number: int) -> Proposal:
    return get_object_or_404(Proposal, pk=number)


def _refreshed(found: Proposal) -> tuple[Proposal, JobState]:
    try:
        job = proposing.refresh(found)
        found.refresh_from_db()
    except Proposal.DoesNotExist as error:  # thrown away at this very moment
        raise Http404 from error
    return found, job


def _act(request: HttpRequest, number: int, change: Callable[[], object]) -> HttpResponse:
    try:
        change()
    except NotNow as reason:
        messages.error(request, str(reason))
    except Proposal.DoesNotExist:  # thrown away at this very moment
        pass
    if not Proposal.objects.filter(pk=number).exists():
        messages.success(
            request, "Het voorstel is weggegooid. De verbeteringen staan weer bij de goedgekeurde."
        )
        return redirect("corrections:proposals")
    return redirect("corrections:proposal", number)


def _tabs(current: str) -> dict[str, Any]:
    counts = dict(proposing.usable().values_list("state").annotate(count=Count("pk")).order_by())
    tabs = [(state, state.label, counts.get(state, 0)) for state in _TABS]
    return {"tabs": tabs, "tab": current, "total": Proposal.objects.count()}


def _correction_row(correction: Correction, message: Message | None) -> dict[str, Any]:
    history = correction.history.first()
    return {
        "correction": correction,
        "title": titles.intent(correction.intent),
        "same": message is not None and message.intent == correction.intent,
        "understood": titles.intent(message.intent) if message and message.intent else "–",
        "entities": [
            titles.entity(str(e.get("entity")), str(e.get("value", ""))) for e in correction.entities
        ],
        "reason": history.history_change_reason if history else None,
    }


def _page(found: Proposal, job: JobState) -> dict[str, Any]:
    lines = list(found.lines.all())
    carrying: frozenset[str] | None = None
    unread = ""
    try:
        carrying = proposing.carrying() if any(one.entities for one in lines) else None
    except DataError as error:
        unread = results.reason(str(error))
    checked, texts = results.compared(found.checked), {one.pk: one.text for one in lines}
    result = results.whole(found.result)
    open_ = found.state in {Proposal.State.DRAFT, Proposal.State.MEASURED, Proposal.State.FAILED}
    failed_check = found.checked.get("error") if isinstance(found.checked, dict) else None
    rows = [
        {
            "line": one,
            "title": titles.intent(one.intent),
            "known": one.intent in titles.intents(),
            "marks": [(words, titles.entity(e.kind, e.value)) for words, e in proposing.marks(one)],
            "carries": carrying is None or one.intent in carrying,
            "compared": str(one.pk) in checked,
            "findings": results.findings(checked.get(str(one.pk), []), texts),
        }
        for one in lines
    ]
    return {
        "proposal": found,
        "rows": rows,
        "result": result,
        "incomplete": results.INCOMPLETE if open_ and found.result is not None and not result else "",
        "error": results.reason(found.error) if found.error else "",
        "check_error": results.reason(str(failed_check)) if failed_check else "",
        "unread": unread,
        "unreachable": proposing.UNREACHABLE
        if job.status == "unreachable" or (open_ and lines and not found.check_job and found.checked is None)
        else "",
        "outdated": bool(result) and found.state != Proposal.State.EXPORTED and proposing.outdated(found),
        "warning": results.warning(result),
        "figures": results.figures(result),
        "changes": results.changes(result),
        "own": results.own(result, {one.pk: (one.text, one.intent) for one in lines}),
        "open": open_,
        "trail": _trail(found),
        **_progress(found, job),
    }


def _trail(found: Proposal) -> list[AuditEntry]:
    entries = AuditEntry.objects.filter(kind="proposal", number=found.pk).exclude(action="voorstel.gelezen")
    return list(entries[:50])


def _progress(found: Proposal, job: JobState) -> dict[str, Any]:
    measuring = found.state in {Proposal.State.QUEUED, Proposal.State.RUNNING}
    return {
        "proposal": found,
        "measuring": measuring,
        "job": job,
        "step": results.STEPS.get(job.step, job.step),
        "seen": f"{job.status}-{job.percent}-{job.step}-{job.ahead}-{job.worker}",
    }
