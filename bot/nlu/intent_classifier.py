"""The intent model as a Rasa component, and what it makes of doubt."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.doubt import Thresholds, judge
from bot.nlu.features import Features
from bot.nlu.intent_model import IntentModel
from bot.nlu.text import Normaliser
from bot.paths import data_dir

RANKING_LENGTH = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NgramIntentClassifier(GraphComponent, IntentClassifier):  # type: ignore[misc]
    """Sets ``intent``, ``intent_ranking`` and ``doubt`` (kind and candidates) on each message."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Thresholds are read off the curve in docs/nlu.md; see `bot.nlu.doubt`."""
        return {"regularisation": 0.5, **Thresholds().__dict__}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """Start untrained."""
        self._storage, self._resource = model_storage, resource
        self._thresholds = Thresholds(**{name: config[name] for name in Thresholds().__dict__})
        normaliser = Normaliser.from_file(data_dir() / "spelling.yml")
        self._model = IntentModel(Features(normaliser), regularisation=config["regularisation"])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NgramIntentClassifier:
        """Create an untrained component (see Rasa's GraphComponent)."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NgramIntentClassifier:
        """Load a trained component (see Rasa's GraphComponent)."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._model.load(folder)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on all messages with an intent, and store the model."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        self._model.train(
            texts=[e.get(TEXT) for e in examples],
            intents=[e.get(INTENT) for e in examples],
            writers=[writer_of(e) for e in examples],
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify; messages that Rasa's own handler parsed (a pressed button) are left as they are."""
        for message in messages:
            if message.get(INTENT) and message.get(INTENT, {}).get(INTENT_NAME_KEY):
                continue
            self._classify(message)
        return messages

    def _classify(self, message: Message) -> None:
        text = message.get(TEXT) or ""
        probabilities = self._model.rank([text])[0]
        order = probabilities.argsort()[::-1][:RANKING_LENGTH]
        ranking = [{"name": self._model.intents[i], "confidence": float(probabilities[i])} for i in order]
        known_share = self._model.features.known_share(text)
        judgement = judge(ranking, known_share, self._thresholds)
        message.set(INTENT, judgement.ranking[0], add_to_output=True)
        message.set("intent_ranking", judgement.ranking, add_to_output=True)
        doubt = {
            "kind": judgement.doubt,
            "candidates": judgement.candidates,
            "known_share": round(known_share, 3),
        }
        message.set("doubt", doubt, add_to_output=True)


def writer_of(example: Message) -> str:
    """Return who wrote a training message: the ``metadata: {stem: …}`` of its block in ``data/nlu``."""
    metadata = example.get(METADATA) or {}
    return str((metadata.get("intent") or {}).get("stem", "onbekend"))
