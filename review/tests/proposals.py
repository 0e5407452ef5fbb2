"""Corrections and proposals for tests, and what the worker writes about them."""

from __future__ import annotations

from bot.paths import data_dir
from bot.training import spool as files
from bot.training.proposals import data_version
from django.contrib.auth.models import User

from conversations.models import Conversation, Message
from corrections import proposing
from corrections.models import Correction, Proposal
from tests.feed import conversation

TEXT = "hoeveel moet ik neertellen voor zo'n babbel"


def correction_of(number: int = 1, text: str = TEXT, intent: str = "kosten", **values: object) -> Correction:
    """Make a correction of a message of its own conversation."""
    talk = Conversation.objects.create(pseudonym=conversation(number), first_at=1, last_at=2)
    message = Message.objects.create(
        conversation=talk, feed_id=number, timestamp=1, kind="user", text=text, intent="unia"
    )
    return Correction.objects.create(
        conversation=talk, message=message, text=text, verdict="fout", intent=intent, **values
    )


def two_lines(editor: User, title: str) -> Proposal:
    """Make a proposal of two corrections, one with marked words."""
    marked = [{"entity": "domein", "value": "onderwijs", "start": 3, "end": 6}]
    made = [
        correction_of(1),
        correction_of(2, "de juf noemt mij den bruine", "ervaring_discriminatie", entities=marked),
    ]
    numbers = [one.pk for one in made]
    proposing.decide(numbers, editor, approved=True)
    return proposing.create(title, numbers, editor)


def result(proposal: Proposal, worse: str = "") -> dict:
    """What the worker writes, for the lines that there are."""
    row = {"before": 0.8, "after": 0.81, "tolerance": 0.001}
    numbers = list(proposal.lines.values_list("pk", flat=True))
    understood = {"intent": "kosten", "confidence": 0.7, "doubt": "none"}
    return {
        "data": data_version(data_dir() / "nlu"),
        "numbers": numbers,
        "messages": 17535,
        "seconds": 70,
        "verdict": {"": "good", "safety_recall": "safety"}.get(worse, "overall"),
        "overall": [{"figure": f, **row, "worse": f == worse} for f in ("accuracy", "safety_recall")],
        "intents": [
            {"intent": "kosten", "messages": 200, "recall": 0.9, "recall_after": 0.85, "precision": 0.9, "precision_after": 0.91},
            {"intent": "unia", "messages": 200, "recall": 0.9, "recall_after": 0.9, "precision": 0.9, "precision_after": 0.9},
        ],
        "own": [
            {"number": n, "before": {**understood, "doubt": "far"}, "left_out": None, "after": understood}
            for n in numbers
        ],
    }  # fmt: skip


def finish(spool, job: str, name: str, data: dict) -> None:
    files.write(spool.root / job / name, data)


def measured(spool, proposal: Proposal, user, worse: str = "") -> Proposal:
    proposing.measure(proposal, user)
    proposal.refresh_from_db()
    finish(spool, proposal.job, "result.json", result(proposal, worse))
    proposing.refresh(proposal)
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.MEASURED
    return proposal
