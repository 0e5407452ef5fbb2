"""What to look at before a proposal is measured: messages that are there already, contradictions, personal data."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from bot.errors import DataError
from bot.privacy.redact import default_redactor
from bot.training.messages import TrainingMessage, read_messages
from bot.training.proposals import Example, carriers, data_version, line_of
from bot.training.report import Pair, compare

_PLACEHOLDER = re.compile(r"\[[a-z-]+\]")  # what redaction leaves: "[naam]"
_SHOWN = 3  # findings of one kind per message


def check(folder: Path, examples: list[Example]) -> dict[str, Any]:
    """Look at each example beside the messages of ``folder`` (``data/nlu``) and beside the other examples.

    Returns:
        ``{"data": version, "lines": {number: {"findings": [{"kind", "text", "intent", "file", "other"}]}}}``. Kinds:
        ``duplicate``, ``near``, ``conflict`` (nearly the same words under another intent), ``personal`` (text: which
        kinds), ``placeholder`` and ``unwritable`` (text: why). Where the message that is alike is another example,
        ``other`` is its number and the text is empty: findings are kept longer than a conversation may be.
    """
    messages = read_messages(folder)
    carrying, known = carriers(messages), {m.intent for m in messages}
    numbers = {example.message: example.number for example in reversed(examples)}  # of equal ones the first
    lines: dict[str, Any] = {}
    pairs = compare([example.message for example in examples], messages)
    for example, close in zip(examples, pairs, strict=True):
        findings = _of_text(example.text) + [_finding(pair, numbers) for pair in close[: 3 * _SHOWN]]
        try:
            line_of(example, carrying)
            if example.intent not in known:
                raise DataError(f"there is no intent {example.intent}")
        except DataError as error:
            findings.append({"kind": "unwritable", "text": str(error), "intent": "", "file": ""})
        lines[str(example.number)] = {"findings": findings}
    return {"data": data_version(folder), "lines": lines}


def _of_text(text: str) -> list[dict[str, Any]]:
    bare = _PLACEHOLDER.sub(" ", text)
    found: list[dict[str, Any]] = []
    if kinds := default_redactor().redact(bare).kinds:
        found.append({"kind": "personal", "text": ", ".join(kinds), "intent": "", "file": ""})
    if holes := _PLACEHOLDER.findall(text):
        found.append({"kind": "placeholder", "text": " ".join(holes), "intent": "", "file": ""})
    return found


def _finding(pair: Pair, numbers: dict[TrainingMessage, int]) -> dict[str, Any]:
    same: TrainingMessage = pair.first
    kind = "duplicate" if pair.likeness > 0.999 else "near"
    if same.intent != pair.second.intent:
        kind = "conflict"
    if not same.file:  # another example
        return {"kind": kind, "text": "", "intent": same.intent, "file": "", "other": numbers[same]}
    return {"kind": kind, "text": same.text, "intent": same.intent, "file": same.file}
