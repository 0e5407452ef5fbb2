"""What a proposal does to the understanding of intents: cross-validation with and without it.

Folds are by voice, so that nothing of a test message's writer is read. Words and letters are counted once, over all messages;
the classifiers are trained per fold. With the proposal, only those classifiers are trained anew that it can move: a linear SVM
stays as it is when a message is added that it already rejects by its full margin. docs/review.md has the comparison with
training everything anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.model_selection import GroupKFold
from sklearn.svm import LinearSVC

from bot.nlu.calibration import Floats, fit_sharpness, softmax
from bot.nlu.doubt import Thresholds
from bot.nlu.features import Features
from bot.nlu.intent_model import FOLDS, SEED
from bot.training.messages import TrainingMessage
from bot.training.outcome import Outcome, judged
from bot.training.report import compare, one_word_apart

REGULARISATION = 0.5  # as in config.yml
MOVED = (
    -0.9
)  # score from which an added message moves a classifier that must reject it; the full margin is at -1
LEFT_OUT = 3  # groups in which the proposal's own messages are left out in turn
_REST = -1

Numbers = NDArray[np.int64]
Step = Callable[[str], None]


@dataclass
class Linear:
    """One-vs-rest classifiers: ``weights`` (features, intents) and ``bias`` (intents)."""

    weights: Floats
    bias: Floats

    def scores(self, matrix: csr_matrix) -> Floats:
        """Return signed distances to the boundaries, shape (messages, intents)."""
        return np.asarray(matrix @ self.weights + self.bias, dtype=np.float32)


@dataclass
class Effect:
    """Outcomes on the held-out messages before and after, and on the proposal's own messages.

    ``own_after`` was trained with all of the proposal, ``own_left_out`` without the message in question and those like it;
    None when the proposal has one such group only.
    """

    before: Outcome
    after: Outcome
    own_before: Outcome
    own_after: Outcome
    own_left_out: Outcome | None
    trained_anew: int  # classifiers, of all the folds together
    kept_out: int  # times that a proposed message was kept out of a fold that tests one with its skeleton


class Study:
    """Trains with and without a proposal on the same features."""

    def __init__(
        self,
        features: Features,
        messages: list[TrainingMessage],
        proposed: list[TrainingMessage],
        step: Step = lambda _: None,
    ) -> None:
        """Count words and letters; ``step`` is told what is being done, `steps` times in all."""
        self._step, self._features = step, features
        self._messages, self._proposed = messages, proposed
        self._intents = sorted({m.intent for m in messages})
        index = {intent: number for number, intent in enumerate(self._intents)}
        self._gold: Numbers = np.array([index[m.intent] for m in [*messages, *proposed]])
        step("features")
        self._matrix = features.fit([m.text for m in [*messages, *proposed]])
        self._known = np.array([features.known_share(m.text) for m in [*messages, *proposed]])
        self._old = np.arange(len(messages))
        self._new = np.arange(len(messages), len(messages) + len(proposed))

    @property
    def steps(self) -> int:
        """How often ``step`` is called."""
        return 1 + 2 * (FOLDS + 1) + (len(self._groups()) if len(self._groups()) > 1 else 0) + 1

    def measure(self) -> Effect:
        """Train and predict; the same input gives the same figures."""
        voices = np.array([m.voice for m in self._messages])
        folds = list(GroupKFold(FOLDS).split(self._old, groups=voices))
        same = self._same_skeleton()
        kept = [np.array([n for n in self._new if not same[n] & set(test)], dtype=int) for _, test in folds]
        views = [*((train, kept[number]) for number, (train, _) in enumerate(folds)), (self._old, self._new)]
        # One after the other: liblinear's random numbers are one sequence for all threads, and a core stays free for citizens.
        trained = [self._both(rows, extra) for rows, extra in views]
        *scored, (base, final, renewed) = trained
        order = np.concatenate([test for _, test in folds])
        before = np.vstack(
            [one.scores(self._matrix[test]) for (one, _, _), (_, test) in zip(scored, folds, strict=True)]
        )
        after = np.vstack(
            [two.scores(self._matrix[test]) for (_, two, _), (_, test) in zip(scored, folds, strict=True)]
        )
        own = self._matrix[self._new]
        left_out = self._left_out(base)
        self._step("figures")
        sharpness = fit_sharpness(before, self._gold[order])

        def outcome(scores: Floats, rows: Numbers) -> Outcome:
            return self._outcome(softmax(scores, sharpness), rows)

        return Effect(
            before=outcome(before, order),
            after=outcome(after, order),
            own_before=outcome(base.scores(own), self._new),
            own_after=outcome(final.scores(own), self._new),
            own_left_out=None if left_out is None else outcome(left_out, self._new),
            trained_anew=renewed + sum(count for _, _, count in scored),
            kept_out=sum(len(self._new) - len(extra) for extra in kept),
        )

    def _both(self, rows: Numbers, extra: Numbers) -> tuple[Linear, Linear, int]:
        model = LinearSVC(C=REGULARISATION, class_weight="balanced", random_state=SEED)
        model.fit(self._matrix[rows], self._gold[rows])
        base = Linear(model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32))
        self._step("without")
        grown, renewed = self._with(base, rows, extra)
        self._step("with")
        return base, grown, renewed

    def _with(self, base: Linear, rows: Numbers, extra: Numbers) -> tuple[Linear, int]:
        """Return ``base`` with the classifiers trained anew that ``extra`` moves, and how many those are."""
        if not len(extra):
            return base, 0
        moved = set(self._gold[extra].tolist())
        moved |= set(np.flatnonzero(base.scores(self._matrix[extra]).max(axis=0) > MOVED).tolist())
        chosen = sorted(moved if len(moved) > 1 else {*moved, (min(moved) + 1) % len(self._intents)})
        together = np.concatenate([rows, extra])
        gold = self._gold[together]
        labels = np.where(np.isin(gold, chosen), gold, _REST)
        # "balanced" as scikit-learn has it, over all intents and not over those that are left apart here
        weights = {c: len(gold) / (len(self._intents) * int((gold == c).sum())) for c in chosen}
        if _REST in labels:
            weights[_REST] = 1.0
        model = LinearSVC(C=REGULARISATION, class_weight=weights, random_state=SEED)
        model.fit(self._matrix[together], labels)
        places = [list(model.classes_).index(c) for c in chosen]
        grown = Linear(base.weights.copy(), base.bias.copy())
        grown.weights[:, chosen] = model.coef_[places].T
        grown.bias[chosen] = model.intercept_[places]
        return grown, len(chosen)

    def _left_out(self, base: Linear) -> Floats | None:
        groups = self._groups()
        if len(groups) < 2:
            return None
        scores = np.zeros((len(self._new), len(self._intents)), dtype=np.float32)
        for group in groups:
            others = np.array([n for n in self._new if n - len(self._old) not in group])
            model, _ = self._with(base, self._old, others)
            for number in group:
                scores[number] = model.scores(self._matrix[self._new[number]])
            self._step("left out")
        return scores

    def _groups(self) -> list[set[int]]:
        """Return the proposed messages in at most `LEFT_OUT` groups; messages that are nearly the same stay together."""
        heads: list[list[int]] = []
        for number, message in enumerate(self._proposed):
            for group in heads:
                if any(one_word_apart(message.text, self._proposed[other].text) for other in group):
                    group.append(number)
                    break
            else:
                heads.append([number])
        groups: list[set[int]] = [set() for _ in range(min(LEFT_OUT, len(heads)))]
        for place, head in enumerate(heads):
            groups[place % len(groups)].update(head)
        return groups

    def _same_skeleton(self) -> dict[int, set[int]]:
        """Return, for each proposed row, the rows of messages that are nearly the same."""
        rows = {message: row for row, message in enumerate(self._messages)}
        near = compare(self._proposed, self._messages)
        return {
            int(row): {rows[pair.first] for pair in pairs if pair.first in rows}
            | {n for n, m in enumerate(self._messages) if one_word_apart(m.text, message.text)}
            for row, message, pairs in zip(self._new, self._proposed, near, strict=True)
        }

    def _outcome(self, probabilities: Floats, rows: Numbers) -> Outcome:
        gold = [self._intents[number] for number in self._gold[rows]]
        return judged(probabilities, self._intents, self._known[rows], gold, Thresholds())
