"""Talking to the assistant as a citizen's browser does, after a script (``demo.yml``)."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.answers.load import read_yaml
from bot.errors import DataError

PATIENCE = 8  # times that a message is sent again when the channel says "too many"
Step = str | dict[str, str]


def script(path: Path) -> list[list[Step]]:
    """Read the conversations.

    Raises:
        DataError: a step that is no message, button or thumb.
    """
    talks: list[list[Step]] = []
    for number, steps in enumerate(read_yaml(path), 1):
        talk: list[Step] = []
        for step in steps:
            if isinstance(step, str):
                talk.append(step)
            elif isinstance(step, dict) and ("knop" in step or step.get("duim") in {"up", "down"}):
                talk.append({str(name): str(value) for name, value in step.items()})
            else:
                raise DataError(
                    f"{path}: conversation {number}: a step is a message, {{knop: …}} or {{duim: up|down}}"
                )
        talks.append(talk)
    return talks


@dataclass
class Citizen:
    """One session of the web channel at ``address`` (``http://host:port``)."""

    address: str
    token: str = ""
    replies: list[dict[str, Any]] = field(default_factory=list)

    def talk(self, steps: list[Step]) -> Iterator[Step]:
        """Take the steps, yielding each one that was taken."""
        self.token = self._send("session", {})["token"]
        for step in steps:
            if self._take(step):
                yield step

    def _take(self, step: Step) -> bool:
        if isinstance(step, str):
            self._say(text=step)
            return True
        if "duim" in step:
            if not self.replies:
                return False
            about = {
                "message_id": self.replies[-1]["id"],
                "value": step["duim"],
                "word": step.get("woord", ""),
            }
            self._send("feedback", about)
            return True
        for button in (button for reply in self.replies for button in reply["buttons"]):
            if button["title"].lower().startswith(step["knop"].lower()):
                self._say(payload=button["payload"])
                return True
        return False

    def _say(self, **what: str) -> None:
        self.replies = self._send("message", {"id": uuid.uuid4().hex, **what})["messages"]

    def _send(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310 - http or https, from the command line
            f"{self.address}/webhooks/web/{path}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
        )
        for _ in range(PATIENCE):
            try:
                with urllib.request.urlopen(request, timeout=60) as reply:  # noqa: S310
                    raw = reply.read()
                    return dict(json.loads(raw)) if raw else {}
            except urllib.error.HTTPError as error:
                wait = float(error.headers.get("Retry-After") or 0)
                if error.code not in {429, 503} or not wait:
                    raise DataError(f"the assistant refused {path} with status {error.code}") from error
                time.sleep(wait)
        raise DataError(f"the assistant was too busy for {path}, {PATIENCE} times")
