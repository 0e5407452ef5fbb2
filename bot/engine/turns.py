"""What Rasa's tracker says of the latest message, in the terms of `bot.dialogue`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue import Doubt, Turn

# Below this, a ground or domain is a guess: the guide rather asks (at 0.65 nine in ten are right, docs/nlu.md).
TRUSTED = 0.65
SILENT = frozenset({"action_listen", "action_session_start", "action_extract_slots"})


@dataclass(frozen=True)
class Latest:
    """The latest message, the intents it may have meant (best first), and what was done since."""

    turn: Turn
    candidates: tuple[str, ...]
    executed: tuple[str, ...]
    said_since_last_action: bool


def latest_turn(tracker: DialogueStateTracker) -> Latest:
    """Read the tracker backwards up to the citizen's latest message."""
    executed: list[str] = []
    said = False
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, BotUttered) and not executed:
            said = True
        elif isinstance(event, ActionExecuted) and event.action_name not in SILENT:
            executed.append(str(event.action_name))
    parse: dict[str, Any] = dict(tracker.latest_message.parse_data or {}) if tracker.latest_message else {}
    return Latest(
        turn=_turn(tracker, parse),
        candidates=tuple(parse.get("doubt", {}).get("candidates", ())),
        executed=tuple(reversed(executed)),
        said_since_last_action=said,
    )


def _turn(tracker: DialogueStateTracker, parse: dict[str, Any]) -> Turn:
    message = tracker.latest_message
    entities = list(message.entities) if message else []

    def values(name: str) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(
                str(e["value"])
                for e in entities
                if e.get("entity") == name
                and e.get("value")
                and e.get("confidence_entity", 1.0) >= TRUSTED  # a button's have none
            )
        )

    return Turn(
        intent=str((message.intent or {}).get("name") or "") if message else "",
        text=(message.text or "") if message else "",
        doubt=Doubt(parse.get("doubt", {}).get("kind", Doubt.NONE.value)),
        domeinen=values("domein"),
        gronden=values("grond"),
        detail=next(iter(values("detail")), None),
        taak=next(iter(values("taak")), None),
        language=str(parse.get("language", "nl")),
    )
