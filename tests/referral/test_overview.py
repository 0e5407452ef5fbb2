"""For staff: what is due for checking, which links are dead, which old values came back."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from bot.errors import DataError
from bot.paths import ROOT
from bot.referral import ChannelData, load_channels
from bot.referral.forbidden import find_forbidden
from bot.referral.links import check_links, http_status, links
from bot.referral.overview import Due, due_facts, is_older
from tests.referral.conftest import DATA

TODAY = date(2026, 11, 23)


class Site(BaseHTTPRequestHandler):
    """A page, a page that moved, and for the rest nothing."""

    def do_GET(self) -> None:
        if self.path == "/weg":
            self.send_response(302)
            self.send_header("Location", "/er")
        else:
            self.send_response(200 if self.path == "/er" else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_what_is_not_verified_is_due(data: ChannelData) -> None:
    due = due_facts(data, TODAY, months=12, live=False)
    assert {fact.due for fact in due} == {Due.UNVERIFIED, Due.SINGLE_SOURCE}
    named = {(fact.channel, fact.field): fact for fact in due}
    assert named["vmri", "phone"].due is Due.UNVERIFIED
    assert named["igvm", "email"].due is Due.SINGLE_SOURCE
    assert ("unia", "phone") not in named
    assert named["vmri", "phone"].sources == (
        "openbare lijst met meldpunten van een derde (niet officieel) (okt. 2026)",
    )
    unsorted = [list(Due).index(fact.due) for fact in due]
    assert unsorted == sorted(unsorted)


def test_the_line_of_a_due_fact_is_where_it_stands(data: ChannelData) -> None:
    lines = (DATA / "channels.yml").read_text(encoding="utf-8").splitlines()
    for fact in due_facts(data, TODAY, months=12):
        assert fact.field in lines[fact.line - 1] and fact.value in lines[fact.line - 1]


def test_old_facts_become_due(data: ChannelData) -> None:
    later = due_facts(data, date(2027, 11, 23), months=12)
    assert ("unia", "phone", Due.OLD) in {(fact.channel, fact.field, fact.due) for fact in later}
    now = due_facts(data, TODAY, months=12)
    assert ("unia", "phone", Due.LIVE) in {(fact.channel, fact.field, fact.due) for fact in now}


@pytest.mark.parametrize(
    ("checked", "older"),
    [(date(2025, 11, 23), True), (date(2025, 11, 24), False), (date(2025, 1, 1), True), (TODAY, False)],
)
def test_months_are_calendar_months(checked: date, older: bool) -> None:
    assert is_older(checked, TODAY, 12) is older


def test_every_link_is_listed_once(data: ChannelData) -> None:
    found = {link.url: link.used_in for link in links(data)}
    assert found["https://www.unia.be/nl"] == ("unia.url",)
    assert "sources.vvsg" in found["https://www.vvsg.be/nieuws/lokale-werking-van-unia-na-oprichting-vmri"]
    assert len(found) == len(links(data))


def test_links_are_opened_one_by_one(data: ChannelData, site: str) -> None:
    pages = {"https://www.unia.be/nl": "/er", "https://www.caw.be": "/weg", "https://www.rvdj.be": "/niet"}

    def opener(url: str) -> int:
        if url not in pages:
            raise httpx.ConnectError("no such host")
        return http_status(site + pages[url])

    results = {result.link.url: result for result in check_links(data, opener)}
    assert len(results) == len(links(data))
    assert results["https://www.unia.be/nl"].ok
    assert results["https://www.caw.be"].status == 200, "redirects are followed"
    assert (results["https://www.rvdj.be"].ok, results["https://www.rvdj.be"].status) == (False, 404)
    gone = results["https://www.vlaamseombudsdienst.be"]
    assert not gone.ok and gone.error == "ConnectError: no such host"


def test_no_old_value_stands_in_the_data(data: ChannelData) -> None:
    assert [str(finding) for finding in find_forbidden(data, DATA)] == []


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.yml", "text: |\n  Eerste regel.\n  Ga naar Koningsstraat 138.\n", 3),
        ("a.yml", "- Bel 02.552.48.48\n", 1),
        ("a.yml", "- ok\n- Bel 025524848\n", 2),
        ("a.md", "Mail\nMECHELEN@unia.be\n", 2),
        ("a.yml", "answer: de Genderkamer helpt\n", 1),
        ("a.yml", "link: [https://melding.unia.be/nl]\n", 1),
        ("a.yml", "examples: |\n  - is 0800 25 095 nog juist\n", 2),
    ],
)
def test_old_values_are_found_with_their_line(
    name: str, text: str, line: int, data: ChannelData, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = find_forbidden(data, tmp_path)
    assert [finding.line for finding in found] == [line]
    assert "may not be used" in str(found[0])


@pytest.mark.parametrize(
    "text",
    [
        "sources: [https://www.politie.be/5906/contact/diensten/interventie]\n",
        "examples: |\n  - moet ik naar de genderkamer\n",
        "nummer: 0800 25 0950\n",
        "",
    ],
)
def test_sources_and_words_of_citizens_may_be_old(text: str, data: ChannelData, tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(text, encoding="utf-8")
    assert find_forbidden(data, tmp_path) == ()


def test_unreadable_data_is_not_passed_over(data: ChannelData, tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("a: [", encoding="utf-8")
    with pytest.raises(DataError, match=r"a\.yml:\d"):
        find_forbidden(data, tmp_path)


def test_what_is_missing_is_asked_of_somebody(data: ChannelData) -> None:
    asked = (ROOT / "docs" / "open-questions.md").read_text(encoding="utf-8")
    assert [c.id for c in data.channels.values() if c.missing and f"`{c.id}`" not in asked] == []


def test_no_number_stands_in_the_questions() -> None:
    asked = (ROOT / "docs" / "open-questions.md").read_text(encoding="utf-8")
    assert not re.findall(r"\b0\d{2,3} \d{2}|https?://|@", asked)


def test_reloading_gives_the_same(data: ChannelData) -> None:
    assert load_channels(DATA / "channels.yml").routing == data.routing
