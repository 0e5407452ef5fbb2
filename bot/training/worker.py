"""``python -m bot.training.worker``: does the jobs that the review console leaves, until SIGTERM.

One measurement at a time; a check, which takes seconds, may run beside it. A job that was interrupted is done again from the
start: the same job gives the same result. A job that brings its process down twice is given up.
"""

from __future__ import annotations

import argparse
import contextlib
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from rich.console import Console

from bot.ops.settings import Settings
from bot.paths import ROOT
from bot.training import spool
from bot.training.spool import KINDS, Spool

PAUSE = 0.5  # seconds between looks at the spool
ATTEMPTS = 2
NICENESS = 10  # answers to citizens come first
_PATIENCE = 10.0  # seconds before a process that was asked to stop is killed


@dataclass
class Running:
    """A job that is being done."""

    folder: Path
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """End the process and wait for it."""
        self.process.terminate()
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Worker:
    """Looks at the spool and keeps one process per kind of job."""

    def __init__(self, jobs: Spool, niceness: int = NICENESS) -> None:
        """Take the spool; nothing runs before `turn`. Jobs leave ``niceness`` (0–19) to everything else."""
        self._jobs, self._niceness = jobs, niceness
        self.running: dict[str, Running] = {}

    def turn(self) -> None:
        """Do what is to be done now: clear away, notice ends, start what is next."""
        for kind, job in list(self.running.items()):
            if not job.folder.is_dir() or (job.folder / "cancel").exists():
                job.stop()
                del self.running[kind]
            elif job.process.poll() is not None:
                del self.running[kind]
        for folder in self._jobs.cancelled():
            self._jobs.remove(folder.name)
        for kind in KINDS:
            if kind not in self.running and (waiting := self._jobs.pending(kind)):
                self._start(kind, waiting[0])

    def stop(self) -> None:
        """Stop what is running; it is begun again at the next start, without counting against it."""
        for job in self.running.values():
            job.stop()
            with contextlib.suppress(FileNotFoundError):  # erased or cancelled meanwhile
                if progress := spool.read(job.folder / "progress.json"):
                    spool.write(
                        job.folder / "progress.json",
                        {**progress, "attempts": progress.get("attempts", 1) - 1},
                    )
        self.running.clear()

    def _start(self, kind: str, folder: Path) -> None:
        attempts = (spool.read(folder / "progress.json") or {}).get("attempts", 0) + 1
        if attempts > ATTEMPTS:
            spool.write(
                folder / "error.json", {"message": f"its process ended {ATTEMPTS} times without a result"}
            )
            return
        spool.write(folder / "progress.json", {"percent": 0, "step": "start", "attempts": attempts})
        command = [sys.executable, "-m", "bot.training.job", str(folder), str(self._niceness)]
        self.running[kind] = Running(folder, subprocess.Popen(command, cwd=ROOT))  # noqa: S603 - fixed command


def main(niceness: int = NICENESS) -> int:
    """Work until told to stop; while another worker serves the same var folder, wait for it to end.

    Args:
        niceness: how much jobs stand back for everything else on the machine, 0 to 19.

    Returns:
        The exit code, 0.
    """
    jobs = Spool(Settings.from_environment().var_dir.resolve())
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    told = False
    while not stop.is_set():
        with jobs.locked() as ours:
            if ours:
                _serve(Worker(jobs, niceness), stop)
            elif not told:
                print("worker: another one serves this var folder; waiting", file=sys.stderr, flush=True)
                told = True
        stop.wait(PAUSE)
    return 0


def _serve(worker: Worker, stop: threading.Event) -> None:
    try:
        while not stop.is_set():
            try:
                worker.turn()
            except OSError as error:  # a folder went at this very moment, or the disk is full: look again
                print(f"worker: {type(error).__name__}, looking again", file=sys.stderr, flush=True)
            stop.wait(PAUSE)
    finally:
        worker.stop()


def work(arguments: argparse.Namespace, console: Console) -> int:
    """``stadsbot proposals work``: the same, in this terminal."""
    console.print("Waiting for proposals of the review console. Ctrl-C stops.")
    return main()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nice", type=int, default=NICENESS, help="how much jobs stand back, 0 to 19")
    sys.exit(main(parser.parse_args().nice))
