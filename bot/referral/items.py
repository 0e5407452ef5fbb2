"""Reading YAML with the line of every value at hand, so that a mistake is found where it stands.

Composes nodes with the C parser and takes scalars as they are written: ``112`` and ``0800 12 800`` stay text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TypeVar

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.errors import DataError

Choice = TypeVar("Choice", bound=Enum)


@dataclass(frozen=True)
class Item:
    """A YAML value with its place; the methods return it as a checked Python value or raise `DataError`."""

    node: Node
    file: str
    name: str

    @property
    def line(self) -> int:
        """The line in the file, from 1."""
        return int(self.node.start_mark.line) + 1

    def error(self, problem: str) -> DataError:
        """Return an error that names this value's place."""
        return DataError(f"{self.file}:{self.line}: {self.name}: {problem}")

    def pairs(self) -> Iterator[tuple[str, Item]]:
        """Yield the entries of a mapping; a key that stands there twice is an error."""
        if not isinstance(self.node, MappingNode):
            raise self.error("must be a mapping (key: value)")
        seen: set[str] = set()
        for key, value in self.node.value:
            item = Item(value, self.file, f"{self.name}.{key.value}" if self.name else str(key.value))
            if key.value in seen:
                raise Item(key, self.file, item.name).error("stands there twice; keep one")
            seen.add(key.value)
            yield str(key.value), item

    def fields(self, required: set[str], optional: set[str] | None = None) -> dict[str, Item]:
        """Return the entries of a mapping with exactly these keys."""
        entries = dict(self.pairs())
        allowed = required | (optional or set())
        if lacking := sorted(required - set(entries)):
            raise self.error(f"lacks {', '.join(lacking)}")
        for key in entries.keys() - allowed:
            raise entries[key].error(f"unknown key; use one of {', '.join(sorted(allowed))}")
        return entries

    def items(self) -> list[Item]:
        """Return the entries of a list."""
        if not isinstance(self.node, SequenceNode):
            raise self.error("must be a list (- …)")
        return [Item(node, self.file, f"{self.name}[{index}]") for index, node in enumerate(self.node.value)]

    def is_list(self) -> bool:
        """Return whether the value is a list."""
        return isinstance(self.node, SequenceNode)

    def text(self) -> str:
        """Return non-empty text."""
        if not isinstance(self.node, ScalarNode) or not str(self.node.value).strip():
            raise self.error("must be text that is not empty; leave the key out when nothing is known")
        return str(self.node.value).strip()

    def texts(self) -> tuple[str, ...]:
        """Return a list of texts."""
        return tuple(item.text() for item in self.items())

    def flag(self) -> bool:
        """Return a boolean."""
        if self.text() not in {"true", "false"}:
            raise self.error("must be true or false")
        return self.text() == "true"

    def number(self) -> int:
        """Return a whole number above zero."""
        if not self.text().isdigit() or int(self.text()) < 1:
            raise self.error("must be a whole number above 0")
        return int(self.text())

    def day(self) -> date:
        """Return a date."""
        try:
            return date.fromisoformat(self.text())
        except ValueError as error:
            raise self.error(f"'{self.text()}' is no date; write it as 2026-11-23") from error

    def choice(self, kind: type[Choice]) -> Choice:
        """Return a member of ``kind`` by its value."""
        try:
            return kind(self.text())
        except ValueError as error:
            known = ", ".join(str(member.value) for member in kind)
            raise self.error(f"'{self.text()}' is not one of {known}") from error


def short_path(path: Path) -> str:
    """Return the last two parts of a path, as errors name it (``data/channels.yml``)."""
    return "/".join(path.parts[-2:])


def compose(path: Path) -> Item:
    """Parse a YAML file without turning it into Python values yet.

    Raises:
        DataError: the file is missing, empty or no YAML.
    """
    file = short_path(path)
    try:
        text = path.read_text(encoding="utf-8")
        try:
            node = YAML(typ="safe").compose(text)
        except MarkedYAMLError:
            # The C parser knows YAML 1.1 only, and refuses [https://…]; the pure one is slow but settles it.
            node = YAML(typ="safe", pure=True).compose(text)
    except FileNotFoundError as error:
        raise DataError(f"{file}: file is missing") from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DataError(f"{file}:{line}: is no valid YAML: {error.problem}") from error
    if node is None:
        raise DataError(f"{file}:1: is empty")
    return Item(node, file, "")
