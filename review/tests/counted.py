"""Daily counts as the assistant would have written them, the same every time."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from conversations import titles
from figures.models import DailyCount

SEED = 20261126
_CHANNELS = (("web", 80), ("whatsapp", 15), ("matrix", 5))
_OUTCOMES = (("beantwoord", 88), ("verduidelijking", 6), ("niet_begrepen", 5), ("mislukt", 1))
_LANGUAGES = (("nl", 94), ("en", 3), ("fr", 2), ("ar", 1))
_TIMES = (("50", 60), ("100", 30), ("200", 7), ("500", 2), ("1000", 1))
_REFERRALS = (
    ("unia", 50),
    ("vmri", 40),
    ("igvm", 10),
    ("comite_p", 4),
    ("lijn_1712", 3),
    ("caw_slachtofferhulp", 2),
)


def days(first: date, last: date, per_day: int = 40, seed: int = SEED) -> Iterator[DailyCount]:
    """Yield the counts of each day: about ``per_day`` conversations, fewer in weekends, slowly more."""
    chance = random.Random(seed)
    intents, grounds, domains = list(titles.intents()), list(titles.grounds()), list(titles.domains())
    day = first
    while day <= last:
        counts: Counter[tuple[str, str]] = Counter()
        size = per_day * (0.4 if day.weekday() > 4 else 1.0) * (1 + 0.2 * math.sin((day - first).days / 40))
        for _ in range(max(1, round(chance.gauss(size, math.sqrt(size))))):
            _conversation(counts, chance, intents, grounds, domains)
        for (kind, name), count in sorted(counts.items()):
            yield DailyCount(day=day.isoformat(), kind=kind, name=name, count=count)
        day += timedelta(days=1)


def _conversation(
    counts: Counter[tuple[str, str]],
    chance: random.Random,
    intents: list[str],
    grounds: list[str],
    domains: list[str],
) -> None:
    channel = _pick(chance, _CHANNELS)
    counts["gesprek", "nieuw"] += 1
    counts["ingang_gesprek", channel] += 1
    for _ in range(chance.randint(1, 6)):
        intent = intents[min(int(chance.expovariate(0.06)), len(intents) - 1)]
        for kind, name in (
            ("bericht", "burger"),
            ("ingang_bericht", channel),
            ("intent", intent),
            ("antwoord", intent),
            ("taal", _pick(chance, _LANGUAGES)),
            ("begrip", _pick(chance, _OUTCOMES)),
            ("antwoordtijd", _pick(chance, _TIMES)),
            ("uur", f"{min(23, max(0, round(chance.gauss(15, 4)))):02}"),
        ):
            counts[kind, name] += 1
        if chance.random() < 0.04:
            thumb = "up" if chance.random() < 0.7 else "down"
            counts["duim", thumb] += 1
            counts["duim_antwoord", f"{intent}|{thumb}"] += 1
    if chance.random() < 0.4:
        ground = grounds[min(int(chance.expovariate(0.5)), len(grounds) - 1)]
        domain = domains[min(int(chance.expovariate(0.4)), len(domains) - 1)]
        counts["grond_domein", f"{ground}|{domain}"] += 1
        counts["antwoord", "verwijzing"] += 1
        counts["kanaal", _pick(chance, _REFERRALS)] += 1


def _pick(chance: random.Random, weighted: tuple[tuple[str, int], ...]) -> str:
    return chance.choices([name for name, _ in weighted], [weight for _, weight in weighted])[0]
