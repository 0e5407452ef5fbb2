"""Reading ``data/answers/*.yml`` and ``data/city.yml``, with every mistake named by file and line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.answers.model import Answer
from bot.errors import DataError
from bot.privacy.settings import retention_phrases
from bot.referral import ChannelData, fact, load_channels

PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\.([a-z0-9_]+)\}")
_REQUIRED = ("title", "text", "simple", "sources", "checked")
_KNOWN = {
    "title",
    "example",
    "text",
    "simple",
    "variants",
    "channels",
    "follow_up",
    "facts",
    "sources",
    "checked",
}


@dataclass(frozen=True)
class Content:
    """Everything that the assistant can say: answers by id, the channels, and the city's own values."""

    answers: dict[str, Answer]
    channels: ChannelData
    city: dict[str, dict[str, str]]

    def value(self, group: str, field: str) -> str:
        """Return what the placeholder ``{group.field}`` stands for.

        Raises:
            DataError: no such value, or a channel's fact that is not verified and so not for citizens.
        """
        if group in self.city:
            if field not in self.city[group]:
                raise DataError(f"data/city.yml has no {group}.{field}")
            return self.city[group][field]
        return fact(group, field, self.channels)

    def fill(self, text: str) -> str:
        """Replace the placeholders of ``text``."""
        return PLACEHOLDER.sub(lambda match: self.value(match[1], match[2]), text)


def read_yaml(path: Path) -> Any:
    """Load one YAML file; lines stay known through ruamel's ``.lc``.

    Raises:
        DataError: the file is missing, cannot be read or is no YAML, with the line where that is known.
    """
    try:
        return YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataError(f"{path}: file is missing") from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DataError(f"{path}:{line}: {error.problem}") from error
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise DataError(f"{path}: cannot be read ({type(error).__name__})") from error


def load_content(data: Path) -> Content:
    """Load and check all that the assistant says.

    Args:
        data: the folder with ``channels.yml``, ``city.yml`` and ``answers/``.

    Raises:
        DataError: with file, line and what to do.
    """
    channels = load_channels(data / "channels.yml")
    city = {
        str(group): {str(key): str(value) for key, value in values.items()}
        for group, values in read_yaml(data / "city.yml").items()
    }
    # How long is kept is no text but configuration: what the citizen reads follows it.
    city["privacy"] = retention_phrases()
    answers: dict[str, Answer] = {}
    places: dict[str, str] = {}
    for path in sorted((data / "answers").glob("*.yml")):
        entries: Any = read_yaml(path)
        if entries is None:
            continue
        for answer_id, raw in entries.items():
            place = f"{path}:{entries.lc.key(answer_id)[0] + 1}"
            if answer_id in answers:
                raise DataError(f"{place}: answer '{answer_id}' stands in {places[answer_id]} too; keep one")
            answers[answer_id] = _answer(str(answer_id), raw, place, path.stem)
            places[answer_id] = place
    content = Content(answers=answers, channels=channels, city=city)
    for answer in answers.values():
        _check_references(answer, content, places[answer.id])
    return content


def _answer(answer_id: str, raw: Any, place: str, theme: str) -> Answer:
    if not isinstance(raw, dict):
        raise DataError(
            f"{place}: answer '{answer_id}' must be a mapping with title, text, simple, sources, checked"
        )
    missing = [key for key in _REQUIRED if not raw.get(key)]
    if missing:
        raise DataError(f"{place}: answer '{answer_id}' lacks {', '.join(missing)}")
    unknown = sorted(set(raw) - _KNOWN)
    if unknown:
        raise DataError(f"{place}: answer '{answer_id}' has unknown keys {', '.join(unknown)}")
    lists = {key: tuple(str(v).strip() for v in raw.get(key) or ()) for key in _LISTS}
    return Answer(
        id=answer_id,
        theme=theme,
        title=str(raw["title"]),
        example=str(raw.get("example", "")),
        text=str(raw["text"]).strip(),
        simple=str(raw["simple"]).strip(),
        checked=str(raw["checked"]),
        **lists,
    )


_LISTS = ("variants", "channels", "follow_up", "facts", "sources")


def _check_references(answer: Answer, content: Content, place: str) -> None:
    for target in answer.follow_up:
        if target not in content.answers:
            raise DataError(f"{place}: answer '{answer.id}' leads to '{target}', which does not exist")
    for channel in answer.channels:
        if channel not in content.channels.channels:
            raise DataError(
                f"{place}: answer '{answer.id}' names channel '{channel}', not in data/channels.yml"
            )
    for text in (answer.text, answer.simple, *answer.variants):
        try:
            content.fill(text)
        except (DataError, KeyError) as error:
            raise DataError(f"{place}: answer '{answer.id}': {error}") from error
