"""The word lists of ``data/privacy`` and the official numbers of ``data/channels.yml``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.errors import DataError
from bot.referral import ChannelData

_HOST = re.compile(r"https?://(?:www\.)?([^/\s]+)")


@dataclass(frozen=True)
class Names:
    """Names in the form of `fold`.

    ``common`` are those that are ordinary words too, ``rare`` first names of elsewhere, which count with a capital or after
    words that lead up to a name; after one of ``family_first`` stands the first name.
    """

    first: frozenset[str]
    rare: frozenset[str]
    last: frozenset[str]
    common: frozenset[str]
    family_first: frozenset[str]
    not_names: frozenset[str]
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class Official:
    """What citizens may write without it being about a person: digits of numbers, e-mails, hosts, addresses."""

    phones: frozenset[str]
    emails: frozenset[str]
    hosts: frozenset[str]
    addresses: tuple[str, ...]


def load_names(folder: Path, hand_made_only: bool = False) -> Names:
    """Read first names, family names and what only looks like a name.

    Args:
        folder: where the lists are.
        hand_made_only: leave out those that `bot.privacy.rebuild_lists` makes.

    Raises:
        DataError: a list is missing or empty.
    """
    made = () if hand_made_only else ("_statbel",)
    first, common_first = _words(*(folder / f"voornamen{part}.txt" for part in ("", *made)))
    last, common_last = _words(*(folder / f"familienamen{part}.txt" for part in ("", *made)))
    others = [line.casefold() for line in _lines(folder / "geen_namen.txt")]
    return Names(
        first=first,
        rare=frozenset() if hand_made_only else _words(folder / "voornamen_elders.txt")[0],
        last=last,
        common=common_first | common_last,
        family_first=_words(folder / "familienaam_eerst.txt")[0],
        not_names=frozenset(fold(line) for line in others if " " not in line),
        phrases=tuple(line for line in others if " " in line),
    )


def load_streets(folder: Path) -> tuple[str, ...]:
    """Read the streets of the city that their form does not give away, longest first."""
    return tuple(sorted(_lines(folder / "straten.txt"), key=len, reverse=True))


def load_far_streets(folder: Path) -> frozenset[str]:
    """Read the streets of the whole country that their form does not give away, in small letters."""
    return frozenset(_lines(folder / "straten_statbel.txt"))


def official(channels: ChannelData) -> Official:
    """Collect every contact of the official channels, shown to citizens or not."""

    def values(*fields: str) -> Iterator[str]:
        for channel in channels.channels.values():
            for name in fields:
                if name in channel.facts:
                    yield str(channel.facts[name].value)

    return Official(
        phones=frozenset(national(value) for value in values("phone", "phone_abroad")),
        emails=frozenset(value.casefold() for value in values("email")),
        hosts=frozenset(m[1].casefold() for value in values("url", "form_url") if (m := _HOST.match(value))),
        addresses=tuple(
            part.casefold()
            for value in values("address")
            for part in map(str.strip, value.split(","))
            if re.search(r"[^\W\d] \d{1,3}(?!\d)", part) and not re.match(r"\d{4}", part)
        ),
    )


def fold(word: str) -> str:
    """Return a word in lower case and without accents: the form in which names are compared."""
    if word.isascii():
        return word.casefold()
    return "".join(c for c in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(c))


def load_towns(folder: Path) -> tuple[str, ...]:
    """Read the names of towns that may follow or precede a street, longest first."""
    return tuple(sorted(_lines(folder / "gemeenten.txt"), key=len, reverse=True))


def national(number: str) -> str:
    """Return the digits of a phone number as it is dialled inside Belgium."""
    only = "".join(c for c in number if c.isdigit())
    for prefix in ("0032", "32"):
        if only.startswith(prefix) and len(only) > 9:
            return "0" + only.removeprefix(prefix).removeprefix("0")
    return only


def _lines(path: Path) -> list[str]:
    try:
        raw = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise DataError(f"{path}: list is missing; see data/privacy/README.md") from error
    lines = [line.strip() for line in raw if line.strip() and not line.startswith("#")]
    if not lines:
        raise DataError(f"{path}: list is empty; see data/privacy/README.md")
    return lines


def _words(*paths: Path) -> tuple[frozenset[str], frozenset[str]]:
    words = [fold(word) for path in paths for line in _lines(path) for word in line.split()]
    return frozenset(w.rstrip("!") for w in words), frozenset(w[:-1] for w in words if w.endswith("!"))
