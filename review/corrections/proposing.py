"""From corrections to a proposal: what staff may do with them, in which state, each step recorded."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from bot.paths import data_dir
from bot.training.messages import read_messages
from bot.training.proposals import Entity, Example, carriers, data_version, tidy
from bot.training.spool import JobState, Spool
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction

from accounts.audit import record
from corrections.models import Correction, Line, Proposal
from corrections.results import VERDICTS

User = AbstractBaseUser | AnonymousUser
MOST_LINES = 100  # more is a data set of its own, and belongs to the writers
_UNDER_WAY = (Proposal.State.QUEUED, Proposal.State.RUNNING)


class NotNow(Exception):
    """What was asked does not fit the state; the text says why, in Dutch."""


def spool() -> Spool:
    """Return the folder of jobs that this console and the training worker share."""
    return Spool(settings.CONFIG.var_dir)


def usable() -> Any:
    """Return the corrections that can become training data: those with a right intent."""
    return Correction.objects.exclude(intent="").exclude(verdict=Correction.Verdict.UNCLEAR)


@transaction.atomic
def decide(numbers: Iterable[int], user: User, approved: bool, reason: str = "") -> int:
    """Approve or refuse corrections that are not in a proposal; return how many changed.

    Raises:
        NotNow: a refusal without a reason.
    """
    state = Correction.State.APPROVED if approved else Correction.State.REFUSED
    reason = reason.strip()[:100]
    if not approved and not reason:
        raise NotNow("Zeg waarom je weigert; wie de verbetering maakte, wil dat weten.")
    chosen = usable().select_for_update().filter(pk__in=list(numbers))
    changed = 0
    for correction in chosen.exclude(state__in=[state, Correction.State.USED]):
        correction.state = state
        correction._change_reason = reason or None  # where simple_history looks for it
        correction.save()
        record(user, f"verbetering.{state.value}", correction)
        changed += 1
    return changed


@transaction.atomic
def create(title: str, numbers: Iterable[int], user: User) -> Proposal:
    """Make a proposal of approved corrections, and have it checked.

    Raises:
        NotNow: no title, nothing chosen, too much, or something that is not approved (any more).
    """
    title, wanted = " ".join(title.split())[:120], set(numbers)
    if not title:
        raise NotNow("Geef het voorstel een titel.")
    if not wanted:
        raise NotNow("Kies minstens één goedgekeurde verbetering.")
    if len(wanted) > MOST_LINES:
        raise NotNow(f"Neem hoogstens {MOST_LINES} verbeteringen in één voorstel.")
    approved = usable().select_for_update().filter(pk__in=wanted, state=Correction.State.APPROVED)
    chosen = list(approved.order_by("pk"))
    if len(chosen) != len(wanted):
        raise NotNow("Een van de verbeteringen is niet (meer) goedgekeurd. Kies opnieuw.")
    proposal = Proposal.objects.create(title=title, by_id=user.pk)
    for correction in chosen:
        proposal.lines.create(
            correction=correction,
            conversation=correction.conversation_id,
            text=tidy(correction.text),
            intent=correction.intent,
            entities=moved(correction.text, tidy(correction.text), correction.entities),
        )
        correction.state = Correction.State.USED
        correction.save()
    record(user, "voorstel.gemaakt", proposal, f"{len(chosen)} zinnen")
    recheck(proposal)
    return proposal


@transaction.atomic
def edit(line: Line, text: str, user: User) -> list[dict[str, Any]]:
    """Change the text of a line; return the entities whose words are no longer in it (they are dropped).

    Raises:
        NotNow: the proposal is being measured or was exported, or the text is empty.
    """
    proposal = _open(line.proposal_id)
    text = tidy(text)
    if not text:
        raise NotNow("Een zin kan niet leeg zijn. Haal ze weg als ze niet past.")
    if text == line.text:
        return []
    kept = moved(line.text, text, line.entities)
    lost = [e for e in line.entities if not any(_same(e, other) for other in kept)]
    line.text, line.entities = text, kept
    line.save()
    record(user, "voorstel.zin_gewijzigd", proposal)
    _anew(proposal)
    return lost


@transaction.atomic
def drop(line: Line, user: User) -> None:
    """Take a line out; its correction can be used again.

    Raises:
        NotNow: the proposal is being measured or was exported.
    """
    proposal = _open(line.proposal_id)
    _free([line])
    line.delete()
    record(user, "voorstel.zin_weg", proposal)
    _anew(proposal)


@transaction.atomic
def discard(proposal: Proposal, user: User) -> None:
    """Throw a proposal away; its corrections can be used again.

    Raises:
        NotNow: it is being measured or was exported.
    """
    proposal = _open(proposal.pk)
    _free(proposal.lines.all())
    if proposal.check_job:
        spool().cancel(proposal.check_job)
    record(user, "voorstel.weggegooid", proposal)
    proposal.delete()


@transaction.atomic
def measure(proposal: Proposal, user: User) -> None:
    """Leave a job for the worker.

    Raises:
        NotNow: it is being measured or was exported, has no lines, or lines that cannot be written.
    """
    proposal = _open(proposal.pk)
    lines = list(proposal.lines.all())
    if not lines:
        raise NotNow("Er staan geen zinnen meer in dit voorstel.")
    found = (proposal.checked or {}).get("lines", {})
    if any(
        f["kind"] == "unwritable" for line in lines for f in found.get(str(line.pk), {}).get("findings", [])
    ):
        raise NotNow("Een van de zinnen kan zo niet in de oefenzinnen. Pas ze aan of haal ze weg.")
    proposal.result, proposal.error = None, ""
    proposal.job = _submit("measure", lines)
    proposal.state = Proposal.State.QUEUED
    proposal.save()
    record(user, "voorstel.meten", proposal, f"{len(lines)} zinnen")


@transaction.atomic
def cancel(proposal: Proposal, user: User) -> None:
    """Stop measuring; without a measurement under way, nothing happens."""
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.state in _UNDER_WAY:
        spool().cancel(proposal.job)
        proposal.state, proposal.job = Proposal.State.DRAFT, ""
        proposal.save()
        record(user, "voorstel.meten_gestopt", proposal)


def recheck(proposal: Proposal) -> None:
    """Have the lines compared with the training data."""
    if proposal.check_job:
        spool().cancel(proposal.check_job)
    proposal.checked = None
    lines = list(proposal.lines.all())
    proposal.check_job = _submit("check", lines) if lines else ""
    proposal.save()


def refresh(proposal: Proposal) -> JobState:
    """Take over what the worker has done, and return where the measurement stands."""
    jobs = spool()
    with transaction.atomic():
        proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
        if proposal.check_job:
            checked = jobs.state(proposal.check_job)
            if checked.status == "gone":
                recheck(proposal)
            elif checked.status in {"done", "failed"}:
                proposal.checked = checked.result or {"error": checked.error}
                _taken(jobs, proposal, "check_job")
        if proposal.state not in _UNDER_WAY:
            return JobState("gone", worker=jobs.worker_runs())
        state = jobs.state(proposal.job)
        if state.status == "running" and proposal.state != Proposal.State.RUNNING:
            proposal.state = Proposal.State.RUNNING
            proposal.save()
        elif state.status == "done":
            proposal.state, proposal.result = Proposal.State.MEASURED, state.result
            record(
                None, "voorstel.gemeten", proposal, VERDICTS.get((state.result or {}).get("verdict", ""), "")
            )
            _taken(jobs, proposal, "job")
        elif state.status in {"failed", "gone"}:
            # Gone: kept too long without anybody looking, or a conversation in it was erased.
            proposal.state = Proposal.State.FAILED
            proposal.error = (
                state.error or "De meting is er niet meer; een gesprek is gewist, of ze lag te lang."
            )
            record(None, "voorstel.meting_mislukt", proposal)
            _taken(jobs, proposal, "job")
        return state


def examples_of(lines: Iterable[Line]) -> list[Example]:
    """Return lines as the training code takes them."""
    return [Example.from_plain(_plain(line)) for line in lines]


def outdated(proposal: Proposal) -> bool:
    """Tell whether the figures are of other lines, or of other training data, than there are now."""
    result = proposal.result or {}
    numbers = list(proposal.lines.values_list("pk", flat=True))
    return result.get("numbers") != numbers or result.get("data") != data_version(data_dir() / "nlu")


def carrying() -> frozenset[str]:
    """Return the intents whose messages have grounds and domains marked."""
    return _carriers(data_version(data_dir() / "nlu"))


def moved(before: str, after: str, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return entities with offsets into ``after``, found by their words in the same order; what is not found is left out."""
    found, place = [], 0
    for entity in sorted(entities, key=lambda e: e.get("start") or 0):
        start, end = entity.get("start"), entity.get("end")
        if not isinstance(start, int) or not isinstance(end, int):
            continue
        words = tidy(before[start:end])
        where = after.find(words, place) if words else -1
        if where >= 0:
            place = where + len(words)
            found.append({**entity, "start": where, "end": place})
    return found


