"""What every page shows: the menu for this person's role, and how long things are kept."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from console.menu import menu_for


def console(request: HttpRequest) -> dict[str, Any]:
    """Return the values that ``base.html`` needs."""
    privacy = settings.CONFIG.privacy
    return {
        "menu": menu_for(request),
        "log_days": privacy.keep_log_days,
        "session_seconds": settings.SESSION_COOKIE_AGE,
        "sso": settings.CONFIG.oidc is not None,
    }
