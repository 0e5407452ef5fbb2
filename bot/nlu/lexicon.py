"""Finding words that show a ground or a domain, with spaCy, on the written form and on the lemma."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from spacy.language import Language
from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

KINDS = ("grond", "domein")
ANY = "*"  # in a phrase: any one word
_NEGATIONS = frozenset({"niet", "nie", "ni"})
# Words that may stand between a negation and what it denies: "niet door de politie maar door de bewaker".
_BETWEEN = frozenset(
    [
        "door",
        "van",
        "bij",
        "om",
        "wegens",
        "op",
        "in",
        "aan",
        "tegen",
        "met",
        "vanwege",
        "de",
        "het",
        "een",
        "t",
        "mijn",
        "zijn",
        "haar",
        "hun",
        "den",
        "ne",
        "nen",
        "der",
    ]
)


@dataclass(frozen=True)
class Hit:
    """A word that shows ``kind`` = ``value``, as character offsets into the message."""

    kind: str
    value: str
    start: int
    end: int


class Lexicon:
    """The words of ``data/lexicon.yml``, ready to be matched."""

    def __init__(self, words: dict[str, dict[str, list[str]]], nlp: Language) -> None:
        """Prepare the matchers for ``words``: kind → value → phrases."""
        self.labels = [f"{kind}:{value}" for kind in KINDS for value in words[kind]]
        self._written = PhraseMatcher(nlp.vocab, attr="LOWER")
        self._lemma = PhraseMatcher(nlp.vocab, attr="LEMMA")
        self._gapped = Matcher(nlp.vocab)
        for kind in KINDS:
            for value, phrases in words[kind].items():
                gapped = [phrase.split() for phrase in phrases if ANY in phrase.split()]
                if gapped:
                    patterns = [
                        [{} if word == ANY else {"LOWER": word} for word in written] for written in gapped
                    ]
                    self._gapped.add(f"{kind}:{value}", patterns)
                docs = list(nlp.pipe(phrase for phrase in phrases if ANY not in phrase.split()))
                self._written.add(f"{kind}:{value}", docs)
                self._lemma.add(f"{kind}:{value}", [doc for doc in docs if all(token.lemma for token in doc)])

    @classmethod
    def from_file(cls, path: Path, nlp: Language) -> Lexicon:
        """Read ``data/lexicon.yml``."""
        raw: dict[str, Any] = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        words = {
            kind: {str(value): [str(phrase) for phrase in phrases] for value, phrases in raw[kind].items()}
            for kind in KINDS
        }
        return cls(words, nlp)

    def find(self, doc: Doc) -> list[Hit]:
        """Return what ``doc`` shows; of overlapping phrases of one kind the longest, and nothing that is denied."""
        matches = self._written(doc, as_spans=True) + self._lemma(doc, as_spans=True)
        matches += [
            Span(doc, span.end - 1, span.end, label=span.label) for span in self._gapped(doc, as_spans=True)
        ]
        hits: list[Hit] = []
        for kind in KINDS:
            spans = filter_spans([span for span in matches if span.label_.startswith(f"{kind}:")])
            hits += [
                Hit(kind, span.label_.split(":")[1], span.start_char, span.end_char)
                for span in spans
                if not _denied(span)
            ]
        return hits


def _denied(span: Span) -> bool:
    """Tell whether ``span`` is denied: "niet door de politie maar …".

    Only with a "maar" behind it. A refusal has the same words without one ("mag niet binnen met mijn hoofddoek") and
    then the word is exactly what it is about.
    """
    behind = {token.lower_ for token in span.doc[span.end :]}
    if "maar" not in behind:
        return False
    for token in reversed(span.doc[: span.start]):
        if token.lower_ in _NEGATIONS:
            return True
        if token.lower_ not in _BETWEEN:
            return False
    return False
