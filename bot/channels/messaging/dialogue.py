"""One waiting message from a person → what the assistant says to it, in the outbox."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

import structlog
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.shared.core.events import UserUttered

from bot.answers import Content, Context, render
from bot.answers.render import follow_up_button
from bot.channels.guard import MAX_MESSAGE, Accepted, Offers, Refused, check
from bot.channels.messaging.model import Choice, Choices, Incoming, Kind, Limits, Outgoing
from bot.channels.messaging.phrases import Phrases
from bot.channels.messaging.queue import Arrived, Queue
from bot.channels.messaging.render import render_message
from bot.channels.messaging.understand import Command, chosen, command, yes_or_no
from bot.channels.web_http import failure
from bot.channels.web_messages import preparing
from bot.channels.web_sessions import erase, events_of
from bot.engine.nlg import to_rasa

log = structlog.get_logger(__name__)
OnMessage = Callable[[UserMessage], Awaitable[Any]]
MAX_ATTEMPTS = 3  # a message that brings the process down this often gets an apology instead
MAX_OLDER = 60  # choices remembered per person
ERASING = "wissen"
YES, NO = "/wissen_ja", "/wissen_nee"
_NO_OFFERS = Offers()
_AS_INTENT = {Command.RESTART: "/opnieuw", Command.START: "/begroeting"}


class MessagingOutput(OutputChannel):  # type: ignore[misc]
    """Renders what Rasa says and puts it in the outbox at once, so that it is there before the turn is stored."""

    def __init__(self, turn: Turn) -> None:
        """``turn`` knows whom to answer."""
        self._turn = turn

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Take one message of Rasa."""
        await self._turn.say(message)


class Turn:
    """The answer to one message while it is being made."""

    def __init__(self, dialogue: Dialogue, arrived: Arrived, incoming: Incoming) -> None:
        """Start with nothing said."""
        self._dialogue = dialogue
        self._conversation = arrived.conversation
        self._address = incoming.address
        window = dialogue.limits.window
        self._until = incoming.sent_at + window if window else 0.0
        self.said = False
        self.choices: list[Choice] = []
        self.style = ""

    async def say(self, message: dict[str, Any]) -> None:
        """Put one of Rasa's messages in the outbox."""
        rendered = render_message(message, self._dialogue.limits, self._dialogue.phrases)
        self.note(rendered)
        queue = self._dialogue.queue
        await asyncio.to_thread(queue.stage, self._conversation, self._address, rendered, self._until)

    def note(self, messages: Sequence[Outgoing]) -> None:
        """Remember that something was said, and what can be chosen now."""
        for message in messages:
            self.said = True
            if message.choices:
                self.choices, self.style = list(message.choices), message.style


