"""The real data, loaded once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.paths import ROOT
from bot.referral import ChannelData, load_channels

DATA = ROOT / "data"


@pytest.fixture(scope="session")
def data() -> ChannelData:
    return load_channels(DATA / "channels.yml")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the data that a test may spoil."""
    folder = tmp_path / "data"
    folder.mkdir()
    for name in ("channels.yml", "lexicon_referral.yml"):
        (folder / name).write_text((DATA / name).read_text(encoding="utf-8"), encoding="utf-8")
    return folder
