"""Rights and roles: what each page asks for, and what each role brings.

Every view of the console carries `needs`; ``tests/test_matrix.py`` tries each role on each of them.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase


class Right(StrEnum):
    """One thing that somebody may do. The value is the codename of a Django permission on `accounts.models.Access`."""

    READ = "read"  # queue, conversations, answers, statistics
    REVIEW = "review"  # judge, correct, note, assign
    PROPOSE = "propose"  # approve corrections, measure, export a patch
    EXPORT = "export"  # CSV and monthly report
    ERASE = "erase"  # erase a conversation everywhere
    AUDIT = "audit"  # read the audit log
    MANAGE = "manage"  # people and their roles

    @property
    def permission(self) -> str:
        """The name that ``user.has_perm`` takes."""
        return f"accounts.{self.value}"


class Role(StrEnum):
    """A Django group; its name is what staff see and what single sign-on maps to."""

    READER = "lezer"
    REVIEWER = "beoordelaar"
    EDITOR = "redacteur"
    ADMINISTRATOR = "beheerder"


ROLES: dict[Role, frozenset[Right]] = {
    Role.READER: frozenset({Right.READ, Right.EXPORT}),
    Role.REVIEWER: frozenset({Right.READ, Right.EXPORT, Right.REVIEW}),
    Role.EDITOR: frozenset({Right.READ, Right.EXPORT, Right.REVIEW, Right.PROPOSE}),
    Role.ADMINISTRATOR: frozenset(Right),
}

View = Callable[..., HttpResponseBase]


def needs(right: Right) -> Callable[[View], View]:
    """Let a view only be reached by somebody signed in who has ``right``; others get the login page or 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.has_perm(right.permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return _marked(login_required(guarded), right)

    return decorate


def personal(view: View) -> View:
    """Let a view be reached by everybody who is signed in: it is about that person's own account."""
    return _marked(login_required(view), "personal")


def public(view: View) -> View:
    """Let a view be reached by anybody: signing in and what leads there."""
    return _marked(wraps(view)(lambda *args, **kwargs: view(*args, **kwargs)), "public")


def before_second_factor(view: View) -> View:
    """Let a view be reached between the password and the code (`accounts.middleware`)."""
    view.before_second_factor = True  # type: ignore[attr-defined]
    return view


def _marked(view: View, right: Right | str) -> View:
    view.right = right  # type: ignore[attr-defined]  # read by the matrix test
    return view
