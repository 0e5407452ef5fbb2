"""The recognisers as Presidio knows them: one registry and one analyzer, without a language model and without the network.

Importing Presidio imports spaCy, which costs a second or more: only what redacts whole messages does it. Erasing, purging, searching
and cleaning technical log lines do without (`bot.privacy.redact.Redactor`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

from bot.privacy.lists import fold
from bot.privacy.span import LIKELY, Recogniser, Span

LANGUAGE = "nl"
MODEL = "nl_core_news_sm"  # as in config.yml
_PERSON = frozenset({"PER", "PERSON"})


class Rule(EntityRecognizer):  # type: ignore[misc]
    """One of our own recognisers. Its entities are our kinds, in Dutch: they become the placeholders."""

    def __init__(self, name: str, find: Recogniser) -> None:
        """Take a function from a text to spans, and a name for Presidio's reports."""
        self._find = find
        super().__init__(supported_entities=[name], name=name, supported_language=LANGUAGE)

    def load(self) -> None:
        """Do nothing: the lists are read already."""

    def analyze(self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts) -> list[RecognizerResult]:
        """Return what the function finds, as Presidio's results."""
        return [RecognizerResult(span.kind, span.start, span.end, span.score) for span in self._find(text)]


class NoModel(NlpEngine):  # type: ignore[misc]
    """A language engine that makes nothing of a text: our recognisers read the text itself."""

    _nothing = NlpArtifacts([], [], [], [], None, LANGUAGE)

    def load(self) -> None:
        """Do nothing."""

    def is_loaded(self) -> bool:
        """Return True: there is nothing to load."""
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Return no tokens and no entities."""
        return self._nothing

    def process_batch(
        self, texts: Iterable[str], language: str, **_: Any
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        """Return no tokens and no entities for each text."""
        return ((text, self._nothing) for text in texts)

    def is_stopword(self, word: str, language: str) -> bool:
        """Return False: words are not told apart here."""
        return False

    def is_punct(self, word: str, language: str) -> bool:
        """Return False: words are not told apart here."""
        return False

    def get_supported_entities(self) -> list[str]:
        """Return none."""
        return []

    def get_supported_languages(self) -> list[str]:
        """Return the language of the recognisers."""
        return [LANGUAGE]


class ModelNames(NoModel):
    """A language engine that only looks for names: a spaCy pipeline whose ``ner`` marks people."""

    def __init__(self, pipeline: Any) -> None:
        """Take a loaded spaCy pipeline."""
        self._pipeline = pipeline

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Return the entities of the pipeline, without its tokens."""
        return NlpArtifacts(list(self._pipeline(text).ents), [], [], [], None, LANGUAGE)


class _People(EntityRecognizer):  # type: ignore[misc]
    """The people among the entities of a model; the words of ``data/privacy/geen_namen.txt`` are none."""

    def __init__(self, not_names: frozenset[str]) -> None:
        self._not_names = not_names
        super().__init__(supported_entities=["naam"], name="model", supported_language=LANGUAGE)

    def load(self) -> None:
        pass

    def analyze(self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts) -> list[RecognizerResult]:
        return [
            RecognizerResult("naam", found.start_char, found.end_char, LIKELY)
            for found in nlp_artifacts.entities
            if found.label_ in _PERSON
            and not all(fold(word) in self._not_names for word in found.text.split())
        ]


def model_with_names() -> Any:
    """Return the official Dutch spaCy model with its ``ner``, or None where it is not installed or has none."""
    try:
        version(MODEL)
    except PackageNotFoundError:
        return None
    import spacy

    pipeline = spacy.load(
        MODEL, exclude=["parser", "senter", "tagger", "morphologizer", "lemmatizer", "attribute_ruler"]
    )
    return pipeline if "ner" in pipeline.pipe_names else None


class _NoContext(ContextAwareEnhancer):  # type: ignore[misc]
    """Our recognisers look at the words around a span themselves."""

    def __init__(self) -> None:
        super().__init__(0.0, 0.0, 0, 0)

    def enhance_using_context(
        self, text: str, raw_results: list[RecognizerResult], *_: Any, **__: Any
    ) -> list[RecognizerResult]:
        return raw_results


class Analyzer:
    """Presidio's analyzer with our recognisers, for texts as `bot.privacy.plain.plain` gives them."""

    def __init__(
        self,
        recognisers: Mapping[str, Recogniser],
        names_model: Any = None,
        not_names: frozenset[str] = frozenset(),
    ) -> None:
        """Take recognisers by name; spans of any kind may come from any of them.

        Args:
            recognisers: our own.
            names_model: a spaCy pipeline that marks people; what it finds is added.
            not_names: what is no person, in the form of `bot.privacy.lists.fold`.
        """
        rules: list[EntityRecognizer] = [Rule(name, find) for name, find in recognisers.items()]
        if names_model is not None:
            rules.append(_People(not_names))
        registry = RecognizerRegistry(recognizers=rules, supported_languages=[LANGUAGE])
        self.engine = AnalyzerEngine(
            registry=registry,
            nlp_engine=NoModel() if names_model is None else ModelNames(names_model),
            supported_languages=[LANGUAGE],
            context_aware_enhancer=_NoContext(),
        )

    def find(self, text: str) -> list[Span]:
        """Return the spans of all recognisers; they may overlap."""
        found = self.engine.analyze(text, LANGUAGE)
        return [Span(one.start, one.end, one.entity_type, one.score) for one in found]
