"""From corrections to a proposal: what staff may do with them, in which state, each step recorded."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from typing import Any

from bot.errors import DataError
from bot.paths import data_dir
from bot.training.messages import read_messages
from bot.training.proposals import Entity, Example, carriers, data_version, tidy
from bot.training.spool import JobState, Spool
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import transaction

from accounts.audit import record
from accounts.wording import counted
from corrections.models import Correction, Line, Proposal
from corrections.results import INCOMPLETE, VERDICTS, compared, whole

User = AbstractBaseUser | AnonymousUser
MOST_LINES = 100  # more is a data set of its own, and belongs to the writers
_UNDER_WAY = (Proposal.State.QUEUED, Proposal.State.RUNNING)
UNREACHABLE = "De map met metingen is niet bereikbaar. Er is niets verloren; verwittig een beheerder."


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
    record(user, "voorstel.gemaakt", proposal, counted(len(chosen), "zin", "zinnen"))
    recheck(proposal)
    return proposal


@transaction.atomic
def edit(line: Line, text: str, user: User) -> list[dict[str, Any]]:
    """Change the text of a line; return the entities whose words are no longer in it (they are dropped).

    Raises:
        NotNow: the proposal is being measured or was exported, or the text is empty.
    """
    proposal = _open(line.proposal_id)
    line = _still_there(line)
    text = tidy(text)
    if not text:
        raise NotNow("Een zin kan niet leeg zijn. Haal ze weg als ze niet past.")
    if text == line.text:
        return []
    kept = moved(line.text, text, line.entities)
    lost = [e for e in filter(_placed, line.entities) if not any(_same(e, other) for other in kept)]
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
    line = _still_there(line)
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
    _let_go(proposal.check_job)
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
    found = compared(proposal.checked)
    if any(f.get("kind") == "unwritable" for line in lines for f in found.get(str(line.pk), ())):
        raise NotNow("Een van de zinnen kan zo niet in de oefenzinnen. Pas ze aan of haal ze weg.")
    proposal.result, proposal.error = None, ""
    try:
        proposal.job = _submit("measure", lines)
    except OSError as error:
        raise NotNow(UNREACHABLE) from error
    proposal.state = Proposal.State.QUEUED
    proposal.save()
    record(user, "voorstel.meten", proposal, counted(len(lines), "zin", "zinnen"))


@transaction.atomic
def cancel(proposal: Proposal, user: User) -> None:
    """Stop measuring; without a measurement under way, nothing happens."""
    proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.state in _UNDER_WAY:
        _let_go(proposal.job)
        proposal.state, proposal.job = Proposal.State.DRAFT, ""
        proposal.save()
        record(user, "voorstel.meten_gestopt", proposal)


@transaction.atomic
def compare(proposal: Proposal) -> None:
    """Have the lines compared again.

    Raises:
        NotNow: the proposal is being measured or was exported.
    """
    recheck(_open(proposal.pk))


def recheck(proposal: Proposal) -> None:
    """Have the lines compared with the training data."""
    _let_go(proposal.check_job)
    proposal.checked, proposal.check_job = None, ""
    lines = list(proposal.lines.all())
    with suppress(OSError):  # `refresh` tries again
        proposal.check_job = _submit("check", lines) if lines else ""
    proposal.save()


def refresh(proposal: Proposal) -> JobState:
    """Take over what the worker has done, and return where the measurement stands.

    Its status is ``unreachable`` when the folder of jobs cannot be read; what is under way stays so.

    Raises:
        Proposal.DoesNotExist: somebody threw it away.
    """
    jobs = spool()
    with transaction.atomic():
        proposal = Proposal.objects.select_for_update().get(pk=proposal.pk)
        if proposal.check_job:
            _take_check(jobs, proposal)
        elif proposal.checked is None and proposal.state != Proposal.State.EXPORTED:
            recheck(proposal)
        if proposal.state not in _UNDER_WAY:
            return _state(jobs, "")
        state = _state(jobs, proposal.job)
        if state.status == "running" and proposal.state != Proposal.State.RUNNING:
            proposal.state = Proposal.State.RUNNING
            proposal.save()
        elif state.status == "done" and not whole(state.result):
            proposal.state, proposal.error = Proposal.State.FAILED, INCOMPLETE
            record(None, "voorstel.meting_mislukt", proposal)
            _taken(jobs, proposal, "job")
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
    result = whole(proposal.result)
    numbers = list(proposal.lines.values_list("pk", flat=True))
    try:
        return result.get("numbers") != numbers or result.get("data") != data_version(data_dir() / "nlu")
    except OSError:  # somebody is changing them now
        return True


def carrying() -> frozenset[str]:
    """Return the intents whose messages have grounds and domains marked.

    Raises:
        DataError: the training messages cannot be read now.
    """
    folder = data_dir() / "nlu"
    try:
        found = _carriers(data_version(folder))
    except OSError as error:
        raise DataError(f"{folder}: cannot be read") from error
    if not found:
        raise DataError(f"{folder}: no messages")
    return found


def moved(before: str, after: str, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return entities with offsets into ``after``, found by their words in the same order; what is not found is left out."""
    found, place = [], 0
    for entity in sorted(filter(_placed, entities), key=lambda e: int(e["start"])):
        words = tidy(before[entity["start"] : entity["end"]])
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
    entities = [entity for entity in line.entities if _placed(entity)]
    return {"number": line.pk, "text": line.text, "intent": line.intent, "entities": entities}


def _placed(entity: dict[str, Any]) -> bool:
    """Tell whether an entity is whole and says where it stands."""
    known = {"entity", "value"} <= entity.keys()
    return known and all(isinstance(entity.get(place), int) for place in ("start", "end"))


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return (one.get("entity"), one.get("value")) == (other.get("entity"), other.get("value"))


def _state(jobs: Spool, job: str) -> JobState:
    try:
        return jobs.state(job)
    except OSError:
        return JobState("unreachable")


def _take_check(jobs: Spool, proposal: Proposal) -> None:
    checked = _state(jobs, proposal.check_job)
    if checked.status == "gone" and proposal.state != Proposal.State.EXPORTED:
        recheck(proposal)
    elif checked.status in {"done", "failed", "gone"}:
        # The findings only: what else a job says may hold words that must go with their conversation.
        lines = {number: {"findings": rows} for number, rows in compared(checked.result).items()}
        proposal.checked = {"lines": lines} if checked.result else {"error": checked.error or "no result"}
        _taken(jobs, proposal, "check_job")


def _let_go(job: str) -> None:
    with suppress(OSError):  # it is not waited for; the worker or the retention clears it away
        spool().cancel(job)


def _still_there(line: Line) -> Line:
    """Return a line as it is now, so that saving it does not bring back what was erased meanwhile."""
    found = Line.objects.select_for_update().filter(pk=line.pk).first()
    if found is None:
        raise NotNow("Deze zin is er niet meer: een collega haalde hem weg, of het gesprek is gewist.")
    return found


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
