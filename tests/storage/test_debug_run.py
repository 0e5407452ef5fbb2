"""The real processor at debug level: nothing that was said is in any log line or file."""

import os
import subprocess
import sys

import pytest

from bot.ops.settings import Settings
from bot.ops.training import model_path
from bot.paths import ROOT

MESSAGES = [
    "Ik ben Fatima El Amrani, bel 0479 12 34 56, ze riepen zwartjoekel op het werk",
    "mijn rijksregisternummer is 85.07.30-033.28 en mijn mail fatima.amrani@telenet.be bibberkous",
    "/knobbelzwaan",
]
TRACES = [
    "Fatima",
    "Amrani",
    "0479",
    "zwartjoekel",
    "85.07.30",
    "telenet",
    "bibberkous",
    "knobbelzwaan",
    "98765432",
]


@pytest.mark.server
def test_nothing_that_was_said_is_logged(tmp_path):
    model = model_path(Settings.from_environment())
    if not model.exists():
        pytest.skip("no model for the present data; `stadsbot train` makes one")
    env = {
        **os.environ,
        "STADSBOT_VAR_DIR": str(tmp_path),
        "STADSBOT_SECRET": "a secret for tests only",
        "STADSBOT_ACTIONS_URL": "http://127.0.0.1:9/webhook",
        "RASA_TELEMETRY_ENABLED": "false",
    }
    command = [sys.executable, "-m", "tests.storage.debug_run", str(model), *MESSAGES]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True, timeout=180)
    log = done.stdout + done.stderr
    assert log.count("[weggelaten]") > 20
    assert [trace for trace in TRACES if trace in log] == []
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir()).decode("utf-8", "replace")
    identifiers = ["Fatima", "Amrani", "0479", "85.07.30", "telenet", "98765432"]
    assert [trace for trace in identifiers if trace in stored] == []
    assert "[rijksregisternummer]" in stored
