"""Only what can still change the outcome is asked."""

from __future__ import annotations

import pytest

from bot.referral import ChannelData, Question, Situation, Urgency, next_question, question_options

AFKOMST = frozenset({"afkomst"})


@pytest.mark.parametrize(
    ("situation", "question"),
    [
        (Situation(), Question.DOMEIN),
        (Situation(gronden=AFKOMST), Question.DOMEIN),
        (Situation("werk"), Question.DETAIL),
        (Situation("werk", AFKOMST), Question.DETAIL),
        (Situation("werk", AFKOMST, "prive"), None),
        (Situation("werk", detail="prive"), Question.GROND),
        (Situation("werk", detail="onbekend"), Question.GROND),
        (Situation("werk", detail="vdab"), None),
        (Situation("vervoer", AFKOMST), Question.DETAIL),
        (Situation("vervoer", detail="de_lijn"), None),
        (Situation("vervoer", detail="nmbs"), Question.GROND),
        (Situation("zorg", AFKOMST), Question.DETAIL),
        (Situation("zorg", detail="welzijn"), None),
        (Situation("media", AFKOMST), Question.DETAIL),
        (Situation("openbare_ruimte", AFKOMST), Question.DETAIL),
        (Situation("openbare_ruimte", AFKOMST, urgency=Urgency.HAATGEWELD), None),
        (Situation("wonen"), None),
        (Situation("onderwijs"), None),
        (Situation("vrije_tijd"), None),
        (Situation("stad"), None),
        (Situation("handel"), Question.GROND),
        (Situation("handel", AFKOMST), None),
        (Situation("handel", frozenset({"onbekend"})), None),
        (Situation("politie"), Question.GROND),
        (Situation("online"), Question.GROND),
        (Situation("onbekend"), Question.GROND),
        (Situation("onbekend", AFKOMST), None),
        (Situation(urgency=Urgency.GEVAAR), None),
        (Situation(urgency=Urgency.HAATGEWELD), None),
        # help beside a complaint is never a reason to ask
        (Situation("wonen", praten=True, anoniem=True), None),
    ],
)
def test_next_question(situation: Situation, question: Question | None, data: ChannelData) -> None:
    assert next_question(situation, 0, data) is question


def test_no_third_question(data: ChannelData) -> None:
    assert next_question(Situation("handel"), 1, data) is Question.GROND
    assert next_question(Situation("handel"), 2, data) is None


def test_options_end_with_not_knowing(data: ChannelData) -> None:
    domains = question_options(Question.DOMEIN, Situation(), data)
    assert len(domains) == 14
    assert (domains[0].value, domains[-1].title) == ("werk", "Weet ik niet")
    assert len(question_options(Question.GROND, Situation("werk"), data)) == 12
    transport = question_options(Question.DETAIL, Situation("vervoer"), data)
    assert [option.value for option in transport] == ["de_lijn", "nmbs", "taxi", "onbekend"]
    assert [o.value for o in question_options(Question.DETAIL, Situation(), data)] == ["onbekend"]
