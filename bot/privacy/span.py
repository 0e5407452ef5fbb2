"""A stretch of personal data in a text, and what every recogniser is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

SURE = 0.95
LIKELY = 0.7
POSSIBLE = 0.5


@dataclass(frozen=True)
class Span:
    """``text[start:end]`` is of ``kind``; where spans overlap, the higher score names the whole."""

    start: int
    end: int
    kind: str
    score: float


Recogniser = Callable[[str], Iterable[Span]]


def before(text: str, position: int, words: re.Pattern[str], reach: int = 40) -> bool:
    """Tell whether ``words`` occur in the ``reach`` characters before ``position``."""
    return words.search(text[max(0, position - reach) : position]) is not None


def digits(text: str) -> str:
    """Return the digits of ``text``."""
    return "".join(c for c in text if c.isdigit())
