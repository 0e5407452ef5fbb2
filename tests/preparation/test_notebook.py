import pytest

from bot.errors import DataError
from bot.paths import data_dir
from bot.preparation import Notebook, Step, load_script
from bot.preparation.notebook import LIFETIME


@pytest.fixture
def script():
    return load_script(data_dir() / "preparation.yml")


def test_questions_in_order_then_a_text_and_nothing_kept(script):
    notebook = Notebook(script)
    assert notebook.start("c") == script.questions[0].ask
    given = [f"antwoord {n}" for n in range(len(script.questions))]
    for text in given[:-1]:
        step, _ = notebook.answer("c", text)
        assert step is Step.ASK
    step, text = notebook.answer("c", given[-1])
    assert step is Step.DONE
    assert all(part in text for part in given)
    assert all(item.label in text for item in script.questions)
    assert notebook.question("c") is None


def test_a_question_can_be_skipped(script):
    notebook = Notebook(script)
    notebook.start("c")
    for _ in script.questions:
        step, text = notebook.answer("c", script.texts["skip"])
    assert step is Step.DONE
    assert text.count(script.texts["skipped"]) == len(script.questions)


def test_answers_are_forgotten_after_an_hour(script):
    now = 0.0
    notebook = Notebook(script, clock=lambda: now)
    notebook.start("c")
    now = LIFETIME + 1
    assert notebook.answer("c", "te laat") == (Step.LOST, "")


def test_stopping_forgets(script):
    notebook = Notebook(script)
    notebook.start("c")
    notebook.forget("c")
    assert notebook.question("c") is None


def test_conversations_do_not_mix(script):
    notebook = Notebook(script)
    notebook.start("a"), notebook.start("b")
    notebook.answer("a", "van a")
    for _ in script.questions:
        _, text = notebook.answer("b", "van b")
    assert "van a" not in text


def test_a_script_without_questions_is_refused(tmp_path):
    (tmp_path / "preparation.yml").write_text("intro: Hallo\n", encoding="utf-8")
    with pytest.raises(DataError, match="questions"):
        load_script(tmp_path / "preparation.yml")
