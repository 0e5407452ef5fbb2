"""The console as it runs in a city: a process of its own, started by `manage.py serve`."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import requests

REVIEW = Path(__file__).resolve().parents[1]
START_LIMIT = 120.0  # seconds


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def manage(
    folder: Path, *arguments: str, text: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run one command of the console on the data in ``folder``."""
    command = [sys.executable, str(REVIEW / "manage.py"), *arguments]
    env = clean_environment(folder, **environment)
    return subprocess.run(command, env=env, input=text, capture_output=True, text=True, check=False)


def clean_environment(folder: Path, **more: str) -> dict[str, str]:
    """Return an environment in which everything of the console is in ``folder``."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("STADSBOT_", "DJANGO_"))
    }
    return {**kept, "STADSBOT_VAR_DIR": str(folder), "STADSBOT_SECRET": "a secret for tests only", **more}


@contextlib.contextmanager
def until_it_answers(process: subprocess.Popen[bytes], url: str, log: Path) -> Iterator[None]:
    """Wait for a started server; stop it afterwards."""
    try:
        deadline = time.monotonic() + START_LIMIT
        while True:
            with contextlib.suppress(requests.ConnectionError, requests.Timeout):
                requests.get(url, timeout=5)
                break
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()[-3000:]
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def console(folder: Path, port: int, **environment: str) -> Iterator[str]:
    """Yield the address of a console with its data in ``folder``."""
    log = folder / "console.log"
    command = [sys.executable, str(REVIEW / "manage.py"), "serve", "--port", str(port), "--workers", "1"]
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, env=clean_environment(folder, **environment), stdout=output, stderr=output
        )
        address = f"http://127.0.0.1:{port}"
        with until_it_answers(process, f"{address}/aanmelden/", log):
            yield address
