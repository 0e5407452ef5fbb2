"""Recognising in free text what would otherwise be asked; the words stand in ``data/lexicon_referral.yml``.

Deliberately conservative: a miss costs one question, a false hit a wrong authority.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.referral.items import Item, compose
from bot.referral.model import Vocabulary

_AGE = (
    r"(?<!\d)(?:[3-9]|1[0-7]|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|vijftien"
    r"|zestien|zeventien)(?!\d)"
)
_NEVER = re.compile(r"(?!)")
_QUOTES = str.maketrans(dict.fromkeys("\u2018\u2019`\u00b4", "'"))


@dataclass(frozen=True)
class Lexicon:
    """Compiled word lists; use the functions of this module."""

    details: Mapping[str, Mapping[str, re.Pattern[str]]]
    ages: re.Pattern[str]
    school: re.Pattern[str]
    minor_words: re.Pattern[str]
    violence: re.Pattern[str]
    not_violence: re.Pattern[str]


def detail_of(text: str, domein: str, lexicon: Lexicon) -> str | None:
    """Return the only detail of the domain that the text speaks of; None when none or several do."""
    plain = _plain(text)
    found = [detail for detail, words in lexicon.details.get(domein, {}).items() if words.search(plain)]
    return found[0] if len(found) == 1 else None


def is_minor(text: str, lexicon: Lexicon) -> bool:
    """Return whether the text says that the person or the victim is a minor."""
    plain = _plain(text)
    return any(pattern.search(plain) for pattern in (lexicon.ages, lexicon.school, lexicon.minor_words))


def tells_violence(text: str, lexicon: Lexicon) -> bool:
    """Return whether the text tells of violence, a threat or destruction; denials do not count."""
    return bool(lexicon.violence.search(lexicon.not_violence.sub(" ", _plain(text))))


def read_lexicon(path: Path, vocabulary: Vocabulary) -> Lexicon:
    """Read the word lists.

    Raises:
        DataError: with file and line, also for a detail that the vocabulary does not know.
    """
    top = compose(path).fields({"details", "minor", "violence"})
    minor = top["minor"].fields(
        {"age", "not_age_after", "age_after_year", "school", "school_before", "words"}
    )
    violence = top["violence"].fields({"words", "not"})
    before_school = _alternatives(minor["school_before"])
    school = _alternatives(minor["school"])
    return Lexicon(
        details={key: _details(key, item, vocabulary) for key, item in top["details"].pairs()},
        ages=_ages(minor),
        school=re.compile(rf"(?<!\w)(?:{before_school})\s(?:[\w']+\s){{0,3}}?(?:{school})(?!\w)"),
        minor_words=_pattern(minor["words"]),
        violence=_pattern(violence["words"]),
        not_violence=_pattern(violence["not"]),
    )


def _ages(minor: Mapping[str, Item]) -> re.Pattern[str]:
    """An age in one of the sentences, and not "12 keer" or "12 jaar in dienst"."""
    said = _alternatives(minor["age"]).replace(r"\{leeftijd\}", _AGE)
    year = rf"\s*jaar(?=\s*(?:$|[^\w\s]|(?:{_alternatives(minor['age_after_year'])})(?!\w)))"
    bare = rf"(?!\s*(?:jaar|{_alternatives(minor['not_age_after'])})(?!\w))"
    return re.compile(rf"(?<!\w)(?:{said})(?!\w)(?:{year}|{bare})")


def _details(domein: str, item: Item, vocabulary: Vocabulary) -> dict[str, re.Pattern[str]]:
    if domein not in vocabulary.domains:
        raise item.error(f"'{domein}' is no domain of data/channels.yml")
    known = {*vocabulary.domains[domein].details, *vocabulary.domains[domein].text_only}
    patterns = {}
    for detail, words in item.pairs():
        if detail not in known:
            raise words.error(f"'{detail}' is no detail of {domein} in data/channels.yml")
        patterns[detail] = _pattern(words)
    return patterns


def _pattern(item: Item) -> re.Pattern[str]:
    words = _alternatives(item)
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)") if words else _NEVER


def _alternatives(item: Item) -> str:
    """Entries as one regular expression, longest first; ``*`` stands for the rest of a word."""
    entries = []
    for entry in item.items():
        if entry.text() != _plain(entry.text()):
            raise entry.error("write it in small letters without accents")
        entries.append(entry.text())
    entries.sort(key=len, reverse=True)
    return "|".join(re.escape(entry).replace(r"\ ", r"\s+").replace(r"\*", r"\w*") for entry in entries)


def _plain(text: str) -> str:
    """Small letters, no accents, straight quotes."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_QUOTES).lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
