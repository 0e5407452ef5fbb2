"""Turning an answer id and what is known of the conversation into one message."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.answers.load import Content
from bot.answers.model import Answer, Button, Message
from bot.dialogue.model import Memory
from bot.referral import Question, Step, card, question_options, refer

# Answers that are the conversation's own machinery: "simpler please" never means these.
_MACHINERY_THEME = "dialogue"
_SIMPLER_THAN = frozenset({"verwijzing", "vraag_domein", "vraag_detail", "vraag_grond"})
MAX_SUGGESTIONS = 2
_TASKS = {"verder": '/ja{"taak": "verder"}', "voorbereiden": '/klacht_indienen{"taak": "voorbereiden"}'}


@dataclass(frozen=True)
class Context:
    """What an answer may depend on; ``recent_*`` are the last messages sent, oldest first."""

    memory: Memory = field(default_factory=Memory)
    candidates: tuple[str, ...] = ()
    language: str = "nl"
    recent_texts: tuple[str, ...] = ()
    recent_answers: tuple[str, ...] = ()


def render(answer_id: str, context: Context, content: Content) -> Message:
    """Render one answer.

    Args:
        answer_id: a key of ``data/answers``.
        context: the conversation as far as answers depend on it.
        content: all answers and channels.

    Raises:
        KeyError: no such answer.
    """
    answer = content.answers[answer_id]
    special = _SPECIAL.get(answer_id)
    if special:
        return special(answer, context, content)
    return _plain(answer, context, content)


def _plain(answer: Answer, context: Context, content: Content, text: str | None = None) -> Message:
    # While a question is open its own buttons follow; two sets of choices would confuse.
    targets = () if context.memory.vraag else answer.follow_up
    return Message(
        text=text or _fresh_text(answer, context, content),
        buttons=tuple(follow_up_button(target, content) for target in targets),
        custom=_channels(tuple(Step(channel, "") for channel in answer.channels), content),
    )


def follow_up_button(target: str, content: Content) -> Button:
    """The button that leads to another answer; its payload is only accepted where it was offered."""
    return Button(content.answers[target].title, _TASKS.get(target, f"/{target}"))


def _fresh_text(answer: Answer, context: Context, content: Content) -> str:
    """The wording used least among the recent messages, so that nothing is said a third time in the same words."""
    options = [content.fill(text) for text in (answer.text, *answer.variants)]
    recent = "\n".join(context.recent_texts)
    return min(options, key=recent.count)


def _channels(steps: tuple[Step, ...], content: Content) -> dict[str, Any]:
    if not steps:
        return {}
    return {
        "channels": [step.channel for step in steps],
        "cards": [card(step.channel, content.channels, reason=step.reason or None) for step in steps],
    }


def _question(question: Question) -> Callable[[Answer, Context, Content], Message]:
    def render_question(answer: Answer, context: Context, content: Content) -> Message:
        story = context.memory.verhaal or "ervaring_discriminatie"
        options = question_options(question, context.memory.situation, content.channels)
        buttons = tuple(
            Button(option.title, f"/{story}{json.dumps({_ENTITY[question]: option.value})}")
            for option in options
        )
        text = _fresh_text(answer, context, content)
        return Message(text=text, buttons=buttons)

    return render_question


_ENTITY = {Question.DOMEIN: "domein", Question.DETAIL: "detail", Question.GROND: "grond"}


def _referral(answer: Answer, context: Context, content: Content) -> Message:
    """The channels for this case, most fitting first, readable as plain text too."""
    referral = refer(context.memory.situation, content.channels)
    lines = [_fresh_text(answer, context, content), ""]
    for number, step in enumerate(referral.steps, start=1):
        shown = card(step.channel, content.channels, reason=step.reason)
        contact = contact_line(shown)
        lines.append(f"{number}. **{shown['name']}** – {step.reason}" + (f" {contact}" if contact else ""))
    if referral.note:
        lines += ["", referral.note]
    custom = {**_channels(referral.steps, content), "rules": list(referral.rules)}
    if referral.note:
        custom["note"] = referral.note
    return Message(
        text="\n".join(lines),
        buttons=tuple(follow_up_button(target, content) for target in answer.follow_up),
        custom=custom,
    )


def contact_line(shown: Mapping[str, Any]) -> str:
    """Return the quickest way in of a contact card, as text for channels that show no cards."""
    parts = []
    if phone := shown.get("phone"):
        note = shown.get("phone_note")
        parts.append(f"Bel {phone}" + (f" ({note})" if note else "") + ".")
    if link := shown.get("form_url") or shown.get("url"):
        parts.append(f"Online: {link}")
    if not parts and (email := shown.get("email")):
        parts.append(f"Mail naar {email}")
    return " ".join(parts)


def _suggestions(answer: Answer, context: Context, content: Content) -> Message:
    titles = [
        Button(content.answers[intent].title, f"/{intent}")
        for intent in context.candidates[:MAX_SUGGESTIONS]
        if intent in content.answers
    ]
    fixed = [follow_up_button(target, content) for target in answer.follow_up]
    buttons = tuple(dict.fromkeys([*titles, *fixed]))
    return Message(
        text=_fresh_text(answer, context, content),
        buttons=buttons,
        custom=_channels(tuple(Step(channel, "") for channel in answer.channels), content),
    )


def _simpler(answer: Answer, context: Context, content: Content) -> Message:
    """Say the latest content again in the plainest words; without one, ask what was unclear."""
    for earlier in reversed(context.recent_answers):
        known = content.answers.get(earlier)
        if known is None or known.id == answer.id:
            continue
        if known.theme != _MACHINERY_THEME:
            return _plain(known, context, content, text=content.fill(known.simple))
        if known.id in _SIMPLER_THAN:
            message = render(known.id, context, content)
            return Message(content.fill(known.simple), message.buttons, message.custom)
    return _plain(answer, context, content)


def _foreign(answer: Answer, context: Context, content: Content) -> Message:
    """A fixed text in the citizen's own language, or the card in several languages."""
    chosen = content.answers.get(f"taal_{context.language}") or content.answers["taal_onbekend"]
    message = _plain(chosen, context, content)
    language = context.language if chosen.id != "taal_onbekend" else "mul"
    return Message(message.text, message.buttons, {**message.custom, "lang": language})


_SPECIAL: dict[str, Callable[[Answer, Context, Content], Message]] = {
    "vraag_domein": _question(Question.DOMEIN),
    "vraag_detail": _question(Question.DETAIL),
    "vraag_grond": _question(Question.GROND),
    "verwijzing": _referral,
    "twijfel": _suggestions,
    "niet_begrepen": _suggestions,
    "niet_begrepen_contact": _suggestions,
    "eenvoudiger": _simpler,
    "vreemde_taal": _foreign,
}
