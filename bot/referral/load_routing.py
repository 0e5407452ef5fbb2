"""Reading the decision table (``routing:``) into rules that `bot.referral.rules` interprets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from itertools import chain
from typing import Any

from bot.referral.items import Item
from bot.referral.model import (
    UNKNOWN,
    Channel,
    Condition,
    Confidence,
    Layer,
    Question,
    Routing,
    Rule,
    RuleStep,
    Urgency,
    Vocabulary,
)

_FLAGS = ("gronden_bekend", "minderjarig", "anoniem", "praten", "rechtbank")
_SETS = ("domein", "detail", "urgency", "gronden_alleen", "gronden_met")
_PLACE = "{waar}"
# A number of three digits or more, or a link, in a text of the table would be a fact outside the facts.
_FACT_IN_TEXT = re.compile(r"https?://|www\.|@|\d{3}")


class _Hit(str, Enum):
    FIRST = "first"
    ALL = "all"


@dataclass(frozen=True)
class _Known:
    sources: frozenset[str]
    channels: Mapping[str, Channel]
    values: Mapping[str, frozenset[str]]
    bodies: frozenset[str] = frozenset()


def read_routing(
    item: Item, sources: frozenset[str], channels: Mapping[str, Channel], vocabulary: Vocabulary
) -> Routing:
    """Read the table; every channel, source and value that it names must exist.

    Raises:
        DataError: with file and line.
    """
    parts = item.fields({"max_steps", "fallback", "no_questions", "bodies", "layers"})
    details = {d for words in vocabulary.domains.values() for d in (*words.details, *words.text_only)}
    grounds = frozenset(vocabulary.grounds)
    values = {
        "domein": frozenset(vocabulary.domains) | {UNKNOWN},
        "detail": frozenset(details) | {UNKNOWN},
        "urgency": frozenset(urgency.value for urgency in Urgency),
        "gronden_alleen": grounds,
        "gronden_met": grounds,
    }
    known = _Known(sources, channels, values)
    bodies: dict[str, tuple[Rule, ...]] = {}
    for name, rows in parts["bodies"].pairs():
        bodies[name] = tuple(_rule(row, known) for row in rows.items())
        if not bodies[name] or bodies[name][-1].when:
            raise rows.error("the last row must have an empty when, so that one always matches")
    known = replace(known, bodies=frozenset(bodies))
    layers = tuple(_layer(layer, known) for layer in parts["layers"].items())
    rules: dict[str, Rule] = {}
    for rule in chain.from_iterable((*(layer.rules for layer in layers), *bodies.values())):
        if rule.id in rules:
            lines = f"{rules[rule.id].line} and {rule.line}"
            raise parts["layers"].error(f"rule '{rule.id}' stands on lines {lines}; give one another id")
        rules[rule.id] = rule
    fallback = rules.get(parts["fallback"].text())
    if fallback is None or fallback.when:
        raise parts["fallback"].error("must be the id of a rule whose when is empty")
    return Routing(
        layers=layers,
        bodies=bodies,
        fallback=fallback,
        max_steps=parts["max_steps"].number(),
        no_questions=dict(_no_questions(parts["no_questions"])),
    )


def _no_questions(item: Item) -> Iterator[tuple[Urgency, frozenset[Question]]]:
    for key, questions in item.pairs():
        if key not in {urgency.value for urgency in Urgency}:
            raise questions.error("is no urgency")
        yield Urgency(key), frozenset(question.choice(Question) for question in questions.items())


def _layer(item: Item, known: _Known) -> Layer:
    parts = item.fields({"id", "hit", "rules"})
    rules = tuple(_rule(rule, known) for rule in parts["rules"].items())
    return Layer(parts["id"].text(), parts["hit"].choice(_Hit) is _Hit.FIRST, rules)


def _rule(item: Item, known: _Known) -> Rule:
    parts = item.fields(
        {"id", "when", "steps", "sources", "facts", "confidence"}, {"waar", "note", "staff_note", "ends"}
    )
    for source in parts["sources"].items():
        if source.text() not in known.sources:
            raise source.error(f"'{source.text()}' is not in the sources at the top; add it there")
    if not parts["sources"].items():
        raise parts["sources"].error("is empty; a rule needs a source")
    steps = tuple(_step(step, known) for step in parts["steps"].items())
    if not steps:
        raise parts["steps"].error("is empty; a rule leads somewhere")
    if known.bodies and "waar" not in parts and any(step.body for step in steps):
        raise item.error("has a body as step, so it needs waar (e.g. 'op het werk') for the reason")
    return Rule(
        id=parts["id"].text(),
        when=_when(parts["when"], known),
        steps=steps,
        sources=parts["sources"].texts(),
        facts=parts["facts"].texts(),
        confidence=parts["confidence"].choice(Confidence),
        waar=_prose(parts["waar"]) if "waar" in parts else "",
        note=_prose(parts["note"]) if "note" in parts else "",
        staff_note=parts["staff_note"].text() if "staff_note" in parts else "",
        ends="ends" in parts and parts["ends"].flag(),
        line=item.line,
    )


def _step(item: Item, known: _Known) -> RuleStep:
    parts = item.fields(set(), {"channel", "reason", "body", "when", "waar"})
    when = _when(parts["when"], known) if "when" in parts else ()
    if "body" in parts:
        if "channel" in parts or "reason" in parts:
            raise item.error("a body has its channels and reasons under bodies; leave channel and reason out")
        if parts["body"].text() not in known.bodies:
            raise parts["body"].error(f"'{parts['body'].text()}' is not under bodies")
        waar = _prose(parts["waar"]) if "waar" in parts else ""
        return RuleStep(None, "", parts["body"].text(), when, waar)
    if "channel" not in parts or "reason" not in parts or "waar" in parts:
        raise item.error("needs a channel and a reason, or a body with or without waar")
    if parts["channel"].text() not in known.channels:
        raise parts["channel"].error(f"'{parts['channel'].text()}' is not under channels")
    reason = _prose(parts["reason"], place_allowed=not known.bodies)
    return RuleStep(parts["channel"].text(), reason, None, when)


def _prose(item: Item, place_allowed: bool = False) -> str:
    """Text for citizens: facts do not belong in it, apart from the short numbers of channels named so."""
    text = item.text()
    if _PLACE in text and not place_allowed:
        raise item.error(f"{_PLACE} only works in the reasons of a body")
    if _FACT_IN_TEXT.search(_without_short_numbers(text)):
        raise item.error("holds a number or a link; those stand under facts of the channel")
    return text


def _without_short_numbers(text: str) -> str:
    """Lines whose number is their name (1712, 101, 112, 1813) may be called by it."""
    return re.sub(r"\b(?:1\d{2}|1[78]1[23])\b", "", text)


def _when(item: Item, known: _Known) -> tuple[Condition, ...]:
    alternatives = item.items() if item.is_list() else [item]
    conditions = tuple(_condition(alternative, known) for alternative in alternatives)
    return () if conditions == (Condition(),) else conditions


def _condition(item: Item, known: _Known) -> Condition:
    parts = item.fields(set(), {*_FLAGS, *_SETS})
    for name in set(_SETS) & set(parts):
        for value in parts[name].items():
            if value.text() not in known.values[name]:
                raise value.error(f"'{value.text()}' is no {name}; see vocabulary")
    values: dict[str, Any] = {name: frozenset(parts[name].texts()) for name in _SETS if name in parts}
    values.update({name: parts[name].flag() for name in _FLAGS if name in parts})
    return Condition(**values)
