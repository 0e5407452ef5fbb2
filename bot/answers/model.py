"""What the assistant says, as data: answers, and the messages that they become."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Answer:
    """One entry of ``data/answers/*.yml``.

    ``text`` and ``variants`` hold Dutch at B1 level, ``simple`` the A2 wording; all may hold ``{channel.field}``
    placeholders. ``channels`` are ids of ``data/channels.yml``, ``follow_up`` ids of other answers.
    """

    id: str
    title: str
    text: str
    simple: str
    example: str = ""
    variants: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    follow_up: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    checked: str = ""
    theme: str = ""


@dataclass(frozen=True)
class Button:
    """A choice under a message: what the citizen reads, and what comes back when it is pressed."""

    title: str
    payload: str


@dataclass(frozen=True)
class Message:
    """One rendered message; ``custom`` carries what a plain text cannot (contact cards, channel ids)."""

    text: str
    buttons: tuple[Button, ...] = ()
    custom: dict[str, Any] = field(default_factory=dict)
