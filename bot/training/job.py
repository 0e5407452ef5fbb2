"""``python -m bot.training.job FOLDER NICENESS``: does one job of the spool, in a process of its own, so that it can be killed."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Any

from bot.errors import DataError
from bot.paths import data_dir
from bot.training import spool
from bot.training.proposals import Example


def run(folder: Path) -> int:
    """Do the job in ``folder``; write result.json or error.json there; return the exit code."""
    job = spool.read(folder / "job.json") or {}
    attempts = (spool.read(folder / "progress.json") or {}).get("attempts", 1)

    def progress(percent: int, step: str) -> None:
        if folder.is_dir():  # else erased or cancelled, and the worker is about to stop this process
            spool.write(folder / "progress.json", {"percent": percent, "step": step, "attempts": attempts})

    try:
        spool.write(folder / "result.json", _result(job, progress))
    except DataError as error:
        spool.write(folder / "error.json", {"message": str(error)})
        return 1
    except Exception as error:
        if not folder.is_dir():
            return 1
        # The traceback names no text of a message; the error itself might.
        traceback.print_tb(error.__traceback__)
        spool.write(folder / "error.json", {"message": type(error).__name__})
        return 1
    return 0


def _result(job: dict[str, Any], progress: Any) -> dict[str, Any]:
    examples = [Example.from_plain(raw) for raw in job["examples"]]
    folder = data_dir() / "nlu"
    if job["kind"] == "check":
        from bot.training.check import check

        return check(folder, examples)
    from bot.training.measure import measure

    return measure(folder, examples, progress)


if __name__ == "__main__":
    os.nice(int(sys.argv[2]))
    sys.exit(run(Path(sys.argv[1])))
