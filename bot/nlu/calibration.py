"""From scores to honest probabilities: when the assistant says 0.9, it should be right nine times in ten."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

Floats = NDArray[np.float32]


def softmax(scores: Floats, sharpness: float) -> Floats:
    """Return probabilities, shape as ``scores`` (messages, intents)."""
    scaled = scores * sharpness
    scaled = scaled - scaled.max(axis=1, keepdims=True)
    exp = np.exp(scaled)
    return np.asarray(exp / exp.sum(axis=1, keepdims=True), dtype=np.float32)


def fit_sharpness(scores: Floats, gold: NDArray[np.int64]) -> float:
    """Return the factor that makes ``softmax(scores * factor)`` most likely for held-out messages.

    Temperature scaling (Guo et al., 2017, "On Calibration of Modern Neural Networks"): one parameter, so it cannot
    overfit, and it never changes which intent is first.
    """

    def loss(log_factor: float) -> float:
        probabilities = softmax(scores, float(np.exp(log_factor)))
        return float(-np.log(probabilities[np.arange(len(gold)), gold] + 1e-9).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-2.0, 5.0), method="bounded").x))


def expected_error(confidence: Floats, right: NDArray[np.bool_], bins: int = 10) -> float:
    """Return the expected calibration error: the mean gap between confidence and accuracy, over equal-width bins."""
    edges = np.clip((confidence * bins).astype(int), 0, bins - 1)
    gaps = [
        abs(float(confidence[edges == b].mean()) - float(right[edges == b].mean()))
        * float((edges == b).mean())
        for b in range(bins)
        if (edges == b).any()
    ]
    return float(sum(gaps))
