"""Wrong data is refused with its line, before it reaches anybody."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.errors import DataError
from bot.referral import ChannelData, Confidence, Show, load_channels, visible
from tests.referral.conftest import DATA

FACT = "{value: info@unia.be, confidence: unverified, checked: 2026-11-23, sources: [stopracisme]}"
FIRST_FACT = "phone: {value: 0800 12 800, confidence: verified, checked: 2026-11-23,"

SPOILED = [
    # (what stands there, what it becomes, what the error says)
    ("show: alles", "show: soms", "'soms' is not one of alles, website, niet"),
    ("    live_check: true\n", "    live_check: misschien\n", "must be true or false"),
    ("    short_name: Unia\n", "", "lacks short_name"),
    ("    short_name: Unia\n", "    short_name: Unia\n    fax: 1\n", "unknown key"),
    ("    short_name: Unia\n", "    short_name: Unia\n    short_name: Unia\n", "stands there twice"),
    (FIRST_FACT, FIRST_FACT.replace("verified", "zeker"), "'zeker' is not one of verified"),
    (FIRST_FACT, FIRST_FACT.replace("2026-11-23", "gisteren"), "is no date"),
    (FIRST_FACT, FIRST_FACT.replace("0800 12 800", "bel ons"), "does not look like a phone"),
    (FIRST_FACT, FIRST_FACT.replace("0800 12 800", '""'), "must be text that is not empty"),
    (FIRST_FACT, FIRST_FACT.replace("phone:", "fax:"), "unknown fact"),
    ("email: {value: info@unia.be", "email: {value: info at unia", "does not look like a email"),
    ("sources: [leopoldsburg, waregem, heist, unia_signaler]", "sources: [ergens]", "not in the sources"),
    ("sources: [leopoldsburg, waregem, heist, unia_signaler]", "sources: []", "at least one source"),
    ("title: Wonen of huren", "title: Wonen of huren in Mechelen", "a button takes 20"),
    ("when: {domein: [wonen]}", "when: {domein: [kasteel]}", "'kasteel' is no domein"),
    ("when: {domein: [wonen]}", "when: {plaats: [wonen]}", "unknown key"),
    ("{channel: stad_klachten, reason:", "{channel: ombudsman, reason:", "not under channels"),
    ("- {body: vlaams}", "- {body: waals}", "is not under bodies"),
    ("- {body: vlaams}", "- {body: vlaams, reason: zo}", "leave channel and reason out"),
    ("- {body: vlaams}", "- {reason: zo}", "needs a channel and a reason, or a body"),
    ("fallback: r_twijfel", "fallback: r_wonen", "whose when is empty"),
    ("max_steps: 6", "max_steps: nul", "whole number above 0"),
    ("id: r_wonen", "id: r_stad", "give one another id"),
    ("      waar: bij huren en wonen\n", "", "needs waar"),
    ("note: Je mag bij allebei melden.", "note: Bel 015 29 75 72.", "those stand under facts"),
    ("note: Je mag bij allebei melden.", "note: Kijk op www.mechelen.be.", "those stand under facts"),
    ("note: Je mag bij allebei melden.", 'note: "Melden kan {waar}."', "only works in the reasons of a body"),
    ("gevaar: [domein, detail, grond]", "paniek: [domein]", "is no urgency"),
    ("id: crisis\n    hit: first", "id: crisis\n    hit: laatste", "is not one of first, all"),
    ("ask: true\n      details: {prive", "ask: true\n      details: {}\n      oud: {prive", "unknown key"),
    ("derdenlijst: {title: openbare", "derdenlijst: {naam: openbare", "unknown key"),
    ("max_steps: 6", "max_steps: [6", "is no valid YAML"),
]


@pytest.mark.parametrize(
    ("old", "new", "problem"), SPOILED, ids=[row[2] + str(i) for i, row in enumerate(SPOILED)]
)
def test_bad_data_names_its_line(old: str, new: str, problem: str, copy: Path) -> None:
    path = copy / "channels.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=r"^data/channels\.yml:\d+: ") as caught:
        load_channels(path)
    assert problem in str(caught.value)


def test_the_line_is_the_right_one(copy: Path) -> None:
    path = copy / "channels.yml"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if "value: 015 464 464" in line)
    lines[at] = lines[at].replace("unverified", "bijna")
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(
        DataError, match=rf"channels\.yml:{at + 1}: channels\.politie_mechelen_willebroek\.facts"
    ):
        load_channels(path)


def test_missing_and_empty_files(copy: Path) -> None:
    with pytest.raises(DataError, match="file is missing"):
        load_channels(copy / "elders.yml")
    (copy / "channels.yml").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match=":1: is empty"):
        load_channels(copy / "channels.yml")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("  zorg:\n", "  zorgen:\n", "'zorgen' is no domain"),
        ("    taxi: [", "    fiets: [", "'fiets' is no detail of vervoer"),
        ("    taxi: [taxi,", "    taxi: [Taxi,", "small letters"),
    ],
)
def test_bad_lexicon_names_its_line(old: str, new: str, problem: str, copy: Path) -> None:
    path = copy / "lexicon_referral.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=r"^data/lexicon_referral\.yml:\d+: ") as caught:
        load_channels(copy / "channels.yml")
    assert problem in str(caught.value)


def test_all_channels_of_the_dossier_are_there(data: ChannelData) -> None:
    assert len(data.channels) == 42


def test_every_source_is_used(data: ChannelData) -> None:
    used = {s for channel in data.channels.values() for fact in channel.facts.values() for s in fact.sources}
    used |= {s for rule in data.routing.rules for s in rule.sources}
    told = " ".join(note for channel in data.channels.values() for note in channel.notes)
    assert {source for source in data.sources if source not in used and source not in told} == set()


def test_every_shown_channel_offers_a_way_in(data: ChannelData) -> None:
    ways = {"phone", "url", "form_url", "email"}
    for channel in data.channels.values():
        if channel.show is not Show.NEVER and channel.id != "platform_melding":
            assert ways & visible(channel).keys(), channel.id


def test_one_source_is_only_verified_where_an_authority_speaks_for_itself(data: ChannelData) -> None:
    for channel in data.channels.values():
        for name, fact in channel.facts.items():
            if fact.confidence is Confidence.VERIFIED and len(fact.sources) == 1:
                assert fact.note, f"{channel.id}.{name}"


def test_buttons_fit_and_differ(data: ChannelData) -> None:
    titles = [words.title for words in data.vocabulary.domains.values()]
    assert len(set(titles)) == len(titles)
    for words in data.vocabulary.domains.values():
        assert len(set(words.details.values())) == len(words.details)
        assert len(words.details) < 10, "a WhatsApp list holds ten rows"


def test_loading_is_fast() -> None:
    best = min(_timed() for _ in range(3))
    assert best < 0.5  # 0.04 s on an idle core; the limit leaves room for a busy one


def _timed() -> float:
    start = time.perf_counter()
    load_channels(DATA / "channels.yml")
    return time.perf_counter() - start
