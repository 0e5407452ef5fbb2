"""The pages of figures in Chromium: axe finds nothing, nothing sticks out at 320 pixels, charts and tables say the same."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.access import Role
from figures.models import DailyCount
from figures.unanswered import refresh
from tests.browser.conftest import LOOKS
from tests.counted import days
from tests.factory import Talk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]
PAGES = {
    "statistics": "/cijfers/?soort=maand&op=2025-11-01",
    "statistics, a quarter": "/cijfers/?soort=kwartaal&op=2025-11-01",
    "statistics, nothing": "/cijfers/?soort=week&op=2020-01-01",
    "report": "/rapport/2025-11/",
    "answers": "/antwoorden/?soort=maand&op=2025-11-01&volgorde=duim",
    "one answer": "/antwoorden/over/klacht_indienen/?soort=maand&op=2025-11-01",
    "facts": "/antwoorden/feiten/",
    "unanswered": "/onbeantwoord/",
    "unanswered, alone": "/onbeantwoord/?toon=los",
    "unanswered, handled": "/onbeantwoord/?toon=afgehandeld",
}


@pytest.fixture
def counted(transactional_db):
    DailyCount.objects.all().delete()
    DailyCount.objects.bulk_create(days(date(2025, 10, 1), date(2025, 12, 31)), batch_size=500)
    for text in (
        "hoe stem ik bij de verkiezingen",
        "verkiezingen stemmen als niet belg",
        "mag mijn hond mee",
    ):
        Talk().start().say(text, confidence=0.3).answer("niet_begrepen").done()
    refresh()
    yield
    DailyCount.objects.all().delete()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages(console, counted, axe, width, scheme):
    seat = console(Role.REVIEWER, width=width, color_scheme=scheme)
    found = {}
    for name, path in PAGES.items():
        page = seat.open(path)
        for summary in page.locator("main summary").all():
            summary.click()
        problems = axe(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            problems.append("sticks out")
        if page.evaluate("window.violations.length"):
            problems.append("breaks the content security policy")
        if problems:
            found[name] = problems
    assert found == {}


def test_the_printed_report(console, counted, axe):
    seat = console(Role.READER)
    page = seat.open(PAGES["report"])
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 1000})  # what A4 leaves between its margins
    assert axe(page) == []
    assert page.locator("header.top, .no-print, form").evaluate_all(
        "all => all.every(one => one.offsetParent === null)"
    )
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert page.locator("table").count() == 8
    assert len(page.pdf(format="A4")) > 10_000


def test_charts_and_tables_say_the_same(console, counted):
    page = console(Role.READER).open(PAGES["statistics"])
    for section in ("verloop", "uren"):
        chart = page.locator(f"#{section} .chart rect title").all_text_contents()
        page.locator(f"#{section} summary").click()
        rows = page.locator(f"#{section} tbody tr").all()
        cells = [(row.locator("th").inner_text(), row.locator("td").first.inner_text()) for row in rows]
        assert [f"{label}: {value}" for label, value in cells] == [title.rsplit(" ", 1)[0] for title in chart]
    for row in page.locator("#vragen tbody tr").all():
        width = float(row.locator("rect").get_attribute("width"))
        value, most = (
            float(one.inner_text().replace(".", ""))
            for one in (row.locator("td").first, page.locator("#vragen tbody td").first)
        )
        assert abs(width - 100 * value / most) < 0.1


def test_choosing_a_period(console, counted):
    page = console(Role.READER).open("/cijfers/")
    page.get_by_label("Periode", exact=True).select_option("kwartaal")
    page.get_by_label("waarin deze dag ligt").fill("2025-11-20")
    page.get_by_role("button", name="Toon").click()
    page.get_by_role("heading", name="Cijfers: kwartaal 4 van 2025").wait_for()
    page.get_by_role("link", name="Vorige: kwartaal 3 van 2025").click()
    page.get_by_role("heading", name="Cijfers: kwartaal 3 van 2025").wait_for()


def test_a_file_for_a_spreadsheet(console, counted):
    page = console(Role.READER).open(PAGES["statistics"])
    with page.expect_download() as download:
        page.get_by_role("link", name="Download als CSV van Meest gestelde vragen").click()
    assert download.value.suggested_filename == "vragen_2025-11-01_2025-11-30.csv"


def test_handling_a_group(console, counted):
    page = console(Role.REVIEWER).open("/onbeantwoord/")
    group = page.get_by_role("region", name="2 berichten")
    assert group.get_by_role("link", name="Lees het gesprek").count() == 2
    group.get_by_role("button", name="Afgehandeld").click()
    page.get_by_role("status").get_by_text("Afgehandeld.").wait_for()
    assert page.get_by_role("region", name="2 berichten").count() == 0
