"""The intent model itself, free of Rasa: TF-IDF n-grams, a linear SVM, calibrated probabilities."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.model_selection import GroupKFold, StratifiedKFold
from sklearn.svm import LinearSVC

from bot.nlu.calibration import Floats, fit_sharpness, softmax
from bot.nlu.features import Features

SEED = 20261123
FOLDS = 3
TOLERANCE = 0.1  # when liblinear stops: a third sooner than by default, the same figures
UNCALIBRATED = 5.0  # sharpness for data too small to calibrate on

Numbers = NDArray[np.int64]


class IntentModel:
    """Trains, ranks, saves and loads."""

    def __init__(self, features: Features, regularisation: float = 0.5) -> None:
        """``regularisation`` is the SVM's C: smaller trusts the data less."""
        self.features = features
        self._c = regularisation
        self.intents: list[str] = []
        self.sharpness = 1.0
        self._weights: Floats = np.zeros((0, 0), dtype=np.float32)
        self._bias: Floats = np.zeros(0, dtype=np.float32)

    def train(self, texts: list[str], intents: list[str], writers: list[str]) -> None:
        """Fit on messages; ``writers`` (same length) keeps one writer's messages on one side when calibrating."""
        self.intents = sorted(set(intents))
        index = {intent: number for number, intent in enumerate(self.intents)}
        gold = np.array([index[intent] for intent in intents])
        matrix = self.features.fit(texts)
        # One after the other: liblinear draws from one stream of random numbers, which two threads would share in an order
        # that differs each time.
        final = self._fit(matrix, gold)
        self._weights = final.coef_.T.astype(np.float32)
        self._bias = final.intercept_.astype(np.float32)
        self.sharpness = self._calibrate(matrix, gold, writers)

    def rank(self, texts: list[str]) -> Floats:
        """Return probabilities, shape (messages, intents), columns in the order of ``self.intents``."""
        scores = self.features.transform(texts) @ self._weights + self._bias
        return softmax(np.asarray(scores, dtype=np.float32), self.sharpness)

    def save(self, folder: Path) -> None:
        """Write the model as JSON and arrays (no pickle: a model file must not be able to run code)."""
        self.features.save(folder)
        about = {"intents": self.intents, "sharpness": self.sharpness}
        (folder / "intents.json").write_text(json.dumps(about), encoding="utf-8")
        np.save(folder / "weights.npy", self._weights.astype(np.float16), allow_pickle=False)
        np.save(folder / "bias.npy", self._bias, allow_pickle=False)

    def load(self, folder: Path) -> IntentModel:
        """Read what `save` wrote; returns itself."""
        about = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
        self.intents, self.sharpness = list(about["intents"]), float(about["sharpness"])
        self.features.load(folder)
        self._weights = np.load(folder / "weights.npy", allow_pickle=False).astype(np.float32)
        self._bias = np.load(folder / "bias.npy", allow_pickle=False)
        return self

    def _fit(self, matrix: csr_matrix, gold: Numbers) -> LinearSVC:
        classifier = LinearSVC(C=self._c, class_weight="balanced", tol=TOLERANCE, random_state=SEED)
        return classifier.fit(matrix, gold)

    def _calibrate(self, matrix: csr_matrix, gold: Numbers, writers: list[str]) -> float:
        """Fit the sharpness on messages of writers of whom the scoring model read nothing, where there are enough writers.

        One fold tells: the three of the project's data differ by less than 4 %. A fold whose training part lacks an intent
        is passed over: that intent could not be scored.
        """
        if len(set(writers)) >= FOLDS:
            folds = GroupKFold(FOLDS).split(gold, gold, np.array(writers))
        else:
            folds = StratifiedKFold(2, shuffle=True, random_state=SEED).split(gold, gold)
        for train, test in folds:
            if len(set(gold[train])) == len(self.intents):
                model = self._fit(matrix[train], gold[train])
                scores = matrix[test] @ model.coef_.T + model.intercept_
                return fit_sharpness(np.asarray(scores), gold[test])
        return UNCALIBRATED
