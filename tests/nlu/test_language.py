import re
from collections import Counter

import pytest
from ruamel.yaml import YAML

from bot.nlu.language import LanguageGuesser
from bot.nlu.language_component import LanguageDetector
from bot.paths import data_dir
from bot.training.messages import read_messages


@pytest.fixture(scope="module")
def detector():
    guesser = LanguageGuesser.from_file(data_dir() / "languages.yml")
    return LanguageDetector(LanguageDetector.get_default_config(), guesser)


@pytest.mark.parametrize(
    ("text", "share", "language"),
    [
        ("Où puis-je porter plainte pour discrimination ?", 0.1, "fr"),
        ("I was refused an apartment because of my skin colour", 0.2, "en"),
        ("Where can I report racism?", 0.6, "en"),  # half of it is known, but four words show English
        ("أين يمكنني تقديم شكوى", 0.0, "ar"),
        ("Где я могу подать жалобу", 0.0, "uk"),  # Russian: the nearest language that gets a reply
        ("मैं शिकायत कहाँ कर सकता हूँ", 0.0, "onbekend"),
        (
            "komşum bize sürekli küfrediyor",
            0.0,
            "tr",
        ),  # no word shows it, but nothing is known and the guess is sure
    ],
)
def test_other_languages_are_recognised(detector, text, share, language):
    assert detector.language_of(text, share) == language


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("ik wil een klacht indienen", 1.0),
        ("zxcv qwer", 0.0),
        ("morele schade claimen", 0.33),
        ("racisme vs xenofobie", 0.33),
        ("10 puntenplan eccar", 0.5),
        ("denunciar discriminación mechelen waar", 0.5),  # half Dutch: somebody who tries
        ("no no no", 0.0),
        ("samenvatting noat 2.0", 0.2),
        (
            "influencer if bekende mechelaar in actie tegen racisem wie was at",
            0.5,
        ),  # typing mistakes that are English words
        ("hij zei go back to your country tegen mij", 0.5),
    ],
)
def test_dutch_is_left_alone(detector, text, share):
    assert detector.language_of(text, share) is None


def test_the_words_that_show_a_language_are_not_dutch():
    """Almost no training message may have one; people do quote."""
    raw = YAML(typ="safe").load((data_dir() / "languages.yml").read_text(encoding="utf-8"))
    messages = [m for m in read_messages(data_dir() / "nlu") if m.intent != "andere_taal"]
    counts = Counter(word for m in messages for word in set(re.findall(r"[^\W\d_]+", m.text.casefold())))
    common = {
        w: counts[w] for language, words in raw.items() if language != "nl" for w in words if counts[w] > 20
    }
    assert not common
