import pytest

from bot.nlu.text import Normaliser, last_sentence
from bot.paths import data_dir


@pytest.fixture(scope="module")
def normaliser():
    return Normaliser.from_file(data_dir() / "spelling.yml")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Kheb da ni gedaan", "ik heb dat niet gedaan"),
        ("waaaarom???", "waarom ? ?"),
        ("Mijn nr is 0470 12", "mijn nr is 0000 00"),
        ("’t Is nie waar", "het is niet waar"),
    ],
)
def test_chat_spelling_is_read_as_standard(normaliser, typed, read):
    assert normaliser.standard(typed) == read


def test_stretched_letters_shrink(normaliser):
    assert normaliser.plain("neeeeeee") == "nee"


def test_the_end_of_a_story_is_its_last_sentence():
    assert (
        last_sentence("Ik was op de bus. Hij schold mij uit. Waar kan ik dat melden?")
        == "Waar kan ik dat melden?"
    )


def test_a_tail_of_one_word_takes_the_sentence_before_along():
    assert last_sentence("Kan ik dat melden? Dank u.") == "Kan ik dat melden? Dank u."


def test_an_empty_text_has_an_empty_end():
    assert last_sentence("") == ""


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Goeiedag, ik werd op mijn werk uitgelachen", "ik werd op mijn werk uitgelachen"),
        ("Hallo allemaal! Wat kost het om te melden?", "wat kost het om te melden ?"),
        ("Waar kan ik een klacht indienen? Alvast bedankt!", "waar kan ik een klacht indienen ?"),
        ("Hallo, alles goed?", "hallo , alles goed ?"),
    ],
)
def test_a_greeting_around_a_question_is_left_out(normaliser, typed, read):
    assert normaliser.standard(typed) == read
