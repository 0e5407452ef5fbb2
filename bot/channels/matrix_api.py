"""What the assistant asks of a homeserver: join, leave, say, type, read (Matrix client-server API, as application service)."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import quote

import httpx
import structlog

from bot.channels.matrix_settings import MatrixSettings, split_user
from bot.channels.messaging.model import TryLater, Undeliverable

log = structlog.get_logger(__name__)
TIMEOUT = 30.0  # seconds; joining a room of another server may take a while
TYPING = 20_000  # milliseconds, should the assistant die meanwhile
RECENT = 30  # events
MAX_WAIT = 300.0  # seconds; what a server asks for is believed up to here


class Homeserver:
    """One connection pool. Every method raises `TryLater` or `Undeliverable`, except where it says that it never fails."""

    def __init__(self, settings: MatrixSettings) -> None:
        """Connect later, from within the event loop that uses it."""
        self._user_id = settings.user_id
        self._localpart, _ = split_user(settings.user_id, "STADSBOT_MATRIX_USER")
        self._user = quote(settings.user_id, safe="")
        self._http = httpx.AsyncClient(
            base_url=f"{settings.url}/_matrix/client/v3",
            headers={"Authorization": f"Bearer {settings.as_token}"},
            timeout=TIMEOUT,
        )
        self._courtesies: dict[str, asyncio.Task[None]] = {}  # the latest, per room

    async def close(self) -> None:
        """Close the connections."""
        await asyncio.gather(*self._courtesies.values())
        await self._http.aclose()

    async def make_account(self, name: str) -> None:
        """Make the assistant's account, and show ``name`` with it."""
        body = {"type": "m.login.application_service", "username": self._localpart, "inhibit_login": True}
        try:
            await self._call("POST", "/register", body)
        except Undeliverable as error:
            if error.reason != "M_USER_IN_USE":
                raise
        try:
            shown = await self._call("GET", f"/profile/{self._user}")
        except Undeliverable:
            shown = {}  # no profile yet
        if shown.get("displayname") != name:  # setting it writes to every room
            await self._call("PUT", f"/profile/{self._user}/displayname", {"displayname": name})

    async def send(self, room: str, key: str, content: dict[str, Any]) -> None:
        """Send a message; the homeserver takes one ``key`` once, so sending again doubles nothing."""
        await self._call("PUT", f"{_path(room)}/send/m.room.message/{key}", content)

    async def join(self, room: str) -> None:
        """Accept an invitation; nothing happens when that was done before."""
        await self._call("POST", f"/join/{quote(room, safe='')}", {})

    async def leave(self, room: str) -> None:
        """Leave a room and have the homeserver forget that the assistant was there."""
        await self._call("POST", f"{_path(room)}/leave", {})
        await self._call("POST", f"{_path(room)}/forget", {})

    async def others(self, room: str) -> int:
        """Return how many others are in the room."""
        joined = (await self._call("GET", f"{_path(room)}/joined_members")).get("joined") or {}
        return len(set(joined) - {self._user_id})

    async def said_since(self, room: str, event_id: str) -> list[Any]:
        """Return the latest events of a room, oldest first, that came after ``event_id``; at most `RECENT`."""
        page = await self._call("GET", f"{_path(room)}/messages?dir=b&limit={RECENT}")
        events: list[Any] = []
        for event in page.get("chunk") or ():
            if isinstance(event, dict) and event.get("event_id") == event_id:
                break
            events.insert(0, event)
        return events

    def show_reading(self, room: str, event_id: str) -> None:
        """Show that a message was read and that an answer is being written. Returns at once and never fails."""
        self._courtesy(
            room,
            ("PUT", f"{_path(room)}/typing/{self._user}", {"typing": True, "timeout": TYPING}),
            ("POST", f"{_path(room)}/receipt/m.read/{quote(event_id, safe='')}", {}),
        )

    def show_done(self, room: str) -> None:
        """Show that nothing is being written any more. Returns at once and never fails."""
        self._courtesy(room, ("PUT", f"{_path(room)}/typing/{self._user}", {"typing": False}))

    def _courtesy(self, room: str, *calls: tuple[str, str, dict[str, Any]]) -> None:
        before = self._courtesies.get(room)

        async def run() -> None:
            if before:
                await before  # "done" must not overtake "writing"
            for method, path, body in calls:
                try:
                    await self._call(method, path, body)
                except (TryLater, Undeliverable) as error:
                    log.debug("matrix.courtesy.failed", reason=error.reason)

        task = asyncio.create_task(run())
        self._courtesies[room] = task
        task.add_done_callback(lambda _: self._courtesies.get(room) is task and self._courtesies.pop(room))

    async def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            reply = await self._http.request(method, path, json=body)
        except httpx.TransportError as error:
            raise TryLater(type(error).__name__) from None  # its text may hold the address of a room
        problem = _json(reply)
        if reply.is_success:
            return problem
        reason = str(problem.get("errcode") or reply.status_code)[:40]
        if reply.status_code == 429:
            raise TryLater(reason, _wait(problem.get("retry_after_ms"), reply.headers.get("Retry-After")))
        # 401: the homeserver does not know the token (yet); that is mended in a configuration, and nothing may be lost.
        if reply.status_code >= 500 or reply.status_code == 401:
            raise TryLater(reason)
        raise Undeliverable(reason)


def _path(room: str) -> str:
    return f"/rooms/{quote(room, safe='')}"


def _json(reply: httpx.Response) -> dict[str, Any]:
    try:
        body = reply.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _wait(milliseconds: Any, header: str | None) -> float | None:
    """Return how many seconds to wait, from what the specification has had in two places."""
    if isinstance(milliseconds, (int, float)) and milliseconds > 0:
        return min(float(milliseconds) / 1000, MAX_WAIT)
    if header and header.isdigit():
        return min(float(header), MAX_WAIT)
    return None
