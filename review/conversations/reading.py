"""A conversation as staff read it: what the citizen saw, and beside each message what the assistant made of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.conf import settings

from conversations import titles
from conversations.attention import occurrences
from conversations.models import Conversation, Facet, Message
from corrections.judging import version
from corrections.models import Correction

PART = 30  # messages shown at once
_LEAD = 8  # of which so many before the first message that needs eyes
_LIGHT = (
    "pk",
    "kind",
    "intent",
    "confidence",
    "doubt",
    "answer",
    "value",
    "about",
    "timestamp",
    "buttons",
    "conversation",
)


@dataclass(frozen=True)
class Guess:
    """An intent that was considered; ``percent`` is its probability."""

    name: str
    title: str
    percent: int | None


@dataclass(frozen=True)
class Found:
    """An entity as shown: ``words`` are the citizen's, empty where the place in the text is not known."""

    kind: str
    value: str
    title: str
    words: str


@dataclass(frozen=True)
class Step:
    """One message with everything that is shown beside it."""

    message: Message
    reasons: list[Facet.Reason]
    correction: Correction | None
    best: Guess | None
    others: list[Guess]
    entities: list[Found]
    doubt: str
    language: str
    answer: str
    rule: str
    channels: list[str]
    new_day: bool = False

    @property
    def anchor(self) -> str:
        """Its id on the page."""
        return f"bericht-{self.message.pk}"

    @property
    def judged(self) -> bool:
        """Whether it can be judged: a citizen's own words."""
        return self.message.own_words

    @property
    def version(self) -> str:
        """Which judgement is shown."""
        return version(self.correction)

    @property
    def pieces(self) -> list[tuple[str, str]]:
        """The text in pieces, each with the entity that was seen in it, or nothing."""
        text, pieces, end = self.message.text, [], 0
        spans = [(e.get("start"), e.get("end"), e) for e in self.message.entities]
        whole = [span for span in spans if isinstance(span[0], int) and isinstance(span[1], int)]
        for start, stop, entity in sorted(whole, key=lambda span: (span[0], span[1])):
            if start >= end and stop <= len(text):
                title = titles.entity(str(entity.get("entity")), str(entity.get("value")))
                pieces += [(text[end:start], ""), (text[start:stop], f"{entity.get('entity')}: {title}")]
                end = stop
        return [piece for piece in [*pieces, (text[end:], "")] if piece[0]]

    @property
    def wanted(self) -> Guess | None:
        """The intent that staff say it has, where that differs."""
        correction = self.correction
        if correction is None or not correction.intent or correction.intent == self.message.intent:
            return None
        return Guess(correction.intent, titles.intent(correction.intent), None)

    @property
    def marked(self) -> list[Found]:
        """The entities that staff say it has."""
        return found(self.correction.entities, self.message.text) if self.correction else []


@dataclass(frozen=True)
class Jump:
    """Where the page can be entered: a message with its reasons. ``shown``: it is in the present part."""

    number: int
    index: int
    reasons: list[str]
    shown: bool


@dataclass(frozen=True)
class Part:
    """Consecutive messages ``start`` to ``end`` (exclusive) of ``total``."""

    steps: list[Step]
    start: int
    end: int
    total: int
    jumps: list[Jump] = field(default_factory=list)

    @property
    def left(self) -> int:
        """How many messages come after this part."""
        return self.total - self.end

    @property
    def earlier(self) -> int:
        """First index of the part before."""
        return max(0, self.start - PART)

    @property
    def later(self) -> int:
        """Last index of the part after."""
        return min(self.total, self.end + PART)


