"""What Rasa is told: the answers there are, and the messages to learn from."""

from pathlib import Path

import pytest
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data import entities_parser

from bot.engine.importer import AnswersImporter

NLU = """version: "3.1"
nlu:
  - intent: kosten
    examples: |
      - kost dat iets
      - wat betaal ik voor [mijn huisbaas]{"entity": "domein", "value": "wonen"}
"""


@pytest.fixture
def told(tmp_path: Path) -> AnswersImporter:
    path = tmp_path / "nlu.yml"
    path.write_text(NLU, encoding="utf-8")
    (tmp_path / "domain.yml").write_text('version: "3.1"\nintents: [kosten]\n', encoding="utf-8")
    return AnswersImporter(domain_path=str(tmp_path / "domain.yml"), training_data_paths=[str(path)])


def test_each_answer_is_a_response(told: AnswersImporter) -> None:
    domain = told.get_domain()
    assert "utter_kosten" in domain.responses
    assert "kosten" in domain.intents


def test_the_messages_are_read_once_and_not_changed_by_who_asked(
    told: AnswersImporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []
    stock = RasaFileImporter.get_nlu_data
    monkeypatch.setattr(RasaFileImporter, "get_nlu_data", lambda *given: read.append(given) or stock(*given))
    first = told.get_nlu_data("nl")
    first.merge(first).training_examples.clear()  # Rasa merges what it got with what it finds in the stories
    again = told.get_nlu_data("en")
    assert len(read) == 1
    assert [e.get("text") for e in again.intent_examples] == [
        "kost dat iets",
        "wat betaal ik voor mijn huisbaas",
    ]
    assert [e["value"] for e in again.entity_examples[0].get("entities")] == ["wonen"]


def test_a_wrong_mark_is_refused_however_often_a_right_one_stood_before_it(tmp_path: Path) -> None:
    check = entities_parser.get_validated_dict
    path = tmp_path / "nlu.yml"
    mark = '[huisbaas]{"entity": "domein", "value": "wonen"}'
    wrong = '[huur]{"entiteit": "domein"}'
    path.write_text(NLU + f"      - mijn {mark}\n      - de {mark}\n      - {wrong}\n", encoding="utf-8")
    with pytest.raises(RasaException):
        AnswersImporter(training_data_paths=[str(path)]).get_nlu_data()
    assert entities_parser.get_validated_dict is check
