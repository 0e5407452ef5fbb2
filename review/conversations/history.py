"""What was done to a conversation, by whom: read from the audit log, the corrections' history and the notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import AuditEntry
from conversations import titles
from conversations.models import Conversation
from corrections.models import Correction

STATUS, ASSIGNED, NOTED = "gesprek.status", "gesprek.toegewezen", "gesprek.notitie"
_SHOWN = {STATUS: "Status", ASSIGNED: "Toegewezen", NOTED: "Notitie"}
_LONGEST = 100  # entries shown


@dataclass(frozen=True)
class Event:
    """One change. ``message`` is the number of the message that it is about; None for the conversation as a whole."""

    at: datetime
    who: str
    what: str
    message: int | None = None


def history(conversation: Conversation) -> list[Event]:
    """Return the changes to a conversation, newest first."""
    entries = AuditEntry.objects.filter(kind="conversation", number=conversation.pk, action__in=_SHOWN)
    events = [
        Event(entry.at, entry.name, f"{_SHOWN[entry.action]}: {entry.detail}") for entry in entries[:_LONGEST]
    ]
    judged = dict(Correction.objects.filter(conversation=conversation).values_list("pk", "message_id"))
    for version in Correction.history.filter(id__in=judged).select_related("history_user")[:_LONGEST]:
        events.append(_event(version, judged[version.id]))
    return sorted(events, key=lambda event: event.at, reverse=True)[:_LONGEST]


def history_of(correction: Correction) -> list[Event]:
    """Return the judgements of one message, newest first."""
    versions = Correction.history.filter(id=correction.pk).select_related("history_user")
    return [_event(version, None) for version in versions[:_LONGEST]]


def _event(version: Any, message: int | None) -> Event:
    who = version.history_user.username if version.history_user else "systeem"
    return Event(version.history_date, who, told(version), message)


def told(version: Any) -> str:
    """Return what a correction, or an earlier version of it, says in a few words."""
    said = Correction.Verdict(version.verdict).label
    if version.verdict == Correction.Verdict.WRONG and version.intent:
        said += f", bedoeling: {titles.intent(version.intent)}"
    marks = [titles.entity(str(e.get("entity")), str(e.get("value"))) for e in version.entities]
    if marks and version.verdict != Correction.Verdict.UNCLEAR:
        said += f", herkend: {', '.join(marks)}"
    if version.state != Correction.State.OPEN:
        said += f" ({Correction.State(version.state).label})"
    return said
