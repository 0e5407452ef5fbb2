"""What a model makes of messages whose intent is known, and the figures that follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.nlu.calibration import Floats, expected_error
from bot.nlu.doubt import SAFETY, Thresholds, judge

OUT_OF_SCOPE = ("andere_stadsdienst", "buiten_bereik")
_RANKED = 10  # intents that the doubt is judged on, as the component does

Ranked = tuple[
    list[dict[str, Any]], float
]  # the best intents (name, confidence) of a message, and its share of known words


@dataclass
class Outcome:
    """Predictions for a set of messages, all arrays of that length: gold and best intent, whether gold is within the best
    three, confidence of the best (0–1), and the doubt about it.
    """

    gold: NDArray[np.str_]
    first: NDArray[np.str_]
    within_three: NDArray[np.bool_]
    confidence: Floats
    doubt: NDArray[np.str_]

    def of(self, chosen: NDArray[np.bool_]) -> Outcome:
        """Return the outcome of the chosen messages only."""
        return Outcome(**{field: getattr(self, field)[chosen] for field in self.__dataclass_fields__})

    def figures(self) -> dict[str, float]:
        """Return the figures that the project is judged by; all but ``messages`` are shares (0–1)."""
        right, answered = self.first == self.gold, self.doubt == "none"
        in_scope = ~np.isin(self.gold, OUT_OF_SCOPE)
        dangerous, alarm = np.isin(self.gold, SAFETY), np.isin(self.first, SAFETY)
        stray = ~in_scope & answered & ~np.isin(self.first, OUT_OF_SCOPE)
        return {
            "messages": len(self.gold),
            "accuracy": float(right.mean()),
            "within_three": float(self.within_three.mean()),
            "wrong_in_scope_answer": float((in_scope & answered & ~right).mean()),
            "out_of_scope_answered_in_scope": float(stray.sum() / max(1, (~in_scope).sum())),
            "asked_instead": float((~answered).mean()),
            "safety_recall": float(alarm[dangerous].mean()) if dangerous.any() else 1.0,
            "safety_false_alarms": float(alarm[~dangerous].mean()),
            "calibration_error": expected_error(self.confidence, right),
        }


def judged(
    probabilities: Floats,
    intents: Sequence[str],
    known_shares: Iterable[float],
    gold: Sequence[str],
    thresholds: Thresholds,
) -> Outcome:
    """Judge messages as the component does.

    Args:
        probabilities: shape (messages, intents).
        intents: names of the columns.
        known_shares: share of known words of each message (`bot.nlu.features.Features.known_share`).
        gold: what each message should have been understood as.
        thresholds: when to ask instead of answering.
    """
    return decide(ranked_by(probabilities, intents, known_shares), gold, thresholds)


def ranked_by(probabilities: Floats, intents: Sequence[str], known_shares: Iterable[float]) -> list[Ranked]:
    """Return the best intents of each message; arguments as of `judged`."""
    ranked = []
    for row, known_share in zip(probabilities, known_shares, strict=True):
        order = np.argsort(-row)[:_RANKED]
        ranked.append(([{"name": intents[i], "confidence": float(row[i])} for i in order], known_share))
    return ranked


def decide(ranked: Sequence[Ranked], gold: Sequence[str], thresholds: Thresholds) -> Outcome:
    """Judge what `ranked_by` returned, so that several thresholds can be tried on one ranking."""
    verdicts = [judge(best, known_share, thresholds) for best, known_share in ranked]
    names = [[r["name"] for r in verdict.ranking[:3]] for verdict in verdicts]
    return Outcome(
        gold=np.array(gold),
        first=np.array([n[0] for n in names]),
        within_three=np.array([intent in n for intent, n in zip(gold, names, strict=True)]),
        confidence=np.array([verdict.ranking[0]["confidence"] for verdict in verdicts], np.float32),
        doubt=np.array([verdict.doubt for verdict in verdicts]),
    )
