"""A homeserver with the assistant on it, and people."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest

from tests.matrix_client import Event, MatrixClient
from tests.storage.conftest import postgres, settings  # noqa: F401 - fixtures: an empty database of each kind

from . import matrix_town
from .matrix_town import BOT, Town

_NAMES = (f"persoon{number}" for number in itertools.count(1))
Say = Callable[[str, str], Event]


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Started once for all tests; each test brings its own person."""
    with matrix_town.town(tmp_path_factory.mktemp("matrix")) as here:
        yield here


@pytest.fixture
def person(town: Town) -> MatrixClient:
    """Somebody new, logged in."""
    return town.synapse.register(next(_NAMES))


@pytest.fixture
def talk() -> Callable[[MatrixClient], tuple[str, Say]]:
    """Opens a chat with the assistant; returns the room and a function that says something.

    That function returns the first new message in which ``about`` (a regular expression) is found.
    """

    def open_chat(person: MatrixClient) -> tuple[str, Say]:
        room = person.create_room(BOT)
        person.wait_for(room, BOT, 1)

        def say(text: str, about: str) -> Event:
            before = len(person.answers(room, BOT))
            person.say(room, text)
            return person.wait_for_answer(room, BOT, about, before)

        return room, say

    return open_chat
