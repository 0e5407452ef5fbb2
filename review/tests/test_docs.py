"""What must be documented is."""

import re
from pathlib import Path

from bot.paths import ROOT


def test_every_setting_of_the_console_is_documented():
    page = (ROOT / "docs" / "review.md").read_text(encoding="utf-8")
    config = Path(ROOT / "review" / "console" / "config.py").read_text(encoding="utf-8")
    used = set(re.findall(r"STADSBOT_[A-Z_]+[A-Z]", config)) | {"STADSBOT_REVIEW_PORT"}
    assert not {name for name in used if f"`{name}`" not in page}
