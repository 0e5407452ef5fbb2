"""A stand-in for Meta's Graph API on loopback. It refuses what Meta says it refuses; it is not Meta.

Built from the published reference of the WhatsApp Cloud API: messages (text, interactive button and list, contacts), mark as
read with typing indicator, error codes, the 24-hour window. Where the reference gives two limits over time (the body of a list:
1,024, later 4,096 characters) the lower one holds. Like Meta, it knows no idempotency: what is sent twice arrives twice.
"""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

WINDOW = 24 * 3600.0  # seconds


class Refused(Exception):
    """An error as Meta's API gives it."""

    def __init__(self, status: int, code: int, details: str, retry_after: int | None = None) -> None:
        super().__init__(details)
        self.status, self.code, self.details, self.retry_after = status, code, details, retry_after


@dataclass
class Sent:
    """A message that was accepted."""

    to: str
    type: str
    content: Any
    key: str | None
    id: str

    @property
    def text(self) -> str:
        """What a person reads of it (contacts: their names and numbers)."""
        if self.type == "text":
            return str(self.content["body"])
        if self.type == "interactive":
            return str(self.content["body"]["text"])
        return "\n".join(f"{c['name']['formatted_name']} {c['phones'][0]['phone']}" for c in self.content)

    @property
    def choices(self) -> list[tuple[str, str, str]]:
        """``(kind, id, title)`` of what can be pressed."""
        if self.type != "interactive":
            return []
        action = self.content["action"]
        if self.content["type"] == "button":
            return [("button_reply", b["reply"]["id"], b["reply"]["title"]) for b in action["buttons"]]
        rows = [row for section in action["sections"] for row in section["rows"]]
        return [("list_reply", row["id"], row["title"]) for row in rows]


@dataclass
class Graph:
    """What the stand-in knows. ``fail`` is asked before a message is taken: it may raise `Refused`, or return "drop" to take the
    message and break the connection before answering."""

    token: str = "token-for-tests"
    phone_id: str = "106540352242922"
    wrote: dict[str, float] = field(default_factory=dict)  # when somebody last wrote to the number
    known: set[str] = field(default_factory=set)  # message ids of people
    sent: list[Sent] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    fail: Callable[[str], str | None] = lambda to: None
    on_sent: Callable[[Sent], None] = lambda sent: None
    url: str = ""
    lock: threading.Condition = field(default_factory=lambda: threading.Condition(threading.RLock()))

    def heard(self, person: str, message_id: str, at: float | None = None) -> None:
        """Somebody wrote: their window is open."""
        with self.lock:
            self.known.add(message_id)
            self.wrote[person] = max(self.wrote.get(person, 0.0), time.time() if at is None else at)

    def to(self, person: str) -> list[Sent]:
        """Return what a person received, in order."""
        with self.lock:
            return [sent for sent in self.sent if sent.to == person]

    def by_person(self) -> dict[str, list[Sent]]:
        """Return everything by person."""
        received: dict[str, list[Sent]] = defaultdict(list)
        with self.lock:
            for sent in self.sent:
                received[sent.to].append(sent)
        return received

    def wait(self, enough: Callable[[], bool], seconds: float = 120.0) -> bool:
        """Wait until something is true of what was sent."""
        with self.lock:
            return self.lock.wait_for(enough, timeout=seconds)

    def take(self, body: dict[str, Any], path_id: str, authorization: str) -> tuple[dict[str, Any], bool]:
        """Return the answer to a request to ``/<phone id>/messages``, and whether to break the connection."""
        if authorization != f"Bearer {self.token}":
            raise Refused(401, 190, "Error validating access token")
        if path_id != self.phone_id:
            raise Refused(400, 100, "Unsupported post request: no such object")
        _need(body.get("messaging_product") == "whatsapp", "messaging_product must be whatsapp")
        if body.get("status") == "read":
            return self._mark(body), False
        to = body.get("to") or body.get("recipient")
        _need(isinstance(to, str) and to, "to or recipient is required")
        assert isinstance(to, str)
        drop = self.fail(to) == "drop"
        kind = body.get("type")
        _need(kind in _CHECKS, f"type {kind} is not known")
        _need(set(body) <= _TOP | {kind}, f"unexpected {sorted(set(body) - _TOP - {kind})}")
        key = body.get("biz_opaque_callback_data")
        _need(key is None or (isinstance(key, str) and len(key) <= 512), "biz_opaque_callback_data too long")
        _CHECKS[kind](body.get(kind))
        with self.lock:
            if to not in self.wrote:
                raise Refused(400, 131026, "Message undeliverable: unknown recipient")
            if time.time() > self.wrote[to] + WINDOW:
                raise Refused(400, 131047, "Re-engagement message: more than 24 hours have passed")
            sent = Sent(to, kind, body[kind], key, f"wamid.out{len(self.sent)}")
            self.sent.append(sent)
            self.lock.notify_all()
        self.on_sent(sent)
        contact = {"input": to, "wa_id": to} if body.get("to") else {"input": to, "user_id": to}
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": sent.id}]}, drop

    def _mark(self, body: dict[str, Any]) -> dict[str, Any]:
        _need(
            set(body) <= {"messaging_product", "status", "message_id", "typing_indicator"}, "unexpected field"
        )
        indicator = body.get("typing_indicator")
        _need(indicator is None or indicator == {"type": "text"}, "typing_indicator must be of type text")
        with self.lock:
            _need(body.get("message_id") in self.known, "message_id is not known")
            self.read.append(body["message_id"])
            self.lock.notify_all()
        return {"success": True}


