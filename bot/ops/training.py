"""Training, only when something that the model is made of has changed."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.errors import DataError
from bot.nlu.spacy_model import identify
from bot.ops.settings import Settings
from bot.paths import ROOT, data_dir

KEEP = 3  # models kept; older ones are removed
_SOURCES = ("config.yml", "domain.yml", "uv.lock")
# What Rasa reads itself; everything else under data/ is ours. Validation is a step of its own (`stadsbot validate`).
RASA_DATA = ("nlu", "rules", "stories")
# One line of Rasa's log per component: what the progress bar counts.
_STEP = re.compile(r"Starting to train component '(\w+)'|Finished training component '(\w+)'")
_STEPS = 10


def fingerprint() -> str:
    """Return a short hash of all that a model depends on: data, configuration, our components, the spaCy model."""
    digest = hashlib.sha256(str(identify("nl_core_news_sm")).encode())
    files = [ROOT / name for name in _SOURCES]
    for folder in (*RASA_DATA, "answers"):
        files += sorted((data_dir() / folder).rglob("*.yml"))
    files += [data_dir() / name for name in ("spelling.yml", "lexicon.yml")]
    files += sorted((ROOT / "bot" / "nlu").glob("*.py")) + sorted((ROOT / "bot" / "engine").glob("*.py"))
    for path in files:
        if path.exists():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def model_path(settings: Settings) -> Path:
    """Return where the model for the present data lies, trained or not."""
    return settings.models_dir / f"{fingerprint()}.tar.gz"


def ensure_model(settings: Settings, console: Console) -> Path:
    """Return a model for the present data, training one when there is none.

    Raises:
        DataError: training failed; the last lines of its log are in the message.
    """
    target = model_path(settings)
    if target.exists():
        return target
    started = time.monotonic()
    settings.models_dir.mkdir(parents=True, exist_ok=True)
    console.print("Training the language model, about two minutes on two cores …")
    _train(target, console)
    console.print(f"Trained in {time.monotonic() - started:.0f} s: {target.name}")
    for old in sorted(settings.models_dir.glob("*.tar.gz"), key=lambda p: p.stat().st_mtime, reverse=True)[
        KEEP:
    ]:
        old.unlink()
    return target


def _train(target: Path, console: Console) -> None:
    command = [
        sys.executable, "-m", "bot.ops.without_tensorflow", "train", "--domain", "domain.yml", "--config", "config.yml",
        "--data", *(str(data_dir() / name) for name in RASA_DATA), "--skip-validation", "--out", str(target.parent), "--fixed-model-name", target.name.removesuffix(".tar.gz"),
    ]  # fmt: skip
    env = {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONHASHSEED": "0",
    }
    lines: list[str] = []
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with (
        Progress(*columns, console=console, transient=not console.is_terminal) as progress,
        _exit_when_stopped(),
        subprocess.Popen(  # noqa: S603 - our own interpreter and fixed arguments
            command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process,
    ):
        try:
            task = progress.add_task("Training: reading the data", total=_STEPS)
            assert process.stdout is not None
            for line in process.stdout:
                lines.append(line.rstrip())
                if step := _STEP.search(line):
                    progress.update(
                        task, description=f"Training: {step[1] or step[2]}", advance=1 if step[2] else 0
                    )
        except BaseException:
            # A training that nobody waits for would keep two cores busy for minutes.
            process.terminate()
            raise
    if process.returncode or not target.exists():
        raise DataError("training failed:\n" + "\n".join(lines[-15:]))


@contextmanager
def _exit_when_stopped() -> Iterator[None]:
    """Make SIGTERM an exception, as Ctrl-C is, so that what was started can be ended."""

    def leave(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
