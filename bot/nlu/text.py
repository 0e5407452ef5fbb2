"""Bringing the many ways of writing closer together before words are counted."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from ruamel.yaml import YAML

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|['’][a-z]\b|[^\w\s]", re.UNICODE)
_STRETCHED = re.compile(r"(.)\1{2,}")
_DIGITS = re.compile(r"\d")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")


class Normaliser:
    """Lower-cases, evens out stretched letters, digits and quotes, and reads chat spelling as standard Dutch."""

    def __init__(self, words: dict[str, str]) -> None:
        """Take the spelling table: what people type → standard words (lower case)."""
        self.words = words

    @classmethod
    def from_file(cls, path: Path) -> Normaliser:
        """Read ``data/spelling.yml``."""
        raw = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        return cls({str(key): str(value) for key, value in raw["words"].items()})

    def plain(self, text: str) -> str:
        """Return ``text`` lower-cased and tidied, every word as it was typed."""
        text = unicodedata.normalize("NFKC", text).replace("’", "'").casefold()
        return _DIGITS.sub("0", _STRETCHED.sub(r"\1\1", text))

    def standard(self, text: str) -> str:
        """Return the same in standard spelling, as far as the table knows it."""
        return " ".join(self.words.get(word, word) for word in _WORD.findall(self.plain(text)))


def last_sentence(text: str, words: int = 25) -> str:
    """Return the end of a long story, where people put their question.

    A text without sentence marks counts as its last ``words`` words; a short text is its own end.
    """
    parts = [part for part in _SENTENCE.split(text.strip()) if part]
    end = parts[-1] if parts else text
    if len(end.split()) < 3 and len(parts) > 1:
        end = f"{parts[-2]} {end}"
    return " ".join(end.split()[-words:])
