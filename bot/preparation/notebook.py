"""The answers of running preparations: in this process's memory only, forgotten after an hour."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from bot.preparation.script import Script

LIFETIME = 3_600.0  # seconds after the last answer
MAX_OPEN = 1_000  # preparations at a time; the oldest is forgotten first
MAX_ANSWER = 4_000  # characters


class Step(str, Enum):
    """What a turn of the preparation came to."""

    ASK = "ask"
    DONE = "done"
    LOST = "lost"


@dataclass
class _Page:
    touched: float
    answers: dict[str, str] = field(default_factory=dict)
    position: int = 0


class Notebook:
    """Answers per conversation. Nothing here is ever written to disk or logged."""

    def __init__(self, script: Script, clock: Callable[[], float] = time.monotonic) -> None:
        """Start empty; ``clock`` is replaced in tests."""
        self.script = script
        self._clock = clock
        self._pages: OrderedDict[str, _Page] = OrderedDict()

    def start(self, conversation: str) -> str:
        """Open an empty page and return the first question."""
        self._sweep()
        self._pages[conversation] = _Page(touched=self._clock())
        while len(self._pages) > MAX_OPEN:
            self._pages.popitem(last=False)
        return self.script.questions[0].ask

    def question(self, conversation: str) -> str | None:
        """Return the question that is open, or None when there is no page (any more)."""
        self._sweep()
        page = self._pages.get(conversation)
        return self.script.questions[page.position].ask if page else None

    def answer(self, conversation: str, text: str) -> tuple[Step, str]:
        """Take an answer.

        Returns:
            ``(ASK, next question)``, ``(DONE, the finished text)`` – the page is then gone – or ``(LOST, "")``.
        """
        self._sweep()
        page = self._pages.get(conversation)
        if page is None:
            return Step.LOST, ""
        if text.strip().casefold() != self.script.texts["skip"].casefold():
            page.answers[self.script.questions[page.position].id] = text.strip()[:MAX_ANSWER]
        page.position += 1
        page.touched = self._clock()
        self._pages.move_to_end(conversation)
        if page.position < len(self.script.questions):
            return Step.ASK, self.script.questions[page.position].ask
        del self._pages[conversation]
        return Step.DONE, self.script.compose(page.answers)

    def forget(self, conversation: str) -> None:
        """Tear the page out."""
        self._pages.pop(conversation, None)

    def _sweep(self) -> None:
        limit = self._clock() - LIFETIME
        for conversation in [c for c, page in self._pages.items() if page.touched < limit]:
            del self._pages[conversation]
