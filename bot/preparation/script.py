"""The questions of the preparation, read from ``data/preparation.yml``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.answers.load import read_yaml
from bot.errors import DataError

_TEXTS = ("intro", "skip", "stop", "skipped", "done", "send_to", "stopped", "lost", "resume")


@dataclass(frozen=True)
class Item:
    """One question: ``ask`` is put to the citizen, ``label`` heads the answer in the text."""

    id: str
    label: str
    ask: str


@dataclass(frozen=True)
class Script:
    """All that the preparation says, in Dutch."""

    questions: tuple[Item, ...]
    texts: dict[str, str]

    def compose(self, answers: dict[str, str]) -> str:
        """Return the text to copy, with every question's label and the answer under it."""
        blocks = [f"{item.label}\n{answers.get(item.id) or self.texts['skipped']}" for item in self.questions]
        return "\n\n".join(blocks)


def load_script(path: Path) -> Script:
    """Read the script.

    Raises:
        DataError: a text or a question is missing, with what to add.
    """
    raw = read_yaml(path)
    missing = [key for key in _TEXTS if not raw.get(key)]
    if missing or not raw.get("questions"):
        raise DataError(
            f"{path}: add {', '.join([*missing, 'questions'] if not raw.get('questions') else missing)}"
        )
    items = tuple(Item(str(q["id"]), str(q["label"]), str(q["ask"]).strip()) for q in raw["questions"])
    return Script(items, {key: str(raw[key]).strip() for key in _TEXTS})
