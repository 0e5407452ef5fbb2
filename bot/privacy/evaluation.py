"""How well redaction does on messages with marked spans; used by ``benchmarks/privacy.py`` and the tests."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import DataError
from bot.privacy.redact import Redactor
from bot.privacy.span import Span

# Kinds that are found by meaning, not by shape; all others are structured identifiers.
UNSTRUCTURED = frozenset({"naam", "adres"})
_TRIM = " \t\n.,;:!?()[]\"'“”"


@dataclass(frozen=True)
class Example:
    """A message and where personal data stands in it, marked by hand."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    place: str


@dataclass
class Score:
    """Counts over a set. A span is found when every letter and digit of it is redacted."""

    marked: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    redacted: int = 0
    wrong: int = 0
    misses: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)

    def recall(self, kinds: Iterable[str] | None = None) -> float:
        """Return the share of marked spans that was found, of some kinds or of all."""
        chosen = set(self.marked if kinds is None else kinds)
        marked = sum(self.marked[kind] for kind in chosen)
        return sum(self.found[kind] for kind in chosen) / marked if marked else 1.0

    @property
    def structured(self) -> float:
        """Recall on everything with a shape: numbers, e-mails, links, dates of birth."""
        return self.recall(set(self.marked) - UNSTRUCTURED)

    @property
    def precision(self) -> float:
        """Return the share of redacted stretches that touch a marked span."""
        return 1 - self.wrong / self.redacted if self.redacted else 1.0


def read_examples(path: Path) -> list[Example]:
    """Read one JSON object per line: ``{"text": …, "spans": [[start, end, kind], …]}``.

    Raises:
        DataError: a span lies outside its text, with file and line.
    """
    examples = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        raw = json.loads(line)
        spans = tuple((int(start), int(end), str(kind)) for start, end, kind in raw["spans"])
        if any(not 0 <= start < end <= len(raw["text"]) for start, end, _ in spans):
            raise DataError(f"{path}:{number}: a span lies outside the text")
        examples.append(Example(raw["text"], spans, f"{path.name}:{number}"))
    return examples


def evaluate(examples: Iterable[Example], redactor: Redactor) -> Score:
    """Redact every example and compare."""
    score = Score()
    for example in examples:
        spans = redactor.find(example.text)
        covered = {i for span in spans for i in range(span.start, span.end)}
        for start, end, kind in example.spans:
            score.marked[kind] += 1
            letters = [i for i in range(start, end) if example.text[i].isalnum()]
            if all(i in covered for i in letters):
                score.found[kind] += 1
            else:
                score.misses.append(
                    f"{example.place} {kind}: {example.text[start:end]!r} in {example.text!r}"
                )
        score.redacted += len(spans)
        for span in spans:
            if not _touches(span, example):
                score.wrong += 1
                found = example.text[span.start : span.end].strip(_TRIM)
                score.false.append(f"{example.place} {span.kind}: {found!r} in {example.text!r}")
    return score


def _touches(span: Span, example: Example) -> bool:
    return any(start < span.end and span.start < end for start, end, _ in example.spans)
