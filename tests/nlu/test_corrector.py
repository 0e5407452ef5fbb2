import pytest

from bot.nlu.corrector import Corrector
from bot.nlu.features import Features
from bot.nlu.text import Normaliser
from bot.paths import data_dir

COUNTS = {"racisme": 90, "klacht": 50, "klachten": 9, "werk": 80, "merk": 3, "zeldzaam": 1, "bus": 60}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("rasisme", "racisme"),  # another letter
        ("racsime", "racisme"),  # two swapped
        ("raccisme", "racisme"),  # one too many
        ("klaht", "klacht"),  # one too few
        ("zerk", "werk"),  # the commonest of two neighbours
        ("merk", "merk"),  # known, however rare
        ("zeldzam", "zeldzam"),  # its neighbour was read too seldom to be trusted
        ("bis", "bis"),  # too short
        ("r4cisme", "r4cisme"),  # not a word
        ("iets", "iets"),  # nothing near
    ],
)
def test_one_mistake_is_read_over(typed, read):
    assert Corrector(COUNTS)(typed) == read


def test_a_message_with_mistakes_has_the_features_of_the_one_that_was_meant():
    texts = ["ik wil een klacht indienen over racisme op het werk", "waar kan ik discriminatie melden"] * 3
    features = Features(Normaliser.from_file(data_dir() / "spelling.yml"))
    features.fit(texts)
    meant = features.transform(texts[:1])
    typed = features.transform(["ik wil een klahct indinen over rasisme op het wekr"])
    assert (typed != meant).nnz == 0


def test_known_words_are_counted_before_they_are_corrected():
    """Or French "discrimination" would count as a Dutch word."""
    features = Features(Normaliser.from_file(data_dir() / "spelling.yml"))
    features.fit(["waar kan ik discriminatie melden"] * 3)
    assert features.known_share("discriminatie melden") == 1
    assert features.known_share("discriminatia melder") == 0
