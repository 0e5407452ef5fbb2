"""Messages that staff corrected, as lines for ``data/nlu`` and as a patch. Needs nothing of Rasa's environment.

Proposed messages stand in files of their own, ``<theme>-console.yml``: they are a voice of their own, which cross-validation
keeps apart, and the files of the writers stay as they are.
"""

from __future__ import annotations

import difflib
import hashlib
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from bot.errors import DataError
from bot.training.messages import TrainingMessage, parse_line, read_messages

VOICE = "console"
_SPACE = re.compile(r"\s+")
_MARK_LIKE = re.compile(r"\][\[({]")  # Rasa reads "[naam](…" as a mark
_HEAD = """# Training messages: {theme}; voice: messages of citizens, corrected by staff in the review console.
version: "3.1"

nlu:
"""


@dataclass(frozen=True)
class Entity:
    """A ground or domain that a message is about: ``kind`` and ``value``, with character offsets."""

    kind: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Example:
    """One proposed message; ``number`` is its own in the console, by which results refer to it."""

    number: int
    text: str
    intent: str
    entities: tuple[Entity, ...] = ()

    @classmethod
    def from_plain(cls, raw: dict[str, Any]) -> Example:
        """Read ``{"number", "text", "intent", "entities": [{"entity", "value", "start", "end"}]}``."""
        entities = tuple(
            Entity(str(e["entity"]), str(e["value"]), int(e["start"]), int(e["end"])) for e in raw["entities"]
        )
        return cls(int(raw["number"]), str(raw["text"]), str(raw["intent"]), entities)

    @property
    def message(self) -> TrainingMessage:
        """The message as it would be read back from ``data/nlu``."""
        labels = frozenset(f"{e.kind}:{e.value}" for e in self.entities)
        return TrainingMessage(tidy(self.text), self.intent, VOICE, labels, "")


def tidy(text: str) -> str:
    """Return ``text`` on one line: a training message is one line of a block."""
    return _SPACE.sub(" ", text).strip()


def carriers(messages: Iterable[TrainingMessage]) -> frozenset[str]:
    """Return the intents whose messages have their grounds and domains marked; others carry no marks."""
    return frozenset(m.intent for m in messages if m.labels)


def line_of(example: Example, carrying: frozenset[str]) -> str:
    """Return the message in the project's format, with marks where its intent carries them.

    Raises:
        DataError: marks that overlap, or a text that would be read back as something else.
    """
    text, marks = example.text, sorted(example.entities, key=lambda e: e.start)
    pieces, place = [], 0
    for mark in marks if example.intent in carrying else ():
        words = text[mark.start : mark.end]
        if mark.start < place or not words.strip():
            raise DataError(f"the words of {mark.kind} {mark.value} overlap with others, or are empty")
        pieces += [text[place : mark.start], f'[{words}]{{"entity": "{mark.kind}", "value": "{mark.value}"}}']
        place = mark.end
    line = tidy("".join([*pieces, text[place:]]))
    labels = frozenset(f"{m.kind}:{m.value}" for m in marks) if example.intent in carrying else frozenset()
    plain = tidy(text)
    if not line or line.startswith("- ") or _MARK_LIKE.search(plain) or parse_line(line) != (plain, labels):
        raise DataError("the text is empty, starts with a dash, or has brackets that would be read as a mark")
    return line


def updated_files(folder: Path, examples: list[Example]) -> dict[str, tuple[str, str]]:
    """Return the files of ``folder`` (``data/nlu``) that change: name → text before ("" for a new file) and after.

    Raises:
        DataError: an intent that has no messages yet, a text that cannot be written, or a file that would not stay as it is.
    """
    messages = read_messages(folder)
    carrying, themes = carriers(messages), _themes(messages)
    lines: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for example in examples:
        if example.intent not in themes:
            raise DataError(f"there is no intent {example.intent} in the training data")
        name = f"{themes[example.intent]}-{VOICE}.yml"
        lines[name][example.intent].append(line_of(example, carrying))
    changed = {}
    for name, by_intent in sorted(lines.items()):
        path = folder / name
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        changed[name] = (before, _with_lines(name, before, by_intent))
    return changed


def patch(folder: Path, examples: list[Example]) -> str:
    """Return the change as a unified diff that ``git apply`` takes at the root of the checkout."""
    parts = []
    for name, (before, after) in updated_files(folder, examples).items():
        path = f"data/nlu/{name}"
        header = f"diff --git a/{path} b/{path}\n" + ("" if before else "new file mode 100644\n")
        diff = difflib.unified_diff(
            before.splitlines(keepends=True),
            after.splitlines(keepends=True),
            f"a/{path}" if before else "/dev/null",
            f"b/{path}",
        )
        parts.append(header + "".join(diff))
    return "".join(parts)


def data_version(folder: Path) -> str:
    """Return a short hash of ``data/nlu``: figures hold for the data that they were measured on."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.yml")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _themes(messages: list[TrainingMessage]) -> dict[str, str]:
    """Return the theme of each intent: the first part of the name of the file that holds most of its messages."""
    files: dict[str, Counter[str]] = defaultdict(Counter)
    for message in messages:
        files[message.intent][message.file.split("-")[0].removesuffix(".yml")] += 1
    return {intent: counts.most_common(1)[0][0] for intent, counts in files.items()}


def _with_lines(name: str, before: str, by_intent: dict[str, list[str]]) -> str:
    """Add lines under their intents.

    Raises:
        DataError: the file has a shape in which other lines would change as well.
    """
    yaml = YAML()
    yaml.preserve_quotes, yaml.width = True, 1_000_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    new = not before
    raw = yaml.load(before or _HEAD.format(theme=name.split("-")[0]) + "  []\n")
    blocks = [] if new else raw.get("nlu") or []
    for intent, lines in by_intent.items():
        text = "".join(f"- {line}\n" for line in lines)
        block = next((b for b in blocks if b.get("intent") == intent), None)
        if block is None:
            blocks.append(
                {"intent": intent, "metadata": {"stem": VOICE}, "examples": LiteralScalarString(text)}
            )
        else:
            earlier = block["examples"]
            grown = LiteralScalarString(str(earlier).rstrip("\n") + "\n" + text)
            block["examples"] = grown
    raw["nlu"] = blocks
    stream = io.StringIO()
    yaml.dump(raw, stream)
    after = stream.getvalue()
    rest = iter(after.splitlines())
    if not all(line in rest for line in before.splitlines()):  # every line is still there, in its order
        raise DataError(f"data/nlu/{name}: other lines would change too; add the messages by hand")
    return after
