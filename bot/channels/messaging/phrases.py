"""The words of ``data/messaging.yml``: what messengers need beside the answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.answers.load import read_yaml
from bot.errors import DataError

_MOST = {"open_list": 20, "list_title": 24}  # Meta's limits, the tightest of all channels


@dataclass(frozen=True)
class Phrases:
    """One field per key of the file; the two ``replace`` fields hold pairs of what is said and what to say instead."""

    numbered: str
    lettered: str
    choose: str
    open_list: str
    list_title: str
    replace: tuple[tuple[str, str], ...]
    replace_without_buttons: tuple[tuple[str, str], ...]

    def adapt(self, text: str, buttons: bool) -> str:
        """Return an answer's text without words that only fit the chat widget."""
        for said, instead in (*self.replace, *(() if buttons else self.replace_without_buttons)):
            text = text.replace(said, instead)
        return text


def load_phrases(path: Path) -> Phrases:
    """Load the file.

    Raises:
        DataError: a missing, unknown or too long text, named with the file.
    """
    raw: Any = read_yaml(path)
    wanted = set(Phrases.__dataclass_fields__)
    if not isinstance(raw, dict) or set(raw) != wanted:
        raise DataError(f"{path}: must have exactly the keys {', '.join(sorted(wanted))}")
    for key, most in _MOST.items():
        if len(str(raw[key])) > most:
            raise DataError(f"{path}: {key} has more than {most} characters")
    return Phrases(
        numbered=str(raw["numbered"]),
        lettered=str(raw["lettered"]),
        choose=str(raw["choose"]),
        open_list=str(raw["open_list"]),
        list_title=str(raw["list_title"]),
        replace=_pairs(raw["replace"]),
        replace_without_buttons=_pairs(raw["replace_without_buttons"]),
    )


def _pairs(raw: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(said), str(instead)) for said, instead in (raw or {}).items())
