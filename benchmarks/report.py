"""Tables of the NLU benchmark, and the comparison on xSID."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.text import Normaliser
from bot.training.messages import TrainingMessage
from bot.training.outcome import Outcome

BINS = 10


def per_intent(outcome: Outcome) -> dict[str, dict[str, float]]:
    """Return precision and recall of each intent, and what it is most often taken for."""
    table = {}
    for intent in sorted(set(outcome.gold)):
        gold, first = outcome.gold == intent, outcome.first == intent
        wrong = outcome.first[gold & ~first]
        names, counts = np.unique(wrong, return_counts=True)
        table[str(intent)] = {
            "messages": int(gold.sum()),
            "precision": float((gold & first).sum() / max(1, first.sum())),
            "recall": float((gold & first).sum() / gold.sum()),
            "taken_for": str(names[counts.argmax()]) if len(names) else "",
        }
    return table


def reliability(outcome: Outcome) -> list[dict[str, float]]:
    """Return, per tenth of confidence, how many messages and how many of them were right."""
    bins = np.clip((outcome.confidence * BINS).astype(int), 0, BINS - 1)
    right = outcome.first == outcome.gold
    return [
        {
            "from": b / BINS,
            "messages": int((bins == b).sum()),
            "said": float(outcome.confidence[bins == b].mean()),
            "right": float(right[bins == b].mean()),
        }
        for b in range(BINS)
        if (bins == b).any()
    ]


def xsid(folder: Path, normaliser: Normaliser) -> dict[str, float]:
    """Train on xSID's Dutch validation messages, test on its test messages (van der Goot et al., NAACL 2021)."""
    from benchmarks.nlu import train

    def read(name: str) -> tuple[list[str], list[str]]:
        lines = (folder / name).read_text(encoding="utf-8").splitlines()

        def values(key: str) -> list[str]:
            return [line.split(":", 1)[1].strip() for line in lines if line.startswith(f"# {key}:")]

        return values("text"), values("intent")

    texts, intents = read("nl.valid.conll")
    test, gold = read("nl.test.conll")
    rows = [TrainingMessage(t, i, "xsid", frozenset(), "") for t, i in zip(texts, intents, strict=True)]
    model = train(rows, normaliser)
    first = [model.intents[i] for i in model.rank(test).argmax(axis=1)]
    return {
        "train": len(texts),
        "test": len(test),
        "accuracy": float(np.mean([a == b for a, b in zip(first, gold, strict=True)])),
    }


def write(results: dict[str, Any], folder: Path) -> None:
    """Write ``nlu.json`` and the table ``nlu.md``."""
    folder.mkdir(exist_ok=True)
    (folder / "nlu.json").write_text(
        json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    lines = [
        "# Language understanding",
        "",
        f"{results['messages']} training messages; training takes {results['training_seconds']} s.",
        "",
    ]
    columns = {"held-out voices": results["held_out_voices"]} | (
        {"sample": results["sample"]} if "sample" in results else {}
    )
    keys = [k for k, v in next(iter(columns.values())).items() if isinstance(v, (int, float))]
    extra = [k for k in ("accuracy_with_typos", "grond", "domein") if "sample" in results]
    lines += [f"| figure | {' | '.join(columns)} |", "| --- |" + " --- |" * len(columns)]
    lines += [f"| {k} | {' | '.join(_cell(c.get(k)) for c in columns.values())} |" for k in [*keys, *extra]]
    lines += ["", "## Each voice, with nothing of it read in training", ""]
    first = next(iter(results["per_voice"].values()))
    lines += [f"| voice | {' | '.join(first)} |", "| --- |" + " --- |" * len(first)]
    lines += [
        f"| {v} | {' | '.join(_cell(row.get(k)) for k in first)} |" for v, row in results["per_voice"].items()
    ]
    for title, key in (
        ("Bar for “far from everything”", "curve"),
        ("Bars for “between two”", "close"),
        ("Bar for “danger first”", "danger"),
        ("Calibration", "reliability"),
    ):
        rows = results[key]
        lines += ["", f"## {title}", "", f"| {' | '.join(rows[0])} |", "|" + " --- |" * len(rows[0])]
        lines += [f"| {' | '.join(_cell(value) for value in row.values())} |" for row in rows]
    if "diet" in results:
        lines += _diet(results["diet"])
    for key in ("languages", "xsid"):
        if key in results:
            lines += ["", f"## {key}", "", "```json", json.dumps(results[key], indent=1), "```"]
    lines += [
        "",
        "## Each intent (held-out voices)",
        "",
        "| intent | messages | precision | recall | most often taken for |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| {i} | {' | '.join(_cell(v) for v in row.values())} |" for i, row in results["per_intent"].items()
    ]
    (folder / "nlu.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _diet(found: dict[str, Any]) -> list[str]:
    lines = ["", "## Beside Rasa's recommended DIET pipeline"]
    for compared in found.values():
        lines += ["", compared["about"], ""]
        columns = [(name, side) for name, sides in compared["tests"].items() for side in sides]
        lines += [f"| figure | {' | '.join(f'{name}: {side}' for name, side in columns)} |"]
        lines += ["| --- |" + " --- |" * len(columns)]
        for key in compared["tests"]["held_out"]["ours"]:
            cells = [_cell(compared["tests"][name][side][key]) for name, side in columns]
            lines.append(f"| {key} | {' | '.join(cells)} |")
    return lines


def _cell(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value if value is not None else "–")
