"""How well the assistant understands: `make benchmark-nlu`. Writes benchmarks/results/nlu.md and nlu.json.

Everything but the sample is measured on the project's own data, always on a voice (a group of writers) of which nothing
was read in training, so no skeleton stands on both sides.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from ruamel.yaml import YAML
from sklearn.model_selection import GroupKFold

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
from bot.training.outcome import Outcome, Ranked, decide, ranked_by
from bot.training.report import too_near

RESULTS = ROOT / "benchmarks" / "results"
FOLDS = 3


def train(messages: list[TrainingMessage], normaliser: Normaliser) -> IntentModel:
    """Train the intent model on ``messages``."""
    model = IntentModel(Features(normaliser))
    model.train([m.text for m in messages], [m.intent for m in messages], [m.voice for m in messages])
    return model


def predict(model: IntentModel, texts: list[str], gold: list[str], thresholds: Thresholds) -> Outcome:
    """Rank and judge ``texts`` as the component does."""
    return decide(rankings(model, texts), gold, thresholds)


def rankings(model: IntentModel, texts: list[str]) -> list[Ranked]:
    """Return for each text the best intents with their probabilities, and the share of known words."""
    return ranked_by(model.rank(texts), model.intents, map(model.features.known_share, texts))


def entities_right(
    train_on: list[TrainingMessage], test: list[tuple[str, str, frozenset[str]]], normaliser: Normaliser
) -> list[dict[str, bool]]:
    """Tell for each message of ``test`` (text, intent, labels) and kind whether its set of values is exactly right."""
    nlp, _ = load_spacy("nl_core_news_sm")
    model = EntityModel(Lexicon.from_file(data_dir() / "lexicon.yml", nlp), normaliser)
    carriers = [m for m in train_on if m.intent in CARRIERS]
    model.train(
        list(nlp.pipe(m.text for m in carriers)), [m.labels for m in carriers], [m.intent for m in carriers]
    )
    right = []
    for text, intent, labels in test:
        found = {f"{f.kind}:{f.value}" for f in model.find(nlp(text), intent)}
        right.append({kind: {v for v in found ^ labels if v.startswith(kind)} == set() for kind in KINDS})
    return right


@dataclass
class Fold:
    """What was measured on messages of writers of whom nothing was read in training."""

    messages: list[TrainingMessage]
    ranked: list[Ranked]
    noisy: list[Ranked]
    entities: list[dict[str, bool]]
    foreign: list[bool]


def measure_fold(rest: list[TrainingMessage], test: list[TrainingMessage]) -> Fold:
    """Train on ``rest``, measure on ``test``."""
    normaliser = Normaliser.from_file(data_dir() / "spelling.yml")
    model, one = train(rest, normaliser), detector()
    texts = [m.text for m in test]
    marked = [(m.text, m.intent, m.labels) for m in test if m.intent in CARRIERS]
    return Fold(
        messages=test,
        ranked=rankings(model, texts),
        noisy=rankings(model, with_typos(texts)),
        entities=entities_right(rest, marked, normaliser),
        foreign=[one.language_of(t, model.features.known_share(t)) is not None for t in texts],
    )


def held_out(
    messages: list[TrainingMessage], jobs: int
) -> tuple[Outcome, dict[str, Any], list[dict[str, float]]]:
    """Leave groups of voices out in turn; return the pooled outcome, figures per voice, and the curve of the bar "far"."""
    voices = np.array([m.voice for m in messages])
    folds = Parallel(n_jobs=jobs)(
        delayed(measure_fold)([messages[i] for i in rest], [messages[i] for i in test])
        for rest, test in GroupKFold(FOLDS).split(voices, groups=voices)
    )
    tested = [m for fold in folds for m in fold.messages]
    ranked = [r for fold in folds for r in fold.ranked]
    noisy = [r for fold in folds for r in fold.noisy]
    foreign = np.array([f for fold in folds for f in fold.foreign])
    gold = [m.intent for m in tested]
    whole, spoiled = decide(ranked, gold, Thresholds()), decide(noisy, gold, Thresholds())
    carriers = [m.voice for m in tested if m.intent in CARRIERS]
    right = [r for fold in folds for r in fold.entities]
    table: dict[str, Any] = {}
    for voice in sorted(set(voices)):
        chosen = np.array([m.voice == voice for m in tested])
        marked = [r for r, v in zip(right, carriers, strict=True) if v == voice]
        table[voice] = {
            **whole.of(chosen).figures(),
            "dutch_flagged_as_foreign": int(foreign[chosen].sum()),
            "accuracy_with_typos": float((spoiled.first == spoiled.gold)[chosen].mean()),
            **{kind: float(np.mean([r[kind] for r in marked])) for kind in KINDS if marked},
        }
    rows = []
    for far in (0.0, 0.08, 0.12, 0.16, 0.2, 0.3, 0.4, 0.5):
        figures = decide(ranked, gold, Thresholds(far=far)).figures()
        keys = ("asked_instead", "wrong_in_scope_answer", "out_of_scope_answered_in_scope")
        rows.append({"far": far, **{key: figures[key] for key in keys}})
    for sure, close in ((0.5, 0.15), (0.6, 0.2), (0.6, 0.25), (0.6, 0.3), (0.7, 0.4)):
        figures = decide(ranked, gold, Thresholds(sure=sure, close=close)).figures()
        keys = ("asked_instead", "wrong_in_scope_answer", "out_of_scope_answered_in_scope")
        rows.append({"sure": sure, "close": close, **{key: figures[key] for key in keys}})
    for danger in (0.15, 0.2, 0.25, 0.3, 0.4, 0.5):
        figures = decide(ranked, gold, Thresholds(danger=danger)).figures()
        rows.append({"danger": danger, **{k: figures[k] for k in ("safety_recall", "safety_false_alarms")}})
    return whole, table, rows


def detector() -> LanguageDetector:
    """Return the language component as configured by default."""
    return LanguageDetector(
        LanguageDetector.get_default_config(), LanguageGuesser.from_file(data_dir() / "languages.yml")
    )


def languages(model: IntentModel, path: Path) -> dict[str, float]:
    """Return the share of foreign messages (YAML: language → messages) that get the reply of their own language."""
    raw = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
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
    right = entities_right(messages, marked, normaliser)
    return {
        **outcome.figures(),
        "accuracy_with_typos": float((noisy.first == noisy.gold).mean()),
        **{kind: float(np.mean([r[kind] for r in right])) for kind in KINDS},
        "training_messages_too_near": len(too_near([m.text for m in messages], texts)),
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
    parser.add_argument("--jobs", type=int, default=2, help="folds measured at the same time")
    parser.add_argument("--xsid", type=Path, help="folder with nl.valid.conll and nl.test.conll of xSID 0.4")
    arguments = parser.parse_args()
    from benchmarks import report

    started = time.monotonic()
    normaliser = Normaliser.from_file(data_dir() / "spelling.yml")
    messages = read_messages(data_dir() / "nlu")
    if arguments.diet:
        # Takes far longer than all the rest, so it is a run of its own that adds to the results.
        results = json.loads((RESULTS / "nlu.json").read_text(encoding="utf-8"))
        from benchmarks import diet

        found = diet.compare(arguments.diet, arguments.sample)
        results["diet"] = {**results.get("diet", {}), str(arguments.diet): found}
        report.write(results, RESULTS)
        print(json.dumps(found, indent=1))
        return
    whole, voices, curve = held_out(messages, arguments.jobs)
    begun = time.monotonic()
    model = train(messages, normaliser)
    results = {
        "messages": len(messages),
        "training_seconds": round(time.monotonic() - begun, 1),
        "held_out_voices": whole.figures(),
        "per_voice": voices,
        "curve": [row for row in curve if "far" in row],
        "close": [row for row in curve if "close" in row],
        "danger": [row for row in curve if "danger" in row],
        "languages": {
            name: languages(model, ROOT / "benchmarks" / "data" / f"{name}.yml")
            for name in ("languages", "languages_fresh")
        },
        "per_intent": report.per_intent(whole),
        "reliability": report.reliability(whole),
    }
    if arguments.sample:
        results["sample"] = sample_figures(arguments.sample, messages, model, normaliser)
    if arguments.xsid:
        results["xsid"] = report.xsid(arguments.xsid, normaliser)
    earlier = RESULTS / "nlu.json"
    if earlier.exists() and (before := json.loads(earlier.read_text(encoding="utf-8")).get("diet")):
        results["diet"] = before
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
