"""Taking personal data out of one text, readably: "bel mij op [telefoonnummer]"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.paths import data_dir
from bot.privacy import recognisers_contact as contact
from bot.privacy import recognisers_numbers as numbers
from bot.privacy import recognisers_people as persons
from bot.privacy import recognisers_places as places
from bot.privacy.lists import load_far_streets, load_names, load_streets, load_towns, official
from bot.privacy.plain import plain
from bot.privacy.span import Recogniser, Span, digits
from bot.referral import load_channels

if TYPE_CHECKING:
    from bot.privacy.engine import Analyzer

_NO_NUMBERS = frozenset({"naam", "adres", "geboortedatum", "gebruikersnaam", "e-mail", "link"})
_CODES = frozenset({"referentie", "nummer", "kaartnummer", "paspoortnummer", "nummerplaat"})
_HANGS_BEFORE = re.compile(r"(?<!\w)\w(?:[\w/\-]{0,15}[\w/\-])?$")
_HANGS_AFTER = re.compile(r"[/\-]?[A-Za-z\d]{1,6}(?!\w)|(?:[/\-][A-Za-z\d]{1,8}){1,3}(?!\w)")
# "A 0741936", "RvV 318 204": the letters of a series.
_SERIES = re.compile(r"(?<!\w)(?:[A-Z]|[A-Z][A-Za-z]?[A-Z])[ .]$")


@dataclass(frozen=True)
class Redacted:
    """A text without personal data, and which kinds stood in it (sorted, each once)."""

    text: str
    kinds: tuple[str, ...] = ()


class Redactor:
    """Finds and replaces personal data. Without state that changes, so one may serve all threads.

    Whole messages go through Presidio (`bot.privacy.engine`), which is imported on first use. Lines of a log go straight to the same
    recognisers: every process writes those, and most need nothing else.
    """

    def __init__(
        self,
        identifiers: Mapping[str, Recogniser],
        others: Mapping[str, Recogniser],
        not_names: frozenset[str] = frozenset(),
    ) -> None:
        """Take recognisers, by name, of identifiers that technical texts hold too, all others, and what is no person."""
        self._not_names = not_names
        self._identifiers = dict(identifiers)
        self._all = {**identifiers, **others}

    def redact(self, text: str) -> Redacted:
        """Replace every stretch of personal data in ``text`` by its kind in square brackets."""
        spans = self.find(text)
        return Redacted(_replace(text, spans), tuple(sorted({span.kind for span in spans})))

    def find(self, text: str) -> list[Span]:
        """Return the stretches of personal data in ``text``, in order and apart from each other."""
        clear = plain(text)
        return _settle(self.analyzer.find(clear), clear)

    @cached_property
    def analyzer(self) -> Analyzer:
        """Presidio's analyzer; the first access imports and makes it."""
        from bot.privacy.engine import Analyzer, model_with_names

        return Analyzer(self._all, model_with_names(), self._not_names)

    def find_by_rules(self, text: str) -> list[Span]:
        """Return what our own recognisers find, without Presidio and the names that a spaCy model adds; as `find` else."""
        return self._directly(text, self._all.values())

    def log_value(self, text: str) -> str:
        """Replace everything that `redact` replaces, without Presidio; for values in a log."""
        return _replace(text, self.find_by_rules(text))

    def log_line(self, text: str) -> str:
        """Replace numbers, e-mails and links only; for technical texts."""
        return _replace(text, self._directly(text, self._identifiers.values()))

    def _directly(self, text: str, recognisers: Iterable[Recogniser]) -> list[Span]:
        clear = plain(text)
        return _settle([span for recogniser in recognisers for span in recogniser(clear)], clear)


@lru_cache(maxsize=4)
def load_redactor(data: Path) -> Redactor:
    """Return the redactor for the lists and channels in the folder ``data``.

    Raises:
        DataError: a list or the channels are missing or wrong.
    """
    known = official(load_channels(data / "channels.yml"))
    folder = data / "privacy"
    names = load_names(folder)
    return Redactor(
        identifiers={
            "e-mail": contact.emails(known),
            "links": contact.links(known),
            "phone numbers": contact.phone_numbers(known),
            "national numbers": numbers.national_numbers,
            "accounts": numbers.accounts,
            "cards": numbers.cards,
            "documents": numbers.documents,
            "plates": numbers.plates,
            "references": numbers.references,
            "long numbers": lambda text: (
                s for s in numbers.long_numbers(text) if not contact.is_official(text, s, known)
            ),
        },
        others={
            "handles": contact.handles,
            "dates of birth": places.birth_dates,
            "addresses": places.addresses(
                load_streets(folder), load_far_streets(folder), load_towns(folder), known
            ),
            "people": persons.people(names),
        },
        not_names=names.not_names,
    )


def default_redactor() -> Redactor:
    """Return the redactor for this installation's data."""
    return load_redactor(data_dir())


def _settle(found: Iterable[Span], text: str) -> list[Span]:
    """Return found spans whole, without dates of events, and apart from each other."""
    dates = places.plain_dates(text)
    return _merge(
        [
            _whole(span, text)
            for span in found
            if span.kind in {"geboortedatum", "naam", "adres"} or not _is_date(span, dates, text)
        ]
    )


def _is_date(span: Span, dates: list[tuple[int, int]], text: str) -> bool:
    """Tell whether a found number is really the date of an event, or several."""
    overlap = "".join(digits(text[max(start, span.start) : min(end, span.end)]) for start, end in dates)
    # Most of the digits, so that "12/05/2024 14" is a date but "85.07.30-033.28" is not.
    return len(overlap) >= 6 and len(overlap) * 10 >= len(digits(text[span.start : span.end])) * 7


def _whole(span: Span, text: str) -> Span:
    """Take in what hangs on a found number: no half of a code stays behind."""
    if span.kind in _NO_NUMBERS:
        return span
    start, end = span.start, span.end
    if ahead := _HANGS_BEFORE.search(text, max(0, start - 20), start):
        start = ahead.start()
    elif span.kind in _CODES and (letters := _SERIES.search(text, max(0, start - 8), start)):
        start = letters.start()
    if after := _HANGS_AFTER.match(text, end):
        end = after.end()
    return span if (start, end) == (span.start, span.end) else Span(start, end, span.kind, span.score)


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
