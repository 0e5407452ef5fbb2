"""``make run``: start everything, wait until it answers, say where, and stop all of it together."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from honcho.manager import Manager
from rich.console import Console

from bot.errors import DataError
from bot.ops import review
from bot.ops.settings import Settings
from bot.ops.training import ensure_model
from bot.paths import ROOT

START_LIMIT = 120.0  # seconds until everything must answer


def run(settings: Settings, console: Console) -> int:
    """Run until Ctrl-C or until one part dies.

    Returns:
        The exit code: 0 after Ctrl-C, else that of the part that died.

    Raises:
        DataError: a port is taken, or training failed.
    """
    check_ports(settings)
    model = ensure_model(settings, console)
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    env = environment(settings)
    manager = Manager()
    for name, command in commands(settings, str(model)).items():
        # exec: honcho starts a shell, and must see the part itself die
        manager.add_process(name, f"exec {command}", quiet=False, env=env, cwd=str(ROOT))
    threading.Thread(target=_announce, args=(settings, console), daemon=True).start()
    manager.loop()
    return int(manager.returncode or 0)


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment of the parts."""
    return {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "PYTHONUNBUFFERED": "1",
        "STADSBOT_VAR_DIR": str(settings.var_dir),
        "STADSBOT_DEMO_PORT": str(settings.demo_port),  # the web channel lets the demo page in
        "STADSBOT_SECRET": settings.secret(),
    }


def commands(settings: Settings, model: str) -> dict[str, str]:
    """Return the command line of each part."""
    python = sys.executable
    token = f" --auth-token {settings.api_token}" if settings.api_token else ""
    return {
        "rasa": f"{python} -m bot.ops.without_tensorflow run --enable-api --interface {settings.host} --port {settings.rasa_port}"
        f" --model {model} --endpoints {endpoints(settings)} --credentials credentials.yml"
        f" --cors http://127.0.0.1:{settings.demo_port} http://localhost:{settings.demo_port}{token}",
        "privacy": f"{python} -m bot.privacy.purge_daemon",
        "acties": f"{python} -m rasa_sdk --actions actions --port {settings.actions_port}",
        "demo": f"{python} -m bot.ops.demo --host {settings.host} --port {settings.demo_port} --rasa-port {settings.rasa_port}",
        "console": review.command("serve", "--host", settings.host, "--port", str(settings.review_port)),
        "ingest": review.command("ingest"),
        "metingen": f"{python} -m bot.training.worker",
    }


def endpoints(settings: Settings) -> Path:
    """Write ``endpoints.yml`` for these settings into the var folder and return its path."""
    default = f"http://127.0.0.1:{Settings.actions_port}/webhook"
    chosen = os.environ.get("STADSBOT_ACTIONS_URL") or f"http://127.0.0.1:{settings.actions_port}/webhook"
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    target = settings.var_dir.resolve() / "endpoints.yml"
    target.write_text(
        (ROOT / "endpoints.yml").read_text(encoding="utf-8").replace(default, chosen), encoding="utf-8"
    )
    return target


def check_ports(settings: Settings) -> None:
    """Make sure that every port is free.

    Raises:
        DataError: naming the port and the variable that changes it.
    """
    for variable, port in settings.ports.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.host, port))
            except OSError as error:
                raise DataError(
                    f"port {port} is taken; stop what uses it, or choose another: {variable}=… make run"
                ) from error


def answers(url: str) -> bool:
    """Tell whether something answers at ``url``, with any status."""
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - loopback, http
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def addresses(settings: Settings) -> dict[str, str]:
    """Return where each part that is a server shows that it is up."""
    return {
        "rasa": f"http://{settings.host}:{settings.rasa_port}/",
        "acties": f"http://{settings.host}:{settings.actions_port}/health",
        "demo": f"http://{settings.host}:{settings.demo_port}/",
        "console": f"http://{settings.host}:{settings.review_port}/aanmelden/",
    }


def _announce(settings: Settings, console: Console) -> None:
    deadline = time.monotonic() + START_LIMIT
    waiting = addresses(settings)
    while waiting and time.monotonic() < deadline:
        for name, url in list(waiting.items()):
            if answers(url):
                del waiting[name]
        time.sleep(0.2)
    if waiting:
        console.print(f"Not answering after {START_LIMIT:.0f} s: {', '.join(waiting)}. See the lines above.")
        return
    console.print("\n[bold]The assistant answers.[/bold] Ctrl-C stops everything.")
    console.print(f"  demo page   http://{settings.host}:{settings.demo_port}/")
    console.print(
        f"  console     http://{settings.host}:{settings.review_port}/  (first time: stadsbot review admin)"
    )
    console.print(f"  Rasa        http://{settings.host}:{settings.rasa_port}/")
