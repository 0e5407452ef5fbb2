"""A really started assistant for tests: own ports, own var folder, everything stopped afterwards."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.ops.run import addresses, answers, commands, environment
from bot.ops.settings import Settings
from bot.ops.training import model_path
from bot.paths import ROOT

START_LIMIT = 900.0  # seconds; a busy machine takes long to load the model


@dataclass
class Assistant:
    """Where the parts answer, and the processes that they are."""

    rasa: str
    demo: str
    console: str
    var_dir: Path
    processes: dict[str, subprocess.Popen[bytes]]
    start: Callable[[str], None]

    def restart(self, name: str, number: int = signal.SIGKILL) -> None:
        """End a part by a signal and start it again on the same port; it may not answer yet."""
        self.processes[name].send_signal(number)
        self.processes[name].wait(timeout=60)
        self.start(name)

    def say(self, sender: str, message: Any) -> list[dict[str, Any]]:
        """Send one message over the REST channel; return the replies."""
        status, body = self.post("/webhooks/rest/webhook", json.dumps({"sender": sender, "message": message}))
        assert status == 200, body
        return list(json.loads(body))

    def parse(self, text: str) -> dict[str, Any]:
        """Return what the language understanding makes of ``text``."""
        status, body = self.post("/model/parse", json.dumps({"text": text}))
        assert status == 200, body
        return dict(json.loads(body))

    def post(self, path: str, body: str) -> tuple[int, str]:
        """POST a raw body; return status and text."""
        request = urllib.request.Request(
            self.rasa + path, data=body.encode(), headers={"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


def free_ports(count: int) -> list[int]:
    """Return ports that nobody uses now."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]


@contextlib.contextmanager
def started(
    var_dir: Path,
    parts: tuple[str, ...] = ("rasa", "acties", "demo"),
    *,
    rasa_port: int | None = None,
    extra: Mapping[str, str] | None = None,
    model: Path | None = None,
    root: Path = ROOT,
) -> Iterator[Assistant]:
    """Start the parts, wait until they answer, stop them by their own process ids.

    Parts are those of `bot.ops.run.commands`; for the review console that is ``console`` and ``ingest``. ``rasa_port`` is for
    what must find Rasa at the same place after a restart; ``extra`` are more environment variables; ``model`` another model than
    that of the present data, ``root`` another checkout than this one to run Rasa's parts in.
    """
    demo, free, actions, review = free_ports(4)
    rasa = rasa_port or free
    settings = Settings(
        demo_port=demo, rasa_port=rasa, actions_port=actions, review_port=review, var_dir=var_dir
    )
    model = model or model_path(settings)
    if not model.exists():
        pytest.fail(f"no trained model {model.name}: run 'make train' first ('make test' does)")
    var_dir.mkdir(parents=True, exist_ok=True)
    urls = addresses(settings)
    log = (var_dir / "assistant.log").open("ab")
    lines = commands(settings, str(model))
    processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(name: str) -> None:
        processes[name] = subprocess.Popen(
            lines[name].split(),
            cwd=root,
            env={**environment(settings), **(extra or {})},
            stdout=log,
            stderr=log,
        )

    for name in parts:
        start(name)
    try:
        deadline = time.monotonic() + START_LIMIT
        for name in parts:
            while name in urls and not answers(urls[name]):
                dead = [n for n, process in processes.items() if process.poll() is not None]
                if dead or time.monotonic() > deadline:
                    pytest.fail(
                        f"did not start: {dead or name}\n{(var_dir / 'assistant.log').read_text()[-3000:]}"
                    )
                time.sleep(0.1)
        console = f"http://127.0.0.1:{review}"
        yield Assistant(
            urls["rasa"].rstrip("/"), urls["demo"].rstrip("/"), console, var_dir, processes, start
        )
    finally:
        for process in processes.values():
            process.terminate()
        for process in processes.values():
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        log.close()
