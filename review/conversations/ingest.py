"""Taking the review log over into the console's own tables, so that a conversation can be read within seconds.

Everything here may be done again, or by two at once: messages are known by their number in the log, and what is kept of a
conversation is always made anew from all its messages.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from itertools import groupby

from django.conf import settings
from django.db import connections, transaction

from conversations.attention import assess
from conversations.feed import Feed, Row, erased
from conversations.models import Conversation, Facet, FeedCursor, Message
from conversations.rows import message_of

DAY = 86_400.0  # seconds
CHUNK = 500  # conversations summed up at once
_SUMMED = ("channel", "first_at", "last_at", "messages_count", "attention")


class Ingest:
    """Follows the review log. One `step` takes what is new, at most a batch of it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Read on where the last one stopped."""
        cursor = FeedCursor.objects.order_by("id").first() or FeedCursor.objects.create()
        self._cursor = cursor.pk
        self._feed = Feed(cursor.last_id, clock)

    def step(self) -> int:
        """Take over the next rows; return how many were read.

        Raises:
            django.db.Error: a database is away. Nothing is lost: the next step, of a new `Ingest`, begins where this one did.
        """
        rows = self._feed.read()
        if rows:
            take(rows)
            FeedCursor.objects.filter(pk=self._cursor).update(last_id=self._feed.last)
        return len(rows)


def take(rows: Iterable[Row]) -> None:
    """Store rows of the review log and sum up their conversations anew."""
    found = {pair[0].feed_id: pair for row in rows if (pair := message_of(row)) is not None}
    names = {message.conversation_id for message, _ in found.values()}
    marks = erased(names)
    known = _known(found)
    new = [
        (message, channel)
        for number, (message, channel) in sorted(found.items())
        if number not in known and message.timestamp > marks.get(message.conversation_id, 0.0)
    ]
    channels = {message.conversation_id: channel for message, channel in reversed(new) if channel}
    heard = {message.conversation_id for message, _ in new if message.kind == Message.Kind.CITIZEN}
    touched = sorted({message.conversation_id for message, _ in new})
    with transaction.atomic():
        Message.objects.bulk_create((message for message, _ in new), batch_size=CHUNK, ignore_conflicts=True)
        for start in range(0, len(touched), CHUNK):
            chunk = touched[start : start + CHUNK]
            # Somebody who goes on talking after the review is new again.
            done = Conversation.objects.filter(
                pseudonym__in=heard.intersection(chunk), status=Conversation.Status.DONE
            )
            done.update(status=Conversation.Status.NEW)
            sum_up(chunk, channels)
    # An erasure marks first and deletes then: with this look after the writing, one of the two comes last.
    for conversation, at in erased(touched).items():
        take_back(conversation, at)


def take_back(conversation: str, at: float) -> None:
    """Delete what was said in an erased conversation up to ``at``, seconds since 1970."""
    with transaction.atomic():
        Message.objects.filter(conversation_id=conversation, timestamp__lte=at).delete()
        sum_up([conversation], {})


def sum_up(conversations: list[str], channels: dict[str, str]) -> None:
    """Make conversations and facets anew from their messages; one without messages goes.

    Args:
        conversations: pseudonyms, at most a chunk of them.
        channels: the channel by pseudonym, of those that said something now.
    """
    messages = Message.objects.filter(conversation_id__in=conversations).defer("text", "ranking", "redacted")
    ordered = messages.order_by("conversation_id", "timestamp", "feed_id")
    before = dict(
        Conversation.objects.filter(pseudonym__in=conversations).values_list("pseudonym", "channel")
    )
    there, facets = [], []
    for name, group in groupby(
        ordered.iterator(chunk_size=2_000), key=lambda message: message.conversation_id
    ):
        said = list(group)
        shown = sum(message.kind in {Message.Kind.CITIZEN, Message.Kind.ASSISTANT} for message in said)
        if not shown:
            continue
        attention = assess(said)
        last_at = said[-1].timestamp
        there.append(
            Conversation(
                pseudonym=name,
                channel=channels.get(name) or before.get(name, ""),
                first_at=said[0].timestamp,
                last_at=last_at,
                messages_count=shown,
                attention=attention.score,
            )
        )
        values = {(str(kind), value) for message in said for kind, value in _facets(message)}
        values |= {(str(Facet.Kind.REASON), str(reason)) for reason in attention.reasons}
        facets += [
            Facet(
                conversation_id=name, kind=kind, value=value[:64], attention=attention.score, last_at=last_at
            )
            for kind, value in sorted(values)
        ]
    gone = set(conversations) - {conversation.pseudonym for conversation in there}
    # A plain delete: corrections and notes have a clock of their own (`bot.storage.stores`).
    Conversation.objects.filter(pseudonym__in=gone)._raw_delete("default")
    Facet.objects.filter(conversation_id__in=conversations).delete()
    Conversation.objects.bulk_create(
        there, update_conflicts=True, unique_fields=["pseudonym"], update_fields=list(_SUMMED)
    )
    Facet.objects.bulk_create(facets, batch_size=CHUNK, ignore_conflicts=True)


def tidy(now: float | None = None) -> None:
    """Sum up conversations anew of which purging has taken a part, so that no facet outlives the words it came from."""
    limit = (time.time() if now is None else now) - settings.CONFIG.privacy.keep_log_days * DAY
    shortened = list(Conversation.objects.filter(first_at__lt=limit).values_list("pseudonym", flat=True))
    for start in range(0, len(shortened), CHUNK):
        with transaction.atomic():
            sum_up(shortened[start : start + CHUNK], {})


def close_connections() -> None:
    """Drop the connections, so that the next use makes new ones."""
    for connection in connections.all():
        connection.close()


def _known(numbers: Iterable[int]) -> set[int]:
    wanted = sorted(numbers)
    known: set[int] = set()
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        known.update(Message.objects.filter(feed_id__in=chunk).values_list("feed_id", flat=True))
    return known


def _facets(message: Message) -> Iterable[tuple[Facet.Kind, str]]:
    if message.kind == Message.Kind.CITIZEN:
        if message.intent:
            yield Facet.Kind.INTENT, message.intent
        if message.language:
            yield Facet.Kind.LANGUAGE, message.language
        for entity in message.entities:
            if entity["entity"] in {Facet.Kind.GROUND, Facet.Kind.DOMAIN}:
                yield Facet.Kind(entity["entity"]), str(entity["value"])
    for channel in message.channels:
        yield Facet.Kind.REFERRAL, channel
