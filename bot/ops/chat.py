"""``make chat``: a conversation in the terminal, against a really started assistant."""

from __future__ import annotations

import json
import subprocess
import time
import urllib.error
import urllib.request
import uuid
from typing import Any

from rich.console import Console

from bot.errors import DataError
from bot.ops.run import START_LIMIT, answers, commands, environment
from bot.ops.settings import Settings
from bot.ops.training import ensure_model
from bot.paths import ROOT


def chat(settings: Settings, console: Console) -> int:
    """Talk until an empty line or Ctrl-C; starts the assistant when it is not running, and then stops it again."""
    base = f"http://127.0.0.1:{settings.rasa_port}"
    started: list[subprocess.Popen[bytes]] = []
    try:
        if not answers(base):
            started = _start(settings, console, base)
        return _talk(base, console)
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(timeout=20)


def _start(settings: Settings, console: Console, base: str) -> list[subprocess.Popen[bytes]]:
    parts = commands(settings, str(ensure_model(settings, console)))
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    log = (settings.var_dir / "chat.log").open("wb")
    processes = [
        subprocess.Popen(parts[name].split(), cwd=ROOT, env=environment(settings), stdout=log, stderr=log)  # noqa: S603
        for name in ("rasa", "acties")
    ]
    deadline = time.monotonic() + START_LIMIT
    with console.status("De assistent start op …"):
        while not answers(base):
            if time.monotonic() > deadline or any(process.poll() is not None for process in processes):
                raise DataError(f"the assistant did not start; see {settings.var_dir / 'chat.log'}")
            time.sleep(0.3)
    return processes


def _talk(base: str, console: Console) -> int:
    sender, offered = f"terminal-{uuid.uuid4().hex}", list[str]()
    console.print("Schrijf je vraag. Een lege regel stopt het gesprek.")
    while text := _read():
        if text.isdigit() and 0 < int(text) <= len(offered):
            text = offered[int(text) - 1]
        offered = []
        for message in _send(base, sender, text):
            if message.get("text"):
                console.print(message["text"], markup=False)
            for button in message.get("buttons", ()):
                offered.append(button["payload"])
                console.print(f"  {len(offered)}. {button['title']}", markup=False)
    return 0


def _read() -> str:
    try:
        return input("\n> ").strip()
    except EOFError:
        return ""


def _send(base: str, sender: str, text: str) -> list[dict[str, Any]]:
    request = urllib.request.Request(  # noqa: S310 - loopback, http
        f"{base}/webhooks/rest/webhook",
        data=json.dumps({"sender": sender, "message": text}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as reply:  # noqa: S310
        messages: list[dict[str, Any]] = json.load(reply)
    return messages
