"""Measures one proposal from start to end, with progress."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.nlu.features import Features
from bot.nlu.text import Normaliser
from bot.paths import data_dir
from bot.training import entity_effect, verdict
from bot.training.effect import Study
from bot.training.messages import read_messages
from bot.training.proposals import Example, carriers, data_version

Progress = Callable[[int, str], None]


def measure(folder: Path, examples: list[Example], progress: Progress) -> dict[str, Any]:
    """Train with and without ``examples`` beside the messages of ``folder`` (``data/nlu``).

    Args:
        folder: the training messages.
        examples: the proposal.
        progress: told the percentage (0–100) and the step: "features", "without", "with", "left out", "figures",
            "entities without" or "entities with".

    Returns:
        Plain data: ``data`` (version), ``numbers`` of the examples, ``messages`` held out, ``seconds``, ``verdict``,
        ``overall``, ``intents``, ``own`` (see `bot.training.verdict`), ``trained_anew`` and ``kept_out`` (see `Effect`).
    """
    started, version = time.monotonic(), data_version(folder)
    messages, proposed = read_messages(folder), [example.message for example in examples]
    normaliser = Normaliser.from_file(data_dir() / "spelling.yml")
    counter = _Counter(progress)
    study = Study(Features(normaliser), messages, proposed, counter)
    with_entities = any(m.intent in carriers(messages) for m in proposed)
    counter.total = study.steps + (entity_effect.STEPS if with_entities else 0)
    effect = study.measure()
    rows = verdict.overall(
        effect, entity_effect.entity_effect(messages, proposed, normaliser, counter) if with_entities else {}
    )
    return {
        "data": version,
        "numbers": [example.number for example in examples],
        "messages": len(messages),
        "seconds": round(time.monotonic() - started),
        "verdict": verdict.verdict(rows),
        "overall": rows,
        "intents": verdict.per_intent(effect),
        "own": verdict.own_messages(effect, [example.number for example in examples]),
        "trained_anew": effect.trained_anew,
        "kept_out": effect.kept_out,
    }


class _Counter:
    """Turns steps that are done, or begun in the case of the first, into a percentage."""

    def __init__(self, progress: Progress) -> None:
        self._progress, self._done, self.total = progress, 0, 0

    def __call__(self, step: str) -> None:
        self._done += 1
        self._progress(min(99, 100 * self._done // self.total) if self.total else 1, step)
