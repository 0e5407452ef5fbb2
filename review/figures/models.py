"""The daily counts of the assistant."""

from __future__ import annotations

from django.db import models

from conversations.models import Conversation, Message


class DailyCount(models.Model):
    """How often something happened on a day (`bot.storage.tallies` lists the kinds). ``day`` is an ISO date in UTC."""

    pk = models.CompositePrimaryKey("day", "kind", "name")
    day = models.CharField(max_length=10)
    kind = models.CharField(max_length=24)
    name = models.CharField(max_length=64)
    count = models.IntegerField()

    class Meta:
        managed = False
        db_table = "statistics"


class Unanswered(models.Model):
    """A message that was not understood, in the group of those like it (`figures.unanswered`).

    ``group`` is the lowest number of a message in it. ``handled``: somebody has looked at it and is done with it.
    """

    conversation = models.ForeignKey(
        Conversation,
        to_field="pseudonym",
        db_column="conversation",
        db_constraint=False,
        on_delete=models.CASCADE,
    )
    message = models.OneToOneField(Message, db_constraint=False, on_delete=models.CASCADE)
    timestamp = models.FloatField()  # of the message, in seconds since 1970: purged together
    group = models.BigIntegerField()
    handled = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["group"]), models.Index(fields=["conversation"])]
