"""Putting messages that are alike together, without a library: words and pieces of words, weighted by how rare they are.

Each message becomes a vector of TF-IDF weights over its words and the runs of four letters in them (typos and inflections
share most of these). Messages are taken in the order given; each joins the group whose middle it is most like, from `ALIKE`
on, else it starts one. Two more rounds let every message move to the group that fits best by then. No randomness: the same
messages give the same groups. How well it does, and in what time: ``benchmarks/results/review_figures.md``.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

ALIKE = 0.2  # cosine; chosen on training messages of which the right groups are known
ROUNDS = 2
KEPT = 40  # features of a message, the most telling ones
COMMON = 0.1  # what stands in a larger share of the messages does not tell them apart
FEW = 25  # nor, of a short list, what stands in more messages than this
_WORD = re.compile(r"[^\W\d_]+")
_PLACEHOLDER = re.compile(r"\[[^\]]*\]")
_ACCENTS = str.maketrans("áàäâéèëêíìïîóòöôúùüûç", "aaaaeeeeiiiioooouuuuc")
Vector = dict[int, float]


def words(text: str) -> list[str]:
    """Return the words of a message in small letters without accents; what was redacted is no word."""
    return _WORD.findall(_PLACEHOLDER.sub(" ", text.lower()).translate(_ACCENTS))


def groups(texts: Sequence[str]) -> list[list[int]]:
    """Return groups of positions in ``texts``, the largest first; each position stands in one group."""
    vectors = _vectors(texts)
    middles = _Middles()
    home = [middles.nearest(vector, add=True) for vector in vectors]
    for _ in range(ROUNDS):
        moved = _Middles.of(vectors, home)
        home = [moved.nearest(vector, own=own) for vector, own in zip(vectors, home, strict=True)]
    members: dict[int, list[int]] = defaultdict(list)
    for position, group in enumerate(home):
        members[group].append(position)
    return sorted(members.values(), key=lambda group: (-len(group), group[0]))


def features(text: str) -> Counter[str]:
    """Count the words and their runs of four letters, with the edges of a word marked."""
    found: Counter[str] = Counter()
    for word in words(text):
        found[word] += 1
        edged = f"<{word}>"
        found.update(edged[start : start + 4] for start in range(max(len(edged) - 3, 0)))
    return found


def _vectors(texts: Sequence[str]) -> list[Vector]:
    counted = [features(text) for text in texts]
    spread = Counter(name for found in counted for name in found)
    limit = max(COMMON * len(texts), FEW)
    numbers = {name: number for number, name in enumerate(sorted(spread)) if spread[name] <= limit}
    rarity = {name: math.log(len(texts) / spread[name]) + 1 for name in numbers}
    vectors = []
    for found in counted:
        weights = {
            name: (1 + math.log(count)) * rarity[name] for name, count in found.items() if name in numbers
        }
        kept = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:KEPT]
        length = math.sqrt(sum(weight * weight for _, weight in kept))
        # What no other message has makes a message less like others, but cannot be found in them.
        vectors.append({numbers[name]: weight / length for name, weight in kept if spread[name] > 1})
    return vectors


class _Middles:
    """The sums of the vectors of each group, looked up by feature."""

    def __init__(self) -> None:
        self._by_feature: dict[int, dict[int, float]] = defaultdict(dict)
        self._squares: dict[int, float] = {}
        self._next = 0

    @classmethod
    def of(cls, vectors: Sequence[Vector], home: Sequence[int]) -> _Middles:
        """Return the middles of known groups."""
        middles = cls()
        for vector, group in zip(vectors, home, strict=True):
            middles._add(group, vector)
        middles._next = max(home, default=-1) + 1
        return middles

    def nearest(self, vector: Vector, add: bool = False, own: int | None = None) -> int:
        """Return the group that a vector is most like; a new number (or ``own``) when it is like none."""
        likeness: dict[int, float] = defaultdict(float)
        for feature, weight in vector.items():
            for group, sum_ in self._by_feature.get(feature, {}).items():
                likeness[group] += weight * sum_
        best, most = own, ALIKE
        for group in sorted(likeness):
            cosine = likeness[group] / math.sqrt(self._squares[group])
            if cosine > most:
                best, most = group, cosine
        if best is None:
            best, self._next = self._next, self._next + 1
        if add:
            self._add(best, vector)
        return best

    def _add(self, group: int, vector: Vector) -> None:
        square = self._squares.get(group, 0.0)
        for feature, weight in vector.items():
            there = self._by_feature[feature].get(group, 0.0)
            square += weight * (2 * there + weight)
            self._by_feature[feature][group] = there + weight
        self._squares[group] = square
