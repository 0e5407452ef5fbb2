"""Saving what somebody says of a message, so that two at once lose nothing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import IntegrityError, transaction

from accounts.audit import record
from conversations.models import Conversation, Message
from corrections.models import Correction

Entities = list[dict[str, Any]]
_KEYS = ("entity", "value", "start", "end")


class Conflict(Exception):
    """Somebody else saved a judgement since the page was made; ``correction`` is theirs (None: it is gone)."""

    def __init__(self, correction: Correction | None) -> None:
        super().__init__("judged meanwhile")
        self.correction = correction


class Locked(Exception):
    """The correction is part of a proposal and stays as it is."""


def version(correction: Correction | None) -> str:
    """Return what a page has to send back to prove which judgement it shows."""
    return f"{correction.at.timestamp():.6f}" if correction else "geen"


def judge(
    message: Message,
    user: AbstractBaseUser | AnonymousUser,
    verdict: str,
    intent: str,
    entities: Entities,
    seen: str,
) -> Correction:
    """Save a judgement of a message.

    Args:
        message: a citizen's own words.
        user: who judges.
        verdict: a value of `Correction.Verdict`.
        intent: the right one; of a message that was understood, its own; empty when it is unclear.
        entities: the right ones, as `Message.entities`.
        seen: the `version` that the person saw.

    Raises:
        Conflict: it is not the version that is there now, and says something else.
        Locked: it is in use already.
    """
    entities = [{key: entity.get(key) for key in _KEYS} for entity in entities]
    try:
        with transaction.atomic():
            there = Correction.objects.select_for_update().filter(message=message).first()
            if there is not None and (there.verdict, there.intent, there.entities) == (
                verdict,
                intent,
                entities,
            ):
                return there
            if version(there) != seen:
                raise Conflict(there)
            if there is not None and there.state == Correction.State.USED:
                raise Locked
            correction = there or Correction(conversation_id=message.conversation_id, message=message)
            correction.text = message.text
            correction.verdict, correction.intent, correction.entities = verdict, intent, entities
            correction.state = Correction.State.OPEN
            correction.by_id = user.pk
            correction.save()
    except IntegrityError as error:  # the other one was first by a hair
        raise Conflict(Correction.objects.filter(message=message).first()) from error
    conversation = Conversation.objects.filter(pseudonym=message.conversation_id).first()
    record(
        user,
        "oordeel.gewijzigd" if there else "oordeel.gemaakt",
        conversation,
        f"bericht {message.pk}: {verdict}",
    )
    return correction
