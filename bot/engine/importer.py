"""Tells Rasa which answers exist, so that ``data/answers`` stays the only list of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data import entities_parser
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
        """Return the messages of ``data/nlu``, read once: a training asks three times.

        ``language`` changes nothing: only formats of other makers look at it.
        """
        return self._messages()

    @cached_method  # type: ignore[untyped-decorator]
    def _messages(self) -> TrainingData:
        with _each_mark_checked_once():
            return super().get_nlu_data()


@contextmanager
def _each_mark_checked_once() -> Iterator[None]:
    """Let Rasa check ``{"entity": "domein", "value": "werk"}`` once and not in each of thousands of messages: 23 s of a training."""
    check = entities_parser.get_validated_dict
    entities_parser.get_validated_dict = lru_cache(maxsize=1_024)(check)
    try:
        yield
    finally:
        entities_parser.get_validated_dict = check
