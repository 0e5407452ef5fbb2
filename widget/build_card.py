"""Writes what the widget must know without the server (greeting, emergency numbers, city contact) to src/card.json.

Run after a change in data/widget.yml, data/city.yml or data/channels.yml, then ``npm run build``. A test compares.
"""

from __future__ import annotations

import json
from pathlib import Path

from bot.answers import load_content
from bot.channels.web_config import load_widget_texts
from bot.paths import data_dir

TARGET = Path(__file__).parent / "src" / "card.json"


def card_json() -> str:
    """Return the text of ``src/card.json``."""
    texts = load_widget_texts(data_dir() / "widget.yml", load_content(data_dir()))
    return json.dumps(texts.public, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    TARGET.write_text(card_json(), encoding="utf-8")
    print(f"wrote {TARGET.name}")
