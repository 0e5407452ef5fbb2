"""Every address of the console, tried by every role and by nobody: allowed exactly as `accounts.access.ROLES` says."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.access import ROLES, Right, Role
from conversations.models import Conversation, Message
from corrections.models import Correction, Note, Proposal
from tests.feed import conversation

METHODS = ("get", "post", "put", "delete")
ROOT_REDIRECT = "home"  # leads to the queue, which asks for a right itself


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every pattern of the console with its whole route."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, prefix + str(entry.pattern))
        else:
            yield prefix + str(entry.pattern), entry


VIEWS = [(route, pattern) for route, pattern in patterns(get_resolver()) if pattern.name != ROOT_REDIRECT]
GUARDED = [
    (route, pattern)
    for route, pattern in VIEWS
    if isinstance(getattr(pattern.callback, "right", None), Right)
]


@pytest.fixture
def things(db_all):
    """One object of each kind; the number in every address is that of the first."""
    found = Conversation.objects.create(pseudonym=conversation(1), first_at=1, last_at=2)
    message = Message.objects.create(
        conversation=found, feed_id=1, timestamp=1, kind="user", text="x", intent="ja"
    )
    correction = Correction.objects.create(
        conversation=found, message=message, text="x", verdict="fout", intent="nee"
    )
    Note.objects.create(conversation=found, text="x")
    proposal = Proposal.objects.create(title="x")
    return {
        "conversation": found.pk,
        "message": message.pk,
        "correction": correction.pk,
        "proposal": proposal.pk,
    }


def address(route: str) -> str:
    """Fill the route in: numbers are 1, words a word."""
    parts = []
    for part in route.split("/"):
        if part.startswith("<int"):
            part = "1"
        elif part.startswith("<"):
            part = "woord"
        parts.append(part)
    return "/" + "/".join(parts)


@pytest.mark.parametrize(("route", "pattern"), VIEWS, ids=[route for route, _ in VIEWS])
def test_every_view_says_who_may_open_it(route, pattern):
    right = getattr(pattern.callback, "right", None)
    assert right in {*Right, "personal", "public"}, (
        f"/{route} carries no right: decorate it with accounts.access.needs"
    )


def test_roles_are_nested():
    sets = [ROLES[role] for role in Role]
    assert all(low < high for low, high in itertools.pairwise(sets))


@pytest.mark.parametrize("who", [None, "niemand", *Role], ids=str)
@pytest.mark.parametrize(("route", "pattern"), GUARDED, ids=[route for route, _ in GUARDED])
def test_allowed_exactly_as_the_roles_say(things, person, route, pattern, who):
    right = pattern.callback.right
    for method in METHODS:
        client = Client(raise_request_exception=False)
        if who is not None:
            role = who if isinstance(who, Role) else None
            user = User.objects.filter(username=f"{who}-1").first() or person(role, f"{who}-1")
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        response = getattr(client, method)(address(route))
        if who is None:
            # A method that a view does not know may be refused before it is asked who it is.
            assert response.status_code == 405 or (
                response.status_code == 302 and response["Location"].startswith("/aanmelden/")
            ), (method, response.status_code)
        elif isinstance(who, Role) and right in ROLES[who]:
            assert response.status_code < 500, (method, response.status_code)
            assert response.status_code != 403, method
        else:
            assert response.status_code in {403, 405}, (method, response.status_code)


@pytest.mark.parametrize(
    "route", [route for route, pattern in VIEWS if getattr(pattern.callback, "right", "") == "personal"]
)
def test_ones_own_account_is_for_people_who_are_signed_in(db_all, route):
    assert Client().get(address(route)).status_code in {302, 405}


def test_the_groups_have_the_rights_of_their_roles(person):
    for role in Role:
        user = person(role)
        assert {right for right in Right if user.has_perm(right.permission)} == ROLES[role]
        assert not user.is_superuser
