"""Everything that the assistant can say, as Rasa hands it to a channel."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, product
from typing import Any

from bot.answers import Content, Context, render
from bot.dialogue import Memory
from bot.engine.nlg import to_rasa
from bot.referral import Question, question_options
from bot.referral.model import Situation

LANGUAGES = ("fr", "en", "de", "tr", "ar", "es", "pl", "ro", "uk", "onbekend")


def everything(content: Content) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a name and a message: every answer in every wording, every question, every referral, every language."""
    for answer in content.answers.values():
        for number in range(len(answer.variants) + 1):
            said = tuple(content.fill(text) for text in (answer.text, *answer.variants)[:number])
            yield f"{answer.id}-{number}", message(answer.id, Context(recent_texts=said), content)
        yield (
            f"{answer.id}-eenvoudiger",
            message("eenvoudiger", Context(recent_answers=(answer.id,)), content),
        )
    for language in LANGUAGES:
        yield f"taal-{language}", message("vreemde_taal", Context(language=language), content)
    intents = [
        name for name, answer in content.answers.items() if answer.theme not in {"dialogue", "messaging"}
    ]
    for pair in pairwise(intents):
        yield f"twijfel-{pair[0]}", message("twijfel", Context(candidates=pair), content)
    domains = [option.value for option in question_options(Question.DOMEIN, Situation(), content.channels)]
    grounds = [option.value for option in question_options(Question.GROND, Situation(), content.channels)]
    for domain, ground in product(domains, grounds):
        memory = Memory(verhaal="klacht_indienen", domein=domain, gronden=(ground,))
        yield f"verwijzing-{domain}-{ground}", message("verwijzing", Context(memory=memory), content)
    for domain in domains:
        memory = Memory(verhaal="getuige", domein=domain, vraag="detail")
        yield f"detail-{domain}", message("vraag_detail", Context(memory=memory), content)
    yield (
        "voorbereiding",
        {
            "text": "Wat is er gebeurd?",
            "buttons": [{"title": title, "payload": title} for title in ("Overslaan", "Stop")],
        },
    )
    yield "lange-voorbereiding", {"text": "Klaar.\n\n" + "Dit is een zin van iemand. " * 400}


def message(answer_id: str, context: Context, content: Content) -> dict[str, Any]:
    """Return one answer as Rasa sends it."""
    return {**to_rasa(render(answer_id, context, content)), "utter_action": f"utter_{answer_id}"}
