"""People with WhatsApp: what they do arrives as Meta's signed webhooks, delivered again until it is acknowledged."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.channels.whatsapp.graph import Graph, Sent

APP_SECRET = "app-secret-for-tests"
VERIFY_TOKEN = "a-verify-token-for-tests"
# One for all: a client made for each delivery reads all certificates first, which costs more than the delivery itself.
CLIENT = httpx.Client(verify=False, timeout=60, limits=httpx.Limits(max_connections=200))


def environment(graph: Graph, url: str) -> dict[str, str]:
    """The settings of a channel that talks to the stand-in at ``url``."""
    return {
        "STADSBOT_WHATSAPP_PHONE_ID": graph.phone_id,
        "STADSBOT_WHATSAPP_TOKEN": graph.token,
        "STADSBOT_WHATSAPP_APP_SECRET": APP_SECRET,
        "STADSBOT_WHATSAPP_VERIFY_TOKEN": VERIFY_TOKEN,
        "STADSBOT_WHATSAPP_GRAPH_URL": url,
    }


def sign(body: bytes, secret: str = APP_SECRET) -> str:
    """The header with which Meta signs a body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@dataclass
class Meta:
    """Delivers webhooks to a channel (``url`` ends in ``/webhooks/whatsapp``), and the statuses of what the stand-in took."""

    graph: Graph
    url: str
    ids: Any = field(default_factory=itertools.count)
    acknowledged: list[float] = field(default_factory=list)  # seconds, of every delivery that got 200

    def update(self, **value: Any) -> bytes:
        """The body of a webhook with ``messages``, ``contacts`` or ``statuses``."""
        metadata = {"display_phone_number": "3215000000", "phone_number_id": self.graph.phone_id}
        change = {
            "field": "messages",
            "value": {"messaging_product": "whatsapp", "metadata": metadata, **value},
        }
        entry = {"id": "102290129340398", "changes": [change]}
        return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()

    def message(
        self, phone: str, kind: str, content: Any, at: float | None = None, **extra: Any
    ) -> dict[str, Any]:
        """One message, from now on known to the stand-in."""
        message_id = f"wamid.in{next(self.ids)}.{phone}"
        moment = time.time() if at is None else at
        self.graph.heard(phone, message_id, moment)
        return {
            "from": phone,
            "id": message_id,
            "timestamp": str(int(moment)),
            "type": kind,
            kind: content,
            **extra,
        }

    def post(self, body: bytes, signature: str | None = None, tries: int = 1, wait: float = 0.5) -> int:
        """Deliver a body; again while the server is away or asks for it, as Meta does. Returns the last status (0: away)."""
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": signature or sign(body)}
        status = 0
        for attempt in range(tries):
            if attempt:
                time.sleep(wait)
            started = time.perf_counter()
            try:
                status = CLIENT.post(f"{self.url}/webhook", content=body, headers=headers).status_code
            except httpx.TransportError:
                status = 0
            if status == 200:
                self.acknowledged.append(time.perf_counter() - started)
                break
            if status not in {0, 503}:
                break
        return status

    def say(self, phone: str, text: str, times: int = 1) -> None:
        """Somebody types; the delivery comes ``times`` times."""
        body = self.update(messages=[self.message(phone, "text", {"body": text})], contacts=[contact(phone)])
        for _ in range(times):
            assert self.post(body) == 200

    def press(self, phone: str, choice: tuple[str, str, str]) -> None:
        """Somebody presses a button or a row."""
        kind, choice_id, title = choice
        content = {"type": kind, kind: {"id": choice_id, "title": title}}
        body = self.update(messages=[self.message(phone, "interactive", content)], contacts=[contact(phone)])
        assert self.post(body) == 200

    def status(self, sent: Sent, status: str = "sent", **extra: Any) -> bytes:
        """The body of a status webhook."""
        value = {"id": sent.id, "status": status, "timestamp": str(int(time.time())), "recipient_id": sent.to}
        return self.update(statuses=[{**value, "biz_opaque_callback_data": sent.key, **extra}])

    def report_statuses(self) -> None:
        """From now on tell the channel what became of its messages, as Meta does."""

        def tell(sent: Sent) -> None:
            body = self.status(sent)
            threading.Thread(target=self.post, args=(body,), kwargs={"tries": 1200}, daemon=True).start()

        self.graph.on_sent = tell

    def answers(self, phone: str, count: int, seconds: float = 60.0) -> list[Sent]:
        """Wait until somebody has received at least ``count`` messages in all; return them."""
        assert self.graph.wait(lambda: len(self.graph.to(phone)) >= count, seconds), (
            f"{len(self.graph.to(phone))} of {count}; refused: {self.graph.refused}"
        )
        return self.graph.to(phone)


def contact(phone: str) -> dict[str, Any]:
    """How Meta describes the sender."""
    return {"profile": {"name": "Fatima De Smet"}, "wa_id": phone}
