"""Works through the queue: per person in order, different people at the same time, until everything is answered and sent."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable

import sqlalchemy as sa
import structlog

from bot.channels.messaging.model import Outgoing, TryLater, Uncertain, Undeliverable
from bot.channels.messaging.queue import Arrived, Departing, Queue
from bot.channels.web_http import failure

log = structlog.get_logger(__name__)
POLL = 1.0  # seconds; finds what another worker left, and what waits for a retry
AT_A_TIME = 16  # conversations; sending mostly waits for the network
TURNS_AT_A_TIME = 4  # a turn computes on the event loop, which must stay free to acknowledge what comes in
RUSH = 0.2, 3  # seconds, and deliveries within them, from which acknowledging goes before answering
STEP_ASIDE = 3.0  # seconds at most that an answer waits for that, each time
LONGEST_WAIT = 300.0  # seconds between two attempts to send
GIVE_UP = 48 * 3600.0  # seconds after which an answer helps nobody any more, where the network sets no limit
CLEANING = 3600.0  # seconds between two times that old hashes are dropped
PATIENCE = 10.0  # seconds that a stopping process gives to what is under way

Deliver = Callable[[dict[str, str], Outgoing, str], Awaitable[None]]
Answer = Callable[[Arrived], Awaitable[None]]


class Worker:
    """Runs in Rasa's own event loop, from the start of the server to its end."""

    def __init__(
        self, queue: Queue, answer: Answer, deliver: Deliver, settle: float, first_wait: float = 1.0
    ) -> None:
        """Take what to do with a message (``answer``) and with an answer (``deliver``).

        ``settle`` is how long, in seconds, an answer of which nobody knows whether it went out waits for the network's word
        before it is sent again (0 where sending twice is harmless). ``first_wait`` is the wait before the first retry.
        """
        self._queue = queue
        self._answer = answer
        self._deliver = deliver
        self._settle = settle
        self._first_wait = first_wait
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._places = asyncio.Semaphore(AT_A_TIME)
        self._turns = asyncio.Semaphore(TURNS_AT_A_TIME)
        self._poller: asyncio.Task[None] | None = None
        self._stopping = False
        self._delivered: deque[float] = deque(maxlen=RUSH[1])

    def start(self) -> None:
        """Begin, with whatever was left by an earlier process."""
        if self._settle:
            # While nobody listened the network could not say what it had taken: it gets that time from now on.
            self._queue.doubt_until(time.time() + self._settle)
        self._poller = asyncio.create_task(self._poll())

    def delivered(self) -> None:
        """The network hands over something that it wants acknowledged."""
        self._delivered.append(time.monotonic())

    async def stop(self) -> None:
        """Begin nothing new and let what is under way end, within `PATIENCE`; the rest waits in the queue."""
        self._stopping = True
        if self._poller:
            self._poller.cancel()
        if running := list(self._running.values()):
            _, late = await asyncio.wait(running, timeout=PATIENCE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def wake(self, conversation: str) -> None:
        """There is something to do for this conversation."""
        if self._stopping or self._poller is None:
            return
        if conversation in self._running:
            self._again.add(conversation)
            return
        task = asyncio.create_task(self._work(conversation))
        self._running[conversation] = task
        task.add_done_callback(lambda _: self._done(conversation))

    def _done(self, conversation: str) -> None:
        self._running.pop(conversation, None)
        if conversation in self._again:
            self._again.discard(conversation)
            self.wake(conversation)

    async def _poll(self) -> None:
        cleaned = float("-inf")
        while True:
            try:
                if time.monotonic() > cleaned + CLEANING:
                    cleaned = time.monotonic()
                    await asyncio.to_thread(self._queue.forget_seen)
                for conversation in await asyncio.to_thread(self._queue.waiting):
                    self.wake(conversation)
            except sa.exc.SQLAlchemyError as error:
                log.error("messaging.queue.unreachable", **failure(error))
            await asyncio.sleep(POLL)

    async def _work(self, conversation: str) -> None:
        try:
            await self._step_aside()
            async with self._places:
                with contextlib.ExitStack() as held:
                    if await asyncio.to_thread(held.enter_context, self._queue.mine(conversation)):
                        await self._until_empty(conversation)
        except Exception as error:
            # The queue keeps what there is to do; the next look finds it again.
            log.error("messaging.work.failed", **failure(error))

    async def _step_aside(self) -> None:
        """Wait while many deliveries come in: turns and acknowledgements share one event loop, and the network waits for the
        second only.
        """
        given_up = time.monotonic() + STEP_ASIDE
        within, many = RUSH
        while not self._stopping and (now := time.monotonic()) < given_up:
            if len(self._delivered) < many or self._delivered[0] < now - within:
                return
            await asyncio.sleep(within / 4)

    async def _until_empty(self, conversation: str) -> None:
        """Send before answering: nobody waits for the answer to their first message until their last one is answered."""
        while not self._stopping:
            departing = await asyncio.to_thread(self._queue.next_departing, conversation)
            if departing and departing.due <= time.time():
                await self._send(departing)
            elif arrived := await asyncio.to_thread(self._queue.next_arrived, conversation):
                if not await self._try_to_answer(arrived):
                    return
            else:
                return

    async def _try_to_answer(self, arrived: Arrived) -> bool:
        try:
            async with self._turns:
                await self._step_aside()
                await self._answer(arrived)
        except TryLater as error:
            wait = max(error.after or 0.0, self._wait(arrived.attempts))
            log.warning("messaging.answer.later", reason=error.reason, seconds=round(wait, 1))
            await asyncio.to_thread(self._queue.retry_arrived, arrived, time.time() + wait)
            return False
        except Exception as error:
            log.error("messaging.answer.later", **failure(error))
            wait = self._wait(arrived.attempts)
            await asyncio.to_thread(self._queue.retry_arrived, arrived, time.time() + wait)
            return False
        return True

    async def _send(self, departing: Departing) -> None:
        """Send one answer, or note when to try again."""
        now = time.time()
        if departing.outgoing is None or departing.address is None or now > (departing.until or now):
            await self._drop(departing, "window" if departing.outgoing else "sealed")
            return
        await asyncio.to_thread(self._queue.sending, departing, now + self._settle)
        try:
            await self._deliver(departing.address, departing.outgoing, departing.key)
        except Undeliverable as error:
            await self._drop(departing, error.reason)
        except Uncertain as error:
            # It stays marked as being sent: the network's word, or time, decides.
            log.warning("messaging.uncertain", reason=error.reason)
            if not self._settle:
                await self._later(departing, error.reason, None)
        except TryLater as error:
            await self._later(departing, error.reason, error.after)
        except Exception as error:
            log.error("messaging.send.failed", **failure(error))
            await self._later(departing, type(error).__name__, None)
        else:
            await asyncio.to_thread(self._queue.settled, departing)

    async def _drop(self, departing: Departing, reason: str) -> None:
        log.warning("messaging.answer.dropped", reason=reason)
        await asyncio.to_thread(self._queue.settled, departing)

    async def _later(self, departing: Departing, reason: str, after: float | None) -> None:
        now = time.time()
        wait = max(after or 0.0, self._wait(departing.attempts))
        if not departing.until and now > departing.created + GIVE_UP:
            await self._drop(departing, "too old")
            return
        log.warning(
            "messaging.send.later", reason=reason, seconds=round(wait, 1), attempt=departing.attempts + 1
        )
        await asyncio.to_thread(self._queue.send_again, departing, now + wait)

    def _wait(self, attempts: int) -> float:
        # Spread out, so that after an outage not everybody comes at once.
        longest = min(LONGEST_WAIT, self._first_wait * 2.0**attempts)
        return longest * random.uniform(0.75, 1.0)  # noqa: S311 - no secret
