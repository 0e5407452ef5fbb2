"""The catalogue of what people can ask, generated from the answers: ``stadsbot data docs``."""

from __future__ import annotations

import argparse

from rich.console import Console
from ruamel.yaml import YAML

from bot.answers import Content, load_content
from bot.paths import ROOT, data_dir

TARGET = ROOT / "docs" / "intents.md"
_THEMES = {
    "conversation": "Gesprek",
    "safety": "Veiligheid",
    "understanding": "Discriminatie begrijpen",
    "experiences": "Er is iets gebeurd",
    "complaints": "Melden en klacht indienen",
    "policy": "Beleid van de stad",
}


def intents() -> list[str]:
    """Return the intents of ``domain.yml`` in their order."""
    raw = YAML(typ="safe").load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    return [next(iter(entry)) if isinstance(entry, dict) else str(entry) for entry in raw["intents"]]


def catalogue(content: Content) -> str:
    """Return the page: per theme a table of titles, an example, the channels and the day of the last check."""
    names = intents()
    lines = [
        "# Wat je kan vragen",
        "",
        f"{len(names)} onderwerpen. Gemaakt door `stadsbot data docs` uit `data/answers`.",
        "",
    ]
    for theme, title in _THEMES.items():
        lines += [
            f"## {title}",
            "",
            "| onderwerp | voorbeeld | kanalen | nagekeken | intent |",
            "| --- | --- | --- | --- | --- |",
        ]
        for name in names:
            answer = content.answers[name]
            if answer.theme == theme:
                channels = ", ".join(answer.channels) or "–"
                lines.append(
                    f"| {answer.title} | {answer.example} | {channels} | {answer.checked} | `{name}` |"
                )
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def write(arguments: argparse.Namespace, console: Console) -> int:
    """Write ``docs/intents.md`` and the table of ``docs/messaging.md``."""
    from bot.channels.messaging import overview  # brings Rasa, which the catalogue does without

    TARGET.write_text(catalogue(load_content(data_dir())), encoding="utf-8")
    overview.TARGET.write_text(
        overview.with_table(overview.TARGET.read_text(encoding="utf-8")), encoding="utf-8"
    )
    for path in (TARGET, overview.TARGET):
        console.print(f"{path.relative_to(ROOT)} written")
    return 0
