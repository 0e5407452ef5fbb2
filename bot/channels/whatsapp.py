"""WhatsApp Cloud API (``/webhooks/whatsapp/webhook``) on pywa; what it does with a message is in `bot.channels.messaging`.

Set up step by step in ``docs/whatsapp.md``.
"""

from __future__ import annotations

import hmac
import json
import logging
from typing import Any, ClassVar

import httpx
import structlog
from pywa.utils import HUB_CH, HUB_SIG, HUB_VT, Version
from pywa_async.client import WhatsApp
from pywa_async.errors import WhatsAppError
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Request, response
from sanic.response import HTTPResponse

from bot.channels.messaging import (
    MAX_BODY,
    Incoming,
    Limits,
    MessagingInput,
    MessagingSettings,
    Off,
    Outgoing,
    TryLater,
    Uncertain,
    Undeliverable,
)
from bot.channels.web_http import failure
from bot.channels.whatsapp_messages import read_update, to_graph
from bot.channels.whatsapp_settings import VARIABLES, WhatsAppSettings

log = structlog.get_logger(__name__)
TIMEOUT = httpx.Timeout(20.0, connect=5.0)  # seconds
# Meta's error codes. Too much at once: the app, the account, the number, spam, this person.
_TOO_MUCH = frozenset({4, 80007, 130429, 131048, 131056})
_THEIR_FAULT = frozenset({1, 2, 131000, 131016, 131057})
# Somebody must renew the token or give it rights; what waits is sent afterwards.
_TOKEN = frozenset({0, 3, 10, 190, *range(200, 300)})
_TOKEN_WAIT = 60.0  # seconds
_WINDOW_CLOSED = 131047


class WhatsAppInput(MessagingInput):
    """The channel of one phone number."""

    limits: ClassVar[Limits] = Limits(
        text=4096,
        body=1024,
        buttons=3,
        button_title=20,
        rows=10,
        row_title=24,
        row_description=72,
        id=200,
        contacts=10,
        markup="whatsapp",
        window=24 * 3600.0,
    )
    # Meta tells within seconds what became of a message.
    settle: ClassVar[float] = 30.0

    def __init__(self, settings: WhatsAppSettings, shared: MessagingSettings) -> None:
        """Connect to nothing yet."""
        super().__init__(shared)
        self.settings = settings
        self.client: WhatsApp | None = None
        # At debug level pywa writes whole messages, and httpx a line per request; what concerns us, we log ourselves.
        for library in ("pywa", "pywa_async", "httpx"):
            logging.getLogger(library).setLevel(logging.ERROR)

    @classmethod
    def name(cls) -> str:
        """Return the channel's name and part of its address."""
        return "whatsapp"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """Create the channel from the environment; off when nothing of it is set.

        Raises:
            DataError: a setting that is missing or wrong.
        """
        settings = WhatsAppSettings.from_environment()
        return cls(settings, MessagingSettings.from_environment()) if settings else Off(cls.name(), VARIABLES)

    async def open(self) -> None:
        """Make the client; pywa wants to set the address itself, so it is put right afterwards."""
        session = httpx.AsyncClient(timeout=TIMEOUT)
        self.client = WhatsApp(
            phone_id=self.settings.phone_id,
            token=self.settings.token,
            app_secret=self.settings.app_secret,
            verify_token=self.settings.verify_token,
            session=session,
        )
        session.base_url = httpx.URL(f"{self.settings.graph}/v{Version.GRAPH_API}")
        self._session = session

    async def close(self) -> None:
        """Close the connections to Meta."""
        await self._session.aclose()

    def routes(self, blueprint: Blueprint) -> None:
        """Add Meta's webhook and a health check."""
        self.route(blueprint, "GET", "/", self._health)
        self.route(blueprint, "GET", "/webhook", self._verify)
        self.route(blueprint, "POST", "/webhook", self._update)

    async def _health(self, request: Request) -> HTTPResponse:
        return response.json({"status": "ok"})

    async def _verify(self, request: Request) -> HTTPResponse:
        given = str(request.args.get(HUB_VT) or "").encode()
        if not hmac.compare_digest(given, self.settings.verify_token.encode()):
            return response.text("Forbidden", status=403)
        return response.text(str(request.args.get(HUB_CH) or ""))

    async def _update(self, request: Request) -> HTTPResponse:
        if len(request.body) > MAX_BODY:
            return response.text("Too large", status=413)
        if refused := self._refused(request.body, request.headers.get(HUB_SIG)):
            return refused
        try:
            body = json.loads(request.body)
        except (ValueError, RecursionError):
            return response.text("Bad request", status=400)
        messages, statuses = read_update(body, self.settings.phone_id)
        try:
            await self.receive(messages)
            for status in statuses:
                if status.failed is not None:
                    log.warning("whatsapp.message.failed", code=status.failed)
                await self.sent(status.key)
        except Exception as error:
            # Not acknowledged, so Meta delivers it again.
            log.error("whatsapp.update.failed", **failure(error))
            return response.text("Try again", status=503)
        return response.text("ok")

    def _refused(self, body: bytes, signature: str | None) -> HTTPResponse | None:
        """Check the signature over the raw body, in constant time."""
        if not signature:
            return response.text("Unauthorized", status=401)
        expected = "sha256=" + hmac.new(self.settings.app_secret.encode(), body, "sha256").hexdigest()
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
            return response.text("Forbidden", status=403)
        return None

    async def acknowledge(self, incoming: Incoming) -> None:
        """Mark the message as read and show that an answer is coming."""
        if self.client:
            await self.client.indicate_typing(incoming.message_id)

    async def deliver(self, address: dict[str, str], message: Outgoing, key: str) -> None:
        """Send one message; its key comes back in the statuses that Meta sends about it."""
        assert self.client is not None
        kind, content = to_graph(message, self.limits, self.phrases.open_list, self.phrases.list_title)
        try:
            await self.client.api.send_message(
                sender=self.settings.phone_id,
                to=address.get("to"),
                recipient=address.get("recipient"),
                recipient_type="individual",
                typ=kind,
                msg=content,
                biz_opaque_callback_data=key,
            )
        except WhatsAppError as error:
            raise _outcome(error) from error
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise TryLater(type(error).__name__) from error
        except httpx.HTTPError as error:
            raise Uncertain(type(error).__name__) from error


def _outcome(error: WhatsAppError) -> Exception:
    """Return what an error of Meta's means for the message."""
    status = error.status_code or 0
    if status == 429 or error.code in _TOO_MUCH:
        return TryLater(f"code {error.code}", _retry_after(error.raw_response))
    if error.code in _TOKEN or status in {401, 403}:
        log.error("whatsapp.token.refused", code=error.code)
        return TryLater(f"code {error.code}", _TOKEN_WAIT)
    if status >= 500 or error.code in _THEIR_FAULT:
        return TryLater(f"code {error.code}", _retry_after(error.raw_response))
    return Undeliverable("window" if error.code == _WINDOW_CLOSED else f"code {error.code}")


def _retry_after(reply: httpx.Response | None) -> float | None:
    given = reply.headers.get("retry-after", "") if reply is not None else ""
    return float(given) if given.isascii() and given.isdigit() else None
