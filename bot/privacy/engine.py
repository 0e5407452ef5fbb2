"""The recognisers as Presidio knows them: one registry and one analyzer, without a language model and without the network.

Importing Presidio imports spaCy, which costs a second or more: only what redacts whole messages does it. Erasing, purging, searching
and cleaning technical log lines do without (`bot.privacy.redact.Redactor`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

from bot.privacy.span import Recogniser, Span

LANGUAGE = "nl"


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

    def __init__(self, recognisers: Mapping[str, Recogniser]) -> None:
        """Take recognisers by name; spans of any kind may come from any of them."""
        registry = RecognizerRegistry(
            recognizers=[Rule(name, find) for name, find in recognisers.items()],
            supported_languages=[LANGUAGE],
        )
        self.engine = AnalyzerEngine(
            registry=registry,
            nlp_engine=NoModel(),
            supported_languages=[LANGUAGE],
            context_aware_enhancer=_NoContext(),
        )

    def find(self, text: str) -> list[Span]:
        """Return the spans of all recognisers; they may overlap."""
        found = self.engine.analyze(text, LANGUAGE)
        return [Span(one.start, one.end, one.entity_type, one.score) for one in found]
