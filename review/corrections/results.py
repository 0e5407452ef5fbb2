"""What a measurement found, in words and figures for people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from conversations import titles

FIGURES = {
    "accuracy": "Juist begrepen",
    "within_three": "Juiste bedoeling bij de beste drie",
    "wrong_in_scope_answer": "Fout antwoord op een vraag over discriminatie",
    "out_of_scope_answered_in_scope": "Toch een antwoord op een vraag over iets anders",
    "safety_recall": "Nood en gevaar herkend",
    "safety_false_alarms": "Vals alarm over nood of gevaar",
    "grond": "Gronden helemaal juist",
    "domein": "Domeinen helemaal juist",
}
STEPS = {
    "start": "begint",
    "features": "telt woorden en letters",
    "without": "leert en test zonder het voorstel",
    "with": "leert en test met het voorstel",
    "left out": "test de eigen zinnen, telkens zonder ze te leren",
    "figures": "rekent de cijfers uit",
    "entities without": "test gronden en domeinen zonder het voorstel",
    "entities with": "test gronden en domeinen met het voorstel",
}
VERDICTS = {"good": "niet slechter", "overall": "geheel slechter", "safety": "veiligheid slechter"}
# Kind → label, words, and whether it is bad (else only worth a look).
FINDINGS = {
    "duplicate": ("dubbel", "staat er al", True),
    "near": ("bijna dubbel", "lijkt sterk op een zin die er al staat", False),
    "conflict": ("tegenspraak", "bijna dezelfde woorden staan bij een andere bedoeling", True),
    "personal": ("persoonsgegevens", "lijkt persoonsgegevens te bevatten", True),
    "placeholder": (
        "weggelaten",
        "bevat een weggelaten gegeven; schrijf er iets verzonnen voor in de plaats, of laat het weg",
        False,
    ),
    "unwritable": ("onbruikbaar", "kan zo niet in de oefenzinnen", True),
}
_OTHER_FINDING = ("nakijken", "vraagt om een blik", True)  # a kind of a newer worker
INCOMPLETE = "De uitkomst van de meting is onvolledig of van een andere versie. Meet opnieuw."
# What the worker writes about errors, in English for its log, and what staff read.
_REASONS = (
    (r"its process ended \d+ times", "de meetdienst viel twee keer stil tijdens dit werk."),
    (r"MemoryError", "er was te weinig geheugen."),
    (r"there is no intent (?P<what>\w+)", "de bedoeling {what} bestaat niet in de oefenzinnen."),
    (r"overlap with others", "de aangeduide woorden overlappen of zijn leeg."),
    (r"starts with a dash", "de zin is leeg, begint met een streepje, of bevat haken die als aanduiding gelezen worden."),
    (r"(?P<what>[\w.-]+): other lines would change", "in {what} zouden ook andere zinnen veranderen. Voeg ze met de hand toe."),
    (r"(?P<what>[\w.-]+\.yml)(:\d+)?: ", "{what} kan niet gelezen worden. Verwittig een beheerder."),
    (r"^(?P<what>[A-Za-z ]*[a-z]|\w+Error)$", "onverwachte fout ({what}). Verwittig een beheerder."),
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One figure before and after, as text; ``worse``: beyond its ``tolerance``."""

    title: str
    before: str
    after: str
    difference: str
    tolerance: str
    worse: bool


@dataclass(frozen=True)
class Change:
    """One intent before and after, as text; ``moved``: any difference at all, ``lower``: for the worse."""

    intent: str
    title: str
    messages: int
    before: str
    after: str
    difference: str
    precision_before: str
    precision_after: str
    moved: bool
    lower: bool


@dataclass(frozen=True)
class Own:
    """What a message of the proposal is understood as; ``left_out`` is None where it could not be told."""

    text: str
    wanted: str
    before: str
    left_out: str | None
    after: str
    learned: bool


@dataclass(frozen=True)
class Finding:
    """Something to look at in a line; ``text`` and ``title`` (of an intent) belong to what it is like."""

    label: str
    words: str
    bad: bool
    text: str
    title: str


