"""From a turn and what is remembered to what is said: the guide through a referral.

Order matters and is the safety argument: danger first, then a running preparation, then starting over, then an open
question, then a new story, then doubt. Whatever is left is an ordinary question that ``data/rules`` answers.
"""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.model import Doubt, Memory, Plan, Turn
from bot.dialogue.replies import Reply, read_reply
from bot.referral import (
    ChannelData,
    Question,
    detail_from_text,
    hate_violence_from_text,
    minor_from_text,
    next_question,
)

CRISIS = frozenset({"nood_gevaar", "zelfmoordgedachten", "geweld_misbruik"})
STORIES = frozenset({"ervaring_discriminatie", "getuige", "voor_iemand_anders", "klacht_indienen"})
PREPARE = "voorbereiden"
RESUME = "verder"
MAX_REPEATS = 2  # an open question is put at most three times in all; then "weet ik niet" is assumed


def decide(turn: Turn, memory: Memory, channels: ChannelData) -> Plan:
    """Plan the answers to ``turn``.

    Args:
        turn: the citizen's message as understood.
        memory: what was remembered before it.
        channels: the referral table.
    """
    if turn.intent in CRISIS:
        return _named("gevaar", _crisis(turn, memory))
    if memory.voorbereiding:
        return _named("voorbereiding", _prepare(turn, memory))
    if turn.intent == "opnieuw":
        return _named("opnieuw", Plan(("opnieuw",), Memory()))
    if turn.taak == PREPARE or read_reply(turn.text) is Reply.PREPARE:
        started = replace(memory, voorbereiding=True, vraag=None, niet_begrepen=0, onderbroken=False)
        return _named("voorbereiding", Plan(("action_voorbereiding_start",), started))
    if turn.language != "nl":
        return _named("andere_taal", Plan(("vreemde_taal",), replace(memory, niet_begrepen=0)))
    if memory.onderbroken and (
        turn.taak == RESUME or turn.intent == "ja" or read_reply(turn.text) is Reply.RESUME
    ):
        return _named("verder", _ask_again(replace(memory, onderbroken=False)))
    if memory.vraag:
        return _named("open_vraag", _open_question(turn, memory, channels))
    if turn.intent in STORIES and turn.doubt is not Doubt.FAR:
        return _named("nieuw_verhaal", _new_story(turn, memory, channels))
    if turn.doubt is not Doubt.NONE:
        return _named("twijfel", _doubt(turn, memory))
    return _named("gewone_vraag", Plan((), replace(memory, niet_begrepen=0, onderbroken=False)))


def _named(decision: str, plan: Plan) -> Plan:
    return replace(plan, decision=decision)


def _crisis(turn: Turn, memory: Memory) -> Plan:
    """The line that helps comes first, whatever was going on; what was open stays open."""
    busy = memory.vraag is not None or memory.voorbereiding
    answers = (turn.intent, "later_verder") if busy else (turn.intent,)
    # A preparation is not continued by the next words of somebody in danger: it has to be picked up again.
    return Plan(answers, replace(memory, onderbroken=busy, niet_begrepen=0))


def _prepare(turn: Turn, memory: Memory) -> Plan:
    stops = turn.intent == "opnieuw" and _short(turn)  # "ik wil dat het stopt" is an answer, not a command
    if stops or read_reply(turn.text) is Reply.STOP:
        return Plan(("action_voorbereiding_stop",), replace(memory, voorbereiding=False, onderbroken=False))
    if not memory.onderbroken:
        return Plan(("action_voorbereiding",), memory)
    if turn.taak == RESUME or turn.intent == "ja" or read_reply(turn.text) is Reply.RESUME:
        return Plan(("action_voorbereiding_hervat",), replace(memory, onderbroken=False))
    if turn.doubt is not Doubt.NONE:
        return Plan(("later_verder",), memory)
    return Plan((), memory)


def _new_story(turn: Turn, memory: Memory, channels: ChannelData) -> Plan:
    base = Memory(verhaal=turn.intent)
    if memory.verwezen and not turn.gronden and turn.domeinen and read_reply(turn.text) is Reply.CORRECTION:
        base = replace(
            base, gronden=memory.gronden
        )  # "eigenlijk was het op school": same person, same ground
    return _ask_or_refer(_merge(turn, base, channels), channels, lead=(turn.intent,))


