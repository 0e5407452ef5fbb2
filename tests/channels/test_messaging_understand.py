import pytest

from bot.channels.messaging import Choice
from bot.channels.messaging.render import LETTERS, NUMBERS
from bot.channels.messaging.understand import Command, chosen, command, yes_or_no

CHOICES = [
    Choice(f"k-{number}", title, "/x")
    for number, title in enumerate(
        ["Op het werk", "Help mij voorbereiden", "Kan ik anoniem melden?", "Winkel, horeca, bank", "Bus"],
        start=1,
    )
]


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("3", 3), (" 3. ", 3), ("nr 2", 2), ("Nummer 2!", 2), ("drie", 3), ("de derde", 3), ("de eerste", 1), ("2️⃣", 2),
        ("keuze 4", 4), ("ik kies 4", 4), ("Eén", 1), ("4. Winkel, horeca, bank", 4), ("OP HET WERK.", 1), ("op het wrek", 1),
        ("kan ik anonim melden", 3), ("winkel horeca bank", 4), ("Bus", 5),
    ],
)  # fmt: skip
def test_numbers_and_titles_are_understood(typed, place):
    assert chosen(typed, CHOICES, NUMBERS) == CHOICES[place - 1]


@pytest.mark.parametrize(
    "typed", ["9", "17", "0", "vijftien", "werk", "ik werk bij een bank", "help", "bos", "", "?", "3 keer"]
)
def test_what_is_no_choice_is_left_to_the_assistant(typed):
    assert chosen(typed, CHOICES, NUMBERS) is None


def test_a_number_means_nothing_where_none_was_shown():
    assert chosen("2", CHOICES, "buttons") is None
    assert chosen("2", CHOICES, LETTERS) is None
    assert chosen("b", CHOICES, LETTERS) == CHOICES[1]
    assert chosen("b", CHOICES, NUMBERS) is None
    assert chosen("z", CHOICES, LETTERS) is None


def test_two_titles_that_are_equally_near_are_not_guessed_between():
    near = [Choice("a", "Klacht over de stad", "/a"), Choice("b", "Klacht over de staf", "/b")]
    assert chosen("klacht over de stat", near, NUMBERS) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wat kost een melding?", None),
        ("wat na de melding", None),
        ("wat na een meldng", "/na"),
        ("wat na een meldinh?", "/na"),
        ("watna een melding", "/na"),
    ],
)
def test_another_word_is_another_question(typed, meant):
    """A long title is not meant by a question that shares most of its letters."""
    found = chosen(typed, [Choice("a", "Wat na een melding?", "/na"), CHOICES[1]], NUMBERS)
    assert (found.payload if found else None) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("stop", Command.STOP), ("STOP!", Command.STOP), ("stoppen", Command.STOP), ("stop maar", Command.STOP),
        ("opnieuw", Command.RESTART), ("Begin opnieuw", Command.RESTART), ("herbegin", Command.RESTART), ("/restart", Command.RESTART),
        ("help", Command.HELP), ("Help!", Command.HELP), ("hulp", Command.HELP), ("?", Command.HELP), ("menu", Command.HELP),
        ("wis mijn gesprek", Command.ERASE), ("Wis gesprek.", Command.ERASE), ("verwijder mijn gegevens", Command.ERASE),
        ("kan je mijn gesprek wissen?", Command.ERASE), ("wis alles aub", Command.ERASE), ("vergeet mij", Command.ERASE),
        ("/start", Command.START),
    ],
)  # fmt: skip
def test_commands(typed, meant):
    assert command(typed) is meant


@pytest.mark.parametrize(
    "typed",
    ["ik wil dat het stopt", "help mij", "help ik word bedreigd", "kan je mij opnieuw uitleggen wat unia is", "wis", "mijn gesprek",
     "mijn baas zei stop", "hoe lang blijft mijn gesprek bewaard", ""],
)  # fmt: skip
def test_a_sentence_is_no_command(typed):
    assert command(typed) is None


def test_yes_and_no():
    assert yes_or_no("Ja!") is True
    assert yes_or_no("neen") is False
    assert yes_or_no("misschien") is None
