"""Corrected messages become lines of the training data, and a patch that git takes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import DataError
from bot.paths import ROOT, data_dir
from bot.training.check import check
from bot.training.messages import read_messages
from bot.training.proposals import Entity, Example, data_version, line_of, patch, updated_files

NLU = data_dir() / "nlu"
CARRYING = frozenset({"ervaring_discriminatie"})


def example(text: str, intent: str = "kosten", *entities: Entity, number: int = 1) -> Example:
    return Example(number, text, intent, entities)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the training data under git."""
    shutil.copytree(NLU, tmp_path / "data" / "nlu")
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return tmp_path


def apply(checkout: Path, text: str) -> None:
    subprocess.run(["git", "apply", "--index", "-"], cwd=checkout, input=text, text=True, check=True)


def test_marks_only_where_the_intent_carries_them() -> None:
    told = "de juf noemt mij den bruine"
    juf = Entity("domein", "onderwijs", 3, 6)
    bruine = Entity("grond", "afkomst", 21, 27)
    line = line_of(example(told, "ervaring_discriminatie", bruine, juf), CARRYING)
    assert line == (
        'de [juf]{"entity": "domein", "value": "onderwijs"} noemt mij den '
        '[bruine]{"entity": "grond", "value": "afkomst"}'
    )
    assert line_of(example(told, "kosten", juf), CARRYING) == told


@pytest.mark.parametrize(
    "text", ["", "  \n", "- een lijst", "zie [naam](hier)", "[naam]{nog iets}", "[naam][adres]"]
)
def test_a_text_that_would_be_read_as_something_else_is_refused(text: str) -> None:
    with pytest.raises(DataError):
        line_of(example(text), CARRYING)


def test_overlapping_marks_are_refused() -> None:
    both = (Entity("grond", "afkomst", 0, 8), Entity("domein", "werk", 4, 12))
    with pytest.raises(DataError, match="overlap"):
        line_of(example("zwarte collega", "ervaring_discriminatie", *both), CARRYING)


@given(st.text(min_size=1, max_size=60))
def test_whatever_is_written_is_read_back_or_refused(text: str) -> None:
    try:
        line = line_of(example(text), CARRYING)
    except DataError:
        return
    assert "\n" not in line and line == " ".join(text.split())


def test_the_patch_applies_and_the_messages_are_read_back(checkout: Path) -> None:
    """Must show: the exported patch applies; a second one goes on where the first ended."""
    folder = checkout / "data" / "nlu"
    others = {p.name: p.read_bytes() for p in folder.glob("*.yml")}
    first = [
        example("hoeveel moet ik neertellen voor zo'n babbel"),
        example(
            "op den tram riep er een aap",
            "ervaring_discriminatie",
            Entity("domein", "openbaar_vervoer", 7, 11),
        ),
    ]
    apply(checkout, patch(folder, first))
    apply(
        checkout,
        patch(folder, [example("kost da iet?  #echt: 'ja' \"nee\""), example("hey gij", "begroeting")]),
    )
    read = [m for m in read_messages(folder) if m.voice == "console"]
    assert {(m.text, m.intent, m.file) for m in read} == {
        ("hoeveel moet ik neertellen voor zo'n babbel", "kosten", "complaints-console.yml"),
        ("kost da iet? #echt: 'ja' \"nee\"", "kosten", "complaints-console.yml"),
        ("op den tram riep er een aap", "ervaring_discriminatie", "experiences-console.yml"),
        ("hey gij", "begroeting", "conversation-console.yml"),
    }
    assert next(m for m in read if m.labels).labels == {"domein:openbaar_vervoer"}
    assert {name: (folder / name).read_bytes() for name in others} == others
    config = ["-c", str(ROOT / ".yamllint.yml")] if (ROOT / ".yamllint.yml").exists() else []
    lint = [str(ROOT / ".venv/bin/yamllint"), "--strict", *config, *map(str, folder.glob("*-console.yml"))]
    subprocess.run(lint, cwd=ROOT, check=True)


