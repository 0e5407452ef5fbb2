"""Signing in and out, written to the audit log."""

from __future__ import annotations

import time
from typing import Any

from django.contrib.auth import user_logged_in, user_logged_out, user_login_failed
from django.contrib.auth.models import User
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.audit import record
from accounts.factors import SSO_BACKEND
from accounts.middleware import SINCE


@receiver(user_logged_in)
def signed_in(sender: Any, request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    """Note it, and start the clock of the session."""
    if request is not None and hasattr(request, "session"):
        request.session[SINCE] = time.time()
    record(user, "aanmelding.gelukt", user, "SSO" if getattr(user, "backend", "") == SSO_BACKEND else "")


@receiver(user_logged_out)
def signed_out(sender: Any, user: User | None, **kwargs: Any) -> None:
    """Note it."""
    if user is not None:
        record(user, "aanmelding.beëindigd", user)


@receiver(user_login_failed)
def refused(sender: Any, credentials: dict[str, Any], **kwargs: Any) -> None:
    """Note it for an account that exists; whatever else was typed may be a password in the wrong field."""
    name = credentials.get("username")
    user = User.objects.filter(username=name).first() if name else None
    if user is not None:
        record(None, "aanmelding.mislukt", user, user.get_username())
