"""The channel for Matrix (``/webhooks/matrix``): an application service of the city's own homeserver.

For people who set it up: ``docs/matrix.md``. Specification: Matrix v1.11, "Application Service API".
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import unquote

import structlog
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Request, response
from sanic.response import HTTPResponse

from bot.answers import Context, render
from bot.channels.matrix_api import Homeserver
from bot.channels.matrix_events import INVITED, MEMBERS, read
from bot.channels.matrix_html import to_html
from bot.channels.matrix_settings import VARIABLES, MatrixSettings
from bot.channels.messaging import (
    Incoming,
    Kind,
    Limits,
    MessagingInput,
    MessagingSettings,
    Off,
    Outgoing,
    TryLater,
    Undeliverable,
)
from bot.channels.messaging.markup import translate
from bot.channels.web_http import failure

log = structlog.get_logger(__name__)
Handler = Callable[..., Awaitable[HTTPResponse]]
GREETING, GROUP = "begroeting", "kamer_groep"
ACCOUNT_WAIT = 10.0  # seconds between attempts to make the account, while the homeserver is away
MAX_ROOMS = 10_000  # remembered to hold one person; asked again after that


class MatrixInput(MessagingInput):
    """Talks with one person per room. Two events with the same id are one message, in whichever transaction they come."""

    # An event may have 65,536 bytes; it holds the text twice, and a character may take four bytes.
    limits: ClassVar[Limits] = Limits(text=6_000, markup="markdown")

    def __init__(self, settings: MatrixSettings, shared: MessagingSettings) -> None:
        """Take the settings; the homeserver may be away for now."""
        super().__init__(shared)
        self.settings = settings
        self._private: set[str] = set()

    @classmethod
    def name(cls) -> str:
        """Return the channel's name and part of its address."""
        return "matrix"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Create the channel from the environment (`MatrixSettings`); ``credentials.yml`` only names it.

        Raises:
            DataError: a setting that is wrong, or only some of them.
        """
        settings = MatrixSettings.from_environment()
        if settings is None:
            return Off(cls.name(), VARIABLES)
        return cls(settings, MessagingSettings.from_environment())

    async def open(self) -> None:
        """Connect, and make the account as soon as the homeserver answers."""
        self.homeserver = Homeserver(self.settings)
        self._account = asyncio.create_task(self._make_account())

    async def close(self) -> None:
        """Close the connections."""
        self._account.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._account
        await self.homeserver.close()

    async def _make_account(self) -> None:
        name = self.dialogue.content.fill("{stad.bot_naam}")
        while True:
            try:
                return await self.homeserver.make_account(name[:1].upper() + name[1:])
            except (TryLater, Undeliverable) as error:
                log.warning("matrix.account.failed", reason=error.reason)
            await asyncio.sleep(ACCOUNT_WAIT)

    def routes(self, blueprint: Blueprint) -> None:
        """Add what a homeserver calls; everything else of the specification is answered 404, as it asks."""
        for path, method, handler in (
            ("/_matrix/app/v1/transactions/<transaction>", "PUT", self._transaction),
            ("/_matrix/app/v1/users/<user>", "GET", self._user),
            ("/_matrix/app/v1/rooms/<alias>", "GET", self._unknown),
            ("/_matrix/app/v1/ping", "POST", self._ping),
        ):
            blueprint.add_route(
                self._guard(handler), path, methods=[method], name=handler.__name__.strip("_")
            )

    def _guard(self, handler: Handler) -> Handler:
        async def guarded(request: Request, **parameters: str) -> HTTPResponse:
            scheme, _, shown = request.headers.get("authorization", "").partition(" ")
            token = shown if scheme.lower() == "bearer" else request.args.get("access_token", "")
            if not token:
                return _error(401, "M_UNAUTHORIZED")
            if not hmac.compare_digest(token.encode(), self.settings.hs_token.encode()):
                return _error(403, "M_FORBIDDEN")
            return await handler(request, **parameters)

        return guarded

    async def _transaction(self, request: Request, transaction: str) -> HTTPResponse:
        try:
            events = list(request.json["events"])
        except Exception:
            return _error(400, "M_NOT_JSON")
        try:
            await self.receive(self._read(events))
        except Exception as error:
            log.error("matrix.queue.failed", **failure(error))
            return _error(503, "M_UNKNOWN")  # the homeserver keeps the transaction and sends it again
        return response.json({})

    def _read(self, events: Iterable[Any]) -> list[Incoming]:
        return [found for event in events if (found := read(event, self.settings.user_id))]

    async def _user(self, request: Request, user: str) -> HTTPResponse:
        known = unquote(user) == self.settings.user_id
        return response.json({}) if known else _error(404, "M_NOT_FOUND")

    async def _unknown(self, request: Request, alias: str) -> HTTPResponse:
        return _error(404, "M_NOT_FOUND")

    async def _ping(self, request: Request) -> HTTPResponse:
        return response.json({})

    async def attend(self, incoming: Incoming) -> Incoming | None:
        """Join, leave, or go on: what is told to the assistant is for one person's eyes."""
        room = incoming.person
        if incoming.kind is Kind.ROOM:
            self._private.discard(room)
            if incoming.text == INVITED:
                await self.homeserver.join(room)
                # A homeserver pushes nothing of a room before the assistant is in it, and people write at once.
                said = self._read(await self.homeserver.said_since(room, incoming.message_id))
                await self.receive(said)
                if any(one.kind is not Kind.ROOM for one in said):
                    # An answer follows; a greeting would only delay it.
                    incoming = replace(incoming, text=MEMBERS)
        if room not in self._private:
            others = await self.homeserver.others(room)
            if others != 1:
                await self._leave(incoming, goodbye=others > 1)
                return None
            if len(self._private) >= MAX_ROOMS:
                self._private.clear()
            self._private.add(room)
        if incoming.kind is Kind.ROOM:
            if incoming.text == MEMBERS:
                return None
            return replace(incoming, kind=Kind.OTHER, text="", answer=GREETING)
        return incoming

    async def _leave(self, incoming: Incoming, goodbye: bool) -> None:
        if goodbye:
            said = render(GROUP, Context(), self.dialogue.content)
            # The same key when this is tried again, so that it is said once.
            await self.homeserver.send(incoming.person, f"{GROUP}-{incoming.message_id}", _content(said.text))
        await self.homeserver.leave(incoming.person)

    async def acknowledge(self, incoming: Incoming) -> None:
        """Show that the message was read and that an answer is coming."""
        self.homeserver.show_reading(incoming.address["room"], incoming.address["event"])

    async def deliver(self, address: dict[str, str], message: Outgoing, key: str) -> None:
        """Send one message, in the thread in which the person wrote."""
        content = _content(message.text)
        if thread := address.get("thread"):
            content["m.relates_to"] = {
                "rel_type": "m.thread",
                "event_id": thread,
                "is_falling_back": True,
                "m.in_reply_to": {"event_id": address["event"]},
            }
        await self.homeserver.send(address["room"], key, content)
        self.homeserver.show_done(address["room"])


def _content(text: str) -> dict[str, Any]:
    return {
        "msgtype": "m.text",
        "body": translate(text, "plain"),
        "format": "org.matrix.custom.html",
        "formatted_body": to_html(text),
    }


def _error(status: int, code: str) -> HTTPResponse:
    return response.json({"errcode": code}, status=status)
