"""What a messaging channel takes in and gives out, and what it can show."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any


class Kind(str, Enum):
    """What came in: words, a pressed choice, something that cannot be read (picture, voice, sticker, …), or news of the
    place where people talk (somebody invites the assistant, comes or leaves), which only `MessagingInput.attend` reads."""

    TEXT = "text"
    CHOICE = "choice"
    OTHER = "other"
    ROOM = "room"


@dataclass(frozen=True)
class Incoming:
    """One message of a person, as the network delivered it.

    ``message_id`` is the network's own id: two deliveries with the same id are one message. ``person`` is the network's
    stable id of the person (or room); it names the conversation. ``address`` is what `MessagingInput.deliver` needs to
    answer, JSON-able. ``text`` are the words, or the title of a pressed choice. ``choice`` is the id that the choice was
    sent with (`Choice.id`). ``sent_at`` is seconds since the epoch, by the network's clock. ``answer`` names the answer
    of ``data/answers`` to a `Kind.OTHER`; words that came with it (under a picture) are answered first.
    """

    message_id: str
    person: str
    address: dict[str, str]
    sent_at: float
    kind: Kind = Kind.TEXT
    text: str = ""
    choice: str = ""
    answer: str = "alleen_tekst"

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-able mapping; `Incoming(**mapping)` takes it back."""
        return {**asdict(self), "kind": self.kind.value}

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Incoming:
        """Take back what `to_json` gave."""
        return cls(**{**raw, "kind": Kind(raw["kind"])})


@dataclass(frozen=True)
class Choice:
    """One thing to choose: ``title`` is read, ``id`` comes back when it is pressed (opaque, at most 20 characters)."""

    id: str
    title: str
    payload: str


@dataclass(frozen=True)
class Outgoing:
    """One message to send, within the channel's `Limits` and in its markup.

    ``choices`` are to be shown as ``style`` says: ``buttons`` or ``list``; with ``numbers`` and ``letters`` the text itself
    lists them. ``contacts`` are contact cards, alone in their message, with ``name``, ``phone``, ``email``,
    ``url`` as far as known; ``text`` is then empty. ``lang`` is the language of the text (ISO 639-1, ``mul`` for several).
    """

    text: str = ""
    style: str = ""
    choices: tuple[Choice, ...] = ()
    contacts: tuple[dict[str, str], ...] = ()
    lang: str = "nl"

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-able mapping."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Outgoing:
        """Take back what `to_json` gave."""
        choices = tuple(Choice(**choice) for choice in raw["choices"])
        return cls(**{**raw, "choices": choices, "contacts": tuple(raw["contacts"])})


@dataclass(frozen=True)
class Limits:
    """What a channel can show. Lengths are in characters; 0 means that it has no such thing.

    ``text`` is the most one message may hold, ``body`` the most one with buttons or a list may hold. ``markup`` is how bold
    and links are written: ``whatsapp`` (``*bold*``), ``markdown`` (as in ``data/answers``) or ``plain``. ``id`` bounds the
    ids of choices. ``window`` is how long after a person's last message answers are allowed, in seconds (0: for ever).
    """

    text: int
    body: int = 0
    buttons: int = 0
    button_title: int = 0
    rows: int = 0
    row_title: int = 0
    row_description: int = 0
    id: int = 200
    contacts: int = 0
    markup: str = "plain"
    window: float = 0.0


class TryLater(Exception):
    """The network cannot take the message now; ``after`` is how many seconds it asked to wait (None: it did not say)."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        """``reason`` goes to the log: no text, no address."""
        super().__init__(reason)
        self.reason = reason
        self.after = after


class Undeliverable(Exception):
    """The network will never take this message; it is dropped with a line in the log."""

    def __init__(self, reason: str) -> None:
        """``reason`` goes to the log: no text, no address."""
        super().__init__(reason)
        self.reason = reason


class Uncertain(Exception):
    """Nobody knows whether the message went out (the connection broke after sending).

    A channel whose network tells keys apart (Matrix) raises `TryLater` instead: sending again is then harmless there.
    """

    def __init__(self, reason: str) -> None:
        """``reason`` goes to the log: no text, no address."""
        super().__init__(reason)
        self.reason = reason


@dataclass
class Choices:
    """What a person may choose from now (``latest``, as shown), and what was offered before (``older``, by id).

    ``style`` is how the choices were shown: a number means one only where there were numbers. ``asked`` names a question of the channel
    itself that is open (only "wissen"). Kept sealed, as long as the conversation.
    """

    latest: list[Choice] = field(default_factory=list)
    older: dict[str, Choice] = field(default_factory=dict)
    style: str = ""
    asked: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-able mapping."""
        return {
            "style": self.style,
            "latest": [asdict(choice) for choice in self.latest],
            "older": [asdict(choice) for choice in self.older.values()],
            "asked": self.asked,
        }

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Choices:
        """Take back what `to_json` gave."""
        older = [Choice(**choice) for choice in raw.get("older", ())]
        return cls(
            latest=[Choice(**choice) for choice in raw.get("latest", ())],
            older={choice.id: choice for choice in older},
            style=str(raw.get("style", "")),
            asked=str(raw.get("asked", "")),
        )
