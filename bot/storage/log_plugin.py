"""Rasa's own hook for anonymous logs, filled in: what its structlog keys for texts hold is left out at every level.

`bot.privacy.logs` does the same for every structlog value and every line of any library; this is the gate that Rasa itself foresaw.
With a pipeline Rasa reads the conversation once more per message, to offer its new events to `run`.
"""

from __future__ import annotations

from typing import Any

import pluggy
from rasa.plugin import plugin_manager

from bot.privacy.logs import OMITTED

_NAME = "stadsbot-logs"
_hook = pluggy.HookimplMarker("rasa")


class LogPlugin:
    """The plugin and the pipeline that it hands out."""

    @_hook
    def get_anonymization_pipeline(self) -> LogPlugin:
        """Return the pipeline; Rasa asks for it at every log line."""
        return self

    def log_run(self, value: Any) -> str:
        """Return what is logged in place of a value that can hold a citizen's words."""
        return OMITTED

    def run(self, event: dict[str, Any]) -> None:
        """Do nothing with an event: what is stored of it is cleaned at the point of writing (`bot.storage.clean`)."""


def register() -> None:
    """Register the plugin once in this process."""
    if not plugin_manager().has_plugin(_NAME):
        plugin_manager().register(LogPlugin(), _NAME)
