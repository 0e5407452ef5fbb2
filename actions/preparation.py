"""The guided preparation, in the action server: its memory is the only place where the answers ever are."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.dialogue import Memory
from bot.engine.names import MEMORY_SLOT, PREPARING_SLOT
from bot.paths import data_dir
from bot.preparation import Notebook, Step, load_script
from bot.referral import card, load_channels, refer

NOTEBOOK = Notebook(load_script(data_dir() / "preparation.yml"))
CHANNELS = load_channels(data_dir() / "channels.yml")


def _ask(dispatcher: CollectingDispatcher, text: str) -> None:
    texts = NOTEBOOK.script.texts
    buttons = [{"title": texts[key], "payload": texts[key]} for key in ("skip", "stop")]
    dispatcher.utter_message(text=text, buttons=buttons)


class Start(Action):  # type: ignore[misc]
    """Opens the preparation."""

    def name(self) -> str:
        """Return the name in ``domain.yml``."""
        return "action_voorbereiding_start"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Say what happens, and put the first question."""
        question = NOTEBOOK.start(tracker.sender_id)
        _ask(dispatcher, f"{NOTEBOOK.script.texts['intro']}\n\n{question}")
        return []


class Prepare(Action):  # type: ignore[misc]
    """Takes the answer to the open question."""

    def name(self) -> str:
        """Return the name in ``domain.yml``."""
        return "action_voorbereiding"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Ask the next question, or hand over the finished text and forget it."""
        step, reply = NOTEBOOK.answer(tracker.sender_id, str(tracker.latest_message.get("text") or ""))
        if step is Step.ASK:
            _ask(dispatcher, reply)
            return []
        if step is Step.LOST:
            dispatcher.utter_message(text=NOTEBOOK.script.texts["lost"])
        else:
            _hand_over(dispatcher, tracker, reply)
        return [SlotSet(PREPARING_SLOT, False)]


class Resume(Action):  # type: ignore[misc]
    """Puts the open question again, after an interruption."""

    def name(self) -> str:
        """Return the name in ``domain.yml``."""
        return "action_voorbereiding_hervat"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Repeat the question, or say that the answers are gone."""
        question = NOTEBOOK.question(tracker.sender_id)
        if question is None:
            dispatcher.utter_message(text=NOTEBOOK.script.texts["lost"])
            return [SlotSet(PREPARING_SLOT, False)]
        _ask(dispatcher, f"{NOTEBOOK.script.texts['resume']} {question}")
        return []


class Stop(Action):  # type: ignore[misc]
    """Ends the preparation at any moment."""

    def name(self) -> str:
        """Return the name in ``domain.yml``."""
        return "action_voorbereiding_stop"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Forget the answers and say so."""
        NOTEBOOK.forget(tracker.sender_id)
        dispatcher.utter_message(text=NOTEBOOK.script.texts["stopped"])
        return [SlotSet(PREPARING_SLOT, False)]


def _hand_over(dispatcher: CollectingDispatcher, tracker: Tracker, text: str) -> None:
    """Show the text and where it can be sent; the tracker store keeps neither (bot.storage)."""
    texts = NOTEBOOK.script.texts
    situation = Memory.from_json(tracker.get_slot(MEMORY_SLOT)).situation
    referral = refer(situation, CHANNELS)
    first = card(referral.steps[0].channel, CHANNELS, reason=referral.steps[0].reason)
    link = str(first.get("form_url") or first.get("url") or first.get("phone") or "")
    send_to = texts["send_to"].format(name=first["name"], link=link)
    custom = {
        "preparation": {"text": text, "form_url": link},
        "channels": [step.channel for step in referral.steps],
        "cards": [first],
    }
    dispatcher.utter_message(text=f"{texts['done']}\n\n{text}\n\n{send_to}", json_message=custom)
