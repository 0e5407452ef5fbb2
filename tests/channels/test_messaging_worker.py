"""Answering steps aside while a network hands over many messages at once."""

import asyncio
from types import SimpleNamespace

import pytest

from bot.channels.messaging import worker as module
from bot.channels.messaging.worker import RUSH, STEP_ASIDE, Worker


@pytest.fixture
def clock(monkeypatch):
    """Time that passes only while somebody sleeps; ``tick`` is called then."""
    now = SimpleNamespace(time=100.0, tick=lambda: None)

    async def sleep(seconds):
        now.time += seconds
        now.tick()

    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now.time, time=lambda: now.time))
    monkeypatch.setattr(module, "asyncio", SimpleNamespace(sleep=sleep, Semaphore=asyncio.Semaphore))
    return now


def waited(clock, worker):
    begun = clock.time
    asyncio.run(worker._step_aside())
    return clock.time - begun


@pytest.fixture
def worker(clock):
    return Worker(None, None, None, settle=0.0)


def test_a_few_deliveries_hold_nobody_up(clock, worker):
    assert waited(clock, worker) == 0
    for _ in range(RUSH[1] - 1):
        worker.delivered()
    assert waited(clock, worker) == 0


def test_answering_goes_on_once_the_rush_is_over(clock, worker):
    for _ in range(RUSH[1]):
        worker.delivered()
    assert RUSH[0] <= waited(clock, worker) < 2 * RUSH[0]


def test_a_rush_without_end_holds_an_answer_up_for_so_long_only(clock, worker):
    clock.tick = lambda: [worker.delivered() for _ in range(RUSH[1])]
    clock.tick()
    assert STEP_ASIDE <= waited(clock, worker) < STEP_ASIDE + RUSH[0]


def test_who_stops_does_not_wait(clock, worker):
    for _ in range(RUSH[1]):
        worker.delivered()
    worker._stopping = True
    assert waited(clock, worker) == 0
