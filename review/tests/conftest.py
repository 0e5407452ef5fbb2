"""The console on a database of its own: SQLite in memory, or the PostgreSQL that ``REVIEW_TEST_DB_URL`` names."""

from __future__ import annotations

import dataclasses

import pytest
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.db import connections
from django.test import Client

from accounts.access import Role
from tests.feed import FeedWriter

PASSWORD = "drie groene fietsen 9"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Make the tables that the assistant makes in a real installation."""
    from conversations.models import Erasure, FeedEvent
    from figures.models import DailyCount

    with django_db_blocker.unblock():
        for model, alias in ((FeedEvent, "feed"), (Erasure, "feed"), (DailyCount, "statistics")):
            if model._meta.db_table not in connections[alias].introspection.table_names():
                with connections[alias].schema_editor() as editor:
                    editor.create_model(model)
    yield
    with django_db_blocker.unblock():
        for alias in (
            "feed",
            "statistics",
        ):  # on PostgreSQL they are sessions in the database that is dropped now
            connections[alias].close()


@pytest.fixture(autouse=True)
def nothing_remembered():
    """The console remembers for minutes which languages and channels there are; each test starts without."""
    cache.clear()


@pytest.fixture
def feed(db_all) -> FeedWriter:
    """Writes the review log as the assistant does."""
    return FeedWriter()


@pytest.fixture
def db_all(request):
    """The console's database, the review log and the counts; each test sees them empty."""
    request.applymarker(pytest.mark.django_db(databases="__all__"))
    request.getfixturevalue("db")


@pytest.fixture
def stores(transactional_db, settings):
    """Let erasing and purging, which use no Django, work on the test's own databases; returns their settings."""
    from conversations.models import Erasure, FeedEvent

    urls = {}
    for alias in ("default", "feed", "statistics"):
        database = connections[alias].settings_dict
        if connections[alias].vendor == "sqlite":
            urls[alias] = f"sqlite:///{database['NAME']}"
        else:
            urls[alias] = (
                f"postgresql://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
            )
    privacy = dataclasses.replace(
        settings.CONFIG.privacy,
        console_url=urls["default"],
        review_url=urls["feed"],
        statistics_url=urls["statistics"],
    )
    settings.CONFIG = dataclasses.replace(settings.CONFIG, privacy=privacy)
    yield privacy
    for model in (FeedEvent, Erasure):
        model.objects.all().delete()


@pytest.fixture
def person(db_all):
    """Make a person with a role (None: an account that nobody gave one)."""

    def make(role: Role | None, name: str = "") -> User:
        user = User.objects.create_user(name or f"{role or 'niemand'}-1", password=PASSWORD)
        if role is not None:
            user.groups.add(Group.objects.get(name=role.value))
        return user

    return make


@pytest.fixture
def signed_in(person):
    """Return a client signed in as somebody with a role."""

    def make(role: Role | None) -> Client:
        client = Client()
        client.force_login(person(role), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make