def _open_question(turn: Turn, memory: Memory, channels: ChannelData) -> Plan:
    memory = replace(memory, onderbroken=False)
    if turn.intent == "afscheid" and turn.doubt is Doubt.NONE:
        return Plan((), replace(memory, vraag=None))
    merged = _merge(turn, memory, channels)
    told = turn.intent in STORIES or _short(turn) or turn.doubt is not Doubt.NONE
    if merged != memory and told:
        return _ask_or_refer(replace(merged, niet_begrepen=0), channels)
    if read_reply(turn.text) is Reply.DONT_KNOW or (turn.intent == "nee" and turn.doubt is Doubt.NONE):
        return _ask_or_refer(_unknown(memory), channels)
    if turn.intent in STORIES or turn.doubt is not Doubt.NONE or turn.intent == "ja":
        if memory.herhaald >= MAX_REPEATS:
            return _ask_or_refer(_unknown(memory), channels)
        # Somebody who tells on was understood; only the answer to the question is not in it.
        told_on = turn.intent in STORIES and turn.doubt is Doubt.NONE and not _short(turn)
        lead = "meer_verteld" if told_on else "niet_begrepen_vraag"
        return _ask_again(replace(memory, herhaald=memory.herhaald + 1), lead=(lead,))
    if turn.intent == "eenvoudiger":
        return _ask_again(memory, lead=("eenvoudiger",))
    if memory.herhaald >= MAX_REPEATS:
        # Somebody who keeps asking other things is not pressed any further.
        return Plan((turn.intent,), replace(memory, vraag=None))
    return _ask_again(replace(memory, herhaald=memory.herhaald + 1), lead=(turn.intent,))


def _merge(turn: Turn, memory: Memory, channels: ChannelData) -> Memory:
    """Take over what the message says of the case; a later word corrects an earlier one."""
    if turn.domeinen and memory.domein not in turn.domeinen:
        memory = replace(memory, domein=turn.domeinen[0], detail=None)
    if turn.gronden:
        known = tuple(g for g in memory.gronden if g != "onbekend")
        correction = read_reply(turn.text) is Reply.CORRECTION
        memory = replace(
            memory, gronden=turn.gronden if correction else tuple(dict.fromkeys(known + turn.gronden))
        )
    detail = turn.detail
    if detail is None and memory.domein:
        detail = detail_from_text(turn.text, memory.domein, channels)
    if detail is not None:
        memory = replace(memory, detail=detail)
    return replace(
        memory,
        minderjarig=memory.minderjarig or minor_from_text(turn.text, channels),
        haatgeweld=memory.haatgeweld or hate_violence_from_text(turn.text, channels),
    )


def _unknown(memory: Memory) -> Memory:
    """The open question stays unanswered for good."""
    if memory.vraag == Question.DOMEIN.value:
        return replace(memory, domein="onbekend")
    if memory.vraag == Question.DETAIL.value:
        return replace(memory, detail="onbekend")
    return replace(memory, gronden=("onbekend",))


def _ask_or_refer(memory: Memory, channels: ChannelData, lead: tuple[str, ...] = ()) -> Plan:
    question = next_question(memory.situation, memory.gevraagd, channels)
    if question is None:
        return Plan((*lead, "verwijzing"), replace(memory, vraag=None, herhaald=0, verwezen=True))
    asked = replace(memory, vraag=question.value, gevraagd=memory.gevraagd + 1, herhaald=0)
    return Plan((*lead, f"vraag_{question.value}"), asked)


def _ask_again(memory: Memory, lead: tuple[str, ...] = ()) -> Plan:
    if memory.vraag is None:
        return Plan((*lead, "wat_kan_je"), memory)
    return Plan((*lead, f"vraag_{memory.vraag}"), memory)


def _doubt(turn: Turn, memory: Memory) -> Plan:
    """Ask between two, or say so and offer topics; the second time give a person's number, and never go on for ever."""
    missed = memory.niet_begrepen + 1
    after = replace(memory, niet_begrepen=missed)
    if missed >= 2:
        return Plan(("niet_begrepen_contact",), after)
    return Plan(("twijfel" if turn.doubt is Doubt.BETWEEN else "niet_begrepen",), after)


def _short(turn: Turn) -> bool:
    """An answer of a few words to an open question, whatever intent it looks like on its own."""
    return len(turn.text.split()) <= 6
