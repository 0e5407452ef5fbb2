import numpy as np
import pytest

from bot.nlu.calibration import expected_error, fit_sharpness, softmax
from bot.nlu.doubt import Thresholds, judge
from bot.nlu.entity_model import EntityModel
from bot.nlu.features import Features
from bot.nlu.intent_model import IntentModel
from bot.nlu.lexicon import KINDS, Lexicon
from bot.nlu.spacy_model import load as load_spacy
from bot.nlu.text import Normaliser
from bot.paths import data_dir
from bot.training.messages import read_messages

FLOOR = 0.77  # our writers were asked for the unusual: measured 0.80, and 0.98 on the sample (benchmarks/results/nlu.md)


@pytest.fixture(scope="module")
def normaliser():
    return Normaliser.from_file(data_dir() / "spelling.yml")


@pytest.fixture(scope="module")
def lexicon():
    nlp, _ = load_spacy("nl_core_news_sm")
    return nlp, Lexicon.from_file(data_dir() / "lexicon.yml", nlp)


@pytest.fixture(scope="module")
def messages():
    return read_messages(data_dir() / "nlu")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("omdat ik een hoofddoek draag", {("grond", "geloof")}),
        ("mijn huisbaas", {("domein", "wonen")}),
        ("ik zit in een rolstoel", {("grond", "handicap")}),
        ("niet door de politie maar door de conducteur", {("domein", "vervoer")}),
    ],
)
def test_the_lexicon_reads_what_people_say(lexicon, text, expected):
    nlp, words = lexicon
    assert {(hit.kind, hit.value) for hit in words.find(nlp(text))} == expected


def test_a_refusal_is_no_denial(lexicon):
    nlp, words = lexicon
    assert ("grond", "geloof") in {
        (h.kind, h.value) for h in words.find(nlp("ik mag niet binnen met mijn hoofddoek"))
    }


def test_intents_survive_saving_exactly(tmp_path, normaliser, messages):
    some = messages[::40]
    model = IntentModel(Features(normaliser))
    model.train([m.text for m in some], [m.intent for m in some], [m.voice for m in some])
    model.save(tmp_path)
    again = IntentModel(Features(normaliser)).load(tmp_path)
    texts = [m.text for m in messages[5::400]]
    assert np.allclose(
        model.rank(texts), again.rank(texts), atol=0.01
    )  # weights are stored in half precision
    assert not list(tmp_path.glob("*.pkl"))


def test_training_twice_gives_the_same_model(normaliser, messages):
    some = messages[::40]

    def trained():
        model = IntentModel(Features(normaliser))
        model.train([m.text for m in some], [m.intent for m in some], [m.voice for m in some])
        return model

    first, second = trained(), trained()
    assert first.sharpness == second.sharpness
    assert np.array_equal(first._weights, second._weights)


def test_entities_survive_saving(tmp_path, normaliser, lexicon, messages):
    nlp, words = lexicon
    some = [m for m in messages if m.labels][::5]
    model = EntityModel(words, normaliser)
    model.train([nlp(m.text) for m in some], [m.labels for m in some], [m.intent for m in some])
    model.save(tmp_path)
    again = EntityModel(words, normaliser).load(tmp_path)
    doc = nlp("Mijn huisbaas wil geen Marokkaanse huurders")
    values = [(f.kind, f.value) for f in model.find(doc, "ervaring_discriminatie")]
    assert values == [(f.kind, f.value) for f in again.find(doc, "ervaring_discriminatie")]
    assert {kind for kind, _ in values} == set(KINDS)


def test_a_voice_of_which_nothing_was_read_is_understood(normaliser, messages):
    """The largest Flemish voice held out, so that no skeleton stands on both sides; deterministic."""
    test = [m for m in messages if m.voice == "tussentaal"]
    rest = [m for m in messages if m.voice != "tussentaal"]
    model = IntentModel(Features(normaliser))
    model.train([m.text for m in rest], [m.intent for m in rest], [m.voice for m in rest])
    first = [model.intents[i] for i in model.rank([m.text for m in test]).argmax(axis=1)]
    assert np.mean([f == m.intent for f, m in zip(first, test, strict=True)]) >= FLOOR


def ranking(*pairs):
    return [{"name": name, "confidence": confidence} for name, confidence in pairs]


def test_close_intents_are_asked_about():
    judged = judge(ranking(("kosten", 0.4), ("juridische_hulp", 0.35)), 1.0, Thresholds())
    assert (judged.doubt, judged.candidates) == ("between", ["kosten", "juridische_hulp"])


def test_unknown_words_are_far_from_everything():
    assert judge(ranking(("kosten", 0.9), ("unia", 0.05)), 0.0, Thresholds()).doubt == "far"


def test_likely_danger_outranks_a_likelier_other_intent():
    judged = judge(ranking(("represailles", 0.5), ("nood_gevaar", 0.45)), 1.0, Thresholds())
    assert judged.ranking[0]["name"] == "nood_gevaar"
    assert judged.doubt == "none"


def test_two_dangers_that_are_each_unlikely_count_together():
    judged = judge(
        ranking(("represailles", 0.6), ("geweld_misbruik", 0.2), ("nood_gevaar", 0.15)), 1.0, Thresholds()
    )
    assert judged.ranking[0]["name"] == "geweld_misbruik"


def test_the_likelier_of_two_dangers_is_first():
    judged = judge(ranking(("geweld_misbruik", 0.6), ("nood_gevaar", 0.3)), 1.0, Thresholds())
    assert [r["name"] for r in judged.ranking] == ["geweld_misbruik", "nood_gevaar"]


def test_sharpness_makes_confidence_honest():
    chance = np.random.default_rng(1)
    gold = chance.integers(0, 3, 600)
    scores = chance.normal(size=(600, 3)).astype(np.float32)
    scores[np.arange(600), gold] += 1.5
    probabilities = softmax(scores, fit_sharpness(scores, gold))
    assert expected_error(probabilities.max(axis=1), probabilities.argmax(axis=1) == gold) < 0.06
