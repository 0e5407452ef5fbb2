"""What a proposal does to the grounds and domains that are found: cross-validation by voice, as in `bot.training.effect`."""

from __future__ import annotations

from collections import Counter

import numpy as np
from sklearn.model_selection import GroupKFold

from bot.nlu.entity_model import EntityModel
from bot.nlu.intent_model import FOLDS
from bot.nlu.lexicon import KINDS, Lexicon
from bot.nlu.spacy_model import load as load_spacy
from bot.nlu.text import Normaliser
from bot.paths import data_dir
from bot.training.effect import Step
from bot.training.messages import TrainingMessage
from bot.training.proposals import carriers

STEPS = 2 * FOLDS


def entity_effect(
    messages: list[TrainingMessage], proposed: list[TrainingMessage], normaliser: Normaliser, step: Step
) -> dict[str, tuple[float, float]]:
    """Return, per kind, the share of held-out messages whose set of values is exactly right, before and after.

    Empty when no proposed message is of an intent that carries marks: the entity model learns from no others. ``step`` is
    called `STEPS` times, or not at all.
    """
    carrying = carriers(messages)
    marked = [m for m in messages if m.intent in carrying]
    added = [m for m in proposed if m.intent in carrying]
    if not added:
        return {}
    nlp, _ = load_spacy("nl_core_news_sm")
    lexicon = Lexicon.from_file(data_dir() / "lexicon.yml", nlp)
    docs = np.array([*nlp.pipe(m.text for m in [*marked, *added]), None], dtype=object)[:-1]
    everything = [*marked, *added]
    new = np.arange(len(marked), len(everything))
    right = {"entities without": Counter[str](), "entities with": Counter[str]()}
    for train, test in GroupKFold(FOLDS).split(marked, groups=[m.voice for m in marked]):
        for name, rows in (("entities without", train), ("entities with", np.concatenate([train, new]))):
            model = EntityModel(lexicon, normaliser)
            chosen = [everything[row] for row in rows]
            model.train([docs[row] for row in rows], [m.labels for m in chosen], [m.intent for m in chosen])
            for row in test:
                found = model.find(docs[row], everything[row].intent)
                for kind in KINDS:
                    values = {f"{f.kind}:{f.value}" for f in found if f.kind == kind}
                    gold = {label for label in everything[row].labels if label.startswith(f"{kind}:")}
                    right[name][kind] += values == gold
            step(name)
    without, with_ = right.values()
    return {kind: (without[kind] / len(marked), with_[kind] / len(marked)) for kind in KINDS}
