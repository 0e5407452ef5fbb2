"""``.venv/bin/python -m benchmarks.privacy``: recall, precision and time of redaction; writes results/privacy.md.

With a file as argument it only prints the figures for that file, with every miss.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from bot.ops.without_tensorflow import leave_out
from bot.paths import ROOT
from bot.privacy.evaluation import Example, Score, evaluate, read_examples
from bot.privacy.redact import Redactor, default_redactor

EVAL = ROOT / "tests" / "privacy" / "eval"
RESULT = ROOT / "benchmarks" / "results" / "privacy.md"
LENGTHS = (100, 250, 500, 1000, 4000)
HISTORY = ROOT / "benchmarks" / "results" / "privacy_history.md"


def main() -> None:
    """Measure, and print or write."""
    leave_out()  # Presidio imports spaCy, which would import TensorFlow
    redactor = default_redactor()
    if len(sys.argv) > 1:
        score = evaluate(read_examples(Path(sys.argv[1])), redactor)
        print("\n".join([*score.misses, *score.false, "", *_table(score)]))
        return
    sets = {path.name: read_examples(path) for path in sorted(EVAL.glob("*.jsonl"), reverse=True)}
    lines = [
        "# Redaction",
        "",
        "Made by `.venv/bin/python -m benchmarks.privacy`. All sets have been seen by the rules as they are now: the held-out figures",
        'stand under "How the figures came about".',
        "",
    ]
    for name, examples in sets.items():
        lines += [f"## `{name}`, {len(examples)} messages", "", *_table(evaluate(examples, redactor)), ""]
    lines += _time([example for examples in sets.values() for example in examples], redactor)
    if HISTORY.exists():
        lines += ["", HISTORY.read_text(encoding="utf-8").strip()]
    RESULT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


def _table(score: Score) -> list[str]:
    rows = [
        f"| {kind} | {score.marked[kind]} | {score.recall([kind]):.3f} |" for kind in sorted(score.marked)
    ]
    return [
        f"{sum(score.marked.values())} marked spans; recall {score.recall():.3f}, structured {score.structured:.3f}, "
        f"names {score.recall(['naam']):.3f}, addresses {score.recall(['adres']):.3f}; "
        f"precision {score.precision:.3f} ({score.wrong} of {score.redacted} wrong).",
        "",
        "| kind | marked | recall |",
        "| --- | --- | --- |",
        *rows,
    ]


def _time(examples: list[Example], redactor: Redactor) -> list[str]:
    """Return the times of the messages as they are, and of dense texts of a given length: messages of the sets in a row."""
    row = " ".join(example.text for example in examples)
    texts = {"the messages of the sets": [example.text for example in examples]}
    for length in LENGTHS:
        texts[f"dense, {length} characters"] = [
            row[start : start + length] for start in range(0, min(len(row) - length, 50 * length), length)
        ]
    lines = [
        "## Time",
        "",
        "Processor time, best of three runs per text. The goal is 3 ms for a message of up to 500 characters; time grows with length, so that longer",
        "texts full of personal data take more.",
        "",
        "| texts | number | p50 ms | p95 ms | longest ms | within 3 ms |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, some in texts.items():
        times = sorted(_milliseconds(text, redactor) for text in some)
        lines.append(
            f"| {name} | {len(times)} | {statistics.median(times):.2f} | {times[int(len(times) * 0.95)]:.2f} | {times[-1]:.2f} "
            f"| {sum(time <= 3 for time in times) / len(times):.1%} |"
        )
    return lines


def _milliseconds(text: str, redactor: Redactor) -> float:
    """The best of three: what the work takes, without what else the machine does."""
    times = []
    for _ in range(3):
        start = time.thread_time()
        redactor.redact(text)
        times.append((time.thread_time() - start) * 1e3)
    return min(times)


if __name__ == "__main__":
    main()
