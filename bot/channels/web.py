"""The channel of the chat widget (``/webhooks/web``): sessions that nobody can take over, and no commands from outside.

Described for other programs in ``docs/openapi-web.yml``, for people in ``docs/web-channel.md``.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Request, response
from sanic.response import HTTPResponse

from bot.answers import Context, load_content, render
from bot.channels.guard import MAX_MESSAGE, Accepted, Offers, Refused, check
from bot.channels.web_config import load_widget_texts
from bot.channels.web_feedback import VALUES, FeedbackStore
from bot.channels.web_http import Edge, Problem, failure, read_json
from bot.channels.web_limits import Clients, Limiter
from bot.channels.web_messages import Reply, WebOutput, history, offered, preparing, replies_to, time_of
from bot.channels.web_sessions import Remembered, Sessions, erase, events_of, log_thumb
from bot.channels.web_settings import WebSettings
from bot.channels.web_tokens import LIFETIME, Session, Tokens
from bot.engine.nlg import to_rasa
from bot.paths import data_dir
from bot.preparation import load_script

log = structlog.get_logger(__name__)
OnMessage = Callable[[UserMessage], Awaitable[Any]]
MAX_PAYLOAD = 1_000  # characters
TURN_LIMIT = 30.0  # seconds; the turn goes on, and its reply is there when the message is sent again
_MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_SLASHES = re.compile(r"^[\s/]+")


class WebInput(InputChannel):  # type: ignore[misc]
    """Rasa input channel for the widget. All its state can be lost: tokens are signed, the rest is in the tracker store."""

    def __init__(self, settings: WebSettings) -> None:
        """Read the texts; a mistake in them stops the start."""
        self.settings = settings
        self.content = load_content(data_dir())
        self.texts = load_widget_texts(data_dir() / "widget.yml", self.content)
        self.starters = frozenset(button["payload"] for button in self.texts.public["starters"])
        self.stop_preparing = load_script(data_dir() / "preparation.yml").texts["stop"]
        self.tokens = Tokens(settings.secret)
        self.offers = Offers()
        self.sessions = Sessions()
        self.clients = Clients(settings.trusted_proxies)
        self.per_session = Limiter(settings.session_rate)
        self.per_client = Limiter(settings.client_rate)
        self.feedback = FeedbackStore(settings.var_dir / "feedback.db")
        self.edge = Edge(settings.origins, self.texts.errors)

    @classmethod
    def name(cls) -> str:
        """Return the channel's name and part of its address."""
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebInput:
        """Create the channel from the environment (`WebSettings`); ``credentials.yml`` only names it.

        Raises:
            DataError: a setting that is missing or wrong.
        """
        return cls(WebSettings.from_environment())

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        """Return the routes."""
        blueprint = Blueprint("web", __name__)

        async def message(request: Request) -> HTTPResponse:
            return await self._message(request, on_new_message)

        async def erase_session(request: Request) -> HTTPResponse:
            return await self._erase(request, on_new_message)

        async def preflight(request: Request) -> HTTPResponse:
            return response.empty()

        routes = [
            ("/", "GET", self._health),
            ("/config", "GET", self._config),
            ("/session", "POST", self._open),
            ("/session", "DELETE", erase_session),
            ("/message", "POST", message),
            ("/history", "GET", self._history),
            ("/feedback", "POST", self._feedback),
            *(
                (path, "OPTIONS", preflight)
                for path in ("/config", "/session", "/message", "/history", "/feedback")
            ),
        ]
        for path, method, handler in routes:
            name = f"{method.lower()}_{path.strip('/') or 'health'}"
            blueprint.add_route(
                self.edge.guard(handler),
                path,
                methods=[method],
                name=name,
                stream=method == "POST",
                strict_slashes=False,
            )
        blueprint.middleware("response")(self.edge.finish)
        return blueprint

    async def _health(self, request: Request) -> HTTPResponse:
        return response.json({"status": "ok"})

    async def _config(self, request: Request) -> HTTPResponse:
        return response.json(self.texts.public, headers={"Cache-Control": "public, max-age=300"})

    async def _open(self, request: Request) -> HTTPResponse:
        self._limit_client(request)
        await read_json(request)
        return response.json({"token": self.tokens.issue(), "expires_in": LIFETIME}, status=201)

    async def _erase(self, request: Request, on_new_message: OnMessage) -> HTTPResponse:
        session = self._session(request)
        agent = _agent(request)
        # First no new message may come in, then the running ones end, then everything goes.
        self.tokens.revoke(session)
        try:
            await asyncio.gather(*self.sessions.of(session.sender_id).turns.values(), return_exceptions=True)
            if preparing(await events_of(agent, session.sender_id)):
                # The answers are in the action server's memory only, and this makes it forget them.
                await on_new_message(UserMessage(self.stop_preparing, WebOutput(), session.sender_id))
            await erase(agent, session.sender_id)
        except BaseException:
            self.tokens.restore(session)
            raise
        self.offers.forget(session.sender_id)
        self.sessions.forget(session.sender_id)
        return response.empty()

    async def _history(self, request: Request) -> HTTPResponse:
        self._limit_client(request)
        session = self._session(request)
        events = await events_of(_agent(request), session.sender_id)
        return response.json({"messages": history(events, self.texts.hidden)})

    async def _message(self, request: Request, on_new_message: OnMessage) -> HTTPResponse:
        self._limit_client(request)
        session = self._session(request)
        if wait := self.per_session.wait(session.sender_id):
            raise Problem(429, "too_many", wait)
        body = await read_json(request)
        sent_id, text, payload = body.get("id"), body.get("text"), body.get("payload")
        if not isinstance(sent_id, str) or not _MESSAGE_ID.fullmatch(sent_id):
            raise Problem(400, "bad_request")
        if not isinstance(text if payload is None else payload, str) or None not in (text, payload):
            raise Problem(400, "bad_request")
        if len(text or "") > MAX_MESSAGE or len(payload or "") > MAX_PAYLOAD:
            raise Problem(413, "too_long")
        # As stored: a shape that cannot hold anything of the citizen's, so that bot.storage may keep it.
        sent_id = "web-" + hashlib.blake2b(sent_id.encode(), digest_size=16).hexdigest()
        agent = _agent(request)
        remembered = self.sessions.of(session.sender_id)
        turn = remembered.turns.get(sent_id)
        if turn is None:
            answered = await self._from_before(remembered, agent, session, sent_id)
            if answered:
                return _replies(answered)
            verdict = await self._accept(session, agent, text, payload)
            # Two copies of one message may have come this far together: only the first starts a turn.
            turn = remembered.turns.get(sent_id)
            if turn is None:
                turn = asyncio.create_task(self._turn(session, sent_id, verdict, on_new_message, remembered))
                remembered.keep(sent_id, turn)
        try:
            # Shielded: a citizen who loses the connection finds the reply in the history.
            return _replies(await asyncio.wait_for(asyncio.shield(turn), TURN_LIMIT))
        except asyncio.TimeoutError as error:
            raise Problem(503, "unavailable", 2) from error

    async def _from_before(
        self, remembered: Remembered, agent: Any, session: Session, sent_id: str
    ) -> list[Reply]:
        """After a restart, look once whether the message was answered before it."""
        if not remembered.fresh:
            return []
        events = await events_of(agent, session.sender_id)
        remembered.fresh = False
        return replies_to(events, sent_id)

    async def _accept(
        self, session: Session, agent: Any, text: str | None, payload: str | None
    ) -> Accepted | Refused:
        """Decide what goes to Rasa: free text is never a command, a payload must have been offered to this session."""
        sender = session.sender_id
        if payload is None:
            return check(_SLASHES.sub("", text or ""), sender, self.offers)
        if payload in self.starters or self.offers.payload(sender, payload) == payload:
            return Accepted(payload)
        if payload in offered(await events_of(agent, sender)):
            return Accepted(payload)
        raise Problem(409, "button_gone")

    async def _turn(
        self,
        session: Session,
        sent_id: str,
        verdict: Accepted | Refused,
        on_new_message: OnMessage,
        remembered: Remembered,
    ) -> list[Reply]:
        sender, output = session.sender_id, WebOutput()
        if isinstance(verdict, Refused):
            await output.send_response(sender, self._own(verdict.answer_id))
            return output.replies
        try:
            await on_new_message(
                UserMessage(verdict.text, output, sender, input_channel=self.name(), message_id=sent_id)
            )
        except Exception as error:
            log.error("web.turn.failed", **failure(error))
        if not output.replies:
            await output.send_response(sender, self._own("storing"))
        self.offers.remember(sender, output.replies)
        remembered.answers.update({reply["id"]: reply["answer"] for reply in output.replies})
        return output.replies

    async def _feedback(self, request: Request) -> HTTPResponse:
        self._limit_client(request)
        session = self._session(request)
        body = await read_json(request)
        about, value, word = body.get("message_id"), body.get("value"), body.get("word", "")
        if not isinstance(about, str) or value not in VALUES or not isinstance(word, str):
            raise Problem(400, "bad_request")
        remembered = self.sessions.of(session.sender_id)
        if about not in remembered.answers:
            shown = history(await events_of(_agent(request), session.sender_id), self.texts.hidden)
            remembered.answers.update({one["id"]: one["answer"] for one in shown if one["role"] == "bot"})
        if about not in remembered.answers:
            raise Problem(404, "not_found")
        before = remembered.votes.get(about)
        remembered.votes[about] = value
        answer, agent = remembered.answers[about], _agent(request)
        if preparing(await events_of(agent, session.sender_id)):
            word = ""  # nothing that is written during a preparation is kept
        kept = await asyncio.to_thread(self.feedback.add, answer, value, before, word)
        await asyncio.to_thread(
            log_thumb, agent, session.sender_id, answer, value, kept, before, time_of(about)
        )
        return response.empty()

    def _session(self, request: Request) -> Session:
        session = self.tokens.read(request.headers.get("authorization"))
        if session is None:
            raise Problem(401, "unauthorized")
        return session

    def _limit_client(self, request: Request) -> None:
        if wait := self.per_client.wait(self.clients.key(request.ip, request.headers)):
            raise Problem(429, "too_many", wait)

    def _own(self, answer_id: str) -> dict[str, Any]:
        return {**to_rasa(render(answer_id, Context(), self.content)), "utter_action": f"utter_{answer_id}"}


def _agent(request: Request) -> Any:
    agent = getattr(request.app.ctx, "agent", None)
    if agent is None or not agent.is_ready():
        raise Problem(503, "unavailable", 2)
    return agent


def _replies(messages: list[Reply]) -> HTTPResponse:
    return response.json({"messages": messages})