def test_every_file_of_the_project_would_stay_byte_for_byte(tmp_path: Path) -> None:
    """Appending to any of the present files adds lines and changes none."""
    for path in sorted(NLU.glob("*.yml")):
        target = tmp_path / path.name.replace(path.name.split("-")[1], "console.yml")
        shutil.copy(path, target)
        intent = read_messages(tmp_path)[0].intent
        before, after = updated_files(tmp_path, [example("een zin die er nog niet stond", intent)])[
            target.name
        ]
        kept = after.replace("      - een zin die er nog niet stond\n", "")
        assert kept == before == path.read_text(encoding="utf-8")
        target.unlink()


def test_a_file_in_another_shape_is_left_alone(checkout: Path) -> None:
    folder = checkout / "data" / "nlu"
    (folder / "complaints-console.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: kosten\n  metadata: {stem:   console}\n  examples: |\n    - wat kost dat hier\n'
    )
    with pytest.raises(DataError, match="other lines would change"):
        patch(folder, [example("nog een zin over geld")])


def test_unknown_intent(checkout: Path) -> None:
    with pytest.raises(DataError, match="no intent weerbericht"):
        patch(checkout / "data" / "nlu", [example("regent het", "weerbericht")])


def test_the_version_follows_the_data(checkout: Path) -> None:
    folder = checkout / "data" / "nlu"
    assert data_version(folder) == data_version(NLU)
    apply(checkout, patch(folder, [example("een zin over geld")]))
    assert data_version(folder) != data_version(NLU)


def test_findings(tmp_path: Path) -> None:
    (tmp_path / "complaints-a.yml").write_text(
        'version: "3.1"\nnlu:\n  - intent: kosten\n    metadata: {stem: a}\n    examples: |\n'
        "      - moet ik betalen voor een gesprek bij jullie?\n      - is het gratis\n"
        "  - intent: unia\n    metadata: {stem: a}\n    examples: |\n      - wat doet unia voor mij\n"
    )
    found = check(
        tmp_path,
        [
            example("Moet ik betalen voor een gesprek bij jullie", number=1),
            example("moet ik betalen voor een gesprek bij jullie hier", number=2),
            example("wat doet unia voor mij", number=3),
            example("bel mij op 0470 12 34 56", number=4),
            example("dat zei [naam] mij", number=5),
            example("iets heel anders", "weerbericht", number=6),
            example("iets nieuws over geld", number=7),
            example("iets nieuws over geld!", number=8),
        ],
    )
    kinds = {number: {f["kind"] for f in line["findings"]} for number, line in found["lines"].items()}
    assert kinds["1"] == {"duplicate"}
    assert "near" in kinds["2"]
    assert kinds["3"] == {"conflict"}
    assert kinds["4"] == {"personal"}
    assert kinds["5"] == {"placeholder"}
    assert kinds["6"] == {"unwritable"}
    assert kinds["7"] == set()
    assert kinds["8"] == {"duplicate"}
    # Words of a conversation stay in the line that is erased with it; a finding names another line by its number.
    assert found["lines"]["8"]["findings"][0] | {"kind": ""} == {
        "kind": "", "text": "", "intent": "kosten", "file": "", "other": 7,
    }  # fmt: skip
    assert "iets nieuws" not in str(found)


@pytest.mark.parametrize(
    "content", [b"", b"- intent: kosten\n", b'nlu: "', b"nlu: \xff", b"nlu: \x00", b"nlu: [{intent: a}]\n"]
)
def test_training_messages_that_cannot_be_read_are_named(tmp_path: Path, content: bytes) -> None:
    """As while somebody saves them: always the same kind of error, with the file."""
    (tmp_path / "complaints-a.yml").write_bytes(content)
    with pytest.raises(DataError, match=r"complaints-a\.yml"):
        read_messages(tmp_path)
