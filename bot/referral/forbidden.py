"""Finding outdated values (``do_not_use``) anywhere in the data, so that an old number never comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.referral.items import compose, short_path
from bot.referral.load import ChannelData

# A source may well be an old page; and the list of forbidden values has to name them.
_MAY_NAME = frozenset({"sources", "do_not_use"})
# Training examples hold what citizens say: an old name is theirs to use, an old number helps nobody.
_SPOKEN = "examples"
_CONTACT = re.compile(r"[\d@.]")
_TEXT = frozenset({".md", ".txt", ".csv", ".json"})
_YAML = frozenset({".yml", ".yaml"})


@dataclass(frozen=True)
class Finding:
    """A forbidden value in a data file."""

    file: str
    line: int
    value: str
    why: str

    def __str__(self) -> str:
        """One line for a report."""
        return f"{self.file}:{self.line}: '{self.value}' may not be used ({self.why}); remove it"


def find_forbidden(data: ChannelData, root: Path) -> tuple[Finding, ...]:
    """Return every place under ``root`` where a ``do_not_use`` value of any channel stands.

    Lists of sources are passed over, and in training examples only addresses and numbers count. Numbers are
    found whatever their spacing.

    Raises:
        DataError: a YAML file cannot be read.
    """
    patterns = [
        (_pattern(entry.value), entry) for channel in data.channels.values() for entry in channel.do_not_use
    ]
    found = []
    for path in sorted(root.rglob("*")):
        for line, text, spoken in _lines(path):
            for pattern, entry in patterns:
                if spoken and not _CONTACT.search(entry.value):
                    continue
                for match in pattern.finditer(text):
                    at = line + text.count("\n", 0, match.start())
                    found.append(Finding(short_path(path), at, entry.value, entry.why))
    return tuple(found)


def _pattern(value: str) -> re.Pattern[str]:
    if re.fullmatch(r"[\d ]+", value):
        digits = r"[\s./-]*".join(value.replace(" ", ""))
        return re.compile(rf"(?<!\d){digits}(?!\d)")
    return re.compile(rf"(?<!\w){re.escape(value)}(?!\w)".replace(r"\ ", r"\s+"), re.IGNORECASE)


def _lines(path: Path) -> Iterator[tuple[int, str, bool]]:
    """Yield the texts of a file: first line, text, and whether it is a training example."""
    if path.suffix in _YAML and path.stat().st_size:
        yield from _scalars(compose(path).node)
    elif path.suffix in _TEXT:
        yield 1, path.read_text(encoding="utf-8"), False


def _scalars(node: Node, spoken: bool = False) -> Iterator[tuple[int, str, bool]]:
    if isinstance(node, ScalarNode):
        # The text of a block (| or >) starts on the line after its mark.
        yield node.start_mark.line + (2 if node.style in {"|", ">"} else 1), str(node.value), spoken
    elif isinstance(node, SequenceNode):
        for item in node.value:
            yield from _scalars(item, spoken)
    elif isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value not in _MAY_NAME:
                yield from _scalars(value, spoken or key.value == _SPOKEN)
