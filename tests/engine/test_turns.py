"""What the guide is told of a message that Rasa has read."""

import pytest
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.turns import TRUSTED, latest_turn


def turn_with(*entities):
    tracker = DialogueStateTracker("somebody", [])
    parse = {
        "text": "ze weigerden mij",
        "intent": {"name": "ervaring_discriminatie", "confidence": 1.0},
        "entities": list(entities),
    }
    tracker.update(
        UserUttered(parse["text"], parse["intent"], list(entities), parse),
    )
    return latest_turn(tracker).turn


@pytest.mark.parametrize(("confidence", "believed"), [(TRUSTED - 0.01, ()), (TRUSTED, ("geloof",))])
def test_a_guessed_ground_is_asked_for_and_not_believed(confidence, believed):
    found = {"entity": "grond", "value": "geloof", "start": 0, "end": 2, "confidence_entity": confidence}
    assert turn_with(found).gronden == believed


def test_what_a_button_says_is_believed():
    assert turn_with({"entity": "domein", "value": "wonen"}).domeinen == ("wonen",)
