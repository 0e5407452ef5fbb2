from bot.paths import data_dir
from bot.training.messages import TrainingMessage, read_messages
from bot.training.report import examine


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
        ]
    )
    assert len(found.duplicates) == 2
    assert len(found.conflicts) == 1
    assert [len(group) for group in found.templates] == [3]
    assert {row.intent: row.messages for row in found.coverage} == {"kosten": 6, "unia": 1}


def test_the_projects_own_messages():
    """At least 150 for each intent, 400 for the hard ones, several voices, and nothing double."""
    messages = read_messages(data_dir() / "nlu")
    found = examine(messages)
    assert not found.duplicates
    counts = {row.intent: row for row in found.coverage}
    assert len(counts) == 75
    assert all(row.messages >= 150 and row.voices >= 3 for row in found.coverage)
    hard = (
        "ervaring_discriminatie",
        "klacht_indienen",
        "is_dit_discriminatie",
        "andere_stadsdienst",
        "buiten_bereik",
    )
    assert all(counts[intent].messages >= 400 for intent in hard)
