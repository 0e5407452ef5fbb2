"""Jobs that the review console leaves for the training worker, as folders: ``var/review/jobs/<job>/``.

``job.json`` is written by the console; ``progress.json``, ``result.json`` and ``error.json`` by the worker; ``cancel`` by the
console. Every file appears whole or not at all. The console removes the folder when it has taken the result. Both sides use
this module, so it needs nothing but the standard library. Texts in a job are redacted ones; erasing a conversation removes the
jobs that it is in.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

KINDS = ("check", "measure")
FOLDER = Path("review") / "jobs"  # in the var folder
TITLE = "metingen"  # what staff and citizens read for the jobs
_LOCK = "worker.lock"
_NAME = re.compile(r"\d{20}-(?P<kind>[a-z]+)-[0-9a-f]+")  # of a job


@dataclass(frozen=True)
class JobState:
    """Where a job stands.

    ``status``: ``waiting``, ``running``, ``done``, ``failed`` or ``gone``. ``ahead``: jobs of its kind before it. ``worker``:
    whether one is running at all. ``error`` says what went wrong in English, for the log.
    """

    status: str
    percent: int = 0
    step: str = ""
    ahead: int = 0
    worker: bool = False
    result: dict[str, Any] | None = None
    error: str = ""


class Spool:
    """The folder of all jobs."""

    def __init__(self, var_dir: Path) -> None:
        """Take the var folder; nothing is made before the first job."""
        self.root = var_dir / FOLDER

    def submit(self, kind: str, examples: list[dict[str, Any]], conversations: list[str]) -> str:
        """Leave a job and return its name. ``conversations``: pseudonyms that the texts of ``examples`` come from."""
        if kind not in KINDS:
            raise ValueError(kind)
        job = f"{time.time_ns():020d}-{kind}-{secrets.token_hex(4)}"
        draft = self.root / f".{job}"
        draft.mkdir(parents=True, mode=0o700)
        write(draft / "job.json", {"kind": kind, "examples": examples, "conversations": conversations})
        draft.rename(self.root / job)
        return job

    def state(self, job: str) -> JobState:
        """Tell where ``job`` stands."""
        folder, worker = self._folder(job), self.worker_runs()
        named = _NAME.fullmatch(job)
        if named is None or not folder.is_dir() or (folder / "cancel").exists():
            return JobState("gone", worker=worker)
        if (result := read(folder / "result.json")) is not None:
            return JobState("done", 100, worker=worker, result=result)
        if (error := read(folder / "error.json")) is not None:
            return JobState("failed", worker=worker, error=str(error.get("message") or "no reason given"))
        if (progress := read(folder / "progress.json")) is not None:
            percent, step = progress.get("percent", 0), str(progress.get("step", "start"))
            return JobState("running", percent if isinstance(percent, int) else 0, step, worker=worker)
        ahead = sum(other.name < job for other in self.pending(named["kind"]))
        return JobState("waiting", ahead=ahead, worker=worker)

    def pending(self, kind: str) -> list[Path]:
        """Return the folders of jobs without an end, oldest first."""
        return [
            folder
            for folder in self._jobs()
            if folder.name.split("-")[1] == kind
            and not any((folder / name).exists() for name in ("result.json", "error.json", "cancel"))
        ]

    def cancel(self, job: str) -> None:
        """Stop ``job``: it is gone at once for the console, and the worker clears it away."""
        folder = self._folder(job)
        if not _NAME.fullmatch(job) or not folder.is_dir():
            return
        if self.worker_runs():
            (folder / "cancel").touch()
        else:
            self.remove(job)

    def cancelled(self) -> list[Path]:
        """Return the folders that the worker must clear away."""
        return [folder for folder in self._jobs() if (folder / "cancel").exists()]

    def remove(self, job: str) -> None:
        """Remove the folder of ``job``."""
        folder = self._folder(job)
        if _NAME.fullmatch(job):  # no name at all would be the folder of all jobs
            shutil.rmtree(folder, ignore_errors=True)

    def forget(self, conversation: str) -> int:
        """Remove the jobs that hold words of a conversation; return how many. A running one is stopped by the worker.

        A job that cannot be read goes too: what it holds cannot be known, and nobody can do it.
        """

        def doomed(folder: Path) -> bool:
            job = read(folder / "job.json")
            return job == {} or conversation in _conversations(job)

        return self._remove_where(doomed)

    def holding(self, conversation: str) -> int:
        """Return how many jobs hold words of a conversation."""
        return sum(conversation in _conversations(read(folder / "job.json")) for folder in self._all())

    def purge(self, before: float) -> int:
        """Remove jobs left before a moment (seconds since the epoch); return how many."""
        return self._remove_where(lambda folder: int(folder.name.lstrip(".").split("-")[0]) < before * 1e9)

    def worker_runs(self) -> bool:
        """Tell whether a worker holds the lock."""
        try:
            with (self.root / _LOCK).open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    @contextmanager
    def locked(self) -> Iterator[bool]:
        """Hold the worker's lock; yields whether it was free. It goes with the process, however that ends."""
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.root / _LOCK).open("wb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def _jobs(self) -> list[Path]:
        return [folder for folder in self._all() if not folder.name.startswith(".")]

    def _all(self) -> list[Path]:
        """The jobs, oldest first, and the drafts (with a dot) of a console that ended while it wrote one."""
        if not self.root.is_dir():
            return []
        named = (folder for folder in self.root.iterdir() if _NAME.fullmatch(folder.name.removeprefix(".")))
        return sorted(folder for folder in named if folder.is_dir())

    def _remove_where(self, condition: Any) -> int:
        doomed = [folder for folder in self._all() if condition(folder)]
        for folder in doomed:
            shutil.rmtree(folder, ignore_errors=True)
        return len(doomed)

    def _folder(self, job: str) -> Path:
        if "/" in job or job.startswith("."):
            raise ValueError(job)
        return self.root / job


def _conversations(job: dict[str, Any] | None) -> list[str]:
    return list((job or {}).get("conversations", ()))


def write(path: Path, data: dict[str, Any]) -> None:
    """Write JSON so that a reader sees all of it or none."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    fresh.replace(path)


def read(path: Path) -> dict[str, Any] | None:
    """Read a JSON object; None when there is no such file, empty when it is damaged (a machine that lost its power)."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
