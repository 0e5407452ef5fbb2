"""Configuration, pseudonyms, and that the citizen is told the truth."""

import pytest

from bot.answers import load_content
from bot.errors import DataError
from bot.paths import data_dir
from bot.privacy.pseudonym import is_pseudonym, pseudonym
from bot.privacy.settings import PrivacySettings, retention_phrases


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    for name in ("KEEP_STATE_HOURS", "KEEP_LOG_DAYS", "DB_URL", "SECRET"):
        monkeypatch.delenv(f"STADSBOT_{name}", raising=False)
    monkeypatch.setenv("STADSBOT_VAR_DIR", str(tmp_path / "var"))


def _urls(settings):
    return [value for name, value in vars(settings).items() if name.endswith("_url")]


def test_defaults(tmp_path):
    settings = PrivacySettings.from_environment()
    assert (settings.keep_state_hours, settings.keep_log_days) == (24, 30)
    assert len(set(_urls(settings))) == 5
    assert settings.state_url == f"sqlite:///{tmp_path}/var/conversations.db"
    assert settings.secret == (tmp_path / "var" / "secret.key").read_text()


def test_the_citizen_reads_what_is_configured(monkeypatch):
    """In every answer that names a period: the one of this configuration, not that of the default."""
    content = load_content(data_dir())
    assert "24 uur bewaard" in content.fill(content.answers["privacy"].text)
    monkeypatch.setenv("STADSBOT_KEEP_STATE_HOURS", "72")
    monkeypatch.setenv("STADSBOT_KEEP_LOG_DAYS", "7")
    content = load_content(data_dir())
    naming = [a for a in content.answers.values() if "{privacy." in a.text + a.simple]
    assert naming
    for answer in naming:
        for text in map(content.fill, (answer.text, answer.simple)):
            assert "24 uur" not in text
            assert "30 dagen" not in text
            assert "3 dagen" in text
    assert "7 dagen" in content.fill(content.answers["privacy"].simple)


@pytest.mark.parametrize(
    ("hours", "days", "state", "log"),
    [
        ("1", "1", "1 uur", "1 dag"),
        ("24", "30", "24 uur", "30 dagen"),
        ("48", "7", "2 dagen", "7 dagen"),
        ("36", "90", "36 uur", "90 dagen"),
    ],
)
def test_phrases(monkeypatch, hours, days, state, log):
    monkeypatch.setenv("STADSBOT_KEEP_STATE_HOURS", hours)
    monkeypatch.setenv("STADSBOT_KEEP_LOG_DAYS", days)
    assert retention_phrases() == {
        "bewaartermijn": state,
        "logtermijn": log,
    }


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "lang", "9999", "²"])
@pytest.mark.parametrize("name", ["STADSBOT_KEEP_STATE_HOURS", "STADSBOT_KEEP_LOG_DAYS"])
def test_a_wrong_period_stops_the_start(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(DataError, match=name):
        PrivacySettings.from_environment()


def test_a_wrong_database_or_key_stops_the_start(monkeypatch):
    monkeypatch.setenv("STADSBOT_DB_URL", "mysql://x/y")
    with pytest.raises(DataError, match="STADSBOT_DB_URL"):
        PrivacySettings.from_environment()
    monkeypatch.setenv("STADSBOT_DB_URL", "postgres://u@h/d")
    assert _urls(PrivacySettings.from_environment()) == ["postgresql://u@h/d"] * 5
    monkeypatch.setenv("STADSBOT_SECRET", "short")
    with pytest.raises(DataError, match="STADSBOT_SECRET"):
        PrivacySettings.from_environment()


def test_pseudonyms():
    one = pseudonym("+32479123456", "key one")
    assert is_pseudonym(one)
    assert pseudonym(one, "key two") == one
    assert one != pseudonym("+32479123456", "key two") != pseudonym("+32479123457", "key two")
    assert not is_pseudonym("gesprek-1")
