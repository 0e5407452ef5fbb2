"""Fixtures shared by all tests."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from hypothesis import settings

from bot.answers import Content, load_content
from bot.paths import data_dir
from bot.referral import ChannelData
from tests.assistant import Assistant, started

settings.register_profile("fixed", derandomize=True, deadline=None, max_examples=200)
settings.load_profile("fixed")


@pytest.fixture(scope="session")
def content() -> Content:
    """All answers and channels, as the assistant loads them."""
    return load_content(data_dir())


@pytest.fixture(scope="session")
def channels(content: Content) -> ChannelData:
    """The channels and the referral table."""
    return content.channels


@pytest.fixture
def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The whole assistant, started once for all tests that talk to it."""
    with started(tmp_path_factory.mktemp("assistant")) as running:
        yield running
