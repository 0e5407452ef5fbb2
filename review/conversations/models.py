"""What the console keeps of a conversation: redacted messages, and what they are searched and sorted by.

Every table has a column ``conversation`` with the pseudonym, so that erasing and purging (`bot.storage.stores`) work with plain
SQL, from another process, in every table alike. Times of messages are seconds since 1970, as in the feed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models

BRUSSELS = ZoneInfo("Europe/Brussels")


def vanishing(seconds: float) -> datetime:
    """Return when a row of this time (seconds since 1970) is purged, in local time."""
    return datetime.fromtimestamp(seconds, tz=BRUSSELS) + timedelta(
        days=settings.CONFIG.privacy.keep_log_days
    )


class FeedEvent(models.Model):
    """A row of the review log, written by the assistant's event broker (`bot.storage.event_log`)."""

    id = models.BigIntegerField(primary_key=True)
    conversation = models.CharField(max_length=64)
    timestamp = models.FloatField()
    type = models.CharField(max_length=16)
    intent = models.CharField(max_length=64, null=True)
    confidence = models.FloatField(null=True)
    answer = models.CharField(max_length=64, null=True)
    text = models.TextField()
    data = models.TextField()

    class Meta:
        managed = False
        db_table = "review_events"


class Erasure(models.Model):
    """The mark of a conversation that was erased in the last day (`bot.storage.erased`); ``at`` in seconds since 1970."""

    conversation = models.CharField(max_length=64, primary_key=True)
    at = models.FloatField()

    class Meta:
        managed = False
        db_table = "erased"


class FeedCursor(models.Model):
    """How far the feed has been read; one row."""

    last_id = models.BigIntegerField(default=0)


class Conversation(models.Model):
    """One conversation. ``attention`` orders the queue: the higher, the sooner somebody should look (0: nothing special)."""

    class Status(models.TextChoices):
        """Where the review of it stands."""

        NEW = "nieuw", "nieuw"
        BUSY = "bezig", "bezig"
        DONE = "klaar", "nagekeken"

    pseudonym = models.CharField(max_length=64, unique=True, db_column="conversation")
    channel = models.CharField(max_length=20, blank=True)
    first_at = models.FloatField()
    last_at = models.FloatField()
    messages_count = models.PositiveIntegerField(default=0)
    attention = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.NEW)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL)

    class Meta:
        indexes = [
            # The queue is walked through these alone; see conversations.queue.
            models.Index(
                fields=["-attention", "-last_at", "status", "channel", "assignee", "pseudonym"],
                name="queue_urgent",
            ),
            models.Index(
                fields=["-last_at", "status", "channel", "assignee", "pseudonym", "attention"],
                name="queue_newest",
            ),
            models.Index(fields=["status"]),
            models.Index(fields=["channel"]),
        ]

    @property
    def started(self) -> datetime:
        """When the first message came, in local time."""
        return datetime.fromtimestamp(self.first_at, tz=BRUSSELS)

    @property
    def vanishes(self) -> datetime:
        """When the last of it is purged, in local time; its first messages go before."""
        return vanishing(self.last_at)

    @property
    def ended(self) -> datetime:
        """When the latest message came, in local time."""
        return datetime.fromtimestamp(self.last_at, tz=BRUSSELS)


class Message(models.Model):
    """One message or event of a conversation, with what the assistant made of it.

    ``ranking``: ``[{"name", "confidence"}]``; ``entities``: ``[{"entity", "value", "start", "end"}]``; ``channels``: ids of the
    official channels referred to; ``buttons``: titles offered, or of a citizen's message the title of the button pressed (which
    is its ``text`` too); ``rule``: what chose the answer, as ``policy: decision (rules of data/channels.yml)``. Of a thumb:
    ``value`` is up or down, ``answer`` and ``about`` (a timestamp) say which message was judged, ``text`` is the word with it.
    """

    class Kind(models.TextChoices):
        """Who or what it comes from."""

        CITIZEN = "user", "burger"
        ASSISTANT = "bot", "assistent"
        SESSION = "session_started", "nieuwe sessie"
        THUMB = "feedback", "duim"

    conversation = models.ForeignKey(
        Conversation,
        to_field="pseudonym",
        db_column="conversation",
        db_constraint=False,
        on_delete=models.CASCADE,
    )
    feed_id = models.BigIntegerField(unique=True)
    timestamp = models.FloatField()
    kind = models.CharField(max_length=16, choices=Kind.choices)
    text = models.TextField(blank=True)
    intent = models.CharField(max_length=64, blank=True)
    confidence = models.FloatField(null=True)
    ranking = models.JSONField(default=list)
    entities = models.JSONField(default=list)
    doubt = models.CharField(max_length=16, blank=True)
    language = models.CharField(max_length=8, blank=True)
    redacted = models.JSONField(default=list)
    answer = models.CharField(max_length=64, blank=True)
    rule = models.CharField(max_length=200, blank=True)
    channels = models.JSONField(default=list)
    buttons = models.JSONField(default=list)
    value = models.CharField(max_length=8, blank=True)
    about = models.FloatField(null=True)

    class Meta:
        ordering = ["timestamp", "feed_id"]
        indexes = [
            models.Index(fields=["conversation", "timestamp"]),
            models.Index(fields=["timestamp"]),
            models.Index(fields=["intent"]),
        ]

    @property
    def own_words(self) -> bool:
        """Whether a citizen wrote this; a button was pressed otherwise."""
        return self.kind == self.Kind.CITIZEN and not self.buttons

    @property
    def at(self) -> datetime:
        """When, in local time."""
        return datetime.fromtimestamp(self.timestamp, tz=BRUSSELS)


class Facet(models.Model):
    """One value that a conversation can be filtered by, stored once however often it came up.

    ``attention`` and ``last_at`` repeat the conversation's: so a filtered queue is read in order from one index, and the two are
    purged together.
    """

    class Kind(models.TextChoices):
        """What the value is about."""

        INTENT = "intent", "bedoeling"
        GROUND = "grond", "grond"
        DOMAIN = "domein", "domein"
        REFERRAL = "kanaal", "doorverwezen naar"
        LANGUAGE = "taal", "taal"
        REASON = "reden", "waarom nakijken"

    class Reason(models.TextChoices):
        """Why somebody should look at a conversation."""

        CRISIS = "nood", "nood of gevaar"
        THUMB_DOWN = "duim", "duim omlaag"
        FAILED = "mislukt", "verduidelijking mislukt"
        FALLBACK = "onbegrepen", "niet begrepen"
        UNSURE = "onzeker", "lage zekerheid"
        REPEATED = "herhaald", "herhaalde vraag"

    conversation = models.ForeignKey(
        Conversation,
        to_field="pseudonym",
        db_column="conversation",
        db_constraint=False,
        on_delete=models.CASCADE,
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=64)
    attention = models.PositiveIntegerField(default=0)
    last_at = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "value", "conversation"], name="facet_once")]
        indexes = [
            models.Index(fields=["conversation"]),
            models.Index(
                fields=["kind", "value", "-attention", "-last_at", "conversation"], name="facet_urgent"
            ),
            models.Index(fields=["kind", "value", "-last_at", "conversation"], name="facet_newest"),
        ]


class SavedFilter(models.Model):
    """A view of the queue that somebody keeps under a name; ``query`` is the address's query string, without its page."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_filter_once")]
