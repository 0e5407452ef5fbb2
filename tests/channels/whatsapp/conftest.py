"""The WhatsApp channel with a scripted agent, against the stand-in."""

from __future__ import annotations

import pytest

from bot.channels.whatsapp import WhatsAppInput
from tests.channels import messaging_server
from tests.channels.whatsapp import graph as stand_in
from tests.channels.whatsapp.people import Meta, environment
from tests.storage.conftest import _logs_as_before, domain, store  # noqa: F401 - fixtures of the real tracker store

SECRET = "a-secret-of-the-tests-with-enough-characters"


@pytest.fixture
def graph():
    graph = stand_in.Graph()
    server = stand_in.serve(graph)
    graph.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield graph
    server.shutdown()
    server.server_close()


@pytest.fixture
def make_channel(graph, tmp_path, monkeypatch):
    """Make the channel as Rasa does: from the environment."""
    for name, value in environment(graph, graph.url).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("STADSBOT_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("STADSBOT_SECRET", SECRET)
    monkeypatch.delenv("STADSBOT_DB_URL", raising=False)

    def make():
        channel = WhatsAppInput.from_credentials(None)
        assert isinstance(channel, WhatsAppInput)
        return channel

    return make


@pytest.fixture
def served(make_channel, content):
    with messaging_server.serve(make_channel(), content) as served:
        yield served


@pytest.fixture
def meta(graph, served):
    return Meta(graph, served.url)
