"""What holds for every page of somebody signed in: the second factor, an end to each session, and no copies left behind."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from accounts.factors import missing

SINCE = "since"  # session key: seconds since 1970
LONGEST = 12 * 3_600.0  # seconds; however busy somebody is, after a working day the password is asked again


class SignedIn:
    """Stands after `django_otp.middleware.OTPMiddleware`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        if request.user.is_authenticated and time.time() - request.session.get(SINCE, 0.0) > LONGEST:
            logout(request)
        response = self.get_response(request)
        if request.user.is_authenticated:
            # Neither the browser nor anything between keeps a page with a conversation.
            response["Cache-Control"] = "private, no-store"
        if getattr(request, "htmx", False) and response.status_code == 302:
            target = response["Location"]
            if target.startswith(resolve_url(settings.LOGIN_URL)):
                # The session is over: the whole page goes to sign-in, not only the part that was asked for.
                return HttpResponseClientRedirect(reverse("home"))
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Send somebody with only a password to where the code is asked for."""
        if not request.user.is_authenticated or getattr(view, "before_second_factor", False):
            return None
        step = missing(request)
        if step is None:
            return None
        target = reverse(f"accounts:{step}")
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(target)
        return redirect(
            f"{target}?next={quote(request.get_full_path())}" if request.method == "GET" else target
        )
