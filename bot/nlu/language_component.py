"""Language recognition as a Rasa component, behind the intent classifier."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.language import UNKNOWN, LanguageGuesser
from bot.paths import data_dir

ASKS_LANGUAGE = "andere_taal"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class LanguageDetector(GraphComponent):  # type: ignore[misc]
    """Sets ``language`` (ISO 639-1 or ``onbekend``) and the intent ``andere_taal`` on messages that are not Dutch.

    Only looks where the intent classifier knew few of the words: a confident Dutch message is never doubted.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Shares and probabilities 0–1, for messages in Latin letters.

        ``known``: share of known words from which a message is Dutch; ``familiar``: the same when at least two words, and
        more than ``share`` of all, show another language. ``sure``: lowest probability to believe a guess that one word confirms. ``strange``: share of known
        words up to which a message of at least ``words`` words is foreign even when no word shows which language; the guess
        then needs ``certain``, and with ``many`` words the language is unknown without it.
        """
        return {
            "known": 0.6,
            "familiar": 0.75,
            "share": 0.2,
            "sure": 0.8,
            "certain": 0.95,
            "strange": 0.2,
            "words": 3,
            "many": 5,
        }

    def __init__(self, config: dict[str, Any], guesser: LanguageGuesser) -> None:
        """Take the guesser; loading its language models takes about 0.15 s."""
        self._config = config
        self._guesser = guesser

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageDetector:
        """Create the component (see Rasa's GraphComponent)."""
        return cls(config, LanguageGuesser.from_file(data_dir() / "languages.yml"))

    def process(self, messages: list[Message]) -> list[Message]:
        """Mark the messages that are in another language."""
        for message in messages:
            doubt = message.get("doubt")
            if not doubt:
                continue
            language = self.language_of(message.get(TEXT) or "", doubt["known_share"])
            if language is None:
                continue
            ranking = message.get("intent_ranking") or []
            first = {"name": ASKS_LANGUAGE, "confidence": self._config["sure"]}
            rest = [r for r in ranking if r["name"] != ASKS_LANGUAGE]
            message.set("language", language, add_to_output=True)
            message.set(INTENT, first, add_to_output=True)
            message.set("intent_ranking", [first, *rest][: len(ranking) or 1], add_to_output=True)
        return messages

    def language_of(self, text: str, known_share: float) -> str | None:
        """Return the language of a message that is not Dutch, else None.

        Args:
            text: the message.
            known_share: which share of its words the intent model has seen (0–1).
        """
        guess = self._guesser.guess(text)
        if self._guesser.foreign_script(text):
            return UNKNOWN if guess.language == "nl" else guess.language
        shown = self._guesser.shown(text)
        if "nl" in shown or known_share >= self._config["familiar"]:
            return None
        words = len(text.split())
        if shown and max(shown.values()) > max(1, words * self._config["share"]):
            return max(shown, key=lambda language: (shown[language], language == guess.language))
        if (
            known_share >= self._config["known"]
            or guess.probability < self._config["sure"]
            or guess.language == "nl"
        ):
            return None
        if guess.language in shown:
            return guess.language
        if known_share > self._config["strange"] or words < self._config["words"]:
            return None
        if guess.probability >= self._config["certain"] and guess.language != UNKNOWN:
            return guess.language
        return UNKNOWN if words >= self._config["many"] else None
