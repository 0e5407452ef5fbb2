"""Judgements of messages, notes, and proposals to change the training data."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from conversations.models import Conversation, Message


class Correction(models.Model):
    """What somebody says of one message of a citizen; ``entities`` as in `Message`, but as they should have been.

    The message's text is copied, since a correction that becomes training data outlives the log. It goes with the
    conversation when that is erased, unless it is already part of an exported proposal.
    """

    class Verdict(models.TextChoices):
        """Was it understood?"""

        RIGHT = "goed", "goed begrepen"
        WRONG = "fout", "fout begrepen"
        UNCLEAR = "onduidelijk", "onduidelijk"

    class State(models.TextChoices):
        """Its way to the training data."""

        OPEN = "open", "te bekijken"
        APPROVED = "goedgekeurd", "goedgekeurd"
        REFUSED = "geweigerd", "geweigerd"
        USED = "gebruikt", "in een voorstel"

    conversation = models.ForeignKey(
        Conversation,
        to_field="pseudonym",
        db_column="conversation",
        db_constraint=False,
        on_delete=models.CASCADE,
    )
    message = models.OneToOneField(Message, db_constraint=False, on_delete=models.CASCADE)
    text = models.TextField()
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    intent = models.CharField(max_length=64, blank=True)
    entities = models.JSONField(default=list)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(auto_now=True)
    # Who changed what: without the words of the citizen, so that erasing needs not look into the history.
    history = HistoricalRecords(excluded_fields=["text", "conversation", "message"])

    class Meta:
        indexes = [models.Index(fields=["state", "-at"]), models.Index(fields=["conversation"])]


class Note(models.Model):
    """A remark of staff on a conversation."""

    conversation = models.ForeignKey(
        Conversation,
        to_field="pseudonym",
        db_column="conversation",
        db_constraint=False,
        on_delete=models.CASCADE,
    )
    text = models.CharField(max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["conversation"])]


class Proposal(models.Model):
    """Approved corrections as one change to ``data/nlu``, with its measured effect.

    ``checked`` and ``result`` are what the worker found (`bot.training.check`, `bot.training.measure`); they name messages of
    citizens by the numbers of their lines only. ``job`` and ``check_job`` are names in the spool (`bot.training.spool`).
    ``patch`` and ``request`` (the text of a merge request) are made when the proposal is exported; from then on its messages are
    training data.
    """

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "ontwerp", "ontwerp"
        QUEUED = "wacht", "wacht op meting"
        RUNNING = "meet", "wordt gemeten"
        MEASURED = "gemeten", "gemeten"
        FAILED = "mislukt", "meting mislukt"
        EXPORTED = "uitgevoerd", "uitgevoerd"

    title = models.CharField(max_length=120)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    check_job = models.CharField(max_length=60, blank=True)
    checked = models.JSONField(null=True)
    job = models.CharField(max_length=60, blank=True)
    result = models.JSONField(null=True)
    error = models.CharField(max_length=300, blank=True)
    patch = models.TextField(blank=True)
    request = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)
    history = HistoricalRecords(excluded_fields=["check_job", "checked", "job", "result", "patch", "request"])

    class Meta:
        ordering = ["-created"]


class Line(models.Model):
    """One message of a proposal; ``entities`` as in `Message`.

    ``conversation`` is the pseudonym, so that erasing reaches the line; it is emptied when the proposal is exported. Purging
    takes lines too, counted from their latest change: of an exported proposal the patch stays.
    """

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="lines")
    correction = models.ForeignKey(Correction, null=True, db_constraint=False, on_delete=models.SET_NULL)
    conversation = models.CharField(max_length=64, blank=True, db_index=True)
    text = models.TextField()
    intent = models.CharField(max_length=64)
    entities = models.JSONField(default=list)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["id"]
