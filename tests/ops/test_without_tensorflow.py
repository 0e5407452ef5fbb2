"""Rasa without TensorFlow in memory. That it answers as with it is tried by every test that starts the assistant (tests/server)."""

import subprocess
import sys
from tarfile import TarFile

import pytest
from tarsafe import TarSafe

from bot.ops.without_tensorflow import leave_out, needed, pack_sooner
from bot.paths import ROOT

SCRIPT = """
import sys
from bot.ops.without_tensorflow import leave_out
leave_out()
import rasa.core.agent, rasa.engine.recipes.default_components, rasa.core.run
import spacy, thinc.compat
from rasa.nlu.classifiers.diet_classifier import DIETClassifier
assert spacy.blank("nl")("hallo daar")[1].text == "daar"
assert not thinc.compat.has_tensorflow
assert getattr(sys.modules["tensorflow"], "__file__", None) is None
assert not [name for name in sys.modules if "pywrap_tensorflow" in name]
print("fine")
"""


def test_rasa_is_imported_and_tensorflow_is_not():
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "fine", done.stderr[-2000:]


def test_our_configuration_does_without():
    assert not needed((ROOT / "config.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "line",
    [
        "  - name: DIETClassifier",
        "- name: 'TEDPolicy'",
        "  - name: rasa.nlu.classifiers.diet_classifier.DIETClassifier",
    ],
)
def test_a_configuration_that_needs_it_gets_it(line):
    assert needed(f"pipeline:\n{line}\n    epochs: 5\n")


def test_too_late(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", object())
    with pytest.raises(RuntimeError, match="loaded already"):
        leave_out()


def test_models_are_packed_at_level_six_and_read_as_before(tmp_path, monkeypatch):
    monkeypatch.setattr(TarSafe, "gzopen", TarFile.__dict__["gzopen"])  # so that it is put back
    pack_sooner()
    (tmp_path / "weights").write_bytes(b"1234" * 100)
    packed = tmp_path / "model.tar.gz"
    with TarSafe.open(packed, "w:gz") as tar:
        tar.add(tmp_path / "weights", arcname="weights")
    assert packed.read_bytes()[8] == 0  # the header of gzip: 2 at level 9
    with TarSafe.open(packed, "r:gz") as tar:
        assert tar.extractfile("weights").read() == b"1234" * 100
