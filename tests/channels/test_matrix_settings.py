"""Settings of the Matrix channel, and the files that `stadsbot matrix registration` writes."""

import re
import stat

import pytest
import yaml

from bot.channels.matrix_cli import write
from bot.channels.matrix_settings import MatrixSettings
from bot.cli import main
from bot.errors import DataError

USER = "@inclusie:matrix.test"
GOOD = {
    "STADSBOT_MATRIX_URL": "https://matrix.test/",
    "STADSBOT_MATRIX_USER": USER,
    "STADSBOT_MATRIX_AS_TOKEN": "a" * 32,
    "STADSBOT_MATRIX_HS_TOKEN": "h" * 32,
}


@pytest.fixture
def environment(monkeypatch):
    for name in GOOD:
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_off_when_nothing_is_set(environment):
    assert MatrixSettings.from_environment() is None


def test_reads_the_environment(environment):
    for name, value in GOOD.items():
        environment.setenv(name, value)
    assert MatrixSettings.from_environment() == MatrixSettings(
        "https://matrix.test", USER, "a" * 32, "h" * 32
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *((name, "") for name in GOOD),
        ("STADSBOT_MATRIX_URL", "matrix.test"),
        ("STADSBOT_MATRIX_URL", "https://matrix.test/_matrix"),
        ("STADSBOT_MATRIX_URL", "https://somebody@matrix.test"),
        ("STADSBOT_MATRIX_USER", "inclusie"),
        ("STADSBOT_MATRIX_USER", "@Inclusie:matrix.test"),
        ("STADSBOT_MATRIX_USER", f"@{'a' * 250}:matrix.test"),
        ("STADSBOT_MATRIX_AS_TOKEN", "short"),
        ("STADSBOT_MATRIX_HS_TOKEN", "short"),
        ("STADSBOT_MATRIX_HS_TOKEN", "a" * 32),
    ],
)
def test_a_wrong_setting_is_named(environment, name, value):
    for each, good in GOOD.items():
        environment.setenv(each, good)
    environment.setenv(name, value)
    with pytest.raises(DataError, match=name):
        MatrixSettings.from_environment()


def test_the_registration_and_the_settings_belong_together(tmp_path, environment):
    registration, settings = write(
        USER, "https://matrix.test", "https://chat.test/webhooks/matrix/", tmp_path
    )
    for line in settings.read_text().splitlines():
        environment.setenv(*line.split("=", 1))
    read = MatrixSettings.from_environment()
    written = yaml.safe_load(registration.read_text())
    assert read == MatrixSettings("https://matrix.test", USER, written["as_token"], written["hs_token"])
    assert written["url"] == "https://chat.test/webhooks/matrix"
    assert written["sender_localpart"] == "inclusie"
    [users] = written["namespaces"]["users"]
    assert re.match(users["regex"], USER) and not re.match(users["regex"], f"{USER}x")
    assert not re.match(users["regex"], USER.replace(".", "x"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in (registration, settings)} == {0o600}


def test_tokens_are_new_each_time_and_never_replaced(tmp_path):
    first, _ = write(USER, "https://matrix.test", "https://chat.test", tmp_path / "a")
    second, _ = write(USER, "https://matrix.test", "https://chat.test", tmp_path / "b")
    assert first.read_text() != second.read_text()
    before = first.read_text()
    with pytest.raises(DataError, match=r"registration\.yaml exists"):
        write(USER, "https://matrix.test", "https://chat.test", tmp_path / "a")
    assert first.read_text() == before


def test_the_command_says_what_it_wrote_but_no_secret(tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        main(["matrix", "registration", USER, "https://matrix.test", "--output", str(tmp_path)])
    said = capsys.readouterr().out
    assert end.value.code == 0
    assert "registration.yaml" in said and "matrix.env" in said
    written = yaml.safe_load((tmp_path / "registration.yaml").read_text())
    assert written["as_token"] not in said and written["hs_token"] not in said


def test_the_command_refuses_what_is_no_user(tmp_path, capsys):
    with pytest.raises(SystemExit) as end:
        main(["matrix", "registration", "inclusie", "https://matrix.test", "--output", str(tmp_path)])
    assert end.value.code == 2
    assert "@inclusie:mechelen.be" in capsys.readouterr().err