def read(
    conversation: Conversation,
    span: tuple[int, int] | None = None,
    at: int | None = None,
    continued: bool = False,
) -> Part:
    """Return a part of a conversation.

    Args:
        conversation: which.
        span: indexes of the first message and after the last; by default the newest `PART`, or from shortly before the first
            message that needs eyes.
        at: number of a message that must be in the part.
        continued: it is shown under the part before, which has named the day.
    """
    light = list(
        Message.objects.filter(conversation=conversation).only(*_LIGHT).order_by("timestamp", "feed_id")
    )
    reasons: dict[int, list[Facet.Reason]] = {}
    for reason, message in occurrences(light):
        reasons.setdefault(message.pk, []).append(reason)
    places = {message.pk: index for index, message in enumerate(light)}
    start, end = span or _window(len(light), places.get(at or 0), [places[number] for number in reasons])
    start, end = max(0, min(start, len(light))), min(end, len(light))
    numbers = [message.pk for message in light[start:end]]
    whole = Message.objects.in_bulk(numbers)
    judged = {c.message_id: c for c in Correction.objects.filter(message_id__in=numbers).select_related("by")}
    shown = [whole[number] for number in numbers if number in whole]
    jumps = [
        Jump(
            number,
            places[number],
            [str(r.label) for r in sorted_reasons(found)],
            start <= places[number] < end,
        )
        for number, found in sorted(reasons.items(), key=lambda pair: places[pair[0]])
    ]
    before = light[start - 1].at.date() if start and continued else None
    return Part(_steps(shown, reasons, judged, before), start, end, len(light), jumps)


def step_of(message: Message) -> Step:
    """Return one message on its own, with the reasons that it has within its conversation."""
    light = (
        Message.objects.filter(conversation_id=message.conversation_id)
        .only(*_LIGHT)
        .order_by("timestamp", "feed_id")
    )
    reasons = [reason for reason, other in occurrences(light) if other.pk == message.pk]
    return _step(message, reasons, Correction.objects.select_related("by").filter(message=message).first())


def sorted_reasons(reasons: Iterable[Facet.Reason]) -> list[Facet.Reason]:
    """Order reasons by weight, each once."""
    order = list(Facet.Reason)
    return sorted(set(reasons), key=order.index)


def leaves_on(conversation: Conversation) -> tuple[date, date]:
    """Return the days on which the first and the last message of a conversation will be gone."""
    days = timedelta(days=settings.CONFIG.privacy.keep_log_days)
    return (conversation.started + days).date(), (conversation.ended + days).date()


def found(entities: Iterable[dict[str, Any]], text: str) -> list[Found]:
    """Return entities with titles and the words that they were found in."""
    shown = []
    for entity in entities:
        kind, value = str(entity.get("entity") or ""), str(entity.get("value") or "")
        start, end = entity.get("start"), entity.get("end")
        words = text[start:end] if isinstance(start, int) and isinstance(end, int) else ""
        shown.append(Found(kind, value, titles.entity(kind, value), words))
    return shown


def _window(total: int, at: int | None, reasons: list[int]) -> tuple[int, int]:
    if total <= PART:
        return 0, total
    if at is None:
        at = min(reasons, default=None)
    if at is None:
        return total - PART, total
    start = max(0, min(at - _LEAD, total - PART))
    return start, start + PART


def _steps(
    messages: list[Message],
    reasons: dict[int, list[Facet.Reason]],
    judged: dict[int, Correction],
    day: date | None,
) -> list[Step]:
    steps = []
    for message in messages:
        new_day = message.at.date() != day
        day = message.at.date()
        steps.append(_step(message, reasons.get(message.pk, []), judged.get(message.pk), new_day))
    return steps


def _step(
    message: Message, reasons: list[Facet.Reason], correction: Correction | None, new_day: bool = False
) -> Step:
    guesses = [
        Guess(str(one.get("name")), titles.intent(str(one.get("name"))), _percent(one.get("confidence")))
        for one in message.ranking
    ]
    best = (
        Guess(message.intent, titles.intent(message.intent), _percent(message.confidence))
        if message.intent
        else None
    )
    return Step(
        message=message,
        reasons=sorted_reasons(reasons),
        correction=correction,
        best=best,
        others=[guess for guess in guesses if guess.name != message.intent],
        entities=found(message.entities, message.text),
        doubt=titles.doubt(message.doubt),
        language=titles.language(message.language) if message.language not in ("", "nl") else "",
        answer=titles.intent(message.answer) if message.answer else "",
        rule=titles.rule(message.rule),
        channels=[titles.channel(channel) for channel in message.channels],
        new_day=new_day,
    )


def _percent(probability: Any) -> int | None:
    return round(100 * probability) if isinstance(probability, (int, float)) else None
