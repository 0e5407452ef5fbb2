"""Which grounds and domains a message is about: words of the lexicon, and a classifier where words do not tell."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.svm import LinearSVC
from spacy.tokens import Doc

from bot.nlu.calibration import Floats
from bot.nlu.features import Block, Features
from bot.nlu.intent_model import SEED
from bot.nlu.lexicon import KINDS, Hit, Lexicon
from bot.nlu.text import Normaliser

BLOCKS = (
    Block("entity-words", "standard", False, (1, 2), 1.0, 1),
    Block("entity-letters", "standard", True, (2, 5), 1.0, 2),
)
NEVER = -9.0  # score of a value that no training message carries
LEXICON_WEIGHT = 0.6  # beside unit-length text features


@dataclass(frozen=True)
class Found:
    """One value of one kind; ``start`` and ``end`` are the word that shows it, or the whole message."""

    kind: str
    value: str
    start: int
    end: int
    confidence: float


class EntityModel:
    """One linear classifier per value, over text features and lexicon hits together."""

    def __init__(
        self, lexicon: Lexicon, normaliser: Normaliser, first: float = -0.15, further: float = 0.1
    ) -> None:
        """``first``: lowest score (signed distance) for a message's best value; ``further``: for a second one."""
        self.lexicon = lexicon
        self.features = Features(normaliser, BLOCKS)
        self._first, self._further = first, further
        self.labels: list[str] = []
        self._weights: Floats = np.zeros((0, 0), dtype=np.float32)
        self._bias: Floats = np.zeros(0, dtype=np.float32)

    def train(self, docs: list[Doc], values: list[frozenset[str]]) -> None:
        """Fit on messages and their ``kind:value`` labels (same length)."""
        self.labels = list(self.lexicon.labels)
        matrix = hstack([self.features.fit([doc.text for doc in docs]), self._hits_matrix(docs)]).tocsr()
        columns, biases = [], []
        for label in self.labels:
            gold = np.array([label in marked for marked in values])
            if not gold.any():
                columns.append(np.zeros(matrix.shape[1]))
                biases.append(NEVER)
                continue
            classifier = LinearSVC(C=1.0, class_weight="balanced", random_state=SEED).fit(matrix, gold)
            columns.append(classifier.coef_[0])
            biases.append(float(classifier.intercept_[0]))
        self._weights = np.array(columns, dtype=np.float32).T
        self._bias = np.array(biases, dtype=np.float32)

    def find(self, doc: Doc) -> list[Found]:
        """Return the values that ``doc`` is about, surest first within a kind."""
        hits = self.lexicon.find(doc)
        scores = self.scores([doc])[0]
        found: list[Found] = []
        for kind in KINDS:
            ranked = sorted(
                (
                    (float(scores[i]), label.split(":")[1])
                    for i, label in enumerate(self.labels)
                    if label.startswith(kind)
                ),
                reverse=True,
            )
            for place, (score, value) in enumerate(ranked):
                if score < (self._first if place == 0 else self._further):
                    break
                start, end = _place(kind, value, hits, doc)
                found.append(Found(kind, value, start, end, float(1 / (1 + np.exp(-2 * score)))))
        return found

    def scores(self, docs: list[Doc]) -> Floats:
        """Return signed distances, shape (messages, labels)."""
        matrix = hstack(
            [self.features.transform([doc.text for doc in docs]), self._hits_matrix(docs)]
        ).tocsr()
        return np.asarray(matrix @ self._weights + self._bias, dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write the model as JSON and arrays."""
        self.features.save(folder)
        (folder / "labels.json").write_text(json.dumps(self.labels), encoding="utf-8")
        np.save(folder / "entity-weights.npy", self._weights.astype(np.float16), allow_pickle=False)
        np.save(folder / "entity-bias.npy", self._bias, allow_pickle=False)

    def load(self, folder: Path) -> EntityModel:
        """Read what `save` wrote; returns itself."""
        self.labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        self.features.load(folder)
        self._weights = np.load(folder / "entity-weights.npy", allow_pickle=False).astype(np.float32)
        self._bias = np.load(folder / "entity-bias.npy", allow_pickle=False)
        return self

    def _hits_matrix(self, docs: list[Doc]) -> csr_matrix:
        """Return which labels the lexicon saw, shape (messages, labels)."""
        index = {label: number for number, label in enumerate(self.lexicon.labels)}
        rows, columns = [], []
        for row, doc in enumerate(docs):
            for label in {f"{hit.kind}:{hit.value}" for hit in self.lexicon.find(doc)}:
                rows.append(row)
                columns.append(index[label])
        data = np.full(len(rows), LEXICON_WEIGHT, dtype=np.float32)
        return csr_matrix((data, (rows, columns)), shape=(len(docs), len(index)))


def _place(kind: str, value: str, hits: list[Hit], doc: Doc) -> tuple[int, int]:
    for hit in hits:
        if (hit.kind, hit.value) == (kind, value):
            return hit.start, hit.end
    return 0, len(doc.text)
