"""The monthly report for the council: sentences that say what the figures mean, and what they do not.

A difference is only called one when chance alone would seldom make it: by more than two standard deviations of a count
(Poisson) or of a share (binomial). Below `FEW` no shares are given.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from conversations import titles
from figures.hiding import STEP, shown
from figures.periods import Kind, Period, day
from figures.statistics import Statistics
from figures.tables import Row, Table, Value, number

FEW = 50  # of which a share says little
NAMED = 3  # things named in a sentence
_SECTIONS = (
    "verloop",
    "begrip",
    "vragen",
    "doorverwijzingen",
    "gronden",
    "tevredenheid",
    "antwoordtijd",
    "talen",
)


@dataclass(frozen=True)
class Section:
    """Sentences with the table that they are about."""

    sentences: tuple[str, ...]
    table: Table


def report(figures: Statistics) -> list[Section]:
    """Return the sections of the report of a month."""
    texts = {
        "verloop": _volume(figures),
        "begrip": _understood(figures),
        "vragen": _most(figures.questions(), "Het vaakst ging het over"),
        "doorverwijzingen": _most(figures.referrals(), "Het vaakst verwees de assistent naar"),
        "gronden": _grounds(figures),
        "tevredenheid": _thumbs(figures),
        "antwoordtijd": _speed(figures),
        "talen": _most(figures.languages(), "De meeste berichten waren geschreven in het"),
    }
    tables = {table.id: table for table in (*figures.tables(), figures.weeks())}
    return [Section(tuple(texts[name]), masked(tables[name])) for name in _SECTIONS]


def masked(table: Table) -> Table:
    """Return a table without counts below five.

    When a single one in a column is left out, the next smallest goes too: else it is what is missing from the total.
    """
    columns = list(zip(*(row.values for row in table.rows), strict=True))
    cleaned = [_masked(column) for column in columns]
    rows = [
        Row(
            row.label,
            tuple(column[place] for column in cleaned),
            bar=row.bar if row.bar is None or cleaned[0][place] is not None else 0.0,
        )
        for place, row in enumerate(table.rows)
    ]
    return replace(table, rows=tuple(rows), chart=None)


def _masked(column: tuple[Value, ...]) -> list[Value]:
    counts = sorted(
        (value, place) for place, value in enumerate(column) if isinstance(value, int) and value > 0
    )
    small = [place for value, place in counts if value < STEP]
    if len(small) == 1 and len(counts) > 1:
        small.append(counts[1][1])
    return [None if place in small else value for place, value in enumerate(column)]


def _volume(figures: Statistics) -> list[str]:
    now, then = figures.now.total("gesprek"), figures.then.total("gesprek")
    messages = figures.now.total("bericht")
    if now < STEP:
        return [f"In {figures.period.title} waren er minder dan vijf gesprekken: te weinig voor een rapport."]
    found = [
        f"In {figures.period.title} voerde de assistent {number(now)} gesprekken, met samen {number(messages)} berichten van burgers."
    ]
    before = (
        figures.compared.title
        if figures.compared.kind == figures.period.kind
        else "dezelfde dagen van de maand ervoor"
    )
    if then < STEP:
        found.append(f"Over {before} zijn er te weinig gesprekken om mee te vergelijken.")
    elif abs(now - then) <= 2 * math.sqrt(now + then):
        found.append(
            f"Dat zijn er ongeveer evenveel als in {before} ({number(then)}); het verschil kan toeval zijn."
        )
    else:
        found.append(
            f"Dat zijn er {number(abs(now - then))} {'meer' if now > then else 'minder'} dan in {before} ({number(then)}). Waarom, zeggen de cijfers niet."
        )
    hours = figures.now.names("uur")
    whole = sum(hours.values())
    if whole >= FEW:
        outside = sum(count for hour, count in hours.items() if not 9 <= int(hour) < 17)
        found.append(
            f"Van elke 100 berichten kwamen er {round(100 * outside / whole)} voor 9 uur of na 17 uur."
        )
    return found


def _understood(figures: Statistics) -> list[str]:
    now, then = figures.now.names("begrip"), figures.then.names("begrip")
    whole, whole_then = sum(now.values()), sum(then.values())
    if whole < FEW:
        return [
            "Er waren te weinig berichten om te zeggen hoe vaak de assistent begreep wat iemand bedoelde."
        ]
    lost = now.get("niet_begrepen", 0) + now.get("mislukt", 0)
    asked = now.get("verduidelijking", 0)
    found = [
        f"Van elke 100 berichten beantwoordde de assistent er {100 - round(100 * lost / whole) - round(100 * asked / whole)} meteen. "
        f"Bij {round(100 * asked / whole)} stelde hij eerst een vraag terug; {round(100 * lost / whole)} begreep hij niet."
    ]
    if whole_then >= FEW:
        lost_then = then.get("niet_begrepen", 0) + then.get("mislukt", 0)
        found.append(_shift(lost, whole, lost_then, whole_then))
    found.append(
        "Dit is wat de assistent zelf dacht: of zijn antwoord ook juist was, weten we enkel van gesprekken die een medewerker nalas."
    )
    return found


def _shift(part: int, whole: int, part_then: int, whole_then: int) -> str:
    share, share_then = part / whole, part_then / whole_then
    both = (part + part_then) / (whole + whole_then)
    error = math.sqrt(both * (1 - both) * (1 / whole + 1 / whole_then))
    if abs(share - share_then) <= 2 * error:
        return "Dat is niet duidelijk anders dan in de maand ervoor."
    return f"In de maand ervoor begreep hij er {round(100 * share_then)} niet: dat is {'slechter' if share > share_then else 'beter'} geworden."


def _most(table: Table, opening: str) -> list[str]:
    named = [f"{row.label} (ongeveer {number(row.values[0])} keer)" for row in table.rows[:NAMED]]
    if not named:
        return []
    return [f"{opening} {_listed(named)}."]


def _grounds(figures: Statistics) -> list[str]:
    counts = figures.now.names("grond_domein") if figures.heat().rows else {}
    cells = {name: count for name, raw in counts.items() if (count := shown(raw)) and "onbekend" not in name}
    order = sorted(cells, key=lambda name: (-cells[name], name))[:NAMED]
    found = []
    if order:
        named = []
        for name in order:
            ground, _, domain = name.partition("|")
            named.append(
                f"{titles.entity('grond', ground).lower()} bij {titles.entity('domein', domain).lower()} (ongeveer {number(cells[name])} keer)"
            )
        found.append(
            f"In gesprekken die tot een doorverwijzing kwamen, ging het het vaakst over {_listed(named)}."
        )
    found.append(
        "Dit is geen maat voor hoeveel discriminatie er is: enkel wie met de assistent praatte, telt mee, en wat iemand vertelde is niet onderzocht."
    )
    return found


def _thumbs(figures: Statistics) -> list[str]:
    thumbs = figures.now.names("duim")
    up, whole = thumbs.get("up", 0), sum(thumbs.values())
    if whole < FEW:
        return ["Er waren minder dan vijftig duimen: te weinig om te zeggen of mensen tevreden zijn."]
    return [
        f"Van elke 100 duimen gingen er {round(100 * up / whole)} omhoog. Weinig mensen geven een duim, dus dit is maar een deel van het beeld."
    ]


def _speed(figures: Statistics) -> list[str]:
    counts = figures.now.names("antwoordtijd")
    whole = sum(counts.values())
    if whole < FEW:
        return []
    so_far = 0
    for bound in sorted(int(name) for name in counts if name.isdigit()):
        so_far += counts[str(bound)]
        if so_far >= 0.95 * whole:
            return [
                f"Van elke 100 antwoorden waren er 95 klaar binnen {number(bound)} milliseconden (1.000 is een seconde)."
            ]
    return ["Meer dan 5 op 100 antwoorden lieten langer dan 5 seconden op zich wachten."]


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} en {parts[-1]}"


def month_of(text: str) -> Period | None:
    """Return the month of an address ("2026-11"); None when it is none."""
    found = day(f"{text}-01")
    return Period.around(Kind.MONTH, found) if found else None
