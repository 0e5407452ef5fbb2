"""Presidio around our recognisers: the same spans, names of a spaCy model where there is one, and only where it is needed."""

import subprocess
import sys

from bot.paths import ROOT
from bot.privacy.redact import default_redactor

MESSAGE = "Ik ben Fatima El Amrani, bel 0479 12 34 56 of mail f.amrani@telenet.be, Kerkstraat 12."
LAZY = """
import sys
import bot.privacy.cli, bot.privacy.purge_daemon, bot.privacy.logs
from bot.privacy.redact import default_redactor
bot.privacy.logs.install("a secret for tests only")
assert default_redactor().log_value("bel Fatima op 0479 12 34 56") == "bel [naam] op [telefoonnummer]"
heavy = {"presidio_analyzer", "spacy", "tensorflow"} & set(sys.modules)
assert not heavy, heavy
"""
# A pipeline of our own that marks one name nobody listed; no model is trained, none is fetched.
NAMES = """
import sys
sys.modules["tensorflow"] = None
import spacy
from bot.privacy.engine import Analyzer
from bot.privacy.redact import default_redactor
redactor = default_redactor()
text = "toen kwam qwertyo binnen in unia"
assert redactor.find(text) == []
nlp = spacy.blank("nl")
nlp.add_pipe("entity_ruler", name="ner").add_patterns(
    [{"label": "PER", "pattern": "qwertyo"}, {"label": "PERSON", "pattern": "unia"}, {"label": "LOC", "pattern": "binnen"}]
)
redactor.__dict__["analyzer"] = Analyzer(redactor._all, nlp, redactor._not_names)
assert redactor.redact(text).text == "toen kwam [naam] binnen in unia", redactor.redact(text)
"""


def _run(script):
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


def test_presidio_adds_and_loses_nothing():
    redactor = default_redactor()
    assert redactor.redact(MESSAGE).text == redactor.log_value(MESSAGE)
    names = {one.name for one in redactor.analyzer.engine.registry.recognizers}
    assert {"phone numbers", "national numbers", "people", "addresses"} <= names


def test_erasing_purging_and_logging_load_neither_presidio_nor_spacy():
    _run(LAZY)


def test_people_that_a_spacy_model_marks_are_names():
    _run(NAMES)
