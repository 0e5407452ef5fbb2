"""The evaluation sets, written by other hands than the rules, and the floors that redaction must keep."""

import pytest

from bot.errors import DataError
from bot.paths import ROOT
from bot.privacy.evaluation import Example, evaluate, read_examples
from bot.privacy.redact import default_redactor

FOLDER = ROOT / "tests" / "privacy" / "eval"
FILES = (
    "berichten.jsonl",
    "berichten-2.jsonl",
    "berichten-3.jsonl",
    "berichten-4.jsonl",
    "berichten-4-extra.jsonl",
    "berichten-5.jsonl",
    "berichten-6.jsonl",
)


def test_the_sets_are_large_enough():
    assert {path.name for path in FOLDER.glob("*.jsonl")} == set(FILES)
    examples = [example for name in FILES for example in read_examples(FOLDER / name)]
    assert len(examples) >= 300
    assert sum(len(example.spans) for example in examples) >= 400


@pytest.mark.parametrize("name", FILES)
def test_recall_and_precision(name):
    score = evaluate(read_examples(FOLDER / name), default_redactor())
    assert score.structured >= 0.97, score.misses
    assert score.recall(["naam"]) >= 0.90, score.misses
    assert score.recall(["adres"]) >= 0.90, score.misses
    assert score.precision >= 0.95, score.false


def test_how_it_counts():
    text = "bel 0479 12 34 56 of de Zaak-X van Xyz Qrs"
    examples = [
        Example(text, ((4, 17, "telefoonnummer"), (35, 42, "naam")), "x:1"),
        Example("Ik ben Youssef.", (), "x:2"),
    ]
    score = evaluate(examples, default_redactor())
    assert (score.recall(), score.structured, score.recall(["naam"]), score.precision) == (0.5, 1.0, 0.0, 0.5)
    assert len(score.misses) == len(score.false) == 1


def test_a_span_outside_its_text(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"text": "a", "spans": []}\n\n{"text": "abc", "spans": [[1, 9, "naam"]]}\n')
    with pytest.raises(DataError, match=r"x\.jsonl:3"):
        read_examples(path)
