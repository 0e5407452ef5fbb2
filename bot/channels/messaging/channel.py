"""The base class of every messaging channel; see the package for how to write one."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, ClassVar

import structlog
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Request, Sanic
from sanic.response import HTTPResponse

from bot.answers import load_content
from bot.channels.messaging.dialogue import Dialogue, OnMessage
from bot.channels.messaging.model import Incoming, Limits, Outgoing, TryLater, Undeliverable
from bot.channels.messaging.phrases import load_phrases
from bot.channels.messaging.queue import Arrived, Queue
from bot.channels.messaging.settings import MessagingSettings
from bot.channels.messaging.worker import Worker
from bot.channels.web_http import Handler, failure
from bot.paths import data_dir

log = structlog.get_logger(__name__)
MAX_BODY = 4 * 1024 * 1024  # bytes; networks deliver many messages in one request after an outage


class MessagingInput(InputChannel):  # type: ignore[misc]
    """A channel on the shared queue. A subclass brings its routes and how to send; the rest is here."""

    limits: ClassVar[Limits]
    # How long an answer of which nobody knows whether it went out waits for the network's word, in seconds.
    settle: ClassVar[float] = 0.0

    def __init__(self, settings: MessagingSettings) -> None:
        """Open the queue and read the texts; a mistake in them stops the start."""
        self.queue = Queue(settings.url, settings.secret, self.name())
        content, phrases = load_content(data_dir()), load_phrases(data_dir() / "messaging.yml")
        self.phrases = phrases
        self.dialogue = Dialogue(self.name(), self.queue, self.limits, phrases, content)
        # Apart from the threads in which turns wait for their stores: the network is told at once that its message is safe.
        self._receiving = ThreadPoolExecutor(1, thread_name_prefix=f"{self.name()}-receive")
        self._arriving: list[tuple[list[Incoming], asyncio.Future[None]]] = []
        self._storing: asyncio.Task[None] | None = None
        self._acknowledging: set[asyncio.Task[None]] = set()
        self.worker: Worker | None = None

    @abstractmethod
    def routes(self, blueprint: Blueprint) -> None:
        """Add the channel's routes. They check who is calling and hand messages to `receive`, then answer 200 at once."""

    @abstractmethod
    async def deliver(self, address: dict[str, str], message: Outgoing, key: str) -> None:
        """Send one message to the network.

        Args:
            address: as it was in `Incoming.address`.
            message: within `limits`.
            key: names this message for good; the same when it is sent again.

        Raises:
            TryLater: the network cannot take it now.
            Undeliverable: the network will never take it.
            Uncertain: the connection broke when it may have been taken.
        """

    async def attend(self, incoming: Incoming) -> Incoming | None:
        """Do what the network wants done before this message is answered, in its turn; return what to answer, None for nothing.

        Raises:
            TryLater: the network cannot do it now; the message waits.
            Undeliverable: the network will never do it; the message goes unanswered.
        """
        return incoming

    def route(self, blueprint: Blueprint, method: str, path: str, handler: Handler) -> None:
        """Add one route; ``handler`` may be a method of the channel."""

        # Sanic puts a mark on its handlers, which a bound method does not take.
        async def handle(request: Request) -> HTTPResponse:
            return await handler(request)

        name = f"{self.name()}_{method.lower()}_{path.strip('/') or 'health'}"
        blueprint.add_route(handle, path, methods=[method], name=name)

    async def acknowledge(self, incoming: Incoming) -> None:
        """Show that a message was read and that an answer is coming, where the network can; errors do no harm."""

    async def open(self) -> None:
        """Prepare what needs a running event loop; called before anything is sent."""

    async def close(self) -> None:
        """Close what `open` made."""

    async def receive(self, messages: Iterable[Incoming]) -> None:
        """Store messages for good. When this returns, the network may be told that they arrived.

        Raises:
            Exception: the queue could not be written; then the network must deliver again (answer 503).
        """
        arrived = list(messages)
        if not arrived:
            return
        if self.worker:
            self.worker.delivered()
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._arriving.append((arrived, stored))
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store())
        await stored

    async def _store(self) -> None:
        """Store what has come in meanwhile in one go: the disk is waited for once, however many deliveries there are."""
        loop = asyncio.get_running_loop()
        while self._arriving:
            batch, self._arriving = self._arriving, []
            together = [incoming for messages, _ in batch for incoming in messages]
            try:
                fresh = await loop.run_in_executor(self._receiving, self.queue.receive, together)
            except Exception as error:
                for _, stored in batch:
                    if not stored.done():
                        stored.set_exception(error)
                continue
            for _, stored in batch:
                if not stored.done():
                    stored.set_result(None)
            for conversation in fresh:
                if self.worker:
                    self.worker.wake(conversation)

    async def sent(self, key: str) -> None:
        """The network itself says that the message with this key went out."""
        if await asyncio.to_thread(self.queue.confirmed, key):
            log.info("messaging.confirmed")

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        """Return the routes, and start and stop the worker with the server."""
        blueprint = Blueprint(self.name(), f"{self.name()}_webhook")
        self.routes(blueprint)

        async def start(app: Sanic, _loop: Any) -> None:
            await self.open()
            self.worker = Worker(self.queue, self._answerer(app, on_new_message), self.deliver, self.settle)
            self.worker.start()

        async def stop(app: Sanic, _loop: Any) -> None:
            if self.worker:
                await self.worker.stop()
            await self.close()
            self._receiving.shutdown()
            self.queue.close()

        blueprint.listener("after_server_start")(start)
        blueprint.listener("before_server_stop")(stop)
        return blueprint

    def _answerer(self, app: Sanic, on_new_message: OnMessage) -> Any:
        async def answer(arrived: Arrived) -> None:
            agent = getattr(app.ctx, "agent", None)
            if agent is None or not agent.is_ready():
                raise TryLater("no model")
            if arrived.incoming:
                try:
                    attended = await self.attend(arrived.incoming)
                except Undeliverable as error:
                    log.warning("messaging.unattended", reason=error.reason)
                    attended = None
                if attended is None:
                    await asyncio.to_thread(self.queue.finish, arrived)
                    return
                arrived = replace(arrived, incoming=attended)
            if arrived.incoming and not arrived.attempts:
                task = asyncio.create_task(self._acknowledge(arrived.incoming))
                self._acknowledging.add(task)
                task.add_done_callback(self._acknowledging.discard)
            await self.dialogue.answer(arrived, agent, on_new_message)

        return answer

    async def _acknowledge(self, incoming: Incoming) -> None:
        try:
            await self.acknowledge(incoming)
        except Exception as error:
            log.info("messaging.acknowledge.failed", **failure(error))


class Off(InputChannel):  # type: ignore[misc]
    """A channel that is not configured: no routes, and one line in the log that says how to switch it on."""

    def __init__(self, channel: str, variables: Iterable[str]) -> None:
        """``channel`` is its name, ``variables`` what to set."""
        self._channel = channel
        log.info("channel.off", channel=channel, to_switch_on=", ".join(variables))

    def url_prefix(self) -> str:
        """Return the part of the address that the channel would have."""
        return self._channel

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        """Return no routes."""
        return Blueprint(self._channel, f"{self._channel}_off")
