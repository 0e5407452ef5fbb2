"""The daily counts of the assistant."""

from __future__ import annotations

from django.db import models


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
