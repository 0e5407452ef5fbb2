"""The ground and domain model as a Rasa component."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import SPACY_DOCS
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.entity_model import EntityModel, Weights
from bot.nlu.lexicon import KINDS, Lexicon
from bot.nlu.spacy_component import DutchSpacy
from bot.nlu.spacy_model import load as load_spacy
from bot.nlu.text import Normaliser
from bot.paths import data_dir

# Only these carry marked grounds and domains in data/nlu (docs/scope: the told experiences, complaints, judged cases).
CARRIERS = frozenset(
    {"ervaring_discriminatie", "getuige", "voor_iemand_anders", "klacht_indienen", "is_dit_discriminatie"}
)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class GroundDomainExtractor(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]
    """Adds entities ``grond`` and ``domein`` with normalised values to each message."""

    @classmethod
    def required_components(cls) -> list[type]:
        """The lexicon is matched on spaCy documents."""
        return [DutchSpacy]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The weights of `bot.nlu.entity_model.Weights`; ``model`` as for DutchSpacy."""
        return {"model": "nl_core_news_sm", **Weights().__dict__}

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        """Prepare the lexicon."""
        self._storage, self._resource = model_storage, resource
        nlp, _ = load_spacy(config["model"])
        self._model = EntityModel(
            Lexicon.from_file(data_dir() / "lexicon.yml", nlp),
            Normaliser.from_file(data_dir() / "spelling.yml"),
            Weights(**{name: config[name] for name in Weights().__dict__}),
        )

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GroundDomainExtractor:
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
    ) -> GroundDomainExtractor:
        """Load a trained component (see Rasa's GraphComponent)."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._model.load(folder)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the messages of the intents that carry marked entities."""
        examples = [e for e in training_data.training_examples if e.get(TEXT) and e.get(INTENT) in CARRIERS]
        docs = [e.get(SPACY_DOCS[TEXT]) for e in examples]  # set by DutchSpacy, before this component
        values = [
            frozenset(
                f"{entity['entity']}:{entity['value']}"
                for entity in e.get(ENTITIES, [])
                if entity["entity"] in KINDS
            )
            for e in examples
        ]
        self._model.train(docs, values, [str(e.get(INTENT)) for e in examples])
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what is found; a pressed button's entities are left as they are."""
        for message in messages:
            if message.get(INTENT, {}) and not message.get("doubt"):
                continue  # parsed by Rasa's own handler: a button
            doc = message.get(SPACY_DOCS[TEXT])
            if doc is None:
                continue
            intent = str((message.get(INTENT) or {}).get(INTENT_NAME_KEY))
            found = [
                {
                    "entity": item.kind,
                    "value": item.value,
                    "start": item.start,
                    "end": item.end,
                    "confidence_entity": round(item.confidence, 3),
                }
                for item in self._model.find(doc, intent)
                # Other intents were never marked: there only a word of the lexicon is believed ("in een café").
                if intent in CARRIERS or item.witnessed
            ]
            message.set(
                ENTITIES, message.get(ENTITIES, []) + self.add_extractor_name(found), add_to_output=True
            )
        return messages
