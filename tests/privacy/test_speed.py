"""No message can make redaction expensive: time grows with length, not faster. How long it takes: benchmarks/privacy.py."""

import time

import pytest

from bot.channels.guard import MAX_MESSAGE
from bot.privacy.redact import default_redactor

REDACTOR = default_redactor()
SHORT = MAX_MESSAGE // 4


def _cost(text: str) -> float:
    """Processor time in seconds, the best of three: other work on the machine counts less."""
    times = []
    for _ in range(3):
        start = time.thread_time()
        REDACTOR.redact(text)
        times.append(time.thread_time() - start)
    return min(times)


@pytest.mark.parametrize(
    "part",
    [
        "a", "1", "a.", "A-", "a-", "1.", "'", "+", "www.", "Van ", "een ", "dossier ", "04 ", "é", "a@", "mijn naam ",
        "mijn naam:A ", "auto 1 ", "AUTO A1 ", "auto A1 ", "Zhao ", "1.1.65 ", "a punt ", "hij is van ", "a is mijn ",
        "0O", "1\n", "1...", "nul ", "0en ", "rue ", "Kerk 1 ", "De ", "12 mrt ", "_a", "a/1-", "rrn 1", "eindigt op 1 ", "six ",
    ],
)  # fmt: skip
def test_no_repetition_is_slow(part):
    short, long = ((part * MAX_MESSAGE)[:length] for length in (SHORT, MAX_MESSAGE))
    # Four times the length: four times the time, sixteen for what looks back over everything; more would be a trap.
    assert _cost(long) < 25 * max(_cost(short), 0.002)
