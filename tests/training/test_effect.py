"""Measuring a proposal: figures before and after, honest about skeletons and about the proposal's own messages."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.svm import LinearSVC

from bot.nlu.features import Features
from bot.nlu.intent_model import SEED
from bot.nlu.text import Normaliser
from bot.paths import data_dir
from bot.training import effect, verdict
from bot.training.effect import Study
from bot.training.entity_effect import entity_effect
from bot.training.messages import TrainingMessage, read_messages

INTENTS = ("kosten", "unia", "begroeting", "nood_gevaar", "buiten_bereik", "ervaring_discriminatie")
PER_VOICE = 25


@pytest.fixture(scope="module")
def messages() -> list[TrainingMessage]:
    """Real messages: a few of each of six intents and three voices."""
    chosen, taken = [], dict[tuple[str, str], int]()
    for message in read_messages(data_dir() / "nlu"):
        key = message.intent, message.voice
        if message.intent in INTENTS and message.voice in {"standaard", "tussentaal", "nieuwkomers"}:
            taken[key] = taken.get(key, 0) + 1
            if taken[key] <= PER_VOICE:
                chosen.append(message)
    return chosen


@pytest.fixture(scope="module")
def normaliser() -> Normaliser:
    return Normaliser.from_file(data_dir() / "spelling.yml")


def proposed(text: str, intent: str) -> TrainingMessage:
    return TrainingMessage(text, intent, "console", frozenset(), "")


def study(
    messages: list[TrainingMessage], new: list[TrainingMessage], normaliser: Normaliser, **more: object
) -> Study:
    return Study(Features(normaliser), messages, new, **more)  # type: ignore[arg-type]


NEW = [
    proposed("moet ik daar dokken dan", "kosten"),
    proposed("wa moet ik dokken voor zo nen babbel", "kosten"),
    proposed("is dat dokken of gratis en voor niks", "kosten"),
]


def test_a_new_word_is_learned_and_the_figures_are_of_the_held_out_messages(
    messages: list[TrainingMessage], normaliser: Normaliser
) -> None:
    steps: list[str] = []
    one = study(messages, NEW, normaliser, step=steps.append)
    found = one.measure()
    assert len(steps) == one.steps
    rows = verdict.own_messages(found, [7, 8, 9])
    assert [row["number"] for row in rows] == [7, 8, 9]
    assert rows[0]["after"]["intent"] == "kosten"
    assert rows[0]["after"]["confidence"] > rows[0]["before"]["confidence"]
    assert rows[0]["left_out"]["confidence"] < rows[0]["after"]["confidence"]
    assert found.before.figures()["messages"] == len(messages)
    assert (found.before.gold == found.after.gold).all()
    figures = verdict.overall(found, {})
    assert {row["figure"] for row in figures} == set(verdict.TOLERANCE) - {"grond", "domein"}
    assert {row["intent"] for row in verdict.per_intent(found)} == set(INTENTS)


def test_twice_the_same(messages: list[TrainingMessage], normaliser: Normaliser) -> None:
    first, second = (study(messages, NEW, normaliser).measure() for _ in range(2))
    assert (first.after.confidence == second.after.confidence).all()
    assert (first.own_after.confidence == second.own_after.confidence).all()


def test_as_good_as_training_everything_anew(
    messages: list[TrainingMessage], normaliser: Normaliser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the classifiers that the proposal moves are trained anew; all of them give the same predictions."""
    some = study(messages, NEW, normaliser).measure()
    monkeypatch.setattr(effect, "MOVED", -100.0)
    everything = study(messages, NEW, normaliser).measure()
    assert some.trained_anew < everything.trained_anew == 4 * len(INTENTS)
    assert (some.after.first == everything.after.first).mean() > 0.995
    assert np.abs(some.after.confidence - everything.after.confidence).max() < 0.02


def test_one_against_the_rest_as_scikit_learn_does_it(
    messages: list[TrainingMessage], normaliser: Normaliser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A classifier trained anew on its own is the one that training on all intents would give."""
    one = study(messages, NEW, normaliser)
    everything = np.concatenate([one._old, one._new])
    whole = LinearSVC(C=effect.REGULARISATION, class_weight="balanced", random_state=SEED)
    whole.fit(one._matrix[everything], one._gold[everything])
    empty = effect.Linear(np.zeros_like(whole.coef_.T), np.full(len(INTENTS), -5.0))  # moves nothing else
    grown, count = one._with(empty, one._old, one._new)
    assert count == 2  # kosten, and one more since a rest is needed
    place = one._intents.index("kosten")
    assert np.abs(grown.weights[:, place] - whole.coef_[place]).max() < 1e-3


def test_mislabelled_messages_make_it_worse(messages: list[TrainingMessage], normaliser: Normaliser) -> None:
    """Must show: a proposal that costs safety is called so. Here greetings come to count as danger."""
    greetings = [m for m in messages if m.intent == "begroeting"]
    wrong = [proposed(f"{m.text} nu toch echt wel", "nood_gevaar") for m in greetings]
    figures = verdict.overall(study(messages, wrong, normaliser).measure(), {})
    assert verdict.verdict(figures) == "safety"
    assert next(row for row in figures if row["figure"] == "safety_recall")["worse"]


def test_a_skeleton_never_stands_on_both_sides(
    messages: list[TrainingMessage], normaliser: Normaliser
) -> None:
    """A proposal that repeats a test message but for one word is kept out of the fold that tests it."""
    seen = next(m for m in messages if m.intent == "kosten" and len(m.text.split()) >= 6)
    copy = proposed(" ".join(["dokken", *seen.text.split()[1:]]), "kosten")
    assert study(messages, [copy], normaliser).measure().kept_out == 1
    assert study(messages, [proposed("wa moet ik dokken", "kosten")], normaliser).measure().kept_out == 0


def test_one_message_alone_cannot_be_left_out(
    messages: list[TrainingMessage], normaliser: Normaliser
) -> None:
    found = study(messages, NEW[:1], normaliser).measure()
    assert found.own_left_out is None
    assert verdict.own_messages(found, [1])[0]["left_out"] is None


def test_overall_or_good() -> None:
    def rows(figure: str, before: float, after: float) -> list[dict[str, object]]:
        worse = verdict.TOLERANCE[figure]
        return [{"figure": figure, "worse": before - after > worse}]

    assert verdict.verdict(rows("accuracy", 0.8, 0.7)) == "overall"
    assert verdict.verdict(rows("safety_recall", 0.8, 0.797)) == "safety"
    assert verdict.verdict(rows("safety_recall", 0.8, 0.799)) == "good"
    assert verdict.verdict(rows("accuracy", 0.8, 0.7995)) == "good"


def test_grounds_and_domains(messages: list[TrainingMessage], normaliser: Normaliser) -> None:
    told = TrainingMessage(
        "in de refter op school noemen ze mij den turk",
        "ervaring_discriminatie",
        "console",
        frozenset({"domein:onderwijs", "grond:afkomst"}),
        "",
    )
    steps: list[str] = []
    found = entity_effect(messages, [told], normaliser, steps.append)
    assert set(found) == {"grond", "domein"}
    assert all(0.5 < share <= 1 for pair in found.values() for share in pair)
    assert entity_effect(messages, NEW, normaliser, steps.append) == {}
