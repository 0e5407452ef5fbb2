"""How well the assistant understands: `make benchmark-nlu`. Writes benchmarks/results/nlu.md and nlu.json.

Everything but the sample is measured on the project's own data, always on a voice (a group of writers) of which nothing
was read in training, so no skeleton stands on both sides.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML

from benchmarks.noise import with_typos
from bot.nlu.doubt import Thresholds
from bot.nlu.entity_extractor import CARRIERS
from bot.nlu.entity_model import EntityModel
from bot.nlu.features import Features
from bot.nlu.intent_model import IntentModel
from bot.nlu.language import LanguageGuesser
from bot.nlu.language_component import LanguageDetector
from bot.nlu.lexicon import KINDS, Lexicon
from bot.nlu.spacy_model import load as load_spacy
from bot.nlu.text import Normaliser
from bot.paths import ROOT, data_dir
from bot.training.messages import TrainingMessage, read_messages
from bot.training.outcome import Outcome, judged

RESULTS = ROOT / "benchmarks" / "results"


def train(messages: list[TrainingMessage], normaliser: Normaliser) -> IntentModel:
    """Train the intent model on ``messages``."""
    model = IntentModel(Features(normaliser))
    model.train([m.text for m in messages], [m.intent for m in messages], [m.voice for m in messages])
    return model


def predict(model: IntentModel, texts: list[str], gold: list[str], thresholds: Thresholds) -> Outcome:
    """Rank and judge ``texts`` as the component does."""
    known = [model.features.known_share(text) for text in texts]
    return judged(model.rank(texts), model.intents, known, gold, thresholds)


def entity_figures(
    train_on: list[TrainingMessage], test: list[tuple[str, str, frozenset[str]]], normaliser: Normaliser
) -> dict[str, float]:
    """Return the share of messages whose set of values is exactly right, per kind."""
    nlp, _ = load_spacy("nl_core_news_sm")
    model = EntityModel(Lexicon.from_file(data_dir() / "lexicon.yml", nlp), normaliser)
    carriers = [m for m in train_on if m.intent in CARRIERS]
    model.train(
        list(nlp.pipe(m.text for m in carriers)), [m.labels for m in carriers], [m.intent for m in carriers]
    )
    right = Counter[str]()
    for text, intent, labels in test:
        found = model.find(nlp(text), intent)
        for kind in KINDS:
            gold = {label.split(":")[1] for label in labels if label.startswith(kind)}
            right[kind] += {f.value for f in found if f.kind == kind} == gold
    return {kind: right[kind] / len(test) for kind in KINDS}


def held_out(messages: list[TrainingMessage], normaliser: Normaliser) -> tuple[Outcome, dict[str, Any]]:
    """Leave each voice out in turn; return the pooled outcome, and figures per voice with typos and entities."""
    pooled: list[Outcome] = []
    table: dict[str, Any] = {}
    one = detector()
    for voice in sorted({m.voice for m in messages}):
        rest = [m for m in messages if m.voice != voice]
        test = [m for m in messages if m.voice == voice]
        model = train(rest, normaliser)
        texts, gold = [m.text for m in test], [m.intent for m in test]
        outcome = predict(model, texts, gold, Thresholds())
        noisy = predict(model, with_typos(texts), gold, Thresholds())
        marked = [(m.text, m.intent, m.labels) for m in test if m.intent in CARRIERS]
        entities = entity_figures(rest, marked, normaliser) if marked else {}
        flagged = [one.language_of(t, model.features.known_share(t)) is not None for t in texts]
        table[voice] = {
            **outcome.figures(),
            "dutch_flagged_as_foreign": sum(flagged),
            "accuracy_with_typos": float((noisy.first == noisy.gold).mean()),
            **entities,
        }
        pooled.append(outcome)
    whole = Outcome(*(np.concatenate([getattr(o, f) for o in pooled]) for f in Outcome.__dataclass_fields__))
    return whole, table


def curve(model: IntentModel, texts: list[str], gold: list[str]) -> list[dict[str, float]]:
    """Return what each bar for "far" would cost and bring on held-out messages."""
    rows = []
    for far in (0.0, 0.05, 0.08, 0.12, 0.16, 0.2, 0.3, 0.4):
        figures = predict(model, texts, gold, Thresholds(far=far)).figures()
        keys = ("asked_instead", "wrong_in_scope_answer", "out_of_scope_answered_in_scope")
        rows.append({"far": far, **{key: figures[key] for key in keys}})
    return rows


def detector() -> LanguageDetector:
    """Return the language component as configured by default."""
    return LanguageDetector(LanguageDetector.get_default_config(), LanguageGuesser())


def languages(model: IntentModel) -> dict[str, float]:
    """Return the share of foreign messages that are caught and answered in their own language."""
    raw = YAML(typ="safe").load((ROOT / "benchmarks/data/languages.yml").read_text(encoding="utf-8"))
    one = detector()
    caught = [
        one.language_of(text, model.features.known_share(text)) == code
        for code, texts in raw.items()
        for text in texts
    ]
    return {"foreign_messages": len(caught), "foreign_caught": float(np.mean(caught))}


def sample_figures(
    path: Path, messages: list[TrainingMessage], model: IntentModel, normaliser: Normaliser
) -> dict[str, Any]:
    """Measure on a sample that was never trained on (YAML: text, intent, grond?, domein?)."""
    rows = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    texts, gold = [r["text"] for r in rows], [r["intent"] for r in rows]
    outcome = predict(model, texts, gold, Thresholds())
    noisy = predict(model, with_typos(texts), gold, Thresholds())
    marked = [
        (r["text"], r["intent"], frozenset(f"{kind}:{r[kind]}" for kind in KINDS if kind in r))
        for r in rows
        if r["intent"] in CARRIERS
    ]
    return {
        **outcome.figures(),
        "accuracy_with_typos": float((noisy.first == noisy.gold).mean()),
        **entity_figures(messages, marked, normaliser),
        "missed": [f"{g} → {f}" for g, f in zip(outcome.gold, outcome.first, strict=True) if g != f],
    }


def main() -> None:
    """Measure, print and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=Path, help="messages never trained on (YAML)")
    parser.add_argument(
        "--diet",
        type=int,
        metavar="N",
        help="only compare with Rasa's DIET pipeline, on N messages per intent",
    )
    parser.add_argument("--xsid", type=Path, help="folder with nl.valid.conll and nl.test.conll of xSID 0.4")
    arguments = parser.parse_args()
    from benchmarks import report

    started = time.monotonic()
    normaliser = Normaliser.from_file(data_dir() / "spelling.yml")
    messages = read_messages(data_dir() / "nlu")
    if arguments.diet:
        # Takes far longer than all the rest, so it is a run of its own that adds to the results.
        results = json.loads((RESULTS / "nlu.json").read_text(encoding="utf-8"))
        results["diet"] = report.diet(messages, arguments.diet, arguments.sample, normaliser)
        report.write(results, RESULTS)
        print(json.dumps(results["diet"], indent=1))
        return
    whole, voices = held_out(messages, normaliser)
    begun = time.monotonic()
    model = train(messages, normaliser)
    seconds = time.monotonic() - begun
    texts, intents = [m.text for m in messages], [m.intent for m in messages]
    thirds = np.arange(len(messages)) % 3 == 0
    half = train([m for m, out in zip(messages, thirds, strict=True) if not out], normaliser)
    results = {
        "messages": len(messages),
        "training_seconds": round(seconds, 1),
        "held_out_voices": whole.figures(),
        "per_voice": voices,
        "curve": curve(
            half,
            [t for t, out in zip(texts, thirds, strict=True) if out],
            [i for i, out in zip(intents, thirds, strict=True) if out],
        ),
        "languages": languages(model),
        "per_intent": report.per_intent(whole),
        "reliability": report.reliability(whole),
    }
    if arguments.sample:
        results["sample"] = sample_figures(arguments.sample, messages, model, normaliser)
    if arguments.xsid:
        results["xsid"] = report.xsid(arguments.xsid, normaliser)
    results["benchmark_seconds"] = round(time.monotonic() - started)
    report.write(results, RESULTS)
    print(
        json.dumps(
            {k: v for k, v in results.items() if k not in {"per_intent", "curve"}},
            indent=1,
            ensure_ascii=False,
        )
    )


if __name__ == "__main__":
    main()
