from bot.nlu.text import Normaliser
from bot.paths import data_dir
from bot.training.messages import TrainingMessage, read_messages
from bot.training.report import examine, too_near

NORMALISER = Normaliser.from_file(data_dir() / "spelling.yml")


def message(text, intent="kosten", voice="a"):
    return TrainingMessage(text, intent, voice, frozenset(), "x.yml")


def test_weak_data_is_found():
    found = examine(
        [
            message("wat kost dat?"),
            message("Wat kost dat"),
            message("wat kost dat!", intent="unia"),
            *(
                message(f"moet ik betalen voor een {word} bij jullie")
                for word in ("klacht", "melding", "gesprek")
            ),
            message("heel iets anders over de prijs van een advocaat"),
        ],
        NORMALISER,
    )
    assert len(found.duplicates) == 2
    assert len(found.conflicts) == 1
    assert [len(group) for group in found.templates] == [3]
    assert {row.intent: row.messages for row in found.coverage} == {"kosten": 6, "unia": 1}


def test_near_duplicates_are_found_within_an_intent_and_between_two():
    text = "ik wil graag weten hoeveel een gesprek met een bemiddelaar van de stad mij gaat kosten"
    found = examine([message(text), message(text + "?!?"), message(text.replace("graag ", ""))], NORMALISER)
    assert len(found.duplicates) == 1
    assert len(found.near) == 1
    other = examine([message(text), message(text.replace("graag ", ""), intent="unia")], NORMALISER)
    assert not other.near
    assert len(other.conflicts) == 1


def test_the_ways_of_writing_are_counted():
    texts = [
        "waar klacht",
        "kheb ne vraag over de prijs van een klacht",
        "hoeveel kost een klahct?",
        " ".join(["woord"] * 40),
    ]
    (row,) = examine([message(t) for t in texts], NORMALISER).coverage
    assert (row.keywords, row.stories, row.questions, row.chat) == (0.25, 0.25, 0.25, 0.25)
    texts = ["een klacht"] * 3 + ["klahct over de bus"]
    (row,) = examine([message(t) for t in texts], NORMALISER).coverage
    assert row.mistakes == 0.25


def test_paraphrases_of_measuring_messages_are_found():
    kept = "waar kan ik parkeren in de buurt van het station"
    found = too_near(
        ["Hoeveel nationaliteiten wonen er nu in Mechelen?", kept],
        ["hoeveel nationaliteiten wonen er in mechelen"],
    )
    assert [text for text, _, _ in found] == ["Hoeveel nationaliteiten wonen er nu in Mechelen?"]


def test_the_projects_own_messages():
    """At least 150 for each intent, 400 for the hard ones, several voices, and nothing double."""
    messages = read_messages(data_dir() / "nlu")
    found = examine(messages, NORMALISER)
    assert not found.duplicates
    counts = {row.intent: row for row in found.coverage}
    assert len(counts) == 75
    assert all(row.messages >= 150 and row.voices >= 3 for row in found.coverage)
    hard = (
        "ervaring_discriminatie",
        "klacht_indienen",
        "is_dit_discriminatie",
        "getuige",
        "voor_iemand_anders",
        "andere_stadsdienst",
        "buiten_bereik",
    )
    assert all(counts[intent].messages >= 400 for intent in hard)
