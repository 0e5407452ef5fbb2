"""Rows of the review log, in the shape that `bot.storage.log_rows` writes."""

from __future__ import annotations

import itertools
import json
import time
from typing import Any

from conversations.models import Erasure, FeedEvent

NAME = "gesprek-{:032x}"


def conversation(number: int) -> str:
    """Return a pseudonym."""
    return NAME.format(number)


class FeedWriter:
    """Writes rows with rising ids and times."""

    def __init__(self) -> None:
        self.ids = itertools.count(1)
        self.now = time.time() - 3_600

    def row(self, name: str, kind: str, id: int | None = None, data: Any = None, **values: Any) -> FeedEvent:
        self.now += 1
        fields = {"timestamp": self.now, "text": "", "data": json.dumps(data or {}), **values}
        return FeedEvent.objects.create(id=id or next(self.ids), conversation=name, type=kind, **fields)

    def start(self, name: str, **values: Any) -> FeedEvent:
        return self.row(name, "session_started", **values)

    def say(
        self,
        name: str,
        text: str,
        intent: str = "wat_is_discriminatie",
        confidence: float = 0.9,
        **values: Any,
    ) -> FeedEvent:
        given = values.pop("data", {})
        data = {"input_channel": "web", "language": "nl", "doubt": {"kind": "none"}, "redacted": [], **given}
        return self.row(name, "user", text=text, intent=intent, confidence=confidence, data=data, **values)

    def answer(self, name: str, answer: str, text: str = "Een antwoord.", **values: Any) -> FeedEvent:
        data = {
            "channels": [],
            "buttons": [],
            "policy": "RulePolicy",
            "confidence": 1.0,
            **values.pop("data", {}),
        }
        return self.row(name, "bot", answer=answer, text=text, data=data, **values)

    def thumb(
        self, name: str, value: str, about: float | None = None, answer: str = "", text: str = ""
    ) -> FeedEvent:
        return self.row(name, "feedback", answer=answer, text=text, data={"value": value, "about": about})

    def erase(self, name: str, at: float | None = None) -> None:
        """Do what `bot.privacy.erase` does to the review log."""
        Erasure.objects.update_or_create(conversation=name, defaults={"at": at or time.time()})
        FeedEvent.objects.filter(conversation=name).delete()
