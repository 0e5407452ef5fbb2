"""Answers with how often they were shown and judged, and the facts that want checking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from urllib.parse import urlencode

from bot.answers import Answer
from bot.referral import Channel, Show, visible
from bot.referral.overview import Due, DueFact, due_facts, is_older
from django.urls import reverse

from conversations import titles
from conversations.models import Facet
from figures.counts import Counts
from figures.hiding import shown
from figures.periods import Period
from figures.tables import Row, Table, with_bars

MONTHS = 6  # after which an answer or a fact wants checking again
# Answers that are no intent: what they are looked for by in the queue.
_REASONS = {
    "niet_begrepen": Facet.Reason.FALLBACK,
    "niet_begrepen_vraag": Facet.Reason.FALLBACK,
    "niet_begrepen_contact": Facet.Reason.FAILED,
    "twijfel": Facet.Reason.UNSURE,
}
FIELDS = {
    "phone": "telefoon",
    "phone_note": "bij de telefoon",
    "phone_abroad": "telefoon uit het buitenland",
    "email": "e-mail",
    "url": "website",
    "form_url": "formulier",
    "address": "adres",
    "hours": "uren",
    "cost": "kosten",
    "anonymous": "anoniem",
    "confidential": "vertrouwelijk",
    "languages": "talen",
}
WHY = {
    Due.UNVERIFIED: "onbevestigd",
    Due.SINGLE_SOURCE: "maar één bron",
    Due.OLD: "lang niet nagekeken",
    Due.LIVE: "nog nooit gebeld of aangeklikt",
}


@dataclass(frozen=True)
class Shown:
    """An answer with its figures. ``times`` as `figures.hiding` allows; ``old``: checked `MONTHS` or longer ago."""

    answer: Answer
    times: int | None
    up: int
    down: int
    old: bool

    @property
    def theme(self) -> str:
        """Title of the file that it stands in."""
        return THEMES.get(self.answer.theme, self.answer.theme)


THEMES = {
    **titles.THEMES,
    "dialogue": "Rode draad van het gesprek",
    "languages": "Andere talen",
    "messaging": "Berichtendiensten",
}
ORDERS = {
    "": "vaakst getoond eerst",
    "duim": "meeste duimen omlaag eerst",
    "nagekeken": "langst niet nagekeken eerst",
}


def all_shown(period: Period, today: date, theme: str = "", order: str = "") -> list[Shown]:
    """Return the answers, of one theme or all, in one of `ORDERS`."""
    counts = Counts.of(period)
    times, thumbs = counts.names("antwoord"), counts.names("duim_antwoord")
    found = [
        Shown(
            answer,
            shown(times.get(answer.id, 0)),
            thumbs.get(f"{answer.id}|up", 0),
            thumbs.get(f"{answer.id}|down", 0),
            is_older(date.fromisoformat(answer.checked), today, MONTHS),
        )
        for answer in titles.content().answers.values()
        if theme in {"", answer.theme}
    ]
    keys = {
        "duim": lambda each: (-each.down, each.answer.title),
        "nagekeken": lambda each: (each.answer.checked, each.answer.title),
    }
    return sorted(found, key=keys.get(order, lambda each: (-(each.times or 0), each.answer.title)))


def table(period: Period, today: date, theme: str = "", order: str = "") -> Table:
    """The answers as a table."""
    rows = [
        Row(
            each.answer.title,
            (
                each.times,
                each.up,
                each.down,
                each.theme,
                date.fromisoformat(each.answer.checked),
                "nakijken" if each.old else "",
            ),
            reverse("figures:answer", args=[each.answer.id]) + f"?{period.query}",
        )
        for each in all_shown(period, today, theme, order)
    ]
    return Table(
        "antwoorden",
        "Antwoorden",
        ("Antwoord", "Getoond", "Duim omhoog", "Duim omlaag", "Thema", "Nagekeken op", "Te doen"),
        with_bars(rows),
        note="Hoe vaak een antwoord getoond werd, is naar beneden afgerond op vijf.",
    )


def queue_link(answer: str) -> str:
    """Return the address of the queue with the conversations that this answer was given in; empty when it cannot tell."""
    if answer in titles.intents():
        chosen = {"bedoeling": answer}
    elif answer in _REASONS:
        chosen = {"reden": str(_REASONS[answer])}
    else:
        return ""
    return f"{reverse('conversations:queue')}?{urlencode({**chosen, 'status': 'alle'})}"


@dataclass(frozen=True)
class DueLine:
    """A fact to check, in words; ``meanwhile`` is what citizens see until then."""

    fact: DueFact
    channel: str
    field: str
    why: str
    meanwhile: str


def due(today: date) -> list[DueLine]:
    """Return the facts that want checking, most pressing first."""
    channels = titles.content().channels
    return [
        DueLine(
            fact,
            channels.channels[fact.channel].name,
            FIELDS.get(fact.field, fact.field),
            WHY[fact.due],
            meanwhile(channels.channels[fact.channel], fact.field),
        )
        for fact in _due(today)
    ]


@lru_cache(maxsize=1)
def _due(today: date) -> tuple[DueFact, ...]:
    return due_facts(titles.content().channels, today, MONTHS)


def due_table(today: date) -> Table:
    """The facts that want checking as a table."""
    rows = [
        Row(
            line.channel,
            (
                line.field,
                str(line.fact.value),
                line.why,
                line.fact.checked,
                line.meanwhile,
                "; ".join(line.fact.sources),
                line.fact.note,
                f"data/channels.yml, regel {line.fact.line}",
            ),
        )
        for line in due(today)
    ]
    return Table(
        "feiten",
        "Feiten om na te kijken",
        (
            "Instantie",
            "Gegeven",
            "Waarde",
            "Waarom",
            "Nagekeken op",
            "Wat de burger nu ziet",
            "Bronnen",
            "Opmerking",
            "Plaats",
        ),
        tuple(rows),
    )


def meanwhile(channel: Channel, field: str) -> str:
    """Say what citizens see as long as a fact is not checked."""
    if channel.show is Show.NEVER:
        return "niets: deze instantie wordt niet getoond"
    facts = visible(channel)
    if field in facts:
        return "dit gegeven"
    others = [FIELDS[name] for name in ("phone", "form_url", "url", "email", "address") if name in facts]
    if not others:
        return "dit gegeven niet; enkel de naam en wat de instantie doet"
    return f"dit gegeven niet; wel {', '.join(others)}"
