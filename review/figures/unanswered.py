"""Questions that were not understood, in groups of those that are alike, so that a new subject shows itself.

The groups are made in the background, by the process that follows the review log (`Background`), of the newest `NEWEST`
messages; pages only read them. A message counts when the assistant answered that it did not understand, when it doubted, or
when it guessed with little confidence: a new subject is more often guessed wrongly than not understood at all. Buttons and
other languages do not count.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db import close_old_connections, connection, transaction

from conversations.attention import UNSURE_BELOW
from conversations.models import Facet, Message
from figures.grouping import groups, words
from figures.models import Unanswered

NEWEST = 1_000  # messages
CONVERSATIONS = 2_000  # newest ones with a reason that are looked through for them
EXAMPLES = 8
NEAREST = 3  # intents named with a group
_REASONS = (Facet.Reason.FALLBACK, Facet.Reason.FAILED, Facet.Reason.UNSURE)
_LOST = frozenset({"niet_begrepen", "niet_begrepen_vraag", "niet_begrepen_contact"})
_CHUNK = 500


@dataclass(frozen=True)
class Group:
    """Messages that are alike. ``words`` tell it from the others, ``nearest`` are names of intents and how often (percent)
    they were the assistant's first guess, ``messages`` the newest ones; ``open`` are those that nobody has handled."""

    number: int
    size: int
    open: int
    newest: int
    words: tuple[str, ...]
    nearest: tuple[tuple[str, int], ...]
    messages: tuple[Message, ...]


def not_understood(messages: Iterable[Message]) -> list[Message]:
    """Return the messages of one conversation, oldest first, that were not understood or doubted."""
    found: list[Message] = []
    said: Message | None = None
    for message in messages:
        if message.kind == Message.Kind.CITIZEN:
            said = message if message.own_words and message.language in {"", "nl"} else None
            if said is not None and _unsure(said):
                found.append(said)
                said = None
        elif message.kind == Message.Kind.ASSISTANT and said is not None and message.answer in _LOST:
            found.append(said)
            said = None
    return found


def _unsure(message: Message) -> bool:
    doubted = message.doubt not in {"", "none"}
    return doubted or (message.confidence is not None and message.confidence < UNSURE_BELOW)


def refresh() -> int:
    """Make the groups anew; return how many messages are in them. What was handled stays handled."""
    messages = _newest()
    placed: dict[int, int] = {}
    for members in groups([message.text for message in messages]):
        first = min(messages[place].pk for place in members)
        placed.update({messages[place].pk: first for place in members})
    with transaction.atomic():
        Unanswered.objects.exclude(message_id__in=Message.objects.values("pk")).delete()
        there = set(Unanswered.objects.values_list("message_id", flat=True))
        gone = sorted(there - placed.keys())
        for start in range(0, len(gone), _CHUNK):
            Unanswered.objects.filter(message_id__in=gone[start : start + _CHUNK]).delete()
        Unanswered.objects.bulk_create(
            (
                Unanswered(
                    conversation_id=message.conversation_id,
                    message=message,
                    timestamp=message.timestamp,
                    group=placed[message.pk],
                )
                for message in messages
            ),
            batch_size=_CHUNK,
            update_conflicts=True,
            unique_fields=["message"],
            update_fields=["group"],
        )
    return len(messages)


def _newest() -> list[Message]:
    """The newest messages that were not understood, oldest first."""
    reasons = Facet.objects.filter(kind=Facet.Kind.REASON, value__in=_REASONS).order_by("-last_at")
    names = list(dict.fromkeys(reasons.values_list("conversation_id", flat=True)[:CONVERSATIONS]))
    found: list[Message] = []
    for start in range(0, len(names), _CHUNK):
        chosen = Message.objects.filter(conversation_id__in=names[start : start + _CHUNK])
        ordered = chosen.defer("entities", "redacted", "channels", "rule").order_by(
            "conversation_id", "timestamp", "feed_id"
        )
        for _, said in groupby(
            ordered.iterator(chunk_size=2_000), key=lambda message: message.conversation_id
        ):
            found += not_understood(said)
        if len(found) >= NEWEST:
            break
    return sorted(found, key=lambda message: (message.timestamp, message.pk))[-NEWEST:]


def listed(handled: bool = False, least: int = 2) -> list[Group]:
    """Return the groups of at least ``least`` messages, those with most open messages first.

    Args:
        handled: those that are done with instead of those with open messages.
        least: 1 for messages that are like no other too.
    """
    rows: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    # With a value of the message, so that the tables are joined: a message that was erased since is not counted.
    there = Unanswered.objects.order_by("message_id").values_list(
        "group", "message_id", "handled", "message__feed_id"
    )
    for group, message, done, _ in there:
        rows[group].append((message, done))
    chosen = {
        number: members
        for number, members in rows.items()
        if len(members) >= least and all(done for _, done in members) is handled
    }
    return [
        Group(number, len(members), sum(not done for _, done in members), members[-1][0], (), (), ())
        for number, members in sorted(
            chosen.items(), key=lambda pair: (-sum(not done for _, done in pair[1]), -len(pair[1]), pair[0])
        )
    ]


def filled(shown: Iterable[Group]) -> list[Group]:
    """Return groups with their words, nearest intents and newest messages."""
    wanted = list(shown)
    numbers = [group.number for group in wanted]
    members: dict[int, list[Message]] = defaultdict(list)
    rows = (
        Unanswered.objects.filter(group__in=numbers)
        .select_related("message__conversation")
        .order_by("-timestamp", "-message_id")
    )
    for row in rows:
        members[row.group].append(row.message)
    spread = Counter(word for text in _texts() for word in set(words(text)))
    return [_fill(group, members[group.number], spread) for group in wanted]


def handle(number: int, newest: int, handled: bool) -> int:
    """Mark the messages of a group, up to the newest one that was seen, as handled or not; return how many."""
    rows = Unanswered.objects.filter(group=number, message_id__lte=newest).exclude(handled=handled)
    return rows.update(handled=handled)


def _texts() -> list[str]:
    return list(Unanswered.objects.order_by().values_list("message__text", flat=True))


def _fill(group: Group, members: list[Message], spread: Counter[str]) -> Group:
    inside = Counter(word for message in members for word in set(words(message.text)) if len(word) > 2)
    # Often in here, seldom elsewhere.
    weight = {word: times * times / spread[word] for word, times in inside.items() if spread[word]}
    telling = sorted(weight, key=lambda word: (-weight[word], word))[:4]
    guesses = Counter(message.ranking[0]["name"] for message in members if message.ranking)
    nearest = sorted(guesses.items(), key=lambda pair: (-pair[1], pair[0]))[:NEAREST]
    shares = tuple((name, round(100 * times / len(members))) for name, times in nearest)
    return Group(
        group.number, group.size, group.open, group.newest, tuple(telling), shares, tuple(members[:EXAMPLES])
    )


class Background:
    """Makes the groups beside other work: at most one run at a time, in a thread with a connection of its own."""

    def __init__(self) -> None:
        """Nothing runs yet."""
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin a run, unless one is going on."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="groups", daemon=True)
            self._thread.start()

    def wait(self) -> None:
        """Wait for the run that is going on."""
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        close_old_connections()
        try:
            refresh()
        finally:
            connection.close()
