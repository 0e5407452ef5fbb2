"""Rasa's REST channel (``POST /webhooks/rest/webhook``) with our guard around it; for loopback and tests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint, Request, response
from sanic.response import HTTPResponse

from bot.answers import Context, load_content, render
from bot.channels.guard import MAX_SENDER, Offers, Refused, check
from bot.engine.nlg import to_rasa
from bot.paths import data_dir
from bot.privacy.pseudonym import is_pseudonym

log = structlog.get_logger(__name__)


class GuardedRestInput(RestInput):  # type: ignore[misc]
    """Same contract as stock Rasa, but never silent, never English, and no command that was not offered.

    Malformed requests get 400 with ``{"error": <Dutch text>}``; everything else gets the list of replies.
    """

    def __init__(self) -> None:
        """Load the answers that are given without asking Rasa."""
        self.content = load_content(data_dir())
        self.offers = Offers()

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes ``GET /`` (health) and ``POST /webhook``."""
        blueprint = Blueprint("guarded_rest", __name__)

        @blueprint.route("/", methods=["GET"])  # type: ignore[untyped-decorator]
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @blueprint.route("/webhook", methods=["POST"])  # type: ignore[untyped-decorator]
        async def receive(request: Request) -> HTTPResponse:
            try:
                body = request.json
            except Exception:
                return _bad("Dit is geen geldige JSON.")
            problem = _problem(body)
            if problem:
                return _bad(problem)
            if is_pseudonym(body["sender"]):
                return _bad("Deze sender is voorbehouden.")  # the stored name of another conversation
            return response.json(await self.reply(body["sender"], body["message"], on_new_message))

        return blueprint

    async def reply(
        self, sender: str, text: str, on_new_message: Callable[[UserMessage], Awaitable[Any]]
    ) -> list[dict[str, Any]]:
        """Return the replies to one message, in stock Rasa's shape."""
        verdict = check(text, sender, self.offers)
        collector = CollectingOutputChannel()
        if isinstance(verdict, Refused):
            await collector.send_response(sender, self._own(verdict.answer_id))
            return list(collector.messages)
        try:
            await on_new_message(UserMessage(verdict.text, collector, sender, input_channel=self.name()))
        except Exception:
            log.exception("channel.turn.failed")
        if not any(message.get("text") for message in collector.messages):
            await collector.send_response(sender, self._own("storing"))
        self.offers.remember(sender, collector.messages)
        return list(collector.messages)

    def _own(self, answer_id: str) -> dict[str, Any]:
        return to_rasa(render(answer_id, Context(), self.content))


def _problem(body: Any) -> str | None:
    if not isinstance(body, dict):
        return "Stuur een object met sender en message."
    sender, message = body.get("sender"), body.get("message")
    if not isinstance(sender, str) or not 0 < len(sender.strip()) <= MAX_SENDER:
        return f"sender ontbreekt of is langer dan {MAX_SENDER} tekens."
    if not isinstance(message, str):
        return "message ontbreekt of is geen tekst."
    return None


def _bad(text: str) -> HTTPResponse:
    return response.json({"error": text}, status=400)
