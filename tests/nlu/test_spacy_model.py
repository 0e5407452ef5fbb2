"""The official spaCy model first, a logged fallback without it, and never another one than was trained with."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import spacy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.model import InvalidModelError
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import spacy_model
from bot.nlu.spacy_component import DutchSpacy

NAME = "nl_tiny_test"


@pytest.fixture
def tiny_package(tmp_path, monkeypatch):
    """Install a tiny pipeline as a package, the way the official model is one."""
    nlp = spacy.blank("nl")
    nlp.add_pipe("lemmatizer", config={"mode": "lookup"})
    nlp.initialize()
    nlp.meta.update({"lang": "nl", "name": "tiny_test", "version": "3.4.0"})
    package = tmp_path / NAME
    package.mkdir()
    nlp.to_disk(package / f"{NAME}-3.4.0")
    (package / "meta.json").write_text(
        (package / f"{NAME}-3.4.0" / "meta.json").read_text(), encoding="utf-8"
    )
    (package / "__init__.py").write_text(
        "from pathlib import Path\nfrom spacy.util import load_model_from_init_py\n__version__ = '3.4.0'\n"
        "def load(**overrides):\n    return load_model_from_init_py(__file__, **overrides)\n",
        encoding="utf-8",
    )
    info = tmp_path / f"{NAME}-3.4.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {NAME}\nVersion: 3.4.0\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    spacy_model.load.cache_clear()
    yield tmp_path
    spacy_model.load.cache_clear()
    sys.modules.pop(NAME, None)


def component(folder: Path, model: str) -> tuple[DutchSpacy, LocalModelStorage, Resource]:
    folder.mkdir()
    storage = LocalModelStorage.create(folder)
    resource = Resource("spacy")
    context = ExecutionContext(GraphSchema({}))
    return DutchSpacy.create({"model": model}, storage, resource, context), storage, resource


def test_an_installed_model_is_used(tiny_package):
    nlp, identity = spacy_model.load(NAME)
    assert str(identity) == f"{NAME} 3.4.0"
    assert nlp.meta["name"] == "tiny_test"


def test_without_it_the_fallback_is_explicit_and_knows_lemmas(capsys):
    spacy_model.load.cache_clear()
    nlp, identity = spacy_model.load("nl_not_installed")
    assert identity.name == "blank:nl+lookups"
    assert nlp("hoofddoeken")[0].lemma_ == "hoofddoek"


def test_a_trained_model_loads_with_the_same_spacy_model(tmp_path, tiny_package):
    trained, storage, resource = component(tmp_path / "store", NAME)
    trained.train(TrainingData())
    loaded = DutchSpacy.load({"model": NAME}, storage, resource, ExecutionContext(GraphSchema({})))
    assert isinstance(loaded, DutchSpacy)


def test_a_trained_model_refuses_another_spacy_model(tmp_path, tiny_package):
    trained, storage, resource = component(tmp_path / "store", NAME)
    trained.train(TrainingData())
    with pytest.raises(InvalidModelError, match=f"{NAME} 3.4.0.*make train"):
        DutchSpacy.load({"model": "nl_not_installed"}, storage, resource, ExecutionContext(GraphSchema({})))
