"""Conversations for tests, in the console's own tables."""

from __future__ import annotations

import itertools
import time
from typing import Any

from conversations.ingest import sum_up
from conversations.models import Conversation, Message

_NUMBERS = itertools.count(1)


class Talk:
    """Builds a conversation message by message; `done` sums it up and returns it."""

    def __init__(self, at: float | None = None, channel: str = "web") -> None:
        self.name = f"gesprek-{next(_NUMBERS):032x}"
        self.at = at or time.time() - 3_600
        self.channel = channel
        self.messages: list[Message] = []

    def _add(self, kind: str, **values: Any) -> Talk:
        self.at += 5
        self.messages.append(
            Message(conversation_id=self.name, feed_id=next(_NUMBERS), timestamp=self.at, kind=kind, **values)
        )
        return self

    def start(self) -> Talk:
        return self._add("session_started")

    def say(
        self, text: str, intent: str = "wat_is_discriminatie", confidence: float = 0.9, **values: Any
    ) -> Talk:
        ranking = [{"name": intent, "confidence": confidence}, {"name": "unia", "confidence": 0.04}]
        return self._add(
            "user",
            text=text,
            intent=intent,
            confidence=confidence,
            **{"ranking": ranking, "language": "nl", "doubt": "none", **values},
        )

    def answer(
        self, answer: str = "wat_is_discriminatie", text: str = "Een antwoord.", **values: Any
    ) -> Talk:
        return self._add("bot", answer=answer, text=text, **{"rule": "RulePolicy", **values})

    def thumb(self, value: str) -> Talk:
        last = self.messages[-1]
        return self._add("feedback", value=value, answer=last.answer, about=last.timestamp)

    def done(self, **values: Any) -> Conversation:
        Message.objects.bulk_create(self.messages)
        sum_up([self.name], {self.name: self.channel})
        if values:
            Conversation.objects.filter(pseudonym=self.name).update(**values)
        return Conversation.objects.get(pseudonym=self.name)


def spans(text: str, **words: str) -> list[dict[str, Any]]:
    """Return entities for words in a text: ``grond_geloof="hoofddoek"``."""
    found = []
    for label, word in words.items():
        kind, _, value = label.partition("_")
        start = text.index(word)
        found.append({"entity": kind, "value": value, "start": start, "end": start + len(word)})
    return found


def story() -> Conversation:
    """A conversation with something of everything."""
    told = "mijn huisbaas wil mij niet omdat ik een hoofddoek draag"
    return (
        Talk()
        .start()
        .say("hallo", "begroeting", 0.98)
        .answer(
            "begroeting",
            "Hallo! Ik ben een computer.\n\nVertel wat er gebeurde.",
            buttons=["Ik heb iets meegemaakt", "Hoe kan ik melden?"],
        )
        .say(
            told,
            "ervaring_discriminatie",
            0.87,
            entities=spans(told, domein_wonen="huisbaas", grond_geloof="hoofddoek"),
        )
        .answer(
            "verwijzing",
            "Dank je om dit te vertellen. Dit zijn de juiste plaatsen:\n\n- **Unia**: bij discriminatie\n- **VMRI**: in Vlaanderen",
            channels=["vmri", "unia"],
            rule="GuidePolicy: verwijzing (r_wonen)",
        )
        .say("en wat moet ik nu met die papieren doen dan", "bewijs", 0.31, doubt="between")
        .answer("niet_begrepen", "Ik begrijp je niet goed. Kan je het anders zeggen?")
        .say("gaat dat lang duren denk je", "duur_behandeling", 0.72)
        .answer("duur_behandeling", "Dat verschilt per instantie.")
        .thumb("down")
        .done()
    )


def long_talk(turns: int = 60, reason_at: int | None = None) -> Conversation:
    """A long conversation, with one message that was not understood."""
    talk = Talk().start()
    for turn in range(turns):
        odd = turn == reason_at
        talk.say(f"vraag nummer {turn}", "ja", 0.2 if odd else 0.9).answer("ja", f"Antwoord nummer {turn}.")
    return talk.done()
