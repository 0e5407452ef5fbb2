"""Typing mistakes: a word that was never read is taken for the known word that is one mistake away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

SHORTEST = 4  # letters; shorter words have too many neighbours
FREQUENT = 3  # training messages in which a word must stand before others are taken for it


class Corrector:
    """Finds the known word at one dropped, added, replaced or swapped letter.

    Neighbours are found by what remains when one letter is left out (Garbe's symmetric delete, 2012): about ten look-ups for
    a word, whatever the size of the vocabulary.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        """Take the words that were read, with the number of messages in which they stood."""
        self.counts = counts
        self._neighbours: dict[str, list[str]] = defaultdict(list)
        for word, count in counts.items():
            if count >= FREQUENT and len(word) >= SHORTEST and word.isalpha():
                for rest in _without_one(word):
                    self._neighbours[rest].append(word)

    def __call__(self, word: str) -> str:
        """Return the commonest known word one mistake away from ``word``; ``word`` itself when it is known or none is."""
        if word in self.counts or len(word) < SHORTEST or not word.isalpha():
            return word
        found = {near for rest in _without_one(word) for near in self._neighbours.get(rest, ())}
        near = [candidate for candidate in found if _one_mistake(word, candidate)]
        return max(near, key=lambda candidate: (self.counts[candidate], candidate), default=word)


def _without_one(word: str) -> Iterator[str]:
    yield word
    for gap in range(len(word)):
        yield word[:gap] + word[gap + 1 :]


def _one_mistake(typed: str, known: str) -> bool:
    if len(typed) == len(known):
        wrong = [place for place, (a, b) in enumerate(zip(typed, known, strict=True)) if a != b]
        if len(wrong) == 2 and wrong[1] == wrong[0] + 1:
            return typed[wrong[0]] == known[wrong[1]] and typed[wrong[1]] == known[wrong[0]]
        return len(wrong) <= 1
    longer, shorter = (typed, known) if len(typed) > len(known) else (known, typed)
    return len(longer) - len(shorter) == 1 and shorter in set(_without_one(longer))
