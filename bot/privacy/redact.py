"""Taking personal data out of one text, readably: "bel mij op [telefoonnummer]"."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.paths import data_dir
from bot.privacy import recognisers_contact as contact
from bot.privacy import recognisers_numbers as numbers
from bot.privacy import recognisers_people as persons
from bot.privacy import recognisers_places as places
from bot.privacy.lists import load_names, load_streets, load_towns, official
from bot.privacy.span import Recogniser, Span, digits
from bot.referral import load_channels

_ODD_DASHES = "‐‑‒–—―−"
_ODD_SPACES = "\u00a0\u2007\u2009\u200a\u202f\u200b\u200c\u200d\u2060\ufeff"


@dataclass(frozen=True)
class Redacted:
    """A text without personal data, and which kinds stood in it (sorted, each once)."""

    text: str
    kinds: tuple[str, ...] = ()


class Redactor:
    """Finds and replaces personal data. Without state, so one may serve all threads."""

    def __init__(self, identifiers: Sequence[Recogniser], others: Sequence[Recogniser]) -> None:
        """Take recognisers of identifiers that technical texts hold too, and all others."""
        self._identifiers = tuple(identifiers)
        self._others = tuple(others)

    def redact(self, text: str) -> Redacted:
        """Replace every stretch of personal data in ``text`` by its kind in square brackets."""
        spans = self.find(text)
        return Redacted(_replace(text, spans), tuple(sorted({span.kind for span in spans})))

    def identifiers(self, text: str) -> str:
        """Replace numbers, e-mails and links only; for technical texts such as logs."""
        return _replace(text, _merge(self._collect(text, self._identifiers)))

    def find(self, text: str) -> list[Span]:
        """Return the stretches of personal data in ``text``, in order and apart from each other."""
        return _merge(self._collect(text, (*self._identifiers, *self._others)))

    def _collect(self, text: str, recognisers: Iterable[Recogniser]) -> list[Span]:
        plain = _plain(text)
        dates = places.plain_dates(plain)
        return [
            span
            for recogniser in recognisers
            for span in recogniser(plain)
            if span.kind in {"geboortedatum", "naam", "adres"} or not _is_date(span, dates, plain)
        ]


@lru_cache(maxsize=4)
def load_redactor(data: Path) -> Redactor:
    """Return the redactor for the lists and channels in the folder ``data``.

    Raises:
        DataError: a list or the channels are missing or wrong.
    """
    known = official(load_channels(data / "channels.yml"))
    folder = data / "privacy"
    return Redactor(
        identifiers=(
            contact.emails(known),
            contact.links(known),
            contact.phone_numbers(known),
            numbers.national_numbers,
            numbers.accounts,
            numbers.cards,
            numbers.documents,
            numbers.plates,
            numbers.references,
            lambda text: (s for s in numbers.long_numbers(text) if not contact.is_official(text, s, known)),
        ),
        others=(
            contact.handles,
            places.birth_dates,
            places.addresses(load_streets(folder), load_towns(folder), known),
            persons.people(load_names(folder)),
        ),
    )


def default_redactor() -> Redactor:
    """Return the redactor for this installation's data."""
    return load_redactor(data_dir())


def _plain(text: str) -> str:
    """Return ``text`` with look-alike digits, dashes and spaces made plain, every character in its place."""
    if text.isascii():
        return text
    return "".join(_plain_character(c) for c in text)


def _plain_character(character: str) -> str:
    if character.isascii():
        return character
    if character in _ODD_DASHES:
        return "-"
    if character in _ODD_SPACES:
        return " "
    if character.isdigit():
        return str(unicodedata.digit(character))
    return character


def _is_date(span: Span, dates: list[tuple[int, int]], text: str) -> bool:
    """Tell whether a found number is really the date of an event."""
    for start, end in dates:
        if end <= span.start:
            continue
        if start >= span.end:
            break
        overlap = digits(text[max(start, span.start) : min(end, span.end)])
        # Most of the digits, so that "12/05/2024 14" is a date but "85.07.30-033.28" is not.
        if len(overlap) >= 6 and len(overlap) * 10 >= len(digits(text[span.start : span.end])) * 7:
            return True
    return False


def _merge(spans: list[Span]) -> list[Span]:
    """Join spans that overlap; the highest score names the whole, at equal scores the longest."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        if not merged or span.start >= merged[-1].end:
            merged.append(span)
            continue
        last = merged[-1]
        best = max((last, span), key=lambda s: (s.score, s.end - s.start))
        merged[-1] = Span(last.start, max(last.end, span.end), best.kind, best.score)
    return merged


def _replace(text: str, spans: list[Span]) -> str:
    parts, position = [], 0
    for span in spans:
        parts += [text[position : span.start], f"[{span.kind}]"]
        position = span.end
    return "".join([*parts, text[position:]])
