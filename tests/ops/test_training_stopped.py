"""Stopping while the model is trained: nothing of it goes on."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.paths import ROOT


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["stopped", "ctrl-c"])
def test_training_ends_with_the_command_that_waits_for_it(tmp_path, number):
    waiting = subprocess.Popen(
        [sys.executable, "-c", "from bot.cli import main; main(['train'])"],
        cwd=ROOT,
        env={**os.environ, "STADSBOT_MODELS_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A shell that starts the tests in the background lets them ignore ctrl-c, and what they start too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert waiting.stdout is not None
    with waiting:
        for line in waiting.stdout:
            if line.startswith("Training the language model"):
                break
        trainer = _trainer_of(waiting.pid)
        waiting.send_signal(number)
        waiting.stdout.read()  # closed once nobody is left to write to it
    assert waiting.returncode != 0
    assert not Path(f"/proc/{trainer}").exists()
    assert not list(tmp_path.iterdir())


def _trainer_of(pid: int) -> int:
    """Return the process that ``pid`` started, once that is at work: it is Rasa's command and has read a library."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    while not (working := [child for child in listed.read_text().split() if _at_work(Path("/proc", child))]):
        os.sched_yield()
    return int(working[0])


def _at_work(process: Path) -> bool:
    command = (process / "cmdline").read_bytes().split(b"\0")
    return b"bot.ops.without_tensorflow" in command and "numpy" in (process / "maps").read_text(
        errors="replace"
    )
