"""Interpreting the decision table: which channels, and which question would still change them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.referral.load import ChannelData
from bot.referral.model import (
    UNKNOWN,
    Case,
    Option,
    Question,
    Referral,
    Rule,
    Show,
    Situation,
    Step,
    step_applies,
)

MAX_QUESTIONS = 2


def refer(situation: Situation, data: ChannelData) -> Referral:
    """Return the channels for a case, most fitting first, without duplicates and never empty.

    Values that the vocabulary does not know count as unknown. Only channels that citizens may see are in it.
    """
    case = _case(situation, data)
    steps: dict[str, Step] = {}
    used: list[Rule] = []
    for rule in _matching(case, data):
        _apply(rule, case, data, steps, used)
    if not steps:
        _apply(data.routing.fallback, case, data, steps, used)
    notes = dict.fromkeys(rule.note for rule in used if rule.note)
    labels = (data.sources[source].label for rule in used for source in rule.sources)
    return Referral(
        steps=tuple(steps.values())[: data.routing.max_steps],
        rules=tuple(rule.id for rule in used),
        sources=tuple(dict.fromkeys(labels)),
        note=" ".join(notes) or None,
    )


def next_question(situation: Situation, asked: int, data: ChannelData) -> Question | None:
    """Return what to ask before referring, or None to refer now.

    Args:
        situation: the case so far.
        asked: how many questions were put already; at two it is always None.
        data: the table; a question is only asked when its answer can change the outcome.
    """
    if asked >= MAX_QUESTIONS:
        return None
    skipped = data.routing.no_questions.get(situation.urgency, frozenset())
    case = _case(situation, data)
    if situation.domein is None and Question.DOMEIN not in skipped:
        return Question.DOMEIN
    words = data.vocabulary.domains.get(case.domein)
    if Question.DETAIL not in skipped and situation.detail is None and words and words.ask:
        first = {_bare(replace(situation, detail=d), data)[0] for d in words.details}
        if len(first) > 1:
            return Question.DETAIL
    if Question.GROND not in skipped and not situation.gronden:
        grounds = data.vocabulary.grounds
        outcomes = {_bare(replace(situation, gronden=frozenset({g})), data) for g in grounds}
        if len(outcomes) > 1:
            return Question.GROND
    return None


def question_options(question: Question, situation: Situation, data: ChannelData) -> tuple[Option, ...]:
    """Return the choices of a question; the last one always stands for not knowing (``"onbekend"``)."""
    vocabulary = data.vocabulary
    if question is Question.DOMEIN:
        titles = {key: words.title for key, words in vocabulary.domains.items()}
    elif question is Question.GROND:
        titles = dict(vocabulary.grounds)
    else:
        words = vocabulary.domains.get(situation.domein or UNKNOWN)
        titles = dict(words.details) if words else {}
    return (*(Option(value, title) for value, title in titles.items()), Option(UNKNOWN, vocabulary.unknown))


def _bare(situation: Situation, data: ChannelData) -> tuple[str, ...]:
    """Channels of the case alone: help beside a complaint does not make a question worth asking."""
    bare = replace(situation, minderjarig=False, anoniem=False, praten=False, rechtbank=False)
    return tuple(step.channel for step in refer(bare, data).steps)


def _case(situation: Situation, data: ChannelData) -> Case:
    words = data.vocabulary.domains.get(situation.domein or UNKNOWN)
    known = words is not None and (situation.detail in words.details or situation.detail in words.text_only)
    return Case(
        domein=situation.domein if words and situation.domein else UNKNOWN,
        detail=situation.detail if known and situation.detail else UNKNOWN,
        gronden=situation.gronden & data.vocabulary.grounds.keys(),
        situation=situation,
    )


def _matching(case: Case, data: ChannelData) -> Iterator[Rule]:
    for layer in data.routing.layers:
        for rule in layer.rules:
            if rule.matches(case):
                yield rule
                if rule.ends:
                    return
                if layer.first:
                    break


def _apply(rule: Rule, case: Case, data: ChannelData, steps: dict[str, Step], used: list[Rule]) -> None:
    used.append(rule)
    for step in rule.steps:
        if not step_applies(step, case):
            continue
        if step.body:
            body = next(row for row in data.routing.bodies[step.body] if row.matches(case))
            used.append(body)
            named = [
                (s.channel or "", s.reason.replace("{waar}", step.waar or rule.waar)) for s in body.steps
            ]
        else:
            named = [(step.channel or "", step.reason)]
        for channel, reason in named:
            if channel not in steps and data.channels[channel].show is not Show.NEVER:
                steps[channel] = Step(channel, reason)
