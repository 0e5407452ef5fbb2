"""Identifiers in any notation, through the real store: none is in any database file or log afterwards."""

import asyncio
import logging
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from rasa.shared.core.events import SlotSet

from bot.channels.web_feedback import FeedbackStore
from bot.privacy.retention import purge
from bot.storage.tables import review, statistics
from tests.privacy.generate import messages, traces

from .conversation import answered, rows, said, turn


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_no_file_holds_an_identifier(store, settings, tmp_path):
    log = tmp_path / "var" / "debug.log"
    handler = logging.FileHandler(log)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    told: list[str] = []
    feedback = FeedbackStore(settings.feedback)
    entities = ("grond", "domein", "persoon")  # the first two are counted in the statistics

    @hypothesis_settings(max_examples=60, suppress_health_check=list(HealthCheck))
    @given(messages())
    def tell(message):
        text, secrets = message
        told.extend(secrets)
        root.debug("message %s", text)
        feedback.add("kosten", "down", word=secrets[0])
        feedback.add("kosten", "down", word=text)
        asyncio.run(
            turn(
                store,
                f"+3247{len(told):07}",
                said(
                    text,
                    entities=[
                        {"entity": name, "value": value} for name in entities for value in (text, secrets[0])
                    ],
                ),
                SlotSet("domein", text),
                answered("Dank je."),
            )
        )

    try:
        tell()
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        handler.close()
    purge(settings)
    files = [
        path
        for path in Path(settings.purge_log).parent.iterdir()
        if path.is_file() and path.name != "secret.key"
    ]
    assert {path.name for path in files} >= {
        "conversations.db",
        "reviewlog.db",
        "statistics.db",
        "feedback.db",
        "debug.log",
        "purge.jsonl",
    }
    everything = "\n".join(path.read_bytes().decode("utf-8", "replace") for path in files)
    assert len(told) >= 60
    leaks = [secret for secret in told if secret in everything]
    assert leaks == []
    # Runs of digits long enough not to turn up in a timestamp by chance.
    assert [s for s in told for trace in traces(s, everything) if len(trace) >= 9] == []
    assert "Dank je." in everything
    assert len(rows(store.event_broker.review, review)) >= 60
    assert {row["kind"] for row in rows(store.event_broker.statistics, statistics)} >= {
        "grond",
        "domein",
        "weggehaald",
    }
