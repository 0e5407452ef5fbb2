"""``scripts/privacy-lists``: names and streets of Belgium from Statbel's open data, as two packages of PyPI carry it.

Faker (MIT) has the first names that are common in Flanders, Wallonia and Brussels; belgian-deduce the family names and streets, as
data under CC BY 4.0 (see its SOURCES.md; none of its code is used). A name that is also an ordinary word is marked or left out by
the words of spacy-lookups-data and of our own training messages.
"""

from __future__ import annotations

import gzip
import importlib
import json
import re
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from bot.paths import data_dir
from bot.privacy.lists import Official, fold, load_names, load_towns
from bot.privacy.recognisers_places import addresses

_LOCALES = ("nl_BE", "fr_BE")  # Statbel's; `first_names_*` are the 500 most common per region and sex
# First names of where people in Mechelen or their parents come from, as far as Faker writes them in Latin letters.
_ELSEWHERE = (
    "tr_TR",
    "pl_PL",
    "ro_RO",
    "es_ES",
    "it_IT",
    "pt_PT",
    "fr_FR",
    "fr_DZ",
    "de_DE",
    "en_GB",
    "hr_HR",
    "nl_NL",
)
_LOOKUP = Path("belgian_deduce") / "data" / "lookup" / "src"
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_SHORTEST = 3  # letters
_STATBEL = "Statbel (Algemene Directie Statistiek), open data, "
_FAKER = "Faker 40.63.0 (MIT)"
_DEDUCE = "CC BY 4.0, via belgian-deduce 5.0.0"
_HEADER = """# {what}
# Bron: {source}
# Gemaakt met scripts/privacy-lists op {day}; niet met de hand veranderen.
"""


def main(sources: Path, day: str) -> None:
    """Write the lists.

    Args:
        sources: a folder in which the two packages are installed.
        day: when, ISO date.
    """
    sys.path.insert(0, str(sources))
    folder = data_dir() / "privacy"
    ordinary = _ordinary_words()
    known = load_names(folder, hand_made_only=True)
    lookup = sources / _LOOKUP
    taken = known.first | known.last | known.not_names | _places(lookup)
    first = _names(_first_names(*_LOCALES), taken, ordinary)
    last = _names(_family_names(lookup), taken | set(first), ordinary)
    rare = _names(_first_names(*_ELSEWHERE), taken | set(first) | set(last) | ordinary, ordinary)
    _write(
        folder / "voornamen_statbel.txt",
        first,
        "Voornamen die in Vlaanderen, Wallonië en Brussel veel voorkomen; ! = ook een gewoon woord",
        f"{_STATBEL}2022, via {_FAKER}",
        day,
    )
    _write(
        folder / "familienamen_statbel.txt",
        last,
        "Familienamen die in België voorkomen; ! = ook een gewoon woord",
        f"{_STATBEL}2025, {_DEDUCE}",
        day,
    )
    _write(
        folder / "voornamen_elders.txt",
        rare,
        "Voornamen van elders; tellen enkel met een hoofdletter of na woorden als 'ik ben'",
        _FAKER,
        day,
    )
    _write(
        folder / "straten_statbel.txt",
        _streets(lookup, ordinary, load_towns(folder)),
        "Straten van België die niet aan hun vorm te herkennen zijn, in kleine letters",
        f"{_STATBEL}adresbestand 2024, {_DEDUCE}",
        day,
        separator="\n",
    )


def _first_names(*locales: str) -> Iterable[str]:
    for locale in locales:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for name in ("first_names_male", "first_names_female", "first_names"):
            yield from getattr(provider, name, ())


def _places(lookup: Path) -> frozenset[str]:
    """Return the names of places, which many families are named after; in the form of `fold`."""
    folder = lookup / "locations" / "lst_placename"
    lists = ("lst_municipality", "lst_postal_locality", "lst_residence")
    return frozenset(fold(line) for name in lists for line in _lines(folder / name / "items.txt"))


def _family_names(lookup: Path) -> Iterable[str]:
    for line in _lines(lookup / "names" / "lst_surname" / "items.txt"):
        # Of "Van den Broeck" the last word: the recogniser knows the small ones.
        yield line.split()[-1]


def _names(
    found: Iterable[str], known: set[str] | frozenset[str], ordinary: frozenset[str]
) -> dict[str, str]:
    """Return the new names in the form of `fold`, with how each is written in the list."""
    names = {}
    for name in found:
        low = fold(name)
        if len(low) >= _SHORTEST and low not in known and _WORD.fullmatch(low):
            names[low] = f"{low}!" if low in ordinary else low
    return names


def _streets(lookup: Path, ordinary: frozenset[str], towns: tuple[str, ...]) -> dict[str, str]:
    """Return the streets that the recogniser of addresses misses, written in capitals or not."""
    nothing = Official(frozenset(), frozenset(), frozenset(), ())
    find = addresses(("-",), frozenset(), towns, nothing)
    streets = {}
    for street in _lines(lookup / "locations" / "lst_street" / "items.txt"):
        low = street.casefold()
        if len(low) < 5 or any(c.isdigit() for c in low) or fold(low) in ordinary or low in towns:
            continue
        written = [f"{street} 12", f"{low} 12"]
        if any(not any(s.start == 0 and s.end == len(text) for s in find(text)) for text in written):
            streets[low] = low
    return streets


def _ordinary_words() -> frozenset[str]:
    """Return words in the form of `fold` that stand in a dictionary, or in small letters in the training messages."""
    spec = find_spec("spacy_lookups_data")
    assert spec is not None and spec.origin is not None
    tables = Path(spec.origin).parent / "data"
    with gzip.open(tables / "nl_lemma_lookup.json.gz", "rt", encoding="utf-8") as file:
        lemmas = json.load(file)
    with gzip.open(tables / "nl_lemma_index.json.gz", "rt", encoding="utf-8") as file:
        index = json.load(file)
    words = {*lemmas, *lemmas.values(), *(word for group in index.values() for word in group)}
    for path in (data_dir() / "nlu").glob("*.yml"):
        words.update(w for w in _WORD.findall(path.read_text(encoding="utf-8")) if w.islower())
    return frozenset(fold(word) for word in words if isinstance(word, str) and word == word.lower())


def _lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _write(path: Path, names: dict[str, str], what: str, source: str, day: str, separator: str = " ") -> None:
    written = [names[name] for name in sorted(names)]
    body = "\n".join(separator.join(written[i : i + 15]) for i in range(0, len(written), 15))
    path.write_text(_HEADER.format(what=what, source=source, day=day) + body + "\n", encoding="utf-8")


if __name__ == "__main__":
    from datetime import datetime, timezone

    main(Path(sys.argv[1]), datetime.now(tz=timezone.utc).date().isoformat())
