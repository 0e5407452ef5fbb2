"""Rasa's recommended DIET pipeline beside ours: the same messages to learn from, the same messages to be tested on.

Training DIET takes long (20 minutes for 1,500 messages on two idle cores), so every step leaves its result in
``var/diet/<N>``: a run that was broken off goes on where it was, and ``make benchmark-nlu DIET=N`` finishes the
comparison from the predictions that are there. Remove the folder to train again. With more messages than an intent has, all
are learned from; fewer epochs than Rasa recommends (``--epochs``) make that possible in an hour.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML

from benchmarks.nlu import rankings, train
from benchmarks.noise import with_typos
from bot.nlu.doubt import Thresholds
from bot.nlu.intent_model import SEED
from bot.nlu.text import Normaliser
from bot.paths import ROOT, data_dir
from bot.training.messages import TrainingMessage, read_messages
from bot.training.outcome import Outcome, decide

HELD_OUT = "tussentaal"  # the voice that neither pipeline learns from
TESTED_PER_INTENT = 10
RECOMMENDED = ROOT / "benchmarks" / "diet.yml"

Row = dict[str, str]


def folder_of(per_intent: int) -> Path:
    """Return where the steps of a comparison on ``per_intent`` messages of each intent are kept."""
    return ROOT / "var" / "diet" / str(per_intent)


def prepare(folder: Path, messages: list[TrainingMessage], per_intent: int, sample: Path | None) -> None:
    """Draw what to learn from and what to test on, with a fixed seed, and write both to ``folder``."""
    chance = np.random.default_rng(SEED)
    learn: dict[str, list[TrainingMessage]] = defaultdict(list)
    test: dict[str, list[TrainingMessage]] = defaultdict(list)
    for number in chance.permutation(len(messages)):
        message = messages[number]
        (test if message.voice == HELD_OUT else learn)[message.intent].append(message)
    chosen = [m for intent in sorted(learn) for m in learn[intent][:per_intent]]
    sets = {
        "held_out": [
            {"text": m.text, "intent": m.intent}
            for intent in sorted(test)
            for m in test[intent][:TESTED_PER_INTENT]
        ]
    }
    if sample:
        sets["sample"] = [
            {"text": str(r["text"]), "intent": str(r["intent"])}
            for r in YAML(typ="safe").load(sample.read_text(encoding="utf-8"))
        ]
    for name in list(sets):
        noisy = with_typos([row["text"] for row in sets[name]])
        sets[f"{name}_typos"] = [{**row, "text": text} for row, text in zip(sets[name], noisy, strict=True)]
    folder.mkdir(parents=True, exist_ok=True)
    learned = [{**asdict(m), "labels": sorted(m.labels)} for m in chosen]
    (folder / "learn.json").write_text(json.dumps(learned, ensure_ascii=False), encoding="utf-8")
    (folder / "tests.json").write_text(json.dumps(sets, ensure_ascii=False), encoding="utf-8")


def read(folder: Path) -> tuple[list[TrainingMessage], dict[str, list[Row]]]:
    """Return what `prepare` wrote: the messages to learn from, and the test sets by name."""
    rows = json.loads((folder / "learn.json").read_text(encoding="utf-8"))
    learn = [TrainingMessage(**{**row, "labels": frozenset(row["labels"])}) for row in rows]
    return learn, json.loads((folder / "tests.json").read_text(encoding="utf-8"))


def run(folder: Path, epochs: int | None) -> None:
    """Train DIET on ``learn.json`` (for ``epochs``, if given) and predict ``tests.json``, each only when not done yet."""
    learn, _ = read(folder)
    if not (folder / "took.json").exists():
        groups: dict[str, list[str]] = defaultdict(list)
        for message in learn:
            groups[message.intent].append(message.text)
        nlu = [{"intent": i, "examples": "\n".join(f"- {t}" for t in group)} for i, group in groups.items()]
        with (folder / "nlu.yml").open("w", encoding="utf-8") as file:
            YAML(typ="safe").dump({"version": "3.1", "nlu": nlu}, file)
        config = YAML(typ="safe").load(RECOMMENDED.read_text(encoding="utf-8"))
        diet = next(part for part in config["pipeline"] if part["name"] == "DIETClassifier")
        diet["epochs"] = epochs or diet["epochs"]
        with (folder / "config.yml").open("w", encoding="utf-8") as file:
            YAML(typ="safe").dump(config, file)
        command = [sys.executable, "-m", "rasa", "train", "nlu", "--config", folder / "config.yml"]
        begun = time.monotonic()
        subprocess.run(
            [*command, "--nlu", folder / "nlu.yml", "--out", folder, "--fixed-model-name", "diet"],
            cwd=ROOT,
            check=True,
        )
        took = {"seconds": time.monotonic() - begun, "epochs": diet["epochs"]}
        (folder / "took.json").write_text(json.dumps(took), encoding="utf-8")
    if not (folder / "predictions.json").exists():
        subprocess.run([sys.executable, "-m", "benchmarks.diet_predict", folder], cwd=ROOT, check=True)


def complete(per_intent: int, sample: Path | None, epochs: int | None = None) -> Path:
    """Do what is left of a comparison on ``per_intent`` messages of each intent; return its folder."""
    folder = folder_of(per_intent)
    if not (folder / "tests.json").exists():
        prepare(folder, read_messages(data_dir() / "nlu"), per_intent, sample)
    run(folder, epochs)
    return folder


def compare(per_intent: int, sample: Path | None) -> dict[str, Any]:
    """Return, for each test set, the figures of ours, of DIET with Rasa's own fallback rule, and of ours when it asks as often
    as DIET does: who asks more gives fewer wrong answers.
    """
    folder = complete(per_intent, sample)
    learn, tests = read(folder)
    begun = time.monotonic()
    model = train(learn, Normaliser.from_file(data_dir() / "spelling.yml"))
    ours_seconds = time.monotonic() - begun
    predictions = json.loads((folder / "predictions.json").read_text(encoding="utf-8"))
    took = json.loads((folder / "took.json").read_text(encoding="utf-8"))
    sets: dict[str, Any] = {}
    for name, rows in tests.items():
        gold, ranked = [row["intent"] for row in rows], rankings(model, [row["text"] for row in rows])
        diet = _outcome(predictions[name], gold).figures()
        best = [ranking[0]["confidence"] for ranking, _ in ranked]
        as_often = Thresholds(far=float(np.quantile(best, diet["asked_instead"])), close=0.0)
        sets[name] = {
            "ours": decide(ranked, gold, Thresholds()).figures(),
            "ours, asking as often": decide(ranked, gold, as_often).figures(),
            "diet": diet,
        }
    return {
        "about": f"Both learned from the same {len(learn)} messages (at most {per_intent} for each intent, nothing of the voice "
        f"'{HELD_OUT}'), DIET in {took['epochs']} epochs and {took['seconds']:.0f} s, ours in {ours_seconds:.0f} s.",
        "tests": sets,
    }


def _outcome(predictions: list[dict[str, Any]], gold: list[str]) -> Outcome:
    names = [[name for name, _ in p["ranking"][:3]] for p in predictions]
    return Outcome(
        gold=np.array(gold),
        first=np.array([n[0] for n in names]),
        within_three=np.array([intent in n for intent, n in zip(gold, names, strict=True)]),
        confidence=np.array([p["ranking"][0][1] for p in predictions]),
        doubt=np.array(["far" if p["asked"] else "none" for p in predictions]),
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description="Train DIET and keep its predictions; benchmarks.nlu compares."
    )
    parser.add_argument("per_intent", type=int)
    parser.add_argument("--sample", type=Path)
    parser.add_argument("--epochs", type=int, help="instead of the recommended 100")
    arguments = parser.parse_args()
    complete(arguments.per_intent, arguments.sample, arguments.epochs)
