"""What one turn knows and what a conversation remembers."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any

from bot.referral import Situation, Urgency


class Doubt(str, Enum):
    """How sure the language understanding was."""

    NONE = "none"
    BETWEEN = "between"  # two intents are about as likely
    FAR = "far"  # like nothing that the assistant knows


@dataclass(frozen=True)
class Turn:
    """One message of a citizen as understood.

    ``domeinen`` and ``gronden`` hold normalised entity values, ``detail`` a sub-domain, ``taak`` what a button asks
    for ("voorbereiden", "verder"). ``language`` is an ISO 639-1 code, or ``"onbekend"`` for a language nobody recognised.
    """

    intent: str
    text: str = ""
    doubt: Doubt = Doubt.NONE
    domeinen: tuple[str, ...] = ()
    gronden: tuple[str, ...] = ()
    detail: str | None = None
    taak: str | None = None
    language: str = "nl"


@dataclass(frozen=True)
class Memory:
    """What is kept between turns; only normalised values, never words of the citizen.

    ``vraag`` is the open question, ``gevraagd`` how many questions this referral has cost, ``herhaald`` how often the
    open one was repeated, ``niet_begrepen`` how many messages in a row were not understood.
    """

    domein: str | None = None
    gronden: tuple[str, ...] = ()
    detail: str | None = None
    minderjarig: bool = False
    haatgeweld: bool = False
    anoniem: bool = False
    verhaal: str | None = None
    vraag: str | None = None
    gevraagd: int = 0
    herhaald: int = 0
    verwezen: bool = False
    onderbroken: bool = False
    niet_begrepen: int = 0
    voorbereiding: bool = False

    @property
    def situation(self) -> Situation:
        """The case as the referral table wants it."""
        return Situation(
            domein=self.domein,
            gronden=frozenset(self.gronden),
            detail=self.detail,
            urgency=Urgency.HAATGEWELD if self.haatgeweld else Urgency.GEEN,
            minderjarig=self.minderjarig,
            anoniem=self.anoniem,
        )

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-able mapping with only what differs from a fresh memory."""
        fresh = Memory()
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in values.items()
            if value != getattr(fresh, name)
        }

    @classmethod
    def from_json(cls, raw: Any) -> Memory:
        """Rebuild a memory; unknown keys (of an older version) are passed over."""
        known = {f.name for f in fields(cls)}
        values = {name: value for name, value in dict(raw or {}).items() if name in known}
        if "gronden" in values:
            values["gronden"] = tuple(values["gronden"])
        return cls(**values)


@dataclass(frozen=True)
class Plan:
    """The answer ids to give now, in order, and the memory afterwards.

    No answers means: this is an ordinary question, the rules and stories answer it. ``decision`` names the branch of
    `bot.dialogue.decide` that was taken; staff read it beside the answer.
    """

    answers: tuple[str, ...] = ()
    memory: Memory = field(default_factory=Memory)
    decision: str = field(default="", compare=False)
