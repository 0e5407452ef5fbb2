"""``.venv/bin/python -m benchmarks.privacy``: recall, precision and time of redaction; writes results/privacy.md.

With a file as argument it only prints the figures for that file, with every miss.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from bot.paths import ROOT
from bot.privacy.evaluation import Example, Score, evaluate, read_examples
from bot.privacy.redact import Redactor, default_redactor

EVAL = ROOT / "tests" / "privacy" / "eval"
RESULT = ROOT / "benchmarks" / "results" / "privacy.md"
HISTORY = ROOT / "benchmarks" / "results" / "privacy_history.md"


def main() -> None:
    """Measure, and print or write."""
    redactor = default_redactor()
    if len(sys.argv) > 1:
        score = evaluate(read_examples(Path(sys.argv[1])), redactor)
        print("\n".join([*score.misses, *score.false, "", *_table(score)]))
        return
    examples = [example for path in sorted(EVAL.glob("*.jsonl")) for example in read_examples(path)]
    score = evaluate(examples, redactor)
    lines = [
        "# Redaction",
        "",
        "Made by `.venv/bin/python -m benchmarks.privacy`.",
        "",
        *_table(score),
        "",
        _time(examples, redactor),
    ]
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


def _time(examples: list[Example], redactor: Redactor) -> str:
    times = []
    for example in examples:
        start = time.perf_counter()
        redactor.redact(example.text)
        times.append((time.perf_counter() - start) * 1e3)
    times.sort()
    return (
        f"Time per message over {len(times)} messages: mean {statistics.mean(times):.2f} ms, "
        f"p95 {times[int(len(times) * 0.95)]:.2f} ms, longest {times[-1]:.2f} ms."
    )


if __name__ == "__main__":
    main()
