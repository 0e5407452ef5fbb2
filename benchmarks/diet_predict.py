"""Rank messages with a trained DIET model (a process of its own, since TensorFlow stays loaded)."""

import asyncio
import json
import sys
from pathlib import Path

from rasa.core.agent import Agent

FALLBACK = "nlu_fallback"


async def main(folder: Path) -> None:
    """Read ``tests.json`` of ``folder`` (name → rows with text), write ``predictions.json`` in the same order.

    A prediction has the ranking of ten intents, and whether Rasa's FallbackClassifier would ask.
    """
    agent = Agent.load(str(folder / "diet.tar.gz"))
    predictions: dict[str, list[dict[str, object]]] = {}
    for name, rows in json.loads((folder / "tests.json").read_text(encoding="utf-8")).items():
        predictions[name] = []
        for row in rows:
            parsed = await agent.parse_message(row["text"])
            ranking = [
                [r["name"], r["confidence"]] for r in parsed["intent_ranking"] if r["name"] != FALLBACK
            ]
            asked = parsed["intent"]["name"] == FALLBACK
            predictions[name].append({"ranking": ranking[:10], "asked": asked})
    (folder / "predictions.json").write_text(json.dumps(predictions), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