def marks(line: Line) -> list[tuple[str, Entity]]:
    """Return the marked words of a line with what they mark."""
    example = Example.from_plain(_plain(line))
    return [(line.text[e.start : e.end], e) for e in example.entities]


@lru_cache(maxsize=1)
def _carriers(version: str) -> frozenset[str]:
    return carriers(read_messages(data_dir() / "nlu"))


def _plain(line: Line) -> dict[str, Any]:
    return {"number": line.pk, "text": line.text, "intent": line.intent, "entities": line.entities}


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return (one["entity"], one["value"]) == (other["entity"], other["value"])


def _submit(kind: str, lines: list[Line]) -> str:
    conversations = sorted({line.conversation for line in lines if line.conversation})
    return spool().submit(kind, [_plain(line) for line in lines], conversations)


def _taken(jobs: Spool, proposal: Proposal, field: str) -> None:
    job = getattr(proposal, field)
    setattr(proposal, field, "")
    proposal.save()
    transaction.on_commit(lambda: jobs.remove(job))


def _open(number: int) -> Proposal:
    proposal = Proposal.objects.select_for_update().get(pk=number)
    if proposal.state == Proposal.State.EXPORTED:
        raise NotNow("Dit voorstel is uitgevoerd en verandert niet meer.")
    if proposal.state in _UNDER_WAY:
        raise NotNow("Dit voorstel wordt gemeten. Stop de meting eerst.")
    return proposal


def _anew(proposal: Proposal) -> None:
    """What was measured no longer holds."""
    proposal.state, proposal.result, proposal.error = Proposal.State.DRAFT, None, ""
    recheck(proposal)


def _free(lines: Iterable[Line]) -> None:
    for line in lines:
        correction = Correction.objects.filter(pk=line.correction_id or 0).first()
        if correction is not None and correction.state == Correction.State.USED:
            correction.state = Correction.State.APPROVED
            correction.save()
