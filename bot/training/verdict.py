"""The figures of a measured proposal as plain data, and whether it may be called an improvement."""

from __future__ import annotations

from typing import Any

import numpy as np

from bot.training.effect import Effect
from bot.training.outcome import Outcome

# How much worse a figure may become before the proposal counts as worse (shares, 0–1): about what single messages at a
# boundary bring about. Of safety hardly anything: 0.0025 is two messages of the eight hundred.
TOLERANCE = {
    "accuracy": 0.001,
    "within_three": 0.001,
    "wrong_in_scope_answer": 0.001,
    "out_of_scope_answered_in_scope": 0.005,
    "safety_recall": 0.0025,
    "safety_false_alarms": 0.001,
    "grond": 0.005,
    "domein": 0.005,
}
SAFETY_FIGURES = ("safety_recall", "safety_false_alarms")
_LESS_IS_BETTER = frozenset(
    {"wrong_in_scope_answer", "out_of_scope_answered_in_scope", "safety_false_alarms"}
)


def overall(effect: Effect, entities: dict[str, tuple[float, float]]) -> list[dict[str, Any]]:
    """Return ``[{"figure", "before", "after", "tolerance", "worse"}]``; ``entities`` are pairs before and after by kind."""
    before, after = effect.before.figures(), effect.after.figures()
    pairs = {name: (before[name], after[name]) for name in TOLERANCE if name in before} | entities
    return [
        {
            "figure": name,
            "before": one,
            "after": other,
            "tolerance": TOLERANCE[name],
            "worse": (other - one if name in _LESS_IS_BETTER else one - other) > TOLERANCE[name] + 1e-9,
        }
        for name, (one, other) in pairs.items()
    ]


def verdict(rows: list[dict[str, Any]]) -> str:
    """Return ``safety`` when a figure of safety is worse, ``overall`` when another is, else ``good``."""
    worse = {row["figure"] for row in rows if row["worse"]}
    if worse & set(SAFETY_FIGURES):
        return "safety"
    return "overall" if worse else "good"


def per_intent(effect: Effect) -> list[dict[str, Any]]:
    """Return share understood and share rightly so called, before and after; what became worst first."""
    rows = []
    for intent in np.unique(effect.before.gold):
        (recall, precision), (recall_after, precision_after) = (
            _recall_precision(outcome, intent) for outcome in (effect.before, effect.after)
        )
        rows.append(
            {
                "intent": str(intent),
                "messages": int((effect.before.gold == intent).sum()),
                "recall": recall,
                "recall_after": recall_after,
                "precision": precision,
                "precision_after": precision_after,
            }
        )
    return sorted(rows, key=lambda row: (row["recall_after"] - row["recall"], row["intent"]))


def own_messages(effect: Effect, numbers: list[int]) -> list[dict[str, Any]]:
    """Return what each proposed message (by its number) is understood as: before, left out, and after."""

    def understood(outcome: Outcome, row: int) -> dict[str, Any]:
        return {
            "intent": str(outcome.first[row]),
            "confidence": round(float(outcome.confidence[row]), 3),
            "doubt": str(outcome.doubt[row]),
        }

    return [
        {
            "number": number,
            "before": understood(effect.own_before, row),
            "left_out": understood(effect.own_left_out, row) if effect.own_left_out else None,
            "after": understood(effect.own_after, row),
        }
        for row, number in enumerate(numbers)
    ]


def _recall_precision(outcome: Outcome, intent: str) -> tuple[float, float]:
    gold, first = outcome.gold == intent, outcome.first == intent
    hits = int((gold & first).sum())
    return hits / max(1, int(gold.sum())), hits / max(1, int(first.sum()))
