"""Sparse features of a message: words and letters, in standard spelling, with the end of a story counted extra."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu.corrector import Corrector
from bot.nlu.personal import without_personal_data
from bot.nlu.text import Normaliser, last_sentence

KNOWN_COUNT = 3  # training messages in which a word must stand to count as known


@dataclass(frozen=True)
class Block:
    """One group of features: which text it reads, words or letters, n-gram sizes, and its weight beside the others."""

    name: str
    view: str
    letters: bool
    ngrams: tuple[int, int]
    weight: float
    min_count: int

    def vectorizer(self) -> TfidfVectorizer:
        """Return an unfitted TF-IDF vectorizer (sublinear, so that a word said thrice counts little more than once)."""
        return TfidfVectorizer(
            analyzer="char_wb" if self.letters else "word",
            token_pattern=r"\S+",  # noqa: S106 - a regular expression
            ngram_range=self.ngrams,
            lowercase=False,
            sublinear_tf=True,
            min_df=self.min_count,
            dtype=np.float32,
        )


BLOCKS = (
    Block("words", "standard", False, (1, 2), 1.0, 1),
    Block("letters", "standard", True, (2, 5), 1.0, 2),
    Block("end", "end", True, (2, 5), 0.5, 2),
)


class Features:
    """Fits, applies and stores the blocks.

    The first block must be one of words: its vocabulary tells which words are known and which are typing mistakes.
    Personal data is passed over in what is asked. In what is learned from it stays: it stands in one message of a hundred
    there, and looking for it would take a sixth of the time to train.
    """

    def __init__(self, normaliser: Normaliser, blocks: tuple[Block, ...] = BLOCKS) -> None:
        """Start unfitted."""
        self.blocks = blocks
        self._standard = normaliser.standard
        self._correct = Corrector({})
        self._messages = 0
        self._views: dict[str, Callable[[str], str]] = {
            "standard": self._corrected,
            "end": lambda text: self._corrected(last_sentence(text)),
        }
        self._vectorizers: list[TfidfVectorizer] = []

    def fit(self, texts: list[str]) -> csr_matrix:
        """Learn vocabulary and weights; return the features of ``texts``, shape (messages, features)."""
        self._vectorizers = [block.vectorizer() for block in self.blocks]
        self._messages = len(texts)
        self._correct = Corrector({})
        parts = [
            vectorizer.fit_transform(self._read(block, texts)) * block.weight
            for block, vectorizer in zip(self.blocks, self._vectorizers, strict=True)
        ]
        self._correct = self._corrector()
        return hstack(parts).tocsr()

    def transform(self, texts: list[str]) -> csr_matrix:
        """Return the features of ``texts``, shape (messages, features)."""
        texts = [without_personal_data(text) for text in texts]
        parts = [
            vectorizer.transform(self._read(block, texts)) * block.weight
            for block, vectorizer in zip(self.blocks, self._vectorizers, strict=True)
        ]
        return hstack(parts).tocsr()

    def known_share(self, text: str) -> float:
        """Return which share of the words of ``text`` (0–1) stood in at least `KNOWN_COUNT` training messages.

        Fewer times would count foreign words as known: people quote them. A text without letters is known when all of
        its signs are.
        """
        tokens = self._standard(without_personal_data(text)).split()
        words = [token for token in tokens if any(c.isalpha() for c in token)]
        counts = self._correct.counts
        if not words:
            return float(bool(tokens) and all(token in counts for token in tokens))
        return sum(counts.get(word, 0) >= KNOWN_COUNT for word in words) / len(words)

    def save(self, folder: Path) -> None:
        """Write vocabularies as JSON and weights as arrays; nothing that runs code when it is read."""
        (folder / "messages.json").write_text(json.dumps(self._messages), encoding="utf-8")
        for block, vectorizer in zip(self.blocks, self._vectorizers, strict=True):
            terms = [term for term, _ in sorted(vectorizer.vocabulary_.items(), key=lambda item: item[1])]
            (folder / f"{block.name}.json").write_text(
                json.dumps(terms, ensure_ascii=False), encoding="utf-8"
            )
            np.save(folder / f"{block.name}.npy", vectorizer.idf_.astype(np.float32), allow_pickle=False)

    def load(self, folder: Path) -> Features:
        """Read what `save` wrote; returns itself."""
        self._messages = json.loads((folder / "messages.json").read_text(encoding="utf-8"))
        self._vectorizers = []
        for block in self.blocks:
            terms = json.loads((folder / f"{block.name}.json").read_text(encoding="utf-8"))
            vectorizer = block.vectorizer()
            vectorizer.vocabulary = {term: index for index, term in enumerate(terms)}
            vectorizer.idf_ = np.load(folder / f"{block.name}.npy", allow_pickle=False)
            self._vectorizers.append(vectorizer)
        self._correct = self._corrector()
        return self

    def _corrected(self, text: str) -> str:
        return " ".join(self._correct(word) for word in self._standard(text).split())

    def _corrector(self) -> Corrector:
        """Count the words again from the weights of the first block: idf = ln((1 + messages) / (1 + count)) + 1."""
        vectorizer = self._vectorizers[0]
        counts = (1 + self._messages) / np.exp(vectorizer.idf_.astype(np.float64) - 1) - 1
        vocabulary = vectorizer.vocabulary_.items()
        return Corrector({term: round(counts[index]) for term, index in vocabulary if " " not in term})

    def _read(self, block: Block, texts: list[str]) -> list[str]:
        view = self._views[block.view]
        return [view(text) for text in texts]
