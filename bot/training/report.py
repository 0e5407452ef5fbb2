"""What weakens training data: duplicates, near-duplicates, label conflicts, templates, and styles that are missing."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu.corrector import Corrector
from bot.nlu.text import Normaliser
from bot.training.messages import TrainingMessage

NEAR = 0.9  # cosine of letter n-grams from which two messages count as nearly the same
PARAPHRASE = 0.75  # the same, with rare letters counted more, from which one says what the other says
MIN_SKELETON = 5  # words; in shorter messages one word is most of the meaning
LONG_STORY = 40  # words
_BATCH = 2_000


@dataclass(frozen=True)
class Pair:
    """Two messages that should not both be there, and how alike they are (0–1)."""

    first: TrainingMessage
    second: TrainingMessage
    likeness: float


@dataclass(frozen=True)
class Coverage:
    """How an intent is written about."""

    intent: str
    messages: int
    voices: int
    keywords: float  # share with at most three words
    stories: float  # share with at least LONG_STORY words
    questions: float  # share with a question mark
    chat: float  # share with a word of data/spelling.yml: Flemish chat, learners' spelling
    mistakes: float  # share with a word that was read once and is one typing mistake away from a common one


@dataclass(frozen=True)
class Report:
    """All findings; ``templates`` are groups that differ in one word only."""

    duplicates: list[Pair]
    near: list[Pair]
    conflicts: list[Pair]
    templates: list[list[TrainingMessage]]
    coverage: list[Coverage]


def examine(messages: list[TrainingMessage], normaliser: Normaliser) -> Report:
    """Examine all messages; about a minute for 20,000."""
    duplicates, first = [], dict[str, TrainingMessage]()
    for message in messages:
        earlier = first.setdefault(plain(message.text), message)
        if earlier is not message:
            duplicates.append(Pair(earlier, message, 1.0))
    pairs = [pair for _, pair in _alike(list(first.values()))]
    return Report(
        duplicates=duplicates,
        near=[p for p in pairs if p.first.intent == p.second.intent],
        conflicts=[p for p in [*duplicates, *pairs] if p.first.intent != p.second.intent],
        templates=_templates(list(first.values())),
        coverage=_coverage(messages, normaliser),
    )


def too_near(texts: list[str], others: list[str]) -> list[tuple[str, str, float]]:
    """Return which of ``texts`` say nearly the same as one of ``others``, with that one and how alike they are (0–1).

    For messages that only measure: none of them, nor a paraphrase, may stand in the training data.
    """
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), dtype=np.float32, sublinear_tf=True)
    matrix = vectorizer.fit_transform([plain(text) for text in [*texts, *others]])
    found = []
    for start in range(0, len(texts), _BATCH):
        cosines = (matrix[start : min(start + _BATCH, len(texts))] @ matrix[len(texts) :].T).toarray()
        for row, column in enumerate(cosines.argmax(axis=1)):
            if cosines[row, column] >= PARAPHRASE and len(plain(others[column]).split()) >= 3:
                found.append((texts[start + row], others[column], float(cosines[row, column])))
    return sorted(found, key=lambda pair: -pair[2])


def plain(text: str) -> str:
    """Return ``text`` without case and punctuation; an emoji-only text is itself."""
    return re.sub(r"\W+", " ", text).strip().casefold() or text.strip()


def compare(proposed: list[TrainingMessage], messages: list[TrainingMessage]) -> list[list[Pair]]:
    """Return, for each proposed message, the pairs with it as second: messages that are (nearly) the same, likest first."""
    everything = [*messages, *proposed]
    first: dict[str, TrainingMessage] = {}
    found: list[list[Pair]] = []
    for message in messages:
        first.setdefault(plain(message.text), message)
    for message in proposed:
        earlier = first.setdefault(plain(message.text), message)
        found.append([] if earlier is message else [Pair(earlier, message, 1.0)])
    for number, pair in _alike(everything, len(messages)):
        if plain(pair.first.text) != plain(pair.second.text):
            found[number - len(messages)].append(pair)
    return found


def one_word_apart(one: str, other: str) -> bool:
    """Tell whether two texts have the same skeleton: as many words (`MIN_SKELETON` or more), of which one differs."""
    words, others = plain(one).split(), plain(other).split()
    if len(words) != len(others) or len(words) < MIN_SKELETON:
        return False
    return sum(a != b for a, b in zip(words, others, strict=True)) <= 1


def _alike(messages: list[TrainingMessage], since: int = 0) -> list[tuple[int, Pair]]:
    """Return each message from ``since`` on that is close to an earlier one: its number and the pair, likest first."""
    vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), dtype=np.float32, min_df=2)
    matrix = vectorizer.fit_transform(plain(m.text) for m in messages)
    pairs: list[tuple[int, Pair]] = []
    for start in range(since, matrix.shape[0], _BATCH):
        cosines = (matrix[start : start + _BATCH] @ matrix.T).tocoo()
        close = (cosines.data >= NEAR) & (cosines.col < cosines.row + start)
        for row, column, value in zip(
            cosines.row[close] + start, cosines.col[close], cosines.data[close], strict=True
        ):
            if len(messages[column].text.split()) >= 3:
                pairs.append((int(row), Pair(messages[column], messages[row], float(value))))
    return sorted(pairs, key=lambda pair: -pair[1].likeness)


def _templates(messages: list[TrainingMessage]) -> list[list[TrainingMessage]]:
    """Return groups of at least three messages of one intent that differ in a single word."""
    groups: dict[tuple[str, str], dict[str, TrainingMessage]] = defaultdict(dict)
    for message in messages:
        words = plain(message.text).split()
        if len(words) < MIN_SKELETON:
            continue
        for gap in range(len(words)):
            skeleton = " ".join([*words[:gap], "_", *words[gap + 1 :]])
            groups[message.intent, skeleton][message.text] = message
    return sorted((list(g.values()) for g in groups.values() if len(g) >= 3), key=len, reverse=True)


def _coverage(messages: list[TrainingMessage], normaliser: Normaliser) -> list[Coverage]:
    counts = Counter(word for m in messages for word in set(plain(m.text).split()))
    correct = Corrector({word: count for word, count in counts.items() if count > 1})

    def mistaken(text: str) -> bool:
        return any(correct(word) != word for word in plain(text).split() if counts[word] == 1)

    by_intent: dict[str, list[TrainingMessage]] = defaultdict(list)
    for message in messages:
        by_intent[message.intent].append(message)

    def share(group: list[TrainingMessage], counts: list[bool]) -> float:
        return sum(counts) / len(group)

    return [
        Coverage(
            intent=intent,
            messages=len(group),
            voices=len(Counter(m.voice for m in group)),
            keywords=share(group, [len(m.text.split()) <= 3 for m in group]),
            stories=share(group, [len(m.text.split()) >= LONG_STORY for m in group]),
            questions=share(group, ["?" in m.text for m in group]),
            chat=share(group, [not normaliser.words.keys().isdisjoint(plain(m.text).split()) for m in group]),
            mistakes=share(group, [mistaken(m.text) for m in group]),
        )
        for intent, group in sorted(by_intent.items())
    ]
