"""What a referral is made of: the case, the answer, and the data that leads from one to the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

UNKNOWN = "onbekend"


class Urgency(str, Enum):
    """Whether something comes before any complaint."""

    GEEN = "geen"
    GEVAAR = "gevaar"
    ZELFDODING = "zelfdoding"
    THUISGEWELD = "thuisgeweld"
    HAATGEWELD = "haatgeweld"


class Question(str, Enum):
    """What may be asked before a referral."""

    DOMEIN = "domein"
    DETAIL = "detail"
    GROND = "grond"


class Confidence(str, Enum):
    """How sure a fact is; citizens only see ``VERIFIED``."""

    VERIFIED = "verified"
    SINGLE_SOURCE = "single_source"
    UNVERIFIED = "unverified"


class Show(str, Enum):
    """How much of a channel citizens may see."""

    ALL = "alles"
    SITE = "website"
    NEVER = "niet"


@dataclass(frozen=True)
class Situation:
    """A case as far as it is known.

    ``None`` (or an empty ``gronden``) means not asked yet; ``"onbekend"`` means asked, and not known or not
    said. ``minderjarig``: the person, or the victim, is a minor. ``praten``: wants somebody to talk to.
    ``rechtbank``: wants a lawyer or a judge.
    """

    domein: str | None = None
    gronden: frozenset[str] = frozenset()
    detail: str | None = None
    urgency: Urgency = Urgency.GEEN
    minderjarig: bool = False
    anoniem: bool = False
    praten: bool = False
    rechtbank: bool = False


@dataclass(frozen=True)
class Step:
    """One channel, and in one Dutch sentence what it does for this case."""

    channel: str
    reason: str


@dataclass(frozen=True)
class Referral:
    """Channels, most fitting first; ids of the rules that led there, and the sources (URLs) of those."""

    steps: tuple[Step, ...]
    rules: tuple[str, ...]
    sources: tuple[str, ...]
    note: str | None = None


@dataclass(frozen=True)
class Option:
    """A choice under a question; ``title`` is Dutch and at most 20 characters."""

    value: str
    title: str


@dataclass(frozen=True)
class Source:
    """Where a fact or rule comes from; ``date`` as the dossier words it ("2023 of later")."""

    id: str
    date: str
    url: str = ""
    title: str = ""

    @property
    def label(self) -> str:
        """The address, or the title of a source without one."""
        return self.url or self.title


@dataclass(frozen=True)
class Fact:
    """One value of a channel; ``note`` is for staff."""

    value: str | bool
    confidence: Confidence
    sources: tuple[str, ...]
    checked: date
    note: str = ""
    line: int = 0

    @property
    def verified(self) -> bool:
        """Whether citizens may see it."""
        return self.confidence is Confidence.VERIFIED


@dataclass(frozen=True)
class Forbidden:
    """A value that is known to be outdated and may stand nowhere in the data."""

    value: str
    why: str


@dataclass(frozen=True)
class Channel:
    """An authority or helpline. ``facts`` holds all facts; `visible` those for citizens."""

    id: str
    name: str
    short_name: str
    type: str
    what: str
    show: Show
    live_check: bool
    facts: Mapping[str, Fact]
    have_ready: tuple[str, ...] = ()
    competences: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    do_not_use: tuple[Forbidden, ...] = ()
    missing: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True)
class Case:
    """A `Situation` normalised for the table: unknown values folded into ``"onbekend"`` or left out."""

    domein: str
    detail: str
    gronden: frozenset[str]
    situation: Situation


@dataclass(frozen=True)
class Condition:
    """A conjunction; ``None`` means: this does not matter."""

    domein: frozenset[str] | None = None
    detail: frozenset[str] | None = None
    urgency: frozenset[str] | None = None
    gronden_alleen: frozenset[str] | None = None
    gronden_met: frozenset[str] | None = None
    gronden_bekend: bool | None = None
    minderjarig: bool | None = None
    anoniem: bool | None = None
    praten: bool | None = None
    rechtbank: bool | None = None

    def matches(self, case: Case) -> bool:
        """Return whether the case meets every part of the condition."""
        told = case.situation
        return (
            (self.domein is None or case.domein in self.domein)
            and (self.detail is None or case.detail in self.detail)
            and (self.urgency is None or told.urgency.value in self.urgency)
            and (self.gronden_alleen is None or (bool(case.gronden) and case.gronden <= self.gronden_alleen))
            and (self.gronden_met is None or not case.gronden.isdisjoint(self.gronden_met))
            and (self.gronden_bekend is None or bool(case.gronden) is self.gronden_bekend)
            and (self.minderjarig is None or told.minderjarig is self.minderjarig)
            and (self.anoniem is None or told.anoniem is self.anoniem)
            and (self.praten is None or told.praten is self.praten)
            and (self.rechtbank is None or told.rechtbank is self.rechtbank)
        )


@dataclass(frozen=True)
class RuleStep:
    """A channel with its reason, or a body that the ground fills in; ``when`` narrows the step.

    ``waar`` replaces that of the rule in the reasons of a body.
    """

    channel: str | None
    reason: str
    body: str | None
    when: tuple[Condition, ...]
    waar: str = ""


@dataclass(frozen=True)
class Rule:
    """One row of the table; an empty ``when`` always matches, several conditions are alternatives."""

    id: str
    when: tuple[Condition, ...]
    steps: tuple[RuleStep, ...]
    sources: tuple[str, ...]
    facts: tuple[str, ...]
    confidence: Confidence
    waar: str = ""
    note: str = ""
    staff_note: str = ""
    ends: bool = False
    line: int = 0

    def matches(self, case: Case) -> bool:
        """Return whether one of the alternatives holds."""
        return _any(self.when, case)


def _any(conditions: tuple[Condition, ...], case: Case) -> bool:
    return not conditions or any(condition.matches(case) for condition in conditions)


def step_applies(step: RuleStep, case: Case) -> bool:
    """Return whether a step of a matching rule is meant for this case."""
    return _any(step.when, case)


@dataclass(frozen=True)
class Layer:
    """Rules of one concern; ``first`` stops at the first rule that matches, otherwise all of them count."""

    id: str
    first: bool
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Routing:
    """The whole decision table."""

    layers: tuple[Layer, ...]
    bodies: Mapping[str, tuple[Rule, ...]]
    fallback: Rule
    max_steps: int
    no_questions: Mapping[Urgency, frozenset[Question]]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every row, bodies included."""
        rows = [rule for layer in self.layers for rule in layer.rules]
        return (*rows, *(rule for rules in self.bodies.values() for rule in rules))


@dataclass(frozen=True)
class DomainWords:
    """What a domain is called.

    ``details`` (value to title) are offered as buttons when ``ask``; ``text_only`` ones only come from text.
    """

    title: str
    ask: bool
    details: Mapping[str, str]
    text_only: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """Dutch titles of the values that questions offer."""

    unknown: str
    domains: Mapping[str, DomainWords]
    grounds: Mapping[str, str]
