"""Every cell of ground x domain x detail against what the dossier says, each with its source."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.paths import ROOT
from bot.referral import ChannelData, Situation, Urgency, refer

EXPECTED = YAML(typ="safe").load(Path(__file__).with_name("expected.yml").read_text(encoding="utf-8"))
GROUNDS = [
    "afkomst",
    "geloof",
    "geslacht",
    "seksuele_orientatie",
    "leeftijd",
    "handicap",
    "taal",
    "vermogen",
    "overtuiging",
    "burgerlijke_staat",
    "uiterlijk",
]
DOMAINS = [
    "werk",
    "wonen",
    "onderwijs",
    "handel",
    "politie",
    "stad",
    "online",
    "openbare_ruimte",
    "vervoer",
    "zorg",
    "vrije_tijd",
    "buren",
    "media",
    "onbekend",
]


def _rows() -> list[Any]:
    return [
        pytest.param(cell, ground, id=f"{cell['domein']}-{cell['detail']}-{ground}")
        for cell in EXPECTED["cellen"]
        for ground in GROUNDS
    ]


@pytest.mark.parametrize(("cell", "ground"), _rows())
def test_cell(cell: dict[str, Any], ground: str, data: ChannelData) -> None:
    referral = refer(Situation(cell["domein"], frozenset({ground}), cell["detail"]), data)
    channels = [step.channel for step in referral.steps]
    assert channels[0] == cell.get(ground, cell["anders"])
    beside = cell.get("ook", {})
    if wanted := beside.get(ground, beside.get("anders")):
        assert wanted in channels
    assert not set(cell["nooit"]) & set(channels)
    assert cell["bron"] in referral.sources


def test_the_table_covers_every_domain_and_detail(data: ChannelData) -> None:
    cells = {(cell["domein"], cell["detail"]) for cell in EXPECTED["cellen"]}
    known = {("onbekend", "onbekend")}
    for domein, words in data.vocabulary.domains.items():
        known |= {(domein, detail) for detail in ("onbekend", *words.details, *words.text_only)}
    assert cells == known
    assert sorted(data.vocabulary.grounds) == sorted(GROUNDS)
    assert sorted(data.vocabulary.domains) == sorted(set(DOMAINS) - {"onbekend"})


@pytest.mark.parametrize("case", EXPECTED["gevallen"], ids=lambda case: case["naam"])
def test_case(case: dict[str, Any], data: ChannelData) -> None:
    told = dict(case["vraag"])
    told["urgency"] = Urgency(told.get("urgency", "geen"))
    told["gronden"] = frozenset(told.get("gronden", ()))
    channels = [step.channel for step in refer(Situation(**told), data).steps]
    assert channels[: len(case["stappen"])] == case["stappen"]
    assert set(case.get("ook", ())) <= set(channels)
    assert not set(case.get("nooit", ())) & set(channels)
    if case.get("enkel"):
        assert channels == case["stappen"]


def test_violence_says_that_unia_does_not_replace_the_police(data: ChannelData) -> None:
    note = refer(Situation("openbare_ruimte", frozenset({"afkomst"}), urgency=Urgency.HAATGEWELD), data).note
    assert note is not None
    assert "vervangt geen klacht bij de politie" in note


def test_language_is_told_honestly(data: ChannelData) -> None:
    federal = refer(Situation("handel", frozenset({"taal"})), data)
    assert federal.note is not None
    assert "geen eigen meldpunt" in federal.note
    assert "wijst je de weg" in federal.steps[0].reason


def test_no_channel_is_named_in_the_code(data: ChannelData) -> None:
    for path in (ROOT / "bot" / "referral").glob("*.py"):
        code = re.sub(r'"""[^"]*"""', "", path.read_text(encoding="utf-8"))
        assert not [channel for channel in data.channels if f'"{channel}"' in code], path.name


def test_a_fact_id_of_the_dossier_backs_every_rule(data: ChannelData) -> None:
    for rule in data.routing.rules:
        assert rule.facts, rule.id
        assert all(fact.startswith("F-") for fact in rule.facts), rule.id
