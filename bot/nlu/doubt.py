"""When to ask instead of answering, and when danger outranks likelihood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SAFETY = ("nood_gevaar", "zelfmoordgedachten", "geweld_misbruik")


@dataclass(frozen=True)
class Thresholds:
    """Probabilities (0–1), chosen on the project's own held-out writers (docs/nlu.md shows the curve).

    ``far``: below it the best intent is no better than a guess. ``close``: when the best two are within this distance and
    the best is below ``sure``, ask which of the two. ``known``: share of known words below which nothing is trusted.
    ``danger``: when the safety intents together have at least this probability, the likeliest of them is put first, since
    a missed cry for help costs more than a helpline shown in vain.
    """

    far: float = 0.3
    sure: float = 0.6
    close: float = 0.25
    known: float = 0.25
    danger: float = 0.25


@dataclass(frozen=True)
class Judgement:
    """The ranking to go on with, the kind of doubt, and the intents that may have been meant, best first."""

    ranking: list[dict[str, Any]]
    doubt: str
    candidates: list[str]


def judge(ranking: list[dict[str, Any]], known_share: float, thresholds: Thresholds) -> Judgement:
    """Decide how sure to be of ``ranking`` (dicts with name and confidence, best first)."""
    endangered = [r for r in ranking if r["name"] in SAFETY]
    danger = sum(r["confidence"] for r in endangered)
    if danger >= thresholds.danger:
        ranking = [endangered[0], *(r for r in ranking if r is not endangered[0])]
    best = ranking[0]["confidence"]
    second = ranking[1]["confidence"] if len(ranking) > 1 else 0.0
    if danger >= thresholds.danger:
        doubt = "none"
    elif best < thresholds.far or known_share < thresholds.known:
        doubt = "far"
    elif best < thresholds.sure and best - second < thresholds.close:
        doubt = "between"
    else:
        doubt = "none"
    return Judgement(ranking, doubt, [str(r["name"]) for r in ranking[:3]])
