"""Nothing on disk and nothing in a log says who talked with the assistant on Matrix, or what identifies them."""

import re
from pathlib import Path

import pytest

from .matrix_town import BOT
from .test_matrix_failures import words

pytestmark = pytest.mark.server
SECRETS = ["0475 12 34 56", "jan.peeters@voorbeeld.be", "85.07.30-033.28"]
WAITING = "Mijn geheime woord is xylofoonkast en mijn nummer is 0475 98 76 54"


def on_disk(town):
    """Everything that the assistant has written, except its key and its list of settings."""
    files = [path for path in Path(town.var_dir).rglob("*") if path.is_file() and path.name != "secret.key"]
    assert {"conversations.db", "reviewlog.db", "messaging.db", "assistant.log"} <= {
        path.name for path in files
    }
    return "\n".join(path.read_bytes().decode("utf-8", "replace") for path in files)


def test_no_file_names_the_room_the_person_or_what_they_told(town, person, talk):
    room, say = talk(person)
    for secret in SECRETS:
        say(f"Wie is Unia? Je vindt mij op {secret}.", "unia")
    say("Wis mijn gesprek", r"^1\. Ja")
    say("2", ".")
    events = [event["event_id"] for event in person.timeline[room]]
    written = on_disk(town)
    assert [secret for secret in SECRETS if secret in written] == []
    names = [room, room[1:20], person.user_id, person.user_id[1:].split(":")[0], *events]
    assert [name for name in names if name in written] == []
    assert re.search(r"gesprek-[0-9a-f]{32}", written)
    tokens = [town.settings[name] for name in town.settings if name.endswith("_TOKEN")]
    assert [token for token in tokens if token in written] == []


def test_what_waits_for_the_homeserver_is_sealed(town, person, talk):
    room, _ = talk(person)
    town.synapse.stop()
    try:
        town.push("verzegeld", [words(room, person, WAITING)])
        written = on_disk(town)
    finally:
        town.synapse.start()
    assert "xylofoonkast" not in written and "0475 98 76 54" not in written and room not in written
    person.wait_for(room, BOT, 2)
