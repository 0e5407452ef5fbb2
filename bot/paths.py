"""Where the project's data lies."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def data_dir() -> Path:
    """Return the folder with channels, answers and lexicons.

    Another city points ``STADSBOT_DATA`` at its own folder; by default it is ``data/`` of this checkout.
    """
    return Path(os.environ.get("STADSBOT_DATA", ROOT / "data"))
