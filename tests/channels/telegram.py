"""A whole other channel on the shared base: Telegram's Bot API with its secret token. Only used to prove that it is this little."""

from __future__ import annotations

import hmac
from typing import Any, ClassVar

import httpx
from sanic import Blueprint, Request, response
from sanic.response import HTTPResponse

from bot.channels.messaging import (
    Incoming,
    Kind,
    Limits,
    MessagingInput,
    MessagingSettings,
    Outgoing,
    TryLater,
    Uncertain,
    Undeliverable,
)


class TelegramInput(MessagingInput):
    """One bot of Telegram."""

    limits: ClassVar[Limits] = Limits(text=4096, body=4096, buttons=20, button_title=60, id=64)
    settle: ClassVar[float] = 5.0

    def __init__(self, api: str, secret_token: str, shared: MessagingSettings) -> None:
        """``api`` is the Bot API with the bot's token, ``secret_token`` what Telegram shows us."""
        super().__init__(shared)
        self.api, self.secret_token = api, secret_token

    @classmethod
    def name(cls) -> str:
        """Return the channel's name."""
        return "telegram"

    def routes(self, blueprint: Blueprint) -> None:
        """Add the webhook."""
        self.route(blueprint, "POST", "/webhook", self._update)

    async def open(self) -> None:
        """Make the client."""
        self.client = httpx.AsyncClient(base_url=self.api, timeout=20)

    async def close(self) -> None:
        """Close it."""
        await self.client.aclose()

    async def _update(self, request: Request) -> HTTPResponse:
        shown = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(shown.encode(), self.secret_token.encode()):
            return response.empty(status=403)
        if incoming := _incoming(request.json):
            await self.receive([incoming])  # an error is answered by 500, and Telegram delivers again
        return response.empty(status=200)

    async def deliver(self, address: dict[str, str], message: Outgoing, key: str) -> None:
        """Send one message."""
        keyboard = [[{"text": choice.title, "callback_data": choice.id}] for choice in message.choices]
        body = {
            "chat_id": address["chat"],
            "text": message.text,
            "reply_markup": {"inline_keyboard": keyboard},
        }
        try:
            reply = await self.client.post("/sendMessage", json=body)
        except httpx.ConnectError as error:
            raise TryLater("no connection") from error
        except httpx.HTTPError as error:
            raise Uncertain(type(error).__name__) from error
        if reply.status_code == 429 or reply.status_code >= 500:
            raise TryLater(str(reply.status_code), reply.json().get("parameters", {}).get("retry_after"))
        if reply.status_code != 200:
            raise Undeliverable(str(reply.status_code))


def _incoming(update: dict[str, Any]) -> Incoming | None:
    pressed = update.get("callback_query")
    message = pressed["message"] if pressed else update.get("message")
    if not message:
        return None
    chat, text = str(message["chat"]["id"]), message.get("text", "")
    kind = Kind.CHOICE if pressed else Kind.TEXT if text else Kind.OTHER
    choice = pressed["data"] if pressed else ""
    number = str(update["update_id"])
    return Incoming(number, chat, {"chat": chat}, message["date"], kind, "" if pressed else text, choice)
