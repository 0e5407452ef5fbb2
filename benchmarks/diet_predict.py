"""Rank messages with a trained DIET model (a process of its own, since TensorFlow stays loaded)."""

import asyncio
import json
import sys
from pathlib import Path

from rasa.core.agent import Agent


async def main(folder: Path) -> None:
    """Read ``texts.json`` of ``folder``, write ``rankings.json``: the best three intents of each text."""
    agent = Agent.load(str(folder / "diet.tar.gz"))
    rankings = []
    for text in json.loads((folder / "texts.json").read_text(encoding="utf-8")):
        parsed = await agent.parse_message(text)
        rankings.append([r["name"] for r in parsed["intent_ranking"][:3]])
    (folder / "rankings.json").write_text(json.dumps(rankings), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
