"""The Dutch spaCy model: the official one first, an explicit and logged fallback when it is not installed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from spacy.language import Language

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class SpacyIdentity:
    """Which spaCy model this is: ``nl_core_news_sm 3.4.0`` or ``blank:nl+lookups 3.4.4 1.0.5``."""

    name: str
    version: str

    def __str__(self) -> str:
        """Return both, as logs and error messages show them."""
        return f"{self.name} {self.version}"


def identify(model: str) -> SpacyIdentity:
    """Return the model that `load` would load for the name in ``config.yml``, without loading it."""
    # Read from the packages' metadata: importing spaCy takes seconds (it pulls in TensorFlow when that is there).
    try:
        return SpacyIdentity(model, version(model))
    except PackageNotFoundError:
        return SpacyIdentity("blank:nl+lookups", f"{version('spacy')} {_lookups_version()}")


@lru_cache(maxsize=2)
def load(model: str) -> tuple[Language, SpacyIdentity]:
    """Load the model named in ``config.yml``, or the fallback.

    The fallback is ``spacy.blank("nl")`` with a lemmatiser that looks words up in the tables of spacy-lookups-data. It
    has no tagger and no names; matching of ground and domain words works on both.
    """
    import spacy

    identity = identify(model)
    if identity.name == model:
        nlp = spacy.load(model, exclude=["parser", "senter", "ner"])
    else:
        log.warning(
            "spacy.fallback", wanted=model, used=str(identity), remedy="make spacy-model (needs GitHub)"
        )
        nlp = spacy.blank("nl")
        nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
        nlp.initialize()
    return nlp, identity


def _lookups_version() -> str:
    try:
        return version("spacy-lookups-data")
    except PackageNotFoundError:
        return "without lookups"
