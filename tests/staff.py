"""Staff of the review console in tests that start everything: an account, and the pages without a browser."""

from __future__ import annotations

import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from http.cookiejar import CookieJar
from typing import TypeVar
from urllib.parse import urlencode

from bot.ops.run import environment
from bot.ops.settings import Settings
from bot.paths import ROOT
from tests.assistant import Assistant

Found = TypeVar("Found")
NAME, PASSWORD = "eva", "drie groene fietsen 9"
WAIT = 30.0  # seconds; how fast it really goes stands in benchmarks/results


def stadsbot(assistant: Assistant, *arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command line on the folder of a started assistant; ``text`` is typed into it."""
    env = environment(Settings(var_dir=assistant.var_dir))
    command = [sys.executable, "-m", "bot.cli", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, input=text, capture_output=True, text=True, check=False)


class Staff:
    """Somebody with a session of the console."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        with self.opener.open(self.url + path, timeout=60) as page:
            return str(page.read().decode())

    def post(self, path: str, *, form: str = "", **fields: str) -> str:
        """Send the form that stands on the page ``form``, by default the page of the same address."""
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(form or path))
        assert found, "no form"
        data = urlencode({**fields, "csrfmiddlewaretoken": found.group(1)}).encode()
        with self.opener.open(self.url + path, data, timeout=60) as page:
            return str(page.read().decode())


def administrator(assistant: Assistant) -> Staff:
    """Make the first account, and sign in with it."""
    made = stadsbot(assistant, "review", "admin", NAME, text=PASSWORD + "\n")
    assert made.returncode == 0, made.stderr
    somebody = Staff(assistant.console)
    assert "Wachtrij" in somebody.post("/aanmelden/", username=NAME, password=PASSWORD)
    return somebody


def numbers_in(page: str) -> set[str]:
    """Return the numbers of the conversations that a page links to."""
    return set(re.findall(r"/gesprek/(\d+)/", page))


def until(found: Callable[[], Found], seconds: float = WAIT) -> Found:
    """Ask again until something is found; return it."""
    deadline = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s"
        time.sleep(0.1)
    return value
