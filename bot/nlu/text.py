"""Bringing the many ways of writing closer together before words are counted."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from ruamel.yaml import YAML

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|['’][a-z]\b|[^\w\s]", re.UNICODE)
_STRETCHED = re.compile(r"(.)\1{2,}")
_DIGITS = re.compile(r"\d")
# Politeness around a message says nothing of what it is about: "Goeiedag, …", "… Alvast bedankt."
_OPENING = re.compile(
    r"^\W*(?:hallo+|hey+|hoi|hi|yo|beste|geachte|salut|bonjour|dag|goei?e?n?dag|goei?e?(?:morgen|middag|navond|avond)|"
    r"goede?n?(?:morgen|middag|avond|dag)|(?:goede?|een goeie?) (?:morgen|middag|avond|dag))"
    r"(?: (?:allemaal|iedereen|daar|mevrouw|meneer|mijnheer|heer|team|assistent|chatbot|mensen|lezer))*\s*[,.!:;]+\s*"
)
_CLOSING = re.compile(
    r"(?<=[.!?,])\s*(?:(?:alvast|al|heel)\s+)?(?:hartelijk\s+)?(?:bedankt|dank ?u(?: wel)?|dank ?je(?: ?wel)?|merci|groetjes|groeten|"
    r"met vriendelijke groete?n?|mvg|vriendelijke groeten)\W*$"
)
_MIN_REST = 5  # words that must remain; a greeting of its own stays one
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
        """Return the same in standard spelling, as far as the table knows it, without greetings around it."""
        plain = self.plain(text)
        for courtesy in (_OPENING, _CLOSING):
            rest = courtesy.sub("", plain)
            plain = rest if len(rest.split()) >= _MIN_REST else plain
        return " ".join(self.words.get(word, word) for word in _WORD.findall(plain))


def last_sentence(text: str, words: int = 25) -> str:
    """Return the end of a long story, where people put their question.

    A text without sentence marks counts as its last ``words`` words; a short text is its own end.
    """
    parts = [part for part in _SENTENCE.split(text.strip()) if part]
    end = parts[-1] if parts else text
    if len(end.split()) < 3 and len(parts) > 1:
        end = f"{parts[-2]} {end}"
    return " ".join(end.split()[-words:])
