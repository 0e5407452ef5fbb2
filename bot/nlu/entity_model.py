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
from bot.nlu.personal import personal_data
from bot.nlu.text import Normaliser

BLOCKS = (
    Block("entity-words", "standard", False, (1, 2), 1.0, 1),
    Block("entity-letters", "standard", True, (2, 5), 1.0, 2),
)
NONE = "-"  # the class of messages that name no ground (or no domain)
# What stands before the words with which somebody describes themself: "ik ben een …", "als …".
SELF = frozenset({"ben", "als"})
ARTICLES = frozenset({"een", "ne", "nen", "n", "'n"})


@dataclass(frozen=True)
class Found:
    """One value of one kind; ``start`` and ``end`` are the word that shows it, or the whole message.

    ``witnessed``: the lexicon saw it. ``confidence`` (0–1) grows with the distance to the next best value; held-out
    writers' messages are right about as often as it says.
    """

    kind: str
    value: str
    start: int
    end: int
    witnessed: bool
    confidence: float


@dataclass(frozen=True)
class Weights:
    """How much lexicon hits and the intent count beside unit-length text features, and when a second value is believed.

    ``further`` is a signed distance to the SVM's boundary; ``witnessed`` the same when the lexicon saw the value too;
    ``tied`` a distance to the best ground within which a second is believed when the lexicon saw both (of two places that
    are named, one is where it happened).
    """

    lexicon: float = 0.4
    intent: float = 0.7
    further: float = 2.0
    witnessed: float = 0.9
    tied: float = 0.15


