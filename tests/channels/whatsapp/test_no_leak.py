"""Identifiers in any notation, typed to the WhatsApp channel: none is in any file or log afterwards, and neither is the number."""

from __future__ import annotations

import logging

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from tests.channels import messaging_server
from tests.channels.whatsapp.people import Meta
from tests.privacy.generate import messages, traces


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_no_file_holds_an_identifier(store, settings, graph, make_channel, content, monkeypatch):
    var = settings.purge_log.parent
    monkeypatch.setenv("STADSBOT_VAR_DIR", str(var))
    monkeypatch.setenv("STADSBOT_SECRET", settings.secret)
    handler = logging.FileHandler(var / "debug.log")
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    told: list[str] = []
    phones: list[str] = []

    try:
        with messaging_server.serve(make_channel(), content, store=store) as served:
            meta = Meta(graph, served.url)

            @hypothesis_settings(max_examples=40, suppress_health_check=list(HealthCheck))
            @given(messages())
            def tell(message):
                text, secrets = message
                phone = f"3247{len(phones):03}5819"
                phones.append(phone)
                told.extend(secrets)
                meta.say(phone, text)
                if len(phones) % 4 == 0:  # under a picture too
                    meta.post(meta.update(messages=[meta.message(phone, "image", {"caption": text})]))
                assert meta.post(meta.status(meta.answers(phone, 1)[0], "delivered")) == 200

            tell()
            meta.say("32479999999", "zeg klaar")
            meta.answers("32479999999", 1)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        handler.close()
    files = [path for path in var.iterdir() if path.is_file() and path.name != "secret.key"]
    assert {path.name for path in files} >= {"conversations.db", "reviewlog.db", "messaging.db", "debug.log"}
    everything = "\n".join(path.read_bytes().decode("utf-8", "replace") for path in files)
    assert len(told) >= 40
    assert [secret for secret in told if secret in everything] == []
    assert [phone for phone in phones if phone in everything] == []
    # Runs of digits long enough not to turn up in a timestamp by chance.
    assert [s for s in told for trace in traces(s, everything) if len(trace) >= 9] == []
    assert "wamid" not in everything
    assert "Kosten" in everything or "gratis" in everything  # the answers are there, so something was stored
