"""Training messages as plain data, read from ``data/nlu/*.yml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bot.answers.load import read_yaml
from bot.errors import DataError

_MARK = re.compile(r'\[([^\]]+)\]\{"entity": "([a-z_]+)", "value": "([a-z_]+)"\}')


@dataclass(frozen=True)
class TrainingMessage:
    """One message: plain text, its intent, who wrote it (voice), its ``kind:value`` labels, and where it stands."""

    text: str
    intent: str
    voice: str
    labels: frozenset[str]
    file: str


def read_messages(folder: Path) -> list[TrainingMessage]:
    """Read all messages of ``folder`` (``data/nlu``).

    Raises:
        DataError: a file that is not in the shape of Rasa's NLU data.
    """
    found: list[TrainingMessage] = []
    for path in sorted(folder.glob("*.yml")):
        content = read_yaml(path)
        if not isinstance(content, dict):
            raise DataError(f"{path}: nlu: is missing at the top")
        for block in content.get("nlu") or ():
            try:
                intent, lines = str(block["intent"]), str(block["examples"]).splitlines()
                voice = str((block.get("metadata") or {}).get("stem", "onbekend"))
            except (KeyError, TypeError, AttributeError) as error:
                raise DataError(f"{path}: every block needs intent and examples") from error
            for line in lines:
                raw = line.strip().removeprefix("- ").strip()
                if raw:
                    text, labels = parse_line(raw)
                    found.append(TrainingMessage(text, intent, voice, labels, path.name))
    return found


def parse_line(line: str) -> tuple[str, frozenset[str]]:
    """Return the plain text of a line of ``data/nlu`` (without its dash), and its ``kind:value`` labels."""
    return _MARK.sub(r"\1", line), frozenset(f"{m[2]}:{m[3]}" for m in _MARK.finditer(line))