def whole(result: Any) -> dict[str, Any]:
    """Return a measurement as it was kept, or nothing when a part is missing that is shown or decided by."""
    if not isinstance(result, dict) or result.get("verdict") not in VERDICTS:
        return {}
    try:
        figures(result)
        changes(result)
        warning(result)
        own(result, {row["number"]: ("", "") for row in result["own"]})
        complete = bool(result["overall"] and result["intents"] and result["data"] and result["numbers"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return {}
    return result if complete else {}


def compared(checked: Any) -> dict[str, list[dict[str, Any]]]:
    """Return the findings by number of line, of whatever was kept."""
    lines = checked.get("lines") if isinstance(checked, dict) else None
    found = {}
    for number, line in (lines if isinstance(lines, dict) else {}).items():
        rows = line.get("findings") if isinstance(line, dict) else None
        found[str(number)] = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return found


def findings(rows: list[dict[str, Any]], texts: dict[int, str]) -> list[Finding]:
    """Return findings in words; ``texts``: of the lines of the proposal, by number."""
    shown = []
    for row in rows:
        label, words, bad = FINDINGS.get(str(row.get("kind")), _OTHER_FINDING)
        text = texts.get(row["other"], "") if row.get("other") else str(row.get("text") or "")
        if row.get("kind") == "unwritable":
            text = reason(text)
        title = titles.intent(str(row["intent"])) if row.get("intent") else ""
        shown.append(Finding(label, words, bad, text, title))
    return shown


def reason(error: str) -> str:
    """Return in Dutch why something failed; what is Dutch already stays."""
    for pattern, words in _REASONS:
        if found := re.search(pattern, error):
            return words.format(**found.groupdict())
    return error


def figures(result: dict[str, Any]) -> list[Row]:
    """Return the overall table."""
    return [
        Row(
            FIGURES.get(row["figure"], row["figure"]),
            percent(row["before"]),
            percent(row["after"]),
            points(row["after"] - row["before"], sign=True),
            points(row["tolerance"]),
            bool(row["worse"]),
        )
        for row in result.get("overall", [])
    ]


def changes(result: dict[str, Any]) -> list[Change]:
    """Return the table of intents, what became worst first."""
    rows = []
    for row in result.get("intents", []):
        difference = row["recall_after"] - row["recall"]
        rows.append(
            Change(
                row["intent"],
                titles.intent(row["intent"]),
                row["messages"],
                percent(row["recall"]),
                percent(row["recall_after"]),
                points(difference, sign=True),
                percent(row["precision"]),
                percent(row["precision_after"]),
                abs(difference) > 1e-9 or abs(row["precision_after"] - row["precision"]) > 1e-9,
                difference < -1e-9,
            )
        )
    return rows


def own(result: dict[str, Any], lines: dict[int, tuple[str, str]]) -> list[Own]:
    """Return the proposal's messages; ``lines``: number → text and right intent."""
    found = []
    for row in result.get("own", []):
        if row["number"] not in lines:
            continue
        text, intent = lines[row["number"]]
        left_out = understood(row["left_out"]) if row["left_out"] else None
        right = row["after"]["intent"] == intent and row["after"]["doubt"] == "none"
        found.append(
            Own(
                text,
                titles.intent(intent),
                understood(row["before"]),
                left_out,
                understood(row["after"]),
                right,
            )
        )
    return found


def understood(row: dict[str, Any]) -> str:
    """Return one understanding in words."""
    title, share = titles.intent(row["intent"]), f"{100 * row['confidence']:.0f} %"
    if row["doubt"] == "far":
        return f"niet begrepen (beste gok: {title}, {share})"
    if row["doubt"] == "between":
        return f"twijfel, eerst {title} ({share})"
    return f"{title} ({share})"


def warning(result: dict[str, Any]) -> str:
    """Return in words what becomes worse; empty when nothing does."""
    worse = [
        FIGURES.get(row["figure"], row["figure"]).lower() for row in result.get("overall", []) if row["worse"]
    ]
    if not worse:
        return ""
    head = (
        "dit voorstel maakt de veiligheid slechter"
        if result.get("verdict") == "safety"
        else "dit voorstel maakt het geheel slechter"
    )
    return f"{head} ({', '.join(worse)})."


def percent(share: float) -> str:
    """Return a share (0–1) as a percentage with two decimals, with a comma."""
    return f"{100 * share:.2f} %".replace(".", ",")


def points(difference: float, sign: bool = False) -> str:
    """Return a difference between shares in percentage points."""
    text = f"{100 * difference:+.2f}" if sign else f"{100 * difference:.2f}"
    return (
        text.replace("-0.00", "0.00").replace("+0.00", "0.00").replace(".", ",").replace("-", "−") + " punt"
    )
