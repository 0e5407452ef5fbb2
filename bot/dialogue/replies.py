"""Short replies that mean the same whatever the topic: not knowing, stopping, correcting oneself."""

from __future__ import annotations

import re
from enum import Enum


class Reply(str, Enum):
    """What a short reply does to an open question."""

    DONT_KNOW = "dont_know"
    STOP = "stop"
    CORRECTION = "correction"
    RESUME = "resume"
    PREPARE = "prepare"


# Words rather than intents: these only have a meaning inside an open question, so no classifier is asked.
_PATTERNS = (
    (
        Reply.PREPARE,
        re.compile(
            r"\b(help|helpen|hulp)\b.{0,40}\b(voorbereid\w*|voor te bereiden)|"
            r"\b(melding|klacht|verhaal)\b.{0,20}\b(voorbereiden|voor te bereiden)"
        ),
    ),
    (
        Reply.RESUME,
        re.compile(r"^\W*(ga |doe |we gaan |laten we )?(maar )?(verder|voortgaan|doorgaan)( gaan)?\W*$"),
    ),
    (
        Reply.STOP,
        re.compile(
            r"^\W*(stop(pen)?|annule(er|ren)|ophouden|hou(d)? op|ik wil stoppen|ik stop( ermee)?|quit|exit)\b.{0,25}$"
        ),
    ),
    (
        Reply.DONT_KNOW,
        re.compile(
            r"\b(weet|weten)\b.{0,15}\b(niet|nie|ni)\b|\b(k?weet (ik )?(het |t )?(niet|nie|ni))\b|geen (idee|gedacht)|"
            r"^\W*(onbekend|geen van|niks van|iets anders|anders|wil (ik )?niet zeggen|overslaan|sla over)"
        ),
    ),
    (
        Reply.CORRECTION,
        re.compile(
            r"\b(eigenlijk|ik bedoel(de)?|kbedoel|toch (niet|wel)|maar (bij|in|op|door)|niet .{1,30} maar|vergist|nee,? (het|da))\b"
        ),
    ),
)


def read_reply(text: str) -> Reply | None:
    """Return what ``text`` does to an open question, or None when it is an ordinary message."""
    lowered = text.casefold().strip()
    return next((reply for reply, pattern in _PATTERNS if pattern.search(lowered)), None)
