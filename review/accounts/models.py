"""The audit log, and the holder of the rights."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from accounts import wording


class Access(models.Model):
    """No table: carries the permissions of `accounts.access.Right`."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [
            ("read", "Wachtrij, gesprekken en cijfers lezen"),
            ("review", "Beoordelen en verbeteren"),
            ("propose", "Voorstellen maken, meten en uitvoeren"),
            ("export", "Cijfers uitvoeren"),
            ("erase", "Een gesprek wissen"),
            ("audit", "Het logboek lezen"),
            ("manage", "Gebruikers beheren"),
        ]


class SsoIdentity(models.Model):
    """Who somebody is for the city's identity provider; names may change or be given again there, a subject is not."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sso")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="sso_once")]


class AuditEntry(models.Model):
    """One view of a conversation, change, export or sign-in. Written once, never changed.

    ``number`` is the console's own number of the object, never the pseudonym of a conversation, so that erasing a
    conversation leaves nothing that leads to it. No addresses, no message text.
    """

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    who = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    name = models.CharField(max_length=150)  # stays when the account goes
    action = models.CharField(max_length=40, db_index=True)
    kind = models.CharField(max_length=20, blank=True)
    number = models.BigIntegerField(null=True)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["kind", "number"])]

    @property
    def words(self) -> str:
        """What was done, for staff."""
        return wording.action(self.action)

    @property
    def about(self) -> str:
        """What it was done to, for staff."""
        return wording.thing(self.kind, self.number)
