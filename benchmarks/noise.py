"""Typing mistakes with a fixed seed: dropped, doubled, swapped and neighbouring letters."""

from __future__ import annotations

import random

_NEIGHBOURS = {
    "a": "qz",
    "e": "rz",
    "i": "uo",
    "o": "ip",
    "n": "bm",
    "t": "ry",
    "s": "dq",
    "d": "sf",
    "r": "et",
    "l": "kp",
}
RATE = 0.04  # mistakes per letter: about one word in five


def with_typos(texts: list[str], seed: int = 20261123) -> list[str]:
    """Return the texts with mistakes; the same texts always get the same mistakes."""
    chance = random.Random(seed)
    return [_spoil(text, chance) for text in texts]


def _spoil(text: str, chance: random.Random) -> str:
    letters = list(text)
    index = 0
    while index < len(letters):
        if letters[index].isalpha() and chance.random() < RATE:
            kind = chance.randrange(4)
            if kind == 0:
                del letters[index]
            elif kind == 1:
                letters.insert(index, letters[index])
                index += 1
            elif kind == 2 and index + 1 < len(letters):
                letters[index], letters[index + 1] = letters[index + 1], letters[index]
            else:
                options = _NEIGHBOURS.get(letters[index].lower())
                if options:
                    letters[index] = chance.choice(options)
        index += 1
    return "".join(letters)