class EntityModel:
    """One linear classifier per kind (its values and "none"), over text, lexicon hits and the intent."""

    def __init__(self, lexicon: Lexicon, normaliser: Normaliser, weights: Weights = Weights()) -> None:
        """Start untrained."""
        self.lexicon = lexicon
        self.features = Features(normaliser, BLOCKS)
        self.weights = weights
        self.intents: list[str] = []
        self.values: dict[str, list[str]] = {}
        self._coefficients: dict[str, Floats] = {}
        self._biases: dict[str, Floats] = {}

    def train(self, docs: list[Doc], values: list[frozenset[str]], intents: list[str]) -> None:
        """Fit on messages, their ``kind:value`` labels and their intents (all of the same length)."""
        self.intents = sorted(set(intents))
        matrix = hstack(
            [
                self.features.fit([doc.text for doc in docs]),
                self._evidence([self.lexicon.find(doc) for doc in docs], intents),
            ]
        ).tocsr()
        for kind in KINDS:
            # A message with two values is an example of both.
            pairs = [
                (row, label.split(":")[1])
                for row, marked in enumerate(values)
                for label in sorted(m for m in marked if m.startswith(f"{kind}:")) or [f"{kind}:{NONE}"]
            ]
            rows, gold = [row for row, _ in pairs], [value for _, value in pairs]
            classifier = LinearSVC(C=1.0, class_weight="balanced", random_state=SEED).fit(matrix[rows], gold)
            self.values[kind] = [str(value) for value in classifier.classes_]
            self._coefficients[kind] = classifier.coef_.T.astype(np.float32)
            self._biases[kind] = classifier.intercept_.astype(np.float32)

    def find(self, doc: Doc, intent: str) -> list[Found]:
        """Return the values that ``doc`` is about, surest first within a kind.

        Args:
            doc: the message.
            intent: what it was taken for; a told story nearly always has a ground and a domain, a question often not.
        """
        hits = self._hits(doc)
        matrix = hstack([self.features.transform([doc.text]), self._evidence([hits], [intent])]).tocsr()
        found: list[Found] = []
        for kind in KINDS:
            scores = np.asarray(matrix @ self._coefficients[kind] + self._biases[kind])[0]
            found += self._choose(kind, scores, hits, doc)
        return found

    def _choose(self, kind: str, scores: Floats, hits: list[Hit], doc: Doc) -> list[Found]:
        order = np.argsort(-scores)
        if self.values[kind][order[0]] == NONE:
            return []
        places = {hit.value: (hit.start, hit.end) for hit in reversed(hits) if hit.kind == kind}
        # A word that shows the other kind too ("OCMW": the city, and poverty) is no witness of a second value.
        others = [hit for hit in hits if hit.kind != kind]
        clear = {
            value
            for value, (start, end) in places.items()
            if not any(hit.start < end and start < hit.end for hit in others)
        }
        described = _described(doc, [hit for hit in hits if hit.kind == kind]) if kind == "grond" else set()
        found: list[Found] = []
        for rank, index in enumerate(order):
            value, score = self.values[kind][index], float(scores[index])
            bar = self.weights.witnessed if value in places else self.weights.further
            seen = self.values[kind][order[0]] in places and value in clear
            tied = kind == "grond" and seen and float(scores[order[0]]) - score <= self.weights.tied
            joined = {value, self.values[kind][order[0]]} <= described
            if value == NONE or (rank > 0 and score <= bar and not tied and not joined):
                continue
            margin = score - float(scores[order[1]]) if rank == 0 else score
            start, end = places.get(value, (0, len(doc.text)))
            found.append(Found(kind, value, start, end, value in places, _confidence(margin)))
        return found

    def save(self, folder: Path) -> None:
        """Write the model as JSON and arrays."""
        self.features.save(folder)
        about = {"intents": self.intents, "values": self.values}
        (folder / "entities.json").write_text(json.dumps(about), encoding="utf-8")
        for kind in KINDS:
            np.save(
                folder / f"{kind}-weights.npy",
                self._coefficients[kind].astype(np.float16),
                allow_pickle=False,
            )
            np.save(folder / f"{kind}-bias.npy", self._biases[kind], allow_pickle=False)

    def load(self, folder: Path) -> EntityModel:
        """Read what `save` wrote; returns itself."""
        about = json.loads((folder / "entities.json").read_text(encoding="utf-8"))
        self.intents, self.values = list(about["intents"]), dict(about["values"])
        self.features.load(folder)
        for kind in KINDS:
            coefficients = np.load(folder / f"{kind}-weights.npy", allow_pickle=False)
            self._coefficients[kind] = coefficients.astype(np.float32)
            self._biases[kind] = np.load(folder / f"{kind}-bias.npy", allow_pickle=False)
        return self

    def _hits(self, doc: Doc) -> list[Hit]:
        """Return what the lexicon sees outside personal data: somebody's family name ("De Turck") says nothing of a ground."""
        personal = personal_data(doc.text)
        return [
            hit
            for hit in self.lexicon.find(doc)
            if not any(hit.start < span.end and span.start < hit.end for span in personal)
        ]

    def _evidence(self, hits: list[list[Hit]], intents: list[str]) -> csr_matrix:
        """Return lexicon hits and intents as features, shape (messages, lexicon labels + intents)."""
        columns = {name: number for number, name in enumerate([*self.lexicon.labels, *self.intents])}
        cells: dict[tuple[int, int], float] = {}
        for row, (found, intent) in enumerate(zip(hits, intents, strict=True)):
            for hit in found:
                cells[row, columns[f"{hit.kind}:{hit.value}"]] = self.weights.lexicon
            if intent in columns:
                cells[row, columns[intent]] = self.weights.intent
        rows_columns = np.array(list(cells), dtype=np.int64).reshape(-1, 2)
        data = np.array(list(cells.values()), dtype=np.float32)
        return csr_matrix((data, (rows_columns[:, 0], rows_columns[:, 1])), shape=(len(hits), len(columns)))


def _described(doc: Doc, hits: list[Hit]) -> set[str]:
    """Return the values that stand side by side where somebody describes themself ("ik ben een Marokkaanse vrouw")."""
    firsts, lasts = {}, {}
    for hit in hits:
        span = doc.char_span(hit.start, hit.end, alignment_mode="expand")
        firsts[span.start], lasts[span.end] = hit.value, (span.start, hit.value)
    values: set[str] = set()
    for boundary in firsts.keys() & lasts.keys():
        start, value = lasts[boundary]
        before = [token.lower_ for token in doc[max(0, start - 2) : start]]
        if before and before[-1] in ARTICLES:
            before.pop()
        if before and before[-1] in SELF:
            values |= {value, firsts[boundary]}
    return values


def _confidence(margin: float) -> float:
    """Return a probability for a distance between the best two values (slope and middle fitted on held-out writers)."""
    return float(1 / (1 + np.exp(-6 * (margin - 0.25))))
