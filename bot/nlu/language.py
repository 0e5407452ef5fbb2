"""Recognising other languages, only when the Dutch model is unsure; Dutch is never mistaken for another language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lingua import Language, LanguageDetectorBuilder
from ruamel.yaml import YAML

SPOKEN = {
    Language.FRENCH: "fr", Language.ENGLISH: "en", Language.GERMAN: "de", Language.TURKISH: "tr", Language.ARABIC: "ar",
    Language.SPANISH: "es", Language.POLISH: "pl", Language.ROMANIAN: "ro", Language.UKRAINIAN: "uk",
}  # fmt: skip
UNKNOWN = "onbekend"
_LETTERS = re.compile(r"[^\W\d_]", re.UNICODE)
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*", re.UNICODE)
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")


@dataclass(frozen=True)
class LanguageGuess:
    """The most likely language (ISO 639-1, ``nl`` included) and its probability among the ten."""

    language: str
    probability: float


class LanguageGuesser:
    """Lingua in its low-accuracy mode, restricted to Dutch and the nine languages that get a reply of their own."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        """Load the language models (about 0.15 s, 28 MB). ``words``: language → words that show it."""
        self._words = {language: frozenset(shown) for language, shown in words.items()}
        builder = LanguageDetectorBuilder.from_languages(Language.DUTCH, *SPOKEN)
        self._detector = builder.with_low_accuracy_mode().build()

    def guess(self, text: str) -> LanguageGuess:
        """Return the best guess for ``text``; a script that none of the ten uses is ``onbekend`` for sure."""
        letters = _LETTERS.findall(text)
        if not letters:
            return LanguageGuess("nl", 0.0)
        values = self._detector.compute_language_confidence_values(text)
        if not values or values[0].value == 0.0:
            return LanguageGuess(UNKNOWN, 1.0)
        best = values[0]
        return LanguageGuess(SPOKEN.get(best.language, "nl"), float(best.value))

    @classmethod
    def from_file(cls, path: Path) -> LanguageGuesser:
        """Read the words of ``data/languages.yml``."""
        return cls(YAML(typ="safe").load(path.read_text(encoding="utf-8")))

    def shown(self, text: str) -> dict[str, int]:
        """Return how many different words of ``text`` show each language, languages without any left out."""
        words = set(_WORD.findall(text.casefold().replace("’", "'")))
        counts = {language: len(shown & words) for language, shown in self._words.items()}
        return {language: count for language, count in counts.items() if count}

    @staticmethod
    def foreign_script(text: str) -> bool:
        """Tell whether most letters are not Latin; such a text is certainly not Dutch."""
        letters = _LETTERS.findall(text)
        return len(letters) >= 2 and sum(bool(_LATIN.match(c)) for c in letters) < len(letters) / 2
