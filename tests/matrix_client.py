"""What a person's Matrix app does, over the client-server API (v1.11): log in, invite, send, edit, upload, read."""

from __future__ import annotations

import itertools
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

Event = dict[str, Any]
ANSWER_LIMIT = 240.0  # seconds
FLAGS = re.IGNORECASE | re.MULTILINE


@dataclass
class MatrixClient:
    """One logged-in person.

    Per room: ``timeline`` holds every event seen so far, in order, ``typing`` who is writing now and ``typed`` who has been,
    ``read`` the events that somebody has read, as pairs of user and event.
    """

    http: httpx.Client
    user_id: str
    timeline: dict[str, list[Event]] = field(default_factory=dict)
    typing: dict[str, list[str]] = field(default_factory=dict)
    typed: dict[str, set[str]] = field(default_factory=dict)
    read: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    _since: str = ""
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    @classmethod
    def log_in(cls, url: str, user_id: str, password: str) -> MatrixClient:
        """Log in with a password."""
        http = httpx.Client(base_url=f"{url}/_matrix/client/v3", timeout=40)
        body = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": user_id},
            "password": password,
        }
        token = http.post("/login", json=body).raise_for_status().json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        return cls(http, user_id)

    def close(self) -> None:
        self.http.close()

    def create_room(self, *invite: str, direct: bool = True, encrypted: bool = False) -> str:
        """Make a private room, as an app does for a direct chat; return its id."""
        body: dict[str, Any] = {"preset": "trusted_private_chat", "is_direct": direct, "invite": list(invite)}
        if encrypted:
            body["initial_state"] = [
                {"type": "m.room.encryption", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
            ]
        return str(self._call("POST", "/createRoom", body)["room_id"])

    def invite(self, room: str, user_id: str) -> None:
        self._call("POST", f"/rooms/{quote(room)}/invite", {"user_id": user_id})

    def join(self, room: str) -> None:
        self._call("POST", f"/join/{quote(room)}", {})

    def leave(self, room: str) -> None:
        self._call("POST", f"/rooms/{quote(room)}/leave", {})

    def say(self, room: str, text: str, **content: Any) -> str:
        """Send a text; return the event's id."""
        return self.send(room, {"msgtype": "m.text", "body": text, **content})

    def edit(self, room: str, event_id: str, text: str) -> str:
        """Replace an earlier text."""
        return self.send(
            room,
            {
                "msgtype": "m.text",
                "body": f"* {text}",
                "m.new_content": {"msgtype": "m.text", "body": text},
                "m.relates_to": {"rel_type": "m.replace", "event_id": event_id},
            },
        )

    def send(self, room: str, content: Event, kind: str = "m.room.message") -> str:
        """Send any event; return its id."""
        txn = f"{secrets.token_hex(4)}-{next(self._numbers)}"
        return str(self._call("PUT", f"/rooms/{quote(room)}/send/{kind}/{txn}", content)["event_id"])

    def send_encrypted(self, room: str) -> str:
        """Send what a room with encryption carries; the words cannot be read by the server or the assistant."""
        content = {
            "algorithm": "m.megolm.v1.aes-sha2",
            "ciphertext": secrets.token_urlsafe(64),
            "session_id": secrets.token_urlsafe(32),
            "device_id": "TEST",
            "sender_key": secrets.token_urlsafe(32),
        }
        return self.send(room, content, "m.room.encrypted")

    def upload(self, data: bytes, content_type: str) -> str:
        """Upload a file; return its ``mxc://`` address."""
        url = self.http.base_url.copy_with(path="/_matrix/media/v3/upload")
        reply = self.http.post(url, content=data, headers={"Content-Type": content_type}).raise_for_status()
        return str(reply.json()["content_uri"])

    def sync(self, wait: float = 0.0) -> None:
        """Take in what is new, waiting at most ``wait`` seconds for something."""
        parameters = {"timeout": str(int(wait * 1000)), "filter": '{"presence":{"types":[]}}'}
        if self._since:
            parameters["since"] = self._since
        body = self.http.get("/sync", params=parameters).raise_for_status().json()
        self._since = body["next_batch"]
        rooms = body.get("rooms", {})
        for room, news in [*rooms.get("join", {}).items(), *rooms.get("leave", {}).items()]:
            self.timeline.setdefault(room, []).extend(news["timeline"]["events"])
            for event in news.get("ephemeral", {}).get("events", ()):
                self._notice(room, event)

    def _notice(self, room: str, event: Event) -> None:
        if event["type"] == "m.typing":
            self.typing[room] = event["content"]["user_ids"]
            self.typed.setdefault(room, set()).update(self.typing[room])
        elif event["type"] == "m.receipt":
            pairs = {(user, of) for of, kinds in event["content"].items() for user in kinds.get("m.read", ())}
            self.read.setdefault(room, set()).update(pairs)

    def answers(self, room: str, sender: str) -> list[Event]:
        """Return the contents of the messages of ``sender`` seen so far."""
        return [
            event["content"]
            for event in self.timeline.get(room, [])
            if event["type"] == "m.room.message" and event["sender"] == sender
        ]

    def wait_for(self, room: str, sender: str, count: int) -> list[Event]:
        """Wait until ``sender`` has said ``count`` things in the room; return all of them."""
        self.wait_until(lambda: len(self.answers(room, sender)) >= count)
        return self.answers(room, sender)

    def wait_for_answer(self, room: str, sender: str, about: str, after: int = 0) -> Event:
        """Wait for a message of ``sender`` with ``about`` (a regular expression) in it, past the first ``after`` of them."""

        def found() -> list[Event]:
            return [one for one in self.answers(room, sender)[after:] if re.search(about, one["body"], FLAGS)]

        self.wait_until(lambda: bool(found()))
        return found()[0]

    def wait_until(self, true: Callable[[], bool]) -> None:
        """Take in what is new until something is true."""
        deadline = time.monotonic() + ANSWER_LIMIT
        while not true():
            assert time.monotonic() < deadline, f"waited {ANSWER_LIMIT:.0f} s; heard: {self._heard()}"
            self.sync(wait=1.0)

    def _heard(self) -> list[str]:
        events = itertools.chain.from_iterable(self.timeline.values())
        return [
            f"{event['sender']}: {event['content']['body']}" for event in events if "body" in event["content"]
        ]

    def membership(self, room: str, member: str) -> str:
        """Return the latest membership seen in the timeline."""
        seen = [
            event["content"]["membership"]
            for event in self.timeline.get(room, [])
            if event["type"] == "m.room.member" and event.get("state_key") == member
        ]
        return seen[-1] if seen else ""

    def _call(self, method: str, path: str, body: Event) -> Event:
        return dict(self.http.request(method, path, json=body).raise_for_status().json())
