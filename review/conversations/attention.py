"""How much a conversation needs somebody's eyes, and why: a sum of weights, one per reason.

========== ====== =====================================================================================================
reason     weight when
========== ====== =====================================================================================================
nood       100    a message was understood as danger, suicidal thoughts or violence, or such an answer was given
duim       40     a thumb down on a message that was not turned up afterwards
mislukt    30     after a question for clarification the next message was not understood either
onbegrepen 15     a message was not understood
herhaald   10     one and the same information was asked for twice or more in the citizen's own words
onzeker    8      a message was taken for something with little confidence or with doubt
========== ====== =====================================================================================================

A reason counts once, however often it occurs. So whatever concerns danger stands above everything else, and a thumb down above
any single misunderstanding.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.dialogue.flow import CRISIS, STORIES

from conversations.models import Facet, Message

Reason = Facet.Reason
WEIGHTS: dict[Facet.Reason, int] = {
    Reason.CRISIS: 100,
    Reason.THUMB_DOWN: 40,
    Reason.FAILED: 30,
    Reason.FALLBACK: 15,
    Reason.REPEATED: 10,
    Reason.UNSURE: 8,
}
UNSURE_BELOW = (
    0.6  # `bot.nlu.doubt.Thresholds.sure`: above it the assistant never asks which of two was meant
)
_CLARIFYING = frozenset({"twijfel", "niet_begrepen", "niet_begrepen_vraag"})
_NOT_UNDERSTOOD = frozenset({"niet_begrepen", "niet_begrepen_vraag", "niet_begrepen_contact"})
_FAILED = "niet_begrepen_contact"  # what the guide says the second time in a row
# Said again and again without anything being wrong: a story goes on, a yes is a yes.
_MAY_REPEAT = STORIES | {"begroeting", "afscheid", "bedankt", "ja", "nee", "eenvoudiger", "opnieuw"}


@dataclass(frozen=True)
class Attention:
    """The sum of the weights, and the reasons in order of weight."""

    score: int
    reasons: tuple[Facet.Reason, ...]


def assess(messages: Iterable[Message]) -> Attention:
    """Judge a whole conversation, oldest message first."""
    found = {reason for reason, _ in occurrences(messages)}
    ordered = tuple(reason for reason in WEIGHTS if reason in found)
    return Attention(sum(WEIGHTS[reason] for reason in ordered), ordered)


def occurrences(messages: Iterable[Message]) -> list[tuple[Facet.Reason, Message]]:
    """Return every reason with the message that gives it (a thumb: the thumb itself), oldest message first."""
    found: list[tuple[Facet.Reason, Message]] = []
    thumbs: dict[object, Message] = {}
    asked: set[str] = set()
    clarifying = False
    for message in messages:
        if message.intent in CRISIS or message.answer in CRISIS:
            found.append((Reason.CRISIS, message))
        if message.kind == Message.Kind.THUMB:
            thumbs[message.about or message.answer] = message
        elif message.kind == Message.Kind.ASSISTANT:
            if message.answer in _NOT_UNDERSTOOD:
                found.append((Reason.FALLBACK, message))
                if clarifying or message.answer == _FAILED:
                    found.append((Reason.FAILED, message))
            clarifying = message.answer in _CLARIFYING
        elif message.kind == Message.Kind.CITIZEN and message.own_words:
            doubted = message.doubt not in {"", "none"}
            if doubted or (message.confidence is not None and message.confidence < UNSURE_BELOW):
                found.append((Reason.UNSURE, message))
            elif message.intent and message.intent not in _MAY_REPEAT:
                if message.intent in asked:
                    found.append((Reason.REPEATED, message))
                asked.add(message.intent)
    return found + [(Reason.THUMB_DOWN, thumb) for thumb in thumbs.values() if thumb.value == "down"]
