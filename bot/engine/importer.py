"""Tells Rasa which answers exist, so that ``data/answers`` stays the only list of them."""

from __future__ import annotations

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import cached_method

from bot.answers import load_content
from bot.paths import data_dir


class AnswersImporter(RasaFileImporter):  # type: ignore[misc]
    """Rasa's file importer plus one ``utter_<id>`` response for every answer.

    The response holds the title only: the text is rendered by `bot.engine.nlg.AnswerGenerator` when it is said, so an
    edited answer needs no new training.
    """

    def get_domain(self) -> Domain:
        """Return the domain of ``domain.yml`` with the answers added."""
        answers = load_content(data_dir()).answers
        responses = {f"utter_{answer.id}": [{"text": answer.title}] for answer in answers.values()}
        return super().get_domain().merge(Domain.from_dict({"responses": responses}))

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """Return the messages of ``data/nlu``, read once: a training asks three times, and Rasa checks each mark anew.

        ``language`` changes nothing: only formats of other makers look at it.
        """
        return self._messages()

    @cached_method  # type: ignore[untyped-decorator]
    def _messages(self) -> TrainingData:
        return super().get_nlu_data()
