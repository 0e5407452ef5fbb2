"""What holds for any case whatsoever."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.referral import (
    MAX_QUESTIONS,
    ChannelData,
    Question,
    Show,
    Situation,
    Urgency,
    card,
    next_question,
    question_options,
    refer,
    visible,
)
from tests.referral.test_table import DOMAINS, EXPECTED, GROUNDS

DETAILS = sorted({cell["detail"] for cell in EXPECTED["cellen"]})
EMERGENCY = {"politie_101", "nood_112", "zelfmoordlijn_1813", "lijn_1712", "tele_onthaal", "awel"}
FIRST_IN_CRISIS = {
    Urgency.GEVAAR: "politie_101",
    Urgency.ZELFDODING: "zelfmoordlijn_1813",
    Urgency.THUISGEWELD: "lijn_1712",
}
booleans = st.booleans()
situations = st.builds(
    Situation,
    domein=st.sampled_from([None, "iets anders", *DOMAINS]),
    gronden=st.frozensets(st.sampled_from(["onbekend", "iets anders", *GROUNDS]), max_size=3),
    detail=st.sampled_from([None, "iets anders", *DETAILS]),
    urgency=st.sampled_from(list(Urgency)),
    minderjarig=booleans,
    anoniem=booleans,
    praten=booleans,
    rechtbank=booleans,
)


@given(situation=situations)
def test_a_referral_is_useful(situation: Situation, data: ChannelData) -> None:
    referral = refer(situation, data)
    channels = [step.channel for step in referral.steps]
    assert channels
    assert len(set(channels)) == len(channels) <= data.routing.max_steps
    assert all(step.reason and "{" not in step.reason for step in referral.steps)
    assert referral.rules and referral.sources
    assert all(data.channels[channel].show is not Show.NEVER for channel in channels)


@given(situation=situations)
def test_the_igvm_is_never_for_others_than_gender(situation: Situation, data: ChannelData) -> None:
    known = situation.gronden & set(GROUNDS)
    if known and "geslacht" not in known:
        assert "igvm" not in [step.channel for step in refer(situation, data).steps]


@given(situation=situations, cell=st.sampled_from(EXPECTED["vlaams"]))
def test_vmri_comes_first_in_flemish_matters(
    situation: Situation, cell: dict[str, str], data: ChannelData
) -> None:
    flemish = Situation(
        domein=cell["domein"],
        detail=cell.get("detail"),
        gronden=situation.gronden,
        minderjarig=situation.minderjarig,
        anoniem=situation.anoniem,
        praten=situation.praten,
        rechtbank=situation.rechtbank,
    )
    assert refer(flemish, data).steps[0].channel == "vmri"


@given(situation=situations)
def test_emergency_comes_first(situation: Situation, data: ChannelData) -> None:
    channels = [step.channel for step in refer(situation, data).steps]
    if situation.urgency in FIRST_IN_CRISIS:
        assert channels[0] == FIRST_IN_CRISIS[situation.urgency]
        assert set(channels) <= EMERGENCY
        assert next_question(situation, 0, data) is None
    elif situation.urgency is Urgency.HAATGEWELD:
        police = "politie_klachtenbeheer" if situation.domein == "politie" else "politie_mechelen_willebroek"
        assert channels[0] == police


@given(situation=situations, choices=st.lists(st.integers(0, 20), min_size=2, max_size=2))
def test_two_questions_at_most(situation: Situation, choices: list[int], data: ChannelData) -> None:
    for asked in range(MAX_QUESTIONS + 1):
        question = next_question(situation, asked, data)
        if question is None:
            break
        assert asked < MAX_QUESTIONS
        options = question_options(question, situation, data)
        assert options[-1].value == "onbekend"
        assert len({option.value for option in options}) == len(options) > 1
        answer = options[choices[asked] % len(options)].value
        situation = _answered(situation, question, answer)
        assert next_question(situation, asked + 1, data) != question, "the same question twice"
    assert refer(situation, data).steps


def _answered(situation: Situation, question: Question, answer: str) -> Situation:
    values = {**situation.__dict__}
    if question is Question.DOMEIN:
        values["domein"], values["detail"] = answer, None
    elif question is Question.DETAIL:
        values["detail"] = answer
    else:
        values["gronden"] = frozenset({answer})
    return Situation(**values)


@given(situation=situations)
def test_no_unverified_fact_is_rendered(situation: Situation, data: ChannelData) -> None:
    referral = refer(situation, data)
    for step in referral.steps:
        shown = json.dumps(card(step.channel, data, step.reason), ensure_ascii=False)
        facts = data.channels[step.channel].facts
        verified = {fact.value for fact in visible(data.channels[step.channel]).values()}
        for fact in facts.values():
            if not fact.verified and isinstance(fact.value, str) and fact.value not in verified:
                assert fact.value not in shown


@pytest.mark.parametrize("domein", DOMAINS)
@pytest.mark.parametrize("ground", [*GROUNDS, "onbekend"])
def test_not_knowing_still_leads_somewhere(domein: str, ground: str, data: ChannelData) -> None:
    referral = refer(Situation(domein, frozenset({ground}), "onbekend"), data)
    bodies = {"unia", "vmri", "igvm", "stad_klachten", "raad_journalistiek"}
    assert bodies & {step.channel for step in referral.steps}
