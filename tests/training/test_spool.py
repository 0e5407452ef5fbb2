"""Jobs between the console and the worker: whole files, one at a time, nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.paths import ROOT
from bot.privacy.erase import erase_conversation, search_conversation
from bot.privacy.retention import purge
from bot.privacy.settings import PrivacySettings
from bot.training import spool
from bot.training.spool import TITLE, Spool
from bot.training.worker import Worker

DATA = """version: "3.1"
nlu:
  - intent: kosten
    metadata: {stem: a}
    examples: |
      - moet ik betalen voor een gesprek bij jullie?
      - is het gratis
"""
TEXT = {"number": 1, "text": "is het gratis", "intent": "kosten", "entities": []}


@pytest.fixture
def jobs(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "var")


def until(condition: Callable[[], bool], seconds: float = 600) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "took too long"
        time.sleep(0.05)


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "data" / "nlu").mkdir(parents=True)
    (tmp_path / "data" / "nlu" / "complaints-a.yml").write_text(DATA)
    for name in (
        "privacy",
        "channels.yml",
        "spelling.yml",
        "lexicon_referral.yml",
        "lexicon.yml",
        "city.yml",
    ):
        (tmp_path / "data" / name).symlink_to(ROOT / "data" / name)
    return {
        **os.environ,
        "STADSBOT_VAR_DIR": str(tmp_path / "var"),
        "STADSBOT_DATA": str(tmp_path / "data"),
        "STADSBOT_SECRET": "a-secret-for-tests-only",
    }


@pytest.fixture
def started(environment: dict[str, str], jobs: Spool) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.training.worker", "--nice", "0"], cwd=ROOT, env=environment
    )
    until(jobs.worker_runs)
    yield process
    process.terminate()
    assert process.wait(300) in (0, -signal.SIGKILL)


def test_a_check_from_start_to_end(jobs: Spool, started: subprocess.Popen[bytes]) -> None:
    job = jobs.submit("check", [TEXT], ["p1"])
    until(lambda: jobs.state(job).status == "done")
    result = jobs.state(job).result
    assert result is not None
    assert [f["kind"] for f in result["lines"]["1"]["findings"]] == ["duplicate"]
    jobs.remove(job)
    assert jobs.state(job).status == "gone"


def test_an_impossible_job_says_why(jobs: Spool, started: subprocess.Popen[bytes]) -> None:
    """Too little data to measure on: the worker goes on with the next job."""
    job = jobs.submit("measure", [{**TEXT, "intent": "weerbericht"}], [])
    until(lambda: jobs.state(job).status == "failed")
    assert jobs.state(job).error
    assert "gratis" not in jobs.state(job).error
    after = jobs.submit("check", [TEXT], [])
    until(lambda: jobs.state(after).status == "done")


def test_two_workers_do_not_share_a_spool(
    jobs: Spool, started: subprocess.Popen[bytes], environment: dict[str, str]
) -> None:
    """The second waits, and takes over when the first ends."""
    command = [sys.executable, "-m", "bot.training.worker", "--nice", "0"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as second:
        try:
            assert second.stderr is not None
            assert "another one serves" in second.stderr.readline()
            started.kill()
            started.wait()
            until(jobs.worker_runs)
        finally:
            second.terminate()
            assert second.wait(300) == 0


def test_a_worker_that_was_killed_leaves_the_lock_and_the_job(
    jobs: Spool, started: subprocess.Popen[bytes], environment: dict[str, str]
) -> None:
    """Resumes after a crash: the next worker does the job again."""
    started.kill()
    started.wait()
    until(lambda: not jobs.worker_runs())
    job = jobs.submit("check", [TEXT], [])
    spool.write(jobs.root / job / "progress.json", {"percent": 40, "step": "features", "attempts": 1})
    assert jobs.state(job).status == "running"
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.training.worker", "--nice", "0"], cwd=ROOT, env=environment
    )
    try:
        until(lambda: jobs.state(job).status == "done")
    finally:
        process.terminate()
        assert process.wait(300) == 0


def test_a_job_that_ends_its_process_twice_is_given_up(jobs: Spool) -> None:
    job = jobs.submit("check", [TEXT], [])
    spool.write(jobs.root / job / "progress.json", {"percent": 40, "step": "features", "attempts": 2})
    worker = Worker(jobs)
    worker.turn()
    assert jobs.state(job).status == "failed" and not worker.running


def test_stopping_does_not_count_as_an_attempt_and_cancelling_clears_away(jobs: Spool) -> None:
    job = jobs.submit("measure", [TEXT], [])
    waiting = jobs.submit("measure", [TEXT], [])
    assert jobs.state(waiting).ahead == 1
    worker = Worker(jobs)
    with jobs.locked() as ours:
        assert ours
        worker.turn()
        pid = worker.running["measure"].process.pid
        worker.stop()
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
        assert (spool.read(jobs.root / job / "progress.json") or {})["attempts"] == 0
        worker.turn()
        assert jobs.worker_runs()
        jobs.cancel(job)
        assert jobs.state(job).status == "gone"
        worker.turn()
        assert not (jobs.root / job).exists()
        assert worker.running["measure"].folder.name == waiting
        worker.stop()
    jobs.cancel(waiting)  # no worker: at once
    assert not (jobs.root / waiting).exists()


def test_erasing_and_purging_reach_the_jobs(
    jobs: Spool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STADSBOT_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("STADSBOT_SECRET", "a-secret-for-tests-only")
    monkeypatch.delenv("STADSBOT_DB_URL", raising=False)
    settings = PrivacySettings.from_environment()
    from bot.privacy.pseudonym import pseudonym

    mine, other = pseudonym("mine", settings.secret), pseudonym("other", settings.secret)
    gone, stays = jobs.submit("measure", [TEXT], [mine, other]), jobs.submit("check", [TEXT], [other])
    assert search_conversation("mine", settings)[TITLE] == 1
    erased = erase_conversation("mine", settings)
    assert erased.deleted[TITLE] == 1 and erased.confirmed
    assert jobs.state(gone).status == "gone" and jobs.state(stays).status == "waiting"
    assert purge(settings).rows[TITLE] == 0
    assert purge(settings, now=time.time() + settings.keep_log_days * 86_400 + 60).rows[TITLE] == 1
    assert jobs.state(stays).status == "gone"


@pytest.mark.parametrize("name", ["../job", ".hidden"])
def test_a_job_is_a_plain_name(jobs: Spool, name: str) -> None:
    with pytest.raises(ValueError):
        jobs.state(name)


@pytest.mark.parametrize("content", ["", "{", "[1]", "null"])
def test_damaged_files_of_a_job(jobs: Spool, content: str) -> None:
    """A machine that lost its power in the middle: what is damaged counts as empty, and the job has an end all the same."""
    job = jobs.submit("measure", [TEXT], ["p1"])
    for name, status in (("progress", "running"), ("error", "failed"), ("result", "done")):
        (jobs.root / job / f"{name}.json").write_text(content)
        assert jobs.state(job).status == status
    assert jobs.state(job).result == {}
    worker = Worker(jobs)
    worker.turn()
    worker.stop()
    (jobs.root / job / "job.json").write_text(content)
    assert jobs.forget("somebody else") == 1, "what it holds cannot be known"


def test_what_is_no_job_stays_out_of_the_way(jobs: Spool) -> None:
    """Other folders are left alone; no name, or a strange one, is no job and removes nothing."""
    job = jobs.submit("check", [TEXT], ["p1"])
    (jobs.root / "lost+found").mkdir()
    for name in ("", "oud"):
        assert jobs.state(name).status == "gone"
        jobs.cancel(name)
        jobs.remove(name)
    assert [folder.name for folder in jobs.pending("check")] == [job]
    assert jobs.purge(time.time() + 60) == 1
    assert (jobs.root / "lost+found").is_dir()


def test_a_draft_that_was_never_finished_is_erased_and_purged(jobs: Spool) -> None:
    """The console ended between writing a job and handing it over."""
    for act in (lambda: jobs.forget("p1"), lambda: jobs.purge(time.time() + 60)):
        job = jobs.submit("check", [TEXT], ["p1"])
        (jobs.root / job).rename(jobs.root / f".{job}")
        assert jobs.pending("check") == [] and jobs.holding("p1") == 1
        assert act() == 1 and jobs.holding("p1") == 0
