"""Names of people: lists of first and family names, and the words that lead up to a name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.privacy import leads
from bot.privacy.lists import Names, fold
from bot.privacy.span import LIKELY, POSSIBLE, Recogniser, Span

_TOKEN = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_SPACE = re.compile(r"[ \t]{1,2}\Z")
_MAX_PARTS = 6
_ACRONYM = 4  # letters
_SMALL = ("aatje", "etje", "tje", "je", "ke")
_DEMONYM = ("aan", "aans", "aanse", "ees", "ese", "isch", "ische", "iër", "ist", "er")

_STREETLIKE = re.compile(
    r"(?i)(?:straat|laan|lei|plein|weg|vest|dreef|hof|school|college|atheneum|ziekenhuis|kerk|moskee|park|instituut|campus|stichting)\b"
)


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    text: str
    low: str  # in the form of `fold`

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


def people(names: Names) -> Recogniser:
    """Return a recogniser of personal names."""

    def find(text: str) -> Iterator[Span]:
        yield from _Finder(names, text).spans()

    return find


class _Finder:
    """Looks for names in one text."""

    def __init__(self, names: Names, text: str) -> None:
        self.names = names
        self.text = text
        self.words = [_Word(m.start(), m.end(), m[0], fold(m[0])) for m in _TOKEN.finditer(text)]
        self.index = {word.start: i for i, word in enumerate(self.words)}
        self.introduced: set[int] = set()  # words after "mijn naam is"
        low = text.casefold()
        self.protected = (
            [
                (m.start(), m.end())
                for phrase in names.phrases
                if phrase in low
                for m in re.finditer(rf"(?<!\w){re.escape(phrase)}(?!\w)", low)
            ]
            if len(low) == len(text)
            else []
        )

    def spans(self) -> Iterator[Span]:
        seen: set[int] = set()
        told: set[str] = set()
        for first, score in self._starts():
            if first in seen or self._is_protected(first):
                continue
            first, last = self._back(first), self._extend(first)
            if first in self.introduced and last == first and self._closes(first + 1):
                last += 1
            seen.update(range(first, last + 1))
            if self.words[first].low not in leads.PARTICLES:
                told.add(self.words[first].low)
            start = self.words[first].start
            if initials := re.search(r"(?:[A-Z]\.\s?){1,3}$", self.text[:start]):
                start = initials.start()
            yield Span(start, self.words[last].end, "naam", score)
        for i, word in enumerate(self.words):
            # Who has been named once is the same person at the start of the next sentence.
            if word.capital and word.low in told and i not in seen:
                yield Span(word.start, word.end, "naam", POSSIBLE)

    def _starts(self) -> Iterator[tuple[int, float]]:
        """Yield the index of every word that begins a name, surest evidence first."""
        for i in self._after(leads.NAMED):
            if self.words[i].low not in leads.NO_NAME and self._could_be(i):
                self.introduced.add(i)
                yield i, LIKELY
        for i in self._after(leads.TITLES):
            word = self.words[i]
            if word.low in leads.PARTICLES:
                if self._surname_after(i) and (word.capital or word.low != "da"):  # "den notaris, da is duur"
                    yield i, LIKELY
            elif (word.capital and self._could_be(i)) or self._known_in_small(word.low):
                yield i, LIKELY
        for i in self._before(leads.TRAILS):
            if self._could_be(i):
                yield i, POSSIBLE
        for pattern in (leads.LEADS, leads.ROLES):
            for i in self._after(pattern):
                word = self.words[i]
                if self._family_name_begins(i):
                    yield i, LIKELY
                if self._known(word.low) if word.capital else self._known_in_small(word.low):
                    yield i, LIKELY
                elif word.capital and self._unusual(i, pattern is leads.LEADS):
                    yield i, POSSIBLE
        for i in self._after(leads.INITIALS):
            if self._family_name_begins(i) or (self._could_be(i) and not self.words[i].text.isupper()):
                yield i, POSSIBLE
        for said in leads.ABOUT_NAME.finditer(self.text):
            for given in leads.GIVEN.finditer(self.text, *said.span(1)):
                at = self.index.get(given.end())
                if at is not None and self.words[at].capital and self._unusual(at, True):
                    yield at, POSSIBLE
        for i in range(len(self.words)):
            if self._stands_alone(i):
                yield i, LIKELY

    def _after(self, pattern: re.Pattern[str]) -> Iterator[int]:
        for match in pattern.finditer(self.text):
            i = self.index.get(match.end())
            if i is not None:
                yield i

    def _before(self, pattern: re.Pattern[str]) -> Iterator[int]:
        for match in pattern.finditer(self.text):
            i = self.index.get(match.start(1))
            if i is not None:
                yield i

    def _back(self, i: int) -> int:
        """Return where a name begins of which ``i`` is the family name: "Ndoumbe Wauters"."""
        if (
            i == 0
            or not self._joined(i - 1)
            or not (self.words[i].low in self.names.last or self.words[i].low.endswith(leads.SURNAME_ENDINGS))
        ):
            return i
        word = self.words[i - 1]
        if word.capital and len(word.text) > 2 and self._could_be(i - 1) and not word.text.isupper():
            return i - 1
        return i

    def _stands_alone(self, i: int) -> bool:
        word, names = self.words[i], self.names
        low = word.low
        # Most words are in small letters and no name.
        if not word.capital and low not in names.first and not ("-" in low and self._double(low)):
            return False
        if self._month(i) or self._names_a_place(i):
            return False
        if low in names.family_first and word.capital and not word.text.isupper() and self._capital_after(i):
            return True
        if self._family_name_begins(i) and (not self._opens_sentence(i) or self._first_name_within(i)):
            # "De Panne" and "Het Nieuwsblad" are no people.
            last = self.words[self._extend(i)].low
            return low not in leads.ARTICLES or (last in names.last and last not in names.common)
        if low in names.not_names:  # "Frans Peeters"
            return low in names.first and word.capital and self._next_in(i, names.last)
        if low in names.first or self._double(low):
            if low not in names.common:
                return True
            return self._surname_after(i) or (word.capital and not self._opens_sentence(i) and len(low) > 2)
        if low in names.rare and word.capital and not word.text.isupper():
            return not self._opens_sentence(i) or self._capital_after(i)
        if low in names.last and word.capital and low not in names.common:
            if word.text.isupper() and len(low) <= _ACRONYM:
                return False
            return not self._opens_sentence(i) or self._capital_after(i)  # "Liu Fang", the family name first
        if (
            word.capital
            and low.endswith(leads.SURNAME_ENDINGS)
            and i
            and self.words[i - 1].capital
            and self._joined(i - 1)
        ):
            return True
        return (
            word.capital
            and low.endswith(_SMALL)
            and any(low.removesuffix(end) in names.first for end in _SMALL)
        )

    def _family_name_begins(self, i: int) -> bool:
        word = self.words[i]
        particle = word.low in leads.PARTICLES or word.text == "Op"
        return word.capital and particle and self._surname_after(i)

    def _first_name_within(self, i: int) -> bool:
        """ "Van Aken Gerda" """
        words = self.words[i + 2 : self._extend(i) + 1]
        return any(word.capital and self._surely_first(word.low) for word in words)

    def _extend(self, first: int) -> int:
        """Return the index of the last word of the name that begins at ``first``."""
        last = i = first
        while i + 1 < len(self.words) and i + 1 - first < _MAX_PARTS and self._joined(i):
            word = self.words[i + 1]
            if word.low in leads.PARTICLES or word.text == "Op":
                i += 1
                continue
            linked = self.words[i].low in leads.PARTICLES and i > last
            if self._belongs(i + 1, linked, self.words[i].low in leads.ARABIC):
                last = i = i + 1
                continue
            break
        return last

    def _closes(self, i: int) -> bool:
        """Tell whether word ``i`` ends the clause: the family name in "mijn naam is oumaima bouzidi"."""
        if i >= len(self.words) or not self._joined(i - 1) or self.words[i].low in leads.NO_NAME:
            return False
        rest = self.text[self.words[i].end :]
        return self._could_be(i) and re.match(r"\s*(?:$|[.,;!?\n]|(?:en|ik|uit|maar)\b)", rest) is not None

    def _belongs(self, i: int, linked: bool, arabic: bool) -> bool:
        word = self.words[i]
        if self._is_protected(i):
            return False
        if word.low in self.names.not_names:  # "Li Na"
            before = self.words[i - 1]
            short = word.capital and len(word.text) <= 4 and not word.text.isupper()
            return short and before.capital and before.low in self.names.family_first
        if word.capital and (len(word.text) > 1):
            return not (word.text.isupper() and len(word.text) <= 4 and word.low not in self.names.last)
        if word.low in self.names.last:
            return linked or word.low not in self.names.common
        if linked and arabic and len(word.text) > 3:
            return True
        if len(word.text) > 6 and word.low.endswith(leads.SURNAME_ENDINGS):
            return True
        return self._known_in_small(word.low) and word.low not in self.names.last

    def _surname_after(self, i: int) -> bool:
        last = self._extend(i)
        if last == i:
            return False
        word = self.words[last]
        return word.capital or word.low in self.names.last or self.words[last - 1].low in leads.ARABIC

    def _unusual(self, i: int, lead: bool) -> bool:
        """Tell whether a capital after a lead is a name nobody listed: "collega Xhemile", "Groeten, Ndoumbe"."""
        word = self.words[i]
        if not self._could_be(i) or word.text.isupper() or len(word.text) < 3:
            return False
        return not (lead and word.low.endswith(_DEMONYM))

    def _could_be(self, i: int) -> bool:
        word = self.words[i]
        return (
            word.low not in self.names.not_names and not self._names_a_place(i) and not self._is_protected(i)
        )

    def _known(self, low: str) -> bool:
        if low in self.names.not_names:
            return False
        return (
            low in self.names.first or low in self.names.last or low in self.names.rare or self._double(low)
        )

    def _known_in_small(self, low: str) -> bool:
        """Tell whether a word in small letters is a name when something leads up to it."""
        return self._known(low) and low not in self.names.common

    def _double(self, low: str) -> bool:
        parts = low.split("-")
        return len(parts) == 2 and bool(parts[1]) and self._surely_first(parts[0])

    def _surely_first(self, low: str) -> bool:
        return low in self.names.first and low not in self.names.common

    def _next_in(self, i: int, names: frozenset[str]) -> bool:
        if i + 1 >= len(self.words) or not self._joined(i):
            return False
        return self.words[i + 1].capital and self.words[i + 1].low in names

    def _capital_after(self, i: int) -> bool:
        following = i + 1 < len(self.words) and self._joined(i) and self.words[i + 1]
        return bool(following and following.capital and len(following.text) > 1 and self._could_be(i + 1))

    def _joined(self, i: int) -> bool:
        return _SPACE.match(self.text[self.words[i].end : self.words[i + 1].start]) is not None

    def _opens_sentence(self, i: int) -> bool:
        lead = self.text[: self.words[i].start].rstrip(" \t\"'“(")
        return not lead or lead[-1] in ".!?\n:"

    def _month(self, i: int) -> bool:
        """ "12 jan 2024" is no Jan."""
        around = self.text[max(0, self.words[i].start - 3) : self.words[i].end + 3]
        return self.words[i].low == "jan" and any(c.isdigit() for c in around)

    def _names_a_place(self, i: int) -> bool:
        if _STREETLIKE.search(self.words[i].text):
            return True
        for following in self.words[i + 1 : i + 4]:
            if self.text[self.words[i].end : following.start].strip(
                " " + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-'"
            ):
                return False
            if _STREETLIKE.search(following.text):
                return following.capital
            if not following.capital and following.low not in leads.PARTICLES:
                return False
        return False

    def _is_protected(self, i: int) -> bool:
        word = self.words[i]
        return any(start <= word.start < end for start, end in self.protected)