class Dialogue:
    """Gives each message to whom it concerns: the channel's own commands, an offered choice, or the assistant."""

    def __init__(
        self, channel: str, queue: Queue, limits: Limits, phrases: Phrases, content: Content
    ) -> None:
        """``channel`` is the name under which Rasa knows the channel."""
        self.channel = channel
        self.queue = queue
        self.limits = limits
        self.phrases = phrases
        self.content = content

    async def answer(self, arrived: Arrived, agent: Any, on_new_message: OnMessage) -> None:
        """Answer one message; afterwards it is out of the inbox and its answers are ready to leave."""
        incoming = arrived.incoming
        if incoming is None or self._too_late(incoming):
            log.warning("messaging.dropped", reason="sealed" if incoming is None else "window")
            await asyncio.to_thread(self.queue.finish, arrived)
            return
        before = await asyncio.to_thread(self.queue.choices, arrived.conversation)
        if arrived.attempts and (staged := await self._made_before(arrived, agent)):
            # The process died between storing the turn and noting it; its answers are in the outbox.
            await asyncio.to_thread(self.queue.finish, arrived, _after(before, staged, ""))
            return
        await asyncio.to_thread(self.queue.begin, arrived)
        turn = Turn(self, arrived, incoming)
        if arrived.attempts >= MAX_ATTEMPTS:
            asked = await self._own(turn, "storing")
        else:
            asked = await self._take(arrived, incoming, before, turn, agent, on_new_message)
        if not turn.said:
            asked = await self._own(turn, "storing")
        after = None if asked == "wissen_klaar" else _after(before, turn, asked)
        await asyncio.to_thread(self.queue.finish, arrived, after)

    async def _take(
        self,
        arrived: Arrived,
        incoming: Incoming,
        before: Choices,
        turn: Turn,
        agent: Any,
        on_new_message: OnMessage,
    ) -> str:
        """Say the answer; return the id of the channel's own answer, or "" when the assistant answered."""
        if incoming.kind is Kind.OTHER and not incoming.text:
            return await self._own(turn, incoming.answer)
        choice = before.older.get(incoming.choice) if incoming.kind is Kind.CHOICE else None
        choice = choice or chosen(incoming.text, before.latest, before.style)
        typed = None if choice else command(incoming.text)
        sure = _sure(choice, incoming.text, before)
        if sure is False or (choice and choice.payload == NO):
            return await self._own(turn, "wissen_nee")
        if sure:
            return await self._erase(arrived, turn, agent, on_new_message)
        if typed is Command.ERASE or (choice and choice.payload == YES):
            return await self._own(turn, "wissen_vraag", (YES, NO))
        if typed is Command.HELP:
            return await self._own(turn, "hulp_commando")
        if typed is Command.STOP and not await self._preparing(arrived, agent):
            # What was open is closed, without its answer: somebody who says stop gets one message.
            await self._ask(arrived, _AS_INTENT[Command.RESTART], _Silent(), on_new_message)
            return await self._own(turn, "stop_commando")
        verdict = self._verdict(incoming, choice, typed)
        if isinstance(verdict, Refused):
            return await self._own(turn, verdict.answer_id)
        await self._ask(arrived, verdict.text, MessagingOutput(turn), on_new_message)
        if incoming.kind is Kind.OTHER and turn.said:
            # The words under a picture come first, since they may be about danger; then, that it was not seen.
            await self._own(turn, incoming.answer)
        return ""

    def _verdict(
        self, incoming: Incoming, choice: Choice | None, typed: Command | None
    ) -> Accepted | Refused:
        """Free text is never a command of Rasa's; only what was offered is."""
        if choice:
            return Accepted(choice.payload)
        if typed in _AS_INTENT:
            return Accepted(_AS_INTENT[typed])
        if len(incoming.text) > MAX_MESSAGE:
            return Refused("te_lang_bericht")
        return check(incoming.text.lstrip("/ \n\t"), "", _NO_OFFERS)

    async def _ask(
        self, arrived: Arrived, text: str, output: OutputChannel, on_new_message: OnMessage
    ) -> None:
        message = UserMessage(
            text,
            output,
            arrived.conversation,
            input_channel=self.channel,
            message_id=f"msg-{arrived.message}",
        )
        try:
            await on_new_message(message)
        except Exception as error:
            log.error("messaging.turn.failed", **failure(error))

    async def _erase(self, arrived: Arrived, turn: Turn, agent: Any, on_new_message: OnMessage) -> str:
        try:
            if await self._preparing(arrived, agent):
                # Its answers are in the action server's memory only, and this makes it forget them.
                await self._ask(arrived, _AS_INTENT[Command.RESTART], _Silent(), on_new_message)
            await erase(agent, arrived.conversation)
        except Exception as error:
            log.error("messaging.erase.failed", **failure(error))
            return await self._own(turn, "wissen_mislukt")
        return await self._own(turn, "wissen_klaar")

    async def _own(self, turn: Turn, answer_id: str, choices: tuple[str, ...] = ()) -> str:
        message = to_rasa(render(answer_id, Context(), self.content))
        if choices:
            buttons = [follow_up_button(choice.lstrip("/"), self.content) for choice in choices]
            message["buttons"] = [{"title": one.title, "payload": one.payload} for one in buttons]
        await turn.say({**message, "utter_action": f"utter_{answer_id}"})
        return answer_id

    async def _made_before(self, arrived: Arrived, agent: Any) -> Turn | None:
        """Return what an earlier attempt said, if the conversation was stored with it."""
        wanted = f"msg-{arrived.message}"
        events = await events_of(agent, arrived.conversation)
        if not any(isinstance(event, UserUttered) and event.message_id == wanted for event in events):
            return None
        assert arrived.incoming is not None
        turn = Turn(self, arrived, arrived.incoming)
        for outgoing in await asyncio.to_thread(self.queue.staged, arrived.conversation):
            turn.note((outgoing,))
        return turn if turn.said else None

    async def _preparing(self, arrived: Arrived, agent: Any) -> bool:
        return preparing(await events_of(agent, arrived.conversation))

    def _too_late(self, incoming: Incoming) -> bool:
        return bool(self.limits.window) and time.time() > incoming.sent_at + self.limits.window


class _Silent(OutputChannel):  # type: ignore[misc]
    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Say nothing."""


def _sure(choice: Choice | None, text: str, before: Choices) -> bool | None:
    """Return the answer to "wis mijn gesprek?"; None when it was not asked or something else is said."""
    if before.asked != ERASING:
        return None
    if choice and choice.payload in {YES, NO}:
        return choice.payload == YES
    return None if choice else yes_or_no(text)


def _after(before: Choices, turn: Turn, own: str) -> Choices:
    """What can be chosen after a turn; an answer of the channel's own (``own``) without choices takes none back."""
    asked = ERASING if own == "wissen_vraag" else ""
    if own and not turn.choices:
        return replace(before, asked=asked)
    older = {**before.older, **{choice.id: choice for choice in turn.choices}}
    return Choices(turn.choices, dict(list(older.items())[-MAX_OLDER:]), turn.style, asked)
