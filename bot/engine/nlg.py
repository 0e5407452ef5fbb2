"""Rasa's text generator, in process: an ``utter_`` action becomes an answer of ``data/answers``."""

from __future__ import annotations

from typing import Any

import structlog
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.answers import Context, load_content, render
from bot.answers.model import Message
from bot.dialogue import Memory
from bot.engine.names import MEMORY_SLOT
from bot.engine.turns import latest_turn
from bot.paths import data_dir

log = structlog.get_logger(__name__)
RECENT = 12  # messages looked back at, so that nobody reads the same sentence three times


class AnswerGenerator(NaturalLanguageGenerator):  # type: ignore[misc]
    """Renders answers from the project's own data. Named by ``endpoints.yml``."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        """Read and check all answers once; a mistake in the data stops the start."""
        self.content = load_content(data_dir())

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any]:
        """Return Rasa's message dict for ``utter_action``; never fails and is never empty."""
        answer_id = utter_action.removeprefix("utter_")
        context = context_of(tracker)
        try:
            message = render(answer_id, context, self.content)
        except Exception:
            # Whatever goes wrong in one answer, somebody is waiting: give them a person to call.
            log.exception("answer.render.failed", answer=answer_id)
            message = render("storing", context, self.content)
        return to_rasa(message)


def context_of(tracker: DialogueStateTracker) -> Context:
    """Collect what an answer may depend on."""
    said = [event for event in tracker.events if isinstance(event, BotUttered)][-RECENT:]
    turn = latest_turn(tracker)
    return Context(
        memory=Memory.from_json(tracker.get_slot(MEMORY_SLOT)),
        candidates=turn.candidates,
        language=turn.turn.language,
        recent_texts=tuple(event.text for event in said if event.text),
        recent_answers=tuple(
            str(event.metadata["utter_action"]).removeprefix("utter_")
            for event in said
            if event.metadata.get("utter_action")
        ),
    )


def to_rasa(message: Message) -> dict[str, Any]:
    """Return the message in the shape that Rasa's channels send."""
    rasa_message: dict[str, Any] = {"text": message.text}
    if message.buttons:
        rasa_message["buttons"] = [{"title": b.title, "payload": b.payload} for b in message.buttons]
    if message.custom:
        rasa_message["custom"] = message.custom
    return rasa_message
