"""Any messaging channel on a real HTTP server, with the scripted agent of the web channel's tests in place of the model."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from rasa.core.channels.channel import InputChannel
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from sanic import Sanic

from bot.answers import Content
from tests.channels.web_server import Say, ScriptedAgent, script


@dataclass
class Served:
    """A running channel: ``url`` ends in ``/webhooks/<name>``."""

    url: str
    agent: ScriptedAgent
    channel: InputChannel


@contextlib.contextmanager
def serve(
    channel: InputChannel,
    content: Content,
    *,
    store: TrackerStore | None = None,
    say: Say | None = None,
    port: int = 0,
) -> Iterator[Served]:
    """Run the channel on a free port in a thread of its own, as Rasa would run it; stop it as SIGTERM would."""
    agent = ScriptedAgent(say or script(content), store or InMemoryTrackerStore(Domain.empty()))
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        own = listening.getsockname()[1]
        started, stop, loop = threading.Event(), asyncio.Event(), asyncio.new_event_loop()

        async def run() -> None:
            Sanic.test_mode = True
            app = Sanic(f"messaging_{own}_{id(channel)}", configure_logging=False)
            app.ctx.agent = agent
            app.blueprint(
                channel.blueprint(agent.handle_message), url_prefix=f"/webhooks/{channel.url_prefix()}"
            )
            server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
            assert server
            await server.startup()
            await server.before_start()
            await server.start_serving()
            await server.after_start()
            started.set()
            await stop.wait()
            await server.before_stop()
            server.close()
            for connection in list(server.connections):
                connection.close()
            await asyncio.sleep(0)

        thread = threading.Thread(target=loop.run_until_complete, args=(run(),), daemon=True)
        thread.start()
        assert started.wait(20)
        try:
            yield Served(f"http://127.0.0.1:{own}/webhooks/{channel.url_prefix()}", agent, channel)
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join(30)
            loop.close()
