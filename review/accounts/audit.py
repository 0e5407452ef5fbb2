"""Writing the audit log."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models

from accounts.models import AuditEntry


def record(
    user: AbstractBaseUser | AnonymousUser | None,
    action: str,
    thing: models.Model | None = None,
    detail: str = "",
) -> AuditEntry:
    """Write one entry.

    Args:
        user: who did it; None for the system itself.
        action: what was done, as ``object.verb`` ("gesprek.gelezen", "correctie.gemaakt").
        thing: the object it was done to.
        detail: a few words for the reader; never text of a conversation.
    """
    known = user if user is not None and user.is_authenticated else None
    return AuditEntry.objects.create(
        who=known,  # type: ignore[misc]
        name=known.get_username() if known else "systeem",
        action=action,
        kind=thing._meta.model_name or "" if thing is not None else "",
        number=thing.pk if thing is not None else None,
        detail=detail[:200],
    )