_TOP = {
    "messaging_product",
    "recipient_type",
    "to",
    "recipient",
    "type",
    "context",
    "biz_opaque_callback_data",
}


def _need(condition: Any, details: str) -> None:
    if not condition:
        raise Refused(400, 100, f"Invalid parameter: {details}")


def _string(value: Any, most: int, what: str) -> None:
    _need(isinstance(value, str) and value.strip(), f"{what} is required")
    _need(len(value) <= most, f"{what} has {len(value)} characters, at most {most}")


def _text(content: Any) -> None:
    _need(isinstance(content, dict) and set(content) <= {"body", "preview_url"}, "text")
    _string(content["body"], 4096, "text.body")


def _interactive(content: Any) -> None:
    _need(
        isinstance(content, dict) and set(content) <= {"type", "header", "body", "footer", "action"},
        "interactive",
    )
    _need(set(content.get("body") or ()) == {"text"}, "interactive.body")
    _string(content["body"]["text"], 1024, "interactive.body.text")
    action = content.get("action")
    _need(isinstance(action, dict), "interactive.action is required")
    if content.get("type") == "button":
        _buttons(action)
    elif content.get("type") == "list":
        _list(action)
    else:
        raise Refused(400, 100, f"Invalid parameter: interactive.type {content.get('type')}")


def _buttons(action: dict[str, Any]) -> None:
    _need(set(action) == {"buttons"}, "action")
    replies = [button.get("reply") for button in action["buttons"] if button.get("type") == "reply"]
    _need(len(replies) == len(action["buttons"]), "buttons must be of type reply")
    _need(1 <= len(replies) <= 3, f"{len(replies)} buttons, 1 to 3 are allowed")
    for reply in replies:
        _need(set(reply) == {"id", "title"}, "button reply")
        _string(reply["title"], 20, "button title")
        _string(reply["id"], 256, "button id")
        _need(reply["id"] == reply["id"].strip(), "button id begins or ends with a space")
    _unique([reply["id"] for reply in replies], "button ids")
    _unique([reply["title"] for reply in replies], "button titles")


def _list(action: dict[str, Any]) -> None:
    _need(set(action) == {"button", "sections"}, "action")
    _string(action["button"], 20, "list button")
    sections = action["sections"]
    _need(1 <= len(sections) <= 10, f"{len(sections)} sections")
    for section in sections:
        _need(set(section) <= {"title", "rows"}, "section")
        if len(sections) > 1 or "title" in section:
            _string(section.get("title"), 24, "section title")
    rows = [row for section in sections for row in section["rows"]]
    _need(1 <= len(rows) <= 10, f"{len(rows)} rows, 1 to 10 are allowed")
    for row in rows:
        _need({"id", "title"} <= set(row) <= {"id", "title", "description"}, "row")
        _string(row["id"], 200, "row id")
        _string(row["title"], 24, "row title")
        if "description" in row:
            _string(row["description"], 72, "row description")
    _unique([row["id"] for row in rows], "row ids")


def _contacts(content: Any) -> None:
    _need(isinstance(content, list) and 1 <= len(content) <= 257, "contacts")
    for contact in content:
        _need(set(contact) <= {"name", "phones", "emails", "urls", "addresses", "org", "birthday"}, "contact")
        name = contact.get("name") or {}
        _string(name.get("formatted_name"), 1024, "contact name")
        _need(len([part for part in name.values() if part]) > 1, "a contact needs one more part of a name")
        for phone in contact.get("phones", ()):
            _string(phone.get("phone"), 64, "contact phone")


def _unique(values: list[str], what: str) -> None:
    _need(len(set(values)) == len(values), f"{what} must differ")


_CHECKS = {"text": _text, "interactive": _interactive, "contacts": _contacts}


def serve(graph: Graph, port: int = 0) -> ThreadingHTTPServer:
    """Serve ``graph`` on loopback; the caller shuts the server down."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            _, _version, path_id, what = self.path.split("/", 3)
            try:
                if what.strip("/") != "messages":
                    raise Refused(404, 100, "unknown path")
                body, drop = graph.take(json.loads(raw), path_id, self.headers.get("Authorization", ""))
            except Refused as refusal:
                with graph.lock:
                    graph.refused.append((refusal.code, refusal.details))
                    graph.lock.notify_all()
                self._reply(refusal.status, _error(refusal), refusal.retry_after)
                return
            if drop:
                self.close_connection = True
                self.connection.close()
                return
            self._reply(200, body)

        def _reply(self, status: int, body: dict[str, Any], retry_after: int | None = None) -> None:
            raw = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            if retry_after is not None:
                self.send_header("Retry-After", str(retry_after))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _error(refusal: Refused) -> dict[str, Any]:
    return {
        "error": {
            "message": f"(#{refusal.code}) {refusal.details}",
            "type": "OAuthException",
            "code": refusal.code,
            "error_data": {"messaging_product": "whatsapp", "details": refusal.details},
            "fbtrace_id": "stand-in",
        }
    }
