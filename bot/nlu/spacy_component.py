"""Gives the Dutch spaCy model to the components behind it, and its document to each message."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import SPACY_DOCS
from rasa.nlu.model import InvalidModelError
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.spacy_model import identify, load


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class DutchSpacy(GraphComponent):  # type: ignore[misc]
    """Sets the spaCy document of a message's text.

    Training stores which model was used; a trained assistant refuses to load with another one, since what it learned
    from lemmas would silently no longer fit.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``model`` is the official package; see `bot.nlu.spacy_model` for what happens without it."""
        return {"model": "nl_core_news_sm"}

    @staticmethod
    def required_packages() -> list[str]:
        """Return the packages that must be installed (see Rasa's GraphComponent)."""
        return ["spacy"]

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """Load the spaCy model."""
        self._storage, self._resource = model_storage, resource
        self._nlp, self._identity = load(config["model"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DutchSpacy:
        """Create the component for training (see Rasa's GraphComponent)."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DutchSpacy:
        """Load for use.

        Raises:
            InvalidModelError: this machine has another spaCy model than the assistant was trained with.
        """
        with model_storage.read_from(resource) as folder:
            trained_with = (folder / "spacy.txt").read_text(encoding="utf-8")
        here = str(identify(config["model"]))
        if here != trained_with:
            raise InvalidModelError(
                f"This model was trained with spaCy model '{trained_with}', but '{here}' is installed. "
                f"Install the first, or train again: make train"
            )
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Remember which spaCy model this assistant belongs to."""
        with self._storage.write_to(self._resource) as folder:
            (folder / "spacy.txt").write_text(str(self._identity), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Set the document of each training message."""
        examples = [e for e in training_data.training_examples if e.get(TEXT)]
        for example, doc in zip(
            examples, self._nlp.pipe((e.get(TEXT) for e in examples), batch_size=256), strict=True
        ):
            example.set(SPACY_DOCS[TEXT], doc)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the document of each message."""
        for message in messages:
            if text := message.get(TEXT):
                message.set(SPACY_DOCS[TEXT], self._nlp(text))
        return messages
