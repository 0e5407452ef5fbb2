"""The statistics of a period as tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from conversations import titles
from figures.counts import Counts, per_day
from figures.hiding import ranked, shown
from figures.periods import Kind, Period, spoken
from figures.tables import Row, Table, Value, number, over_time, percent, with_bars

MOST = 20  # lines of a ranking
BY_WEEK, BY_MONTH = 62, 240  # days from which columns stand for weeks, and for months
OFFICE = range(9, 17)  # hours in which a city's counters are usually open
_OUTCOMES = {
    "beantwoord": "meteen beantwoord",
    "verduidelijking": "eerst een vraag teruggesteld",
    "niet_begrepen": "niet begrepen, vroeg om andere woorden",
    "mislukt": "twee keer na elkaar niet begrepen",
}
_BUCKETS = ("50", "100", "200", "500", "1000", "2000", "5000", "meer")
_ROUNDED = "Naar beneden afgerond op vijf; minder dan vijf staat er niet."


@dataclass(frozen=True)
class Headline:
    """One figure on top: its title, value, and how it was before."""

    title: str
    value: str
    before: str
    change: str = ""


class Statistics:
    """What was counted in a period and in the one that it is compared with."""

    def __init__(self, period: Period, today: date) -> None:
        """Read both periods, with one query each."""
        self.period, self.compared = period, period.compared(today)
        self.running = period.running(today)
        self.now, self.then = Counts.of(period), Counts.of(self.compared)

    def headlines(self) -> list[Headline]:
        """The figures on top of the page."""
        now, then = self.now, self.then
        answered, answered_then = now.total("begrip"), then.total("begrip")
        thumbs, thumbs_then = now.names("duim"), then.names("duim")
        lost, lost_then = _lost(now), _lost(then)
        asked, asked_then = (
            now.names("begrip").get("verduidelijking", 0),
            then.names("begrip").get("verduidelijking", 0),
        )
        return [
            _count("Gesprekken", now.total("gesprek"), then.total("gesprek")),
            _count("Berichten van burgers", now.total("bericht"), then.total("bericht")),
            _rate("Niet begrepen", lost, answered, lost_then, answered_then),
            _rate("Vraag teruggesteld", asked, answered, asked_then, answered_then),
            _rate(
                "Duimen omhoog",
                thumbs.get("up", 0),
                sum(thumbs.values()),
                thumbs_then.get("up", 0),
                sum(thumbs_then.values()),
            ),
        ]

    def tables(self) -> list[Table]:
        """All tables of the page, in its order."""
        return [make(self) for make in TABLES.values()]

    def weeks(self) -> Table:
        """Conversations per week, for the report."""
        days = per_day(self.period, "gesprek")
        sums: dict[date, int] = {}
        for number_ in range(self.period.days):
            day = self.period.first + timedelta(days=number_)
            first = max(day - timedelta(days=day.weekday()), self.period.first)
            sums[first] = sums.get(first, 0) + sum(days.get(day, {}).values())
        rows = [Row(spoken(first), (count,)) for first, count in sums.items()]
        return Table(
            "verloop", "Gesprekken in de tijd", ("Week vanaf", "Gesprekken"), with_bars(rows) if days else ()
        )

    def volumes(self) -> Table:
        """Conversations over time, per channel."""
        days = per_day(self.period, "ingang_gesprek")
        columns = sorted({name for names in days.values() for name in names})
        rows, points = [], []
        for label, span in _spans(self.period):
            sums = [sum(days.get(day, {}).get(name, 0) for day in span) for name in columns]
            rows.append(Row(label, (sum(sums), *sums)))
            points.append((label, sum(sums)))
        return Table(
            "verloop",
            "Gesprekken in de tijd",
            ("Dag" if self.period.days <= BY_WEEK else "Vanaf", "Gesprekken", *map(titles.source, columns)),
            tuple(rows) if columns else (),
            chart=over_time(points, "gesprekken") if columns else None,
            folded=True,
        )

    def sources(self) -> Table:
        """Conversations and messages per channel."""
        now, then = self.now.names("ingang_gesprek"), self.then.names("ingang_gesprek")
        messages = self.now.names("ingang_bericht")
        order = sorted({*now, *messages}, key=lambda name: (-now.get(name, 0), name))
        rows = [
            Row(titles.source(name), (now.get(name, 0), messages.get(name, 0), then.get(name, 0)))
            for name in order
        ]
        return Table(
            "kanalen",
            "Langs waar mensen komen",
            ("Kanaal", "Gesprekken", "Berichten", "Gesprekken ervoor"),
            with_bars(rows),
        )

    def questions(self) -> Table:
        """What people asked most."""
        return self._ranking(
            "vragen",
            "Meest gestelde vragen",
            "Vraag",
            "intent",
            titles.intent,
            "Elk bericht telt mee, ook een groet of een ja.",
        )

    def referrals(self) -> Table:
        """The official channels that people were shown."""
        return self._ranking(
            "doorverwijzingen",
            "Doorverwezen naar",
            "Instantie",
            "kanaal",
            titles.channel,
            "Eén antwoord kan meer dan één instantie noemen.",
        )

    def languages(self) -> Table:
        """The languages that messages were written in."""
        return self._ranking(
            "talen",
            "Talen",
            "Taal",
            "taal",
            titles.language,
            "Zoals de assistent de taal van een bericht herkende.",
        )

    def outcomes(self) -> Table:
        """What became of the messages."""
        now, then = self.now.names("begrip"), self.then.names("begrip")
        whole, whole_then = sum(now.values()), sum(then.values())
        rows = [
            Row(
                title,
                (now.get(name, 0), percent(now.get(name, 0), whole), percent(then.get(name, 0), whole_then)),
            )
            for name, title in _OUTCOMES.items()
        ]
        return Table(
            "begrip",
            "Werd het bericht begrepen?",
            ("Wat ermee gebeurde", "Berichten", "Aandeel (%)", "Aandeel ervoor (%)"),
            _percents(with_bars(rows)) if whole else (),
            note="Dit zegt wat de assistent zelf dacht. Of een antwoord klopte, zie je pas als iemand het naleest.",
        )

    def thumbs(self) -> Table:
        """Thumbs up and down."""
        now, then = self.now.names("duim"), self.then.names("duim")
        rows = [
            Row(title, (now.get(name, 0), then.get(name, 0)))
            for name, title in (("up", "duim omhoog"), ("down", "duim omlaag"))
        ]
        return Table(
            "tevredenheid",
            "Tevredenheid",
            ("Duim", "Aantal", "Aantal ervoor"),
            with_bars(rows) if now else (),
            note="Weinig mensen geven een duim; wie boos of blij is, doet dat vaker. Per antwoord: zie Antwoorden.",
            empty="Niemand gaf een duim in deze periode.",
        )

    def response(self) -> Table:
        """How fast answers came."""
        now = self.now.names("antwoordtijd")
        whole, so_far, rows = sum(now.values()), 0, []
        for name in _BUCKETS:
            count = now.get(name, 0)
            so_far += count
            title = "langer dan 5 seconden" if name == "meer" else f"tot {number(int(name))} ms"
            rows.append(Row(title, (count, percent(so_far, whole))))
        return Table(
            "antwoordtijd",
            "Hoe snel het antwoord kwam",
            ("Tijd", "Berichten", "Tot hier samen (%)"),
            _percents(with_bars(rows)) if whole else (),
            note="Van begrijpen tot het eerste antwoord, op de server; 1.000 ms is een seconde.",
        )

    def hours(self) -> Table:
        """At what time of the day messages came."""
        now = self.now.names("uur")
        whole = sum(now.values())
        points = [(f"{hour}u", now.get(f"{hour:02}", 0)) for hour in range(24)]
        office = sum(count for hour, (_, count) in enumerate(points) if hour in OFFICE)
        return Table(
            "uren",
            "Uur van de dag",
            ("Uur", "Berichten"),
            tuple(Row(label, (count,)) for label, count in points) if whole else (),
            note=f"{number(percent(whole - office, whole))} % kwam voor 9 uur of na 17 uur (Belgische tijd, ook in het weekend)."
            if whole
            else "",
            chart=over_time(points, "berichten") if whole else None,
            folded=True,
        )

    def heat(self) -> Table:
        """Grounds by domains of referrals; see `figures.hiding`."""
        grounds, domains = (
            titles.grounds() | {"onbekend": "niet gekend"},
            titles.domains() | {"onbekend": "niet gekend"},
        )
        # Looked at every day, a running month is a window that moves by a day.
        whole = self.period.kind in {Kind.MONTH, Kind.QUARTER} and not self.running
        cells = (
            {name: shown(count) for name, count in self.now.names("grond_domein").items()} if whole else {}
        )
        rows = [
            Row(title, tuple(cells.get(f"{ground}|{domain}") for domain in domains))
            for ground, title in grounds.items()
        ]
        return Table(
            "gronden",
            "Gronden en domeinen van doorverwijzingen",
            ("Grond", *domains.values()),
            tuple(rows) if any(cells.values()) else (),
            note=f"{_ROUNDED} Er staan geen totalen bij, zodat niemand een klein aantal kan uitrekenen.",
            empty="Elk vakje telt er minder dan vijf."
            if whole
            else "Enkel te zien voor een hele maand of een heel kwartaal, als die voorbij is: zo kan niemand door aftrekken één persoon vinden.",
            wide=True,
        )

    def _ranking(
        self, id: str, title: str, head: str, kind: str, name_of: Callable[[str], str], note: str
    ) -> Table:
        now, then = self.now.names(kind), self.then.names(kind)
        order = sorted(
            ((name_of(name), name, count) for name, count in ranked(now) if count),
            key=lambda each: (-each[2], each[0]),
        )
        rows = [Row(label, (count, shown(then.get(name, 0)))) for label, name, count in order[:MOST]]
        return Table(
            id,
            title,
            (head, "Aantal", "Aantal ervoor"),
            with_bars(rows),
            note=f"{_ROUNDED} {note}",
            empty="Niets kwam vijf keer of vaker voor.",
        )


TABLES: dict[str, Callable[[Statistics], Table]] = {
    "verloop": Statistics.volumes,
    "kanalen": Statistics.sources,
    "vragen": Statistics.questions,
    "begrip": Statistics.outcomes,
    "doorverwijzingen": Statistics.referrals,
    "gronden": Statistics.heat,
    "tevredenheid": Statistics.thumbs,
    "antwoordtijd": Statistics.response,
    "uren": Statistics.hours,
    "talen": Statistics.languages,
}


def _lost(counts: Counts) -> int:
    names = counts.names("begrip")
    return names.get("niet_begrepen", 0) + names.get("mislukt", 0)


def _count(title: str, now: int, then: int) -> Headline:
    change = ""
    if min(now, then) >= 30 and now != then:
        change = f"{'+' if now > then else '−'}{abs(now - then) * 100 / then:.0f} %"
    return Headline(title, number(now), number(then), change)


def _rate(title: str, part: int, whole: int, part_then: int, whole_then: int) -> Headline:
    return Headline(title, _share(part, whole), _share(part_then, whole_then))


def _share(part: int, whole: int) -> str:
    found = percent(part, whole)
    return "–" if found is None else f"{number(found)} %"


def _percents(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Write a share of nothing as a dash: only counts are hidden."""

    def dash(value: Value) -> Value:
        return "–" if value is None else value

    return tuple(
        Row(row.label, tuple(dash(value) for value in row.values), row.link, row.bar) for row in rows
    )


def _spans(period: Period) -> list[tuple[str, list[date]]]:
    """The period cut in days, weeks or months, each with its label."""
    spans: dict[str, list[date]] = {}
    for number_ in range(period.days):
        day = period.first + timedelta(days=number_)
        if period.days <= BY_WEEK:
            label = f"{day:%d/%m}"
        elif period.days <= BY_MONTH:
            label = f"{day - timedelta(days=day.weekday()):%d/%m/%Y}"
        else:
            label = " ".join(spoken(day).split()[1:])
        spans.setdefault(label, []).append(day)
    return list(spans.items())
