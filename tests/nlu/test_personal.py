import pytest

from bot.nlu.entity_model import EntityModel
from bot.nlu.features import Features
from bot.nlu.lexicon import Lexicon
from bot.nlu.personal import without_personal_data
from bot.nlu.spacy_model import load
from bot.nlu.text import Normaliser
from bot.paths import data_dir


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("ik ben Fatima De Turck en de eigenaar weigert mij", "ik ben en de eigenaar weigert mij"),
        ("bel mij op 0479 12 34 56 aub", "bel mij op aub"),
        ("de auto met plaat 1-ABC-234 volgde mij", "de auto met plaat volgde mij"),
        ("1-ABC-234", ""),
        ("wat is het nummer van unia, 0800 12 800?", "wat is het nummer van unia, 0800 12 800?"),
        ("ewa", "ewa"),
        ("mijn tante is getuige van Jehova", "mijn tante is getuige van Jehova"),
        ("mon mari me frappe", "mon mari me frappe"),
    ],
)
def test_what_identifies_somebody_is_not_read(text, read):
    kept = without_personal_data(text)
    assert len(kept) == len(text)
    assert kept.split() == read.split()


def test_names_and_numbers_change_no_feature_and_make_no_word_unknown():
    features = Features(Normaliser.from_file(data_dir() / "spelling.yml"))
    features.fit(["de eigenaar weigert mij", "ik bel naar de politie"] * 3)
    plain = "hallo, ik bel naar de politie"
    told = "hallo, ik Nadia El Idrissi bel naar de politie"
    assert (features.transform([told]) != features.transform([plain])).nnz == 0
    assert features.known_share(told) == features.known_share(plain)


def test_a_family_name_is_no_ground():
    nlp, _ = load("nl_core_news_sm")
    words = Lexicon.from_file(data_dir() / "lexicon.yml", nlp)
    assert {hit.value for hit in words.find(nlp("mijn buurman Ahmed Yilmaz"))} == {"afkomst", "buren"}
    hits = EntityModel(words, Normaliser({}))._hits(nlp("mijn buurman Ahmed Yilmaz"))
    assert {hit.value for hit in hits} == {"buren"}
