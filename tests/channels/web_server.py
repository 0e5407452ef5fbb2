"""The web channel on a real HTTP server, with a scripted agent in place of the model."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.server import configure_cors
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from sanic import Request, Sanic, response
from sanic.response import HTTPResponse

from bot.answers import Content, Context, render
from bot.channels.web import WebInput
from bot.channels.web_settings import WebSettings
from bot.dialogue import Memory
from bot.engine.nlg import to_rasa
from bot.paths import ROOT

SECRET = "a-secret-of-the-tests-with-enough-characters"
ORIGIN = "http://stad.test"
Say = Callable[[str], "list[Event | dict[str, Any]]"]


@dataclass
class ScriptedAgent:
    """Answers as Rasa does: user event, bot events, saved in a tracker store, sent to the channel.

    ``say`` maps a text to messages of Rasa (``text``, ``buttons``, ``custom``, ``utter_action``) or to events.
    """

    say: Say
    store: TrackerStore
    ready: bool = True
    heard: list[UserMessage] = field(default_factory=list)
    # Set to hold a turn until the test lets it go.
    gate: threading.Event | None = None

    def __post_init__(self) -> None:
        self.tracker_store = FailSafeTrackerStore(self.store)
        self.lock_store = InMemoryLockStore()

    def is_ready(self) -> bool:
        return self.ready

    async def handle_message(self, message: UserMessage) -> None:
        async with self.lock_store.lock(message.sender_id):
            self.heard.append(message)
            if gate := self.gate:
                await asyncio.to_thread(gate.wait, 20)
            tracker = await self.tracker_store.get_or_create_tracker(message.sender_id)
            if not tracker.events or len(tracker.events) < 2:
                tracker.update(SessionStarted())
            tracker.update(UserUttered(message.text, message_id=message.message_id))
            for one in self.say(message.text):
                if isinstance(one, Event):
                    tracker.update(one)
                    continue
                text, action = one.get("text"), one.get("utter_action", "utter_x")
                data = {key: one[key] for key in ("buttons", "custom") if key in one}
                said = BotUttered(text, data, {"utter_action": action})
                tracker.update(ActionExecuted(action))
                tracker.update(said)
                await message.output_channel.send_response(message.sender_id, said.message())
            await self.tracker_store.save(tracker)


def script(content: Content) -> Say:
    """A small brain over the real answers: an intent payload says its answer; some words do something special."""

    def answer(answer_id: str, memory: Memory | None = None) -> dict[str, Any]:
        message = render(answer_id, Context(memory=memory or Memory()), content)
        return {**to_rasa(message), "utter_action": f"utter_{answer_id}"}

    def say(text: str) -> list[Event | dict[str, Any]]:
        if text == "stuk":
            raise RuntimeError("the model broke")
        if text == "stil":
            return []
        if text.startswith("zeg "):
            return [{"text": text.removeprefix("zeg ")}]
        if text.startswith("waar"):
            return [answer("vraag_domein")]
        if text.startswith(("/ervaring", "verwijs")):
            return [answer("verwijzing", Memory.from_json({"domein": "werk", "gronden": ["afkomst"]}))]
        if text.startswith("nood"):
            return [answer("nood_gevaar")]
        if text.startswith("hello"):
            return [
                {
                    **answer("taal_onbekend"),
                    "custom": {**answer("taal_onbekend").get("custom", {}), "lang": "en"},
                }
            ]
        if text.startswith("bereid"):
            return [SlotSet("voorbereiding", True), {"text": "Wat is er gebeurd?", "buttons": [STOP]}]
        if text.startswith("klaar"):
            custom = {
                "preparation": {"text": "Mijn verhaal", "form_url": "https://voorbeeld.test/"},
                "channels": ["unia"],
            }
            return [{"text": "Klaar.\n\nMijn verhaal", "custom": custom}, SlotSet("voorbereiding", False)]
        name = text.removeprefix("/").split("{")[0]
        return [answer(name if name in content.answers else "kosten")]

    return say


STOP = {"title": "Stop", "payload": "Stop"}


@dataclass
class WebServer:
    """A running channel: ``url`` ends in ``/webhooks/web``."""

    url: str
    agent: ScriptedAgent
    channel: WebInput

    def client(self, token: str | None = None, **headers: str) -> httpx.Client:
        """A client with a session of its own, or with ``token`` (empty: none)."""
        if token is None:
            token = httpx.post(f"{self.url}/session", json={}).json()["token"]
        authorization = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers={**authorization, **headers}, timeout=10)


@contextlib.contextmanager
def serve(
    content: Content,
    tmp_path: Path,
    *,
    store: TrackerStore | None = None,
    port: int = 0,
    page: str = "",
    **settings: Any,
) -> Iterator[WebServer]:
    """Run the channel on a free port in a thread of its own, as Rasa would run it."""
    agent = ScriptedAgent(script(content), store or InMemoryTrackerStore(Domain.empty()))
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        own = f"http://127.0.0.1:{listening.getsockname()[1]}"
        defaults: dict[str, Any] = {
            "secret": SECRET,
            "origins": frozenset({ORIGIN, own}),
            "var_dir": tmp_path,
        }
        channel = WebInput(
            WebSettings(**{**defaults, "session_rate": 1000, "client_rate": 10_000, **settings})
        )
        started, stop, loop = threading.Event(), asyncio.Event(), asyncio.new_event_loop()

        async def run() -> None:
            Sanic.test_mode = True
            app = Sanic(f"web_{listening.getsockname()[1]}", configure_logging=False)
            configure_cors(app, "*")  # the channel must not become more open through Rasa's own setting
            app.ctx.agent = agent
            if page:
                add_page(app, page)
            app.blueprint(channel.blueprint(agent.handle_message), url_prefix="/webhooks/web")
            server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
            assert server
            await server.startup()
            await server.before_start()
            await server.start_serving()
            started.set()
            await stop.wait()
            server.close()
            for connection in list(server.connections):
                connection.close()
            await asyncio.sleep(0)

        thread = threading.Thread(target=loop.run_until_complete, args=(run(),), daemon=True)
        thread.start()
        assert started.wait(20)
        try:
            yield WebServer(f"http://127.0.0.1:{listening.getsockname()[1]}/webhooks/web", agent, channel)
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join(10)
            loop.close()


def add_page(app: Sanic, html: str) -> None:
    """A page with the widget on the same origin, under the strictest policy that it must work with."""

    @app.get("/page")
    async def show(request: Request) -> HTTPResponse:
        return response.html(html, headers={"Content-Security-Policy": "default-src 'self'"})

    app.static("/stadsbot.js", str(ROOT / "widget" / "dist" / "stadsbot.js"), content_type="text/javascript")


def sql_store(path: Path) -> SQLTrackerStore:
    """A tracker store on disk, which a second server can open again."""
    return SQLTrackerStore(Domain.empty(), db=str(path))
