"""Rasa's hook for anonymous logs."""

import json
import subprocess
import sys

from bot.paths import ROOT

SCRIPT = """
import logging
from rasa.utils.log_utils import configure_structlog
configure_structlog(logging.DEBUG)
import structlog
from bot.storage import log_plugin
log_plugin.register(); log_plugin.register()
log = structlog.get_logger("rasa.any")
log.debug("processor.message.parse", parse_data_text="zwartjoekel", text="zwartjoekel", slot_values={"a": "zwartjoekel"}, count=3)
log.error("action.failed", json_message={"text": "zwartjoekel"}, user_text="zwartjoekel")
"""


def test_the_keys_that_rasa_names_are_left_out_at_every_level():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "zwartjoekel" not in done.stdout + done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert [line["level"] for line in lines] == ["debug", "error"]
    assert lines[0]["parse_data_text"] == "[weggelaten]"
    assert lines[0]["count"] == 3
