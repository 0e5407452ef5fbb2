"""Logs of any library at any level."""

import logging
import subprocess
import sys

import pytest

from bot.paths import ROOT
from bot.privacy import logs

SECRET = "a secret for tests only"
SCRIPT = """
import logging, sys, warnings
logging.basicConfig(level=logging.DEBUG, stream=sys.stdout, format="%(name)s %(message)s")
import structlog
structlog.configure(logger_factory=structlog.PrintLoggerFactory(), processors=[structlog.processors.JSONRenderer()], cache_logger_on_first_use=True)
early = structlog.get_logger("early"); early.info("first.use")
from bot.privacy import logs
logs.install("a secret for tests only"); logs.install("a secret for tests only")
early.debug("processor.message.parse", parse_data_text="zwartjoekel", count=3)
early.warning("turn.failed", reason="bel Fatima El Amrani op 0479 12 34 56", ids=["zwartjoekel"])
logging.getLogger("any").debug("got %s from %s", "0479 12 34 56", "84.12.34.56")
logging.getLogger("any").debug("broken %d", "zwartjoekel 0479123456")
logging.getLogger("rasa").debug("Starting a new session for conversation ID '+32479123456'.")
warnings.warn("Failed to parse arguments in line '/zwartjoekel'. Expected x but found zwartjoekel.Continuing with it")
access = logging.getLogger("sanic.access")
access.info("", extra={"host": "84.12.34.56:5100", "request": "GET http://x/?q=zwartjoekel", "status": 200, "byte": 1})
try:
    raise ValueError("fatima.amrani@telenet.be")
except ValueError:
    logging.getLogger("any").exception("turn failed")
"""


def test_a_process_at_debug_level():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True
    )
    out = done.stdout + done.stderr
    for trace in ("zwartjoekel", "0479", "84.12", "Fatima", "fatima", "+32479"):
        assert trace not in out
    assert '"count": 3' in out
    assert "bel [naam] op [telefoonnummer]" in out
    assert "conversation ID 'gesprek-" in out
    assert "ValueError: [e-mail]" in out
    assert "127.0.0.1" not in out


def test_what_operators_need_stays():
    line = "Node 'run_policy0' running on http://127.0.0.1:5005/ after 12.5 s, 10 attempts, model 0c.tar.gz"
    assert logs.clean_message(line, SECRET) == line
    stored = "sender 'gesprek-2868e83ba8bd47ba11dbfb12345678a3' done"
    assert logs.clean_message(stored, SECRET) == stored


@pytest.mark.parametrize("address", ["84.12.34.56", "2a02:1810:4d0d:2f00:1c2:3b4:5d6:7e8", "2a02:1810::7e8"])
def test_addresses_go(address):
    assert logs.clean_message(f"from {address} port", SECRET) == "from [ip] port"


def test_access_lines_have_no_address():
    record = logging.makeLogRecord({"host": "84.12.34.56:5100", "request": "GET http://x/a?q=1"})
    assert logs._without_address(record)
    assert (record.host, record.request) == ("-", "GET http://x/a")


def test_times_are_no_addresses():
    assert logs.clean_message("at 12:34:56 done", SECRET) == "at 12:34:56 done"
