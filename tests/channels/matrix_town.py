"""A city with a real homeserver and the real assistant on it, both of which can be stopped and started again."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.channels.matrix_cli import write
from tests.assistant import Assistant, free_ports, started
from tests.synapse import SERVER_NAME, Synapse, running

BOT = f"@inclusie:{SERVER_NAME}"
# One for all: a client made for each transaction reads all certificates first, which costs more than the transaction itself.
PUSHING = httpx.Client(verify=False, timeout=30)


@dataclass
class Town:
    """``settings`` is the assistant's environment, ``registration`` what the homeserver was told."""

    synapse: Synapse
    settings: dict[str, str]
    var_dir: Path
    port: int
    assistant: Assistant | None = None
    _running: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    @property
    def webhook(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhooks/matrix"

    @property
    def hs_token(self) -> str:
        return self.settings["STADSBOT_MATRIX_HS_TOKEN"]

    def start_assistant(self) -> None:
        """Start the assistant, at the same address and with the same folder as before."""
        parts = ("rasa", "acties")
        self.assistant = self._running.enter_context(
            started(self.var_dir, parts, rasa_port=self.port, extra=self.settings)
        )

    def stop_assistant(self) -> None:
        """Stop it as an operator does."""
        self._running.close()
        self.assistant = None

    def kill_assistant(self) -> None:
        """Take the power away."""
        assert self.assistant
        for process in self.assistant.processes.values():
            process.kill()
        self.stop_assistant()

    def push(self, transaction: str, events: list[Any], token: str | None = None) -> httpx.Response:
        """Send a transaction by hand, as the homeserver does; ``token`` "" sends none."""
        token = self.hs_token if token is None else token
        headers = {"Authorization": f"Bearer {token}".encode()} if token else {}
        url = f"{self.webhook}/_matrix/app/v1/transactions/{transaction}"
        return PUSHING.put(url, json={"events": events}, headers=headers)


@contextlib.contextmanager
def town(folder: Path) -> Iterator[Town]:
    """Start both, stop both."""
    [port] = free_ports(1)
    files = folder / "registration"
    registration, environment = write(
        BOT, "http://127.0.0.1:1", f"http://127.0.0.1:{port}/webhooks/matrix", files
    )
    settings = dict(line.split("=", 1) for line in environment.read_text().splitlines())
    with running(folder / "synapse", registration) as synapse:
        settings["STADSBOT_MATRIX_URL"] = synapse.url
        here = Town(synapse, settings, folder / "var", port)
        try:
            here.start_assistant()
            yield here
        finally:
            here.stop_assistant()
