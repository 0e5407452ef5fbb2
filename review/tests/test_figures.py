"""Statistics: the right days, the right sums, the same numbers in chart, table and file, nothing small given away."""

import csv
import io
import itertools
import re
from datetime import date, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.access import Role
from accounts.models import AuditEntry
from figures.counts import Counts
from figures.hiding import STEP, ranked, shown
from figures.models import DailyCount
from figures.periods import LONGEST, Kind, Period, read
from figures.report import masked, report
from figures.statistics import Statistics
from figures.tables import Row, Table, number, over_time
from tests.counted import days

NOVEMBER = Period.around(Kind.MONTH, date(2025, 11, 5))
TODAY = date(2026, 1, 2)
ADDRESS = f"/cijfers/?{NOVEMBER.query}"


def count(day, kind, name, times):
    DailyCount.objects.create(day=day.isoformat(), kind=kind, name=name, count=times)


@pytest.fixture
def counted(db_all):
    DailyCount.objects.bulk_create(days(date(2025, 9, 1), date(2025, 12, 31)))


@given(st.sampled_from([Kind.WEEK, Kind.MONTH, Kind.QUARTER]), st.dates(date(2001, 1, 1), date(2098, 1, 1)))
def test_periods_follow_each_other_without_holes(kind, day):
    period = Period.around(kind, day)
    assert period.first <= day <= period.last
    assert period.after.first - period.last == period.first - period.before.last == timedelta(days=1)
    assert period.before.after == period.after.before == period
    assert read(dict(pair.split("=") for pair in period.query.split("&")), TODAY) == period


@given(st.dictionaries(st.sampled_from(["soort", "op", "van", "tot"]), st.text(max_size=12)))
def test_any_address_gives_a_period(chosen):
    period = read(chosen, TODAY)
    assert period.first <= period.last
    assert period.days <= LONGEST


def test_a_period_of_ones_own():
    period = read({"soort": "eigen", "van": "2025-11-20", "tot": "2025-11-03"}, TODAY)
    assert (period.first, period.last, period.days) == (date(2025, 11, 3), date(2025, 11, 20), 18)
    assert (period.before.first, period.before.last) == (date(2025, 10, 16), date(2025, 11, 2))
    assert read({"soort": "eigen", "van": "2001-01-01", "tot": "2025-11-20"}, TODAY).days == LONGEST


def test_a_running_month_is_compared_with_as_many_days():
    running = Period.around(Kind.MONTH, TODAY)
    compared = running.compared(TODAY)
    assert (compared.first, compared.last) == (date(2025, 12, 1), date(2025, 12, 2))
    assert NOVEMBER.compared(TODAY) == NOVEMBER.before


def test_sums_of_a_period(db_all):
    count(date(2025, 10, 31), "gesprek", "nieuw", 100)
    count(date(2025, 11, 1), "gesprek", "nieuw", 3)
    count(date(2025, 11, 30), "gesprek", "nieuw", 4)
    count(date(2025, 12, 1), "gesprek", "nieuw", 200)
    count(date(2025, 11, 2), "duim", "up", -1)
    counts = Counts.of(NOVEMBER)
    assert counts.total("gesprek") == 7
    assert counts.names("duim") == {}


def test_months_can_not_be_found_by_subtracting_from_their_quarter():
    """For every three months: what is shown of them and of the quarter leaves a hidden month two values or more."""
    possible: dict[tuple, list[set[int]]] = {}
    for months in itertools.product(range(4 * STEP), repeat=3):
        view = (shown(sum(months)), *map(shown, months))
        for values, month in zip(possible.setdefault(view, [set(), set(), set()]), months, strict=True):
            values.add(month)
    for view, months in possible.items():
        for month, values in zip(view[1:], months, strict=True):
            assert month is not None or len(values) > 1, view


def test_small_counts_are_one_with_none():
    assert [shown(each) for each in (0, 1, 4, 5, 9, 10, 123)] == [None, None, None, 5, 5, 10, 120]
    assert ranked({"b": 9, "a": 5, "c": 3}) == [("a", 5), ("b", 5), ("c", None)]


def test_what_says_something_about_people_is_rounded_everywhere(counted, signed_in):
    client = signed_in(Role.READER)
    exact = Counts.of(NOVEMBER)
    for name, kind in (
        ("vragen", "intent"),
        ("doorverwijzingen", "kanaal"),
        ("talen", "taal"),
        ("gronden", "grond_domein"),
    ):
        lines = list(
            csv.reader(
                io.StringIO(client.get(f"/cijfers/csv/{name}/?{NOVEMBER.query}").content.decode("utf-8-sig")),
                delimiter=";",
            )
        )
        cells = [cell for line in lines[1:] for cell in line[1:]]
        assert cells and all(cell == "<5" or int(cell) % STEP == 0 for cell in cells), name
        assert any(each % STEP > 0 for each in exact.names(kind).values())


def test_grounds_with_domains_only_for_whole_months(counted):
    assert Statistics(NOVEMBER, TODAY).heat().rows
    for period in (
        Period.around(Kind.WEEK, date(2025, 11, 5)),
        Period(Kind.OWN, NOVEMBER.first, NOVEMBER.last),
    ):
        assert not Statistics(period, TODAY).heat().rows
    running = Statistics(NOVEMBER, date(2025, 11, 30))
    assert not running.heat().rows
    assert len({s.table.id: s for s in report(running)}["gronden"].sentences) == 1


@pytest.mark.parametrize(
    "period",
    [
        NOVEMBER,
        Period.around(Kind.QUARTER, date(2025, 11, 5)),
        Period(Kind.OWN, date(2025, 9, 1), date(2025, 12, 31)),
    ],
)
def test_chart_table_and_file_say_the_same(counted, signed_in, period):
    client = signed_in(Role.READER)
    for table in Statistics(period, TODAY).tables():
        lines = list(csv.reader(io.StringIO(table.csv()), delimiter=";"))
        assert [line[0] for line in lines[1:]] == [row.label for row in table.rows]
        if table.chart:
            assert [bar.title.split(" ")[-2] for bar in table.chart.bars] == [
                number(row.values[0]) for row in table.rows
            ]
            heights = [
                (bar.height, row.values[0]) for bar, row in zip(table.chart.bars, table.rows, strict=True)
            ]
            assert all(abs(height - 100 * value / table.chart.top) < 0.01 for height, value in heights)
        assert (
            client.get(f"/cijfers/csv/{table.id}/?{period.query}").content.decode("utf-8-sig") == table.csv()
        )
    page = client.get(f"/cijfers/?{period.query}").content.decode()
    total = number(Counts.of(period).total("gesprek"))
    assert f"<strong>{total}</strong>" in page


def test_volumes_are_complete(counted):
    for period in (
        NOVEMBER,
        Period(Kind.OWN, date(2025, 9, 1), date(2025, 12, 31)),
        Period(Kind.OWN, date(2025, 1, 1), date(2025, 12, 31)),
    ):
        table = Statistics(period, TODAY).volumes()
        assert sum(row.values[0] for row in table.rows) == Counts.of(period).total("gesprek")


@pytest.mark.parametrize("text", ["=1+1", "+32", "-2", "@sum", " =1", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(text):
    line = Table("x", "x", ("a", "b"), (Row(text, (text,)),)).csv().split("\r\n", 1)[1]
    cells = next(csv.reader(io.StringIO(line, newline=""), delimiter=";"))
    assert all(cell.startswith("'") for cell in cells)


def test_numbers_in_dutch():
    assert [number(each) for each in (1234, 12.5, 1234.0, None, "x")] == [
        "1.234",
        "12,5",
        "1.234,0",
        "minder dan 5",
        "x",
    ]


def test_headings_stand_as_what_is_under_them():
    table = Table("x", "x", ("name", "count", "theme", "day"), (Row("a", (None, "werk", date(2026, 3, 5))),))
    assert table.headings == (("name", False), ("count", True), ("theme", False), ("day", False))


def test_dates_are_words_on_the_page_and_iso_in_the_file():
    day = date(2026, 3, 5)
    assert number(day) == "5 maart 2026"
    assert Table("x", "x", ("a", "b"), (Row("a", (day,)),)).csv() == "a;b\r\na;2026-03-05\r\n"


def test_an_export_is_logged(counted, signed_in):
    client = signed_in(Role.READER)
    reply = client.get(f"/cijfers/csv/vragen/?{NOVEMBER.query}")
    assert reply["Content-Disposition"] == 'attachment; filename="vragen_2025-11-01_2025-11-30.csv"'
    entry = AuditEntry.objects.get(action="cijfers.uitgevoerd")
    assert entry.detail == "vragen 2025-11-01_2025-11-30"
    assert client.get("/rapport/2025-11/").status_code == 200
    assert AuditEntry.objects.get(action="rapport.bekeken").detail == "2025-11"


@pytest.mark.parametrize("address", ["/rapport/2025-13/", "/rapport/2099-01/", "/cijfers/csv/niets/"])
def test_what_is_not_there(signed_in, address):
    assert signed_in(Role.READER).get(address).status_code == 404


@pytest.mark.parametrize("address", [ADDRESS, "/cijfers/csv/vragen/", "/rapport/2025-11/"])
def test_nobody_without_a_role(signed_in, address):
    assert signed_in(None).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_an_assistant_that_never_ran(signed_in):
    client = signed_in(Role.READER)
    page = client.get("/cijfers/").content.decode()
    assert "Niets geteld in deze periode." in page
    assert "te weinig voor een rapport" in client.get("/rapport/2025-11/").content.decode()


def test_the_report_hides_small_counts_and_the_one_beside_them():
    table = Table("x", "x", ("a", "b", "c"), (Row("one", (3, 8)), Row("two", (7, 9)), Row("three", (20, 10))))
    assert [row.values for row in masked(table).rows] == [(None, 8), (None, 9), (20, 10)]


def test_the_report_is_careful(counted):
    sections = {section.table.id: section for section in report(Statistics(NOVEMBER, TODAY))}
    now, then = Counts.of(NOVEMBER).total("gesprek"), Counts.of(NOVEMBER.before).total("gesprek")
    assert number(now) in sections["verloop"].sentences[0]
    chance = abs(now - then) <= 2 * (now + then) ** 0.5
    assert ("toeval" in sections["verloop"].sentences[1]) is chance
    assert "geen maat voor hoeveel discriminatie" in sections["gronden"].sentences[-1]
    for section in sections.values():
        for row in section.table.rows:
            assert not any(isinstance(value, int) and 0 < value < STEP for value in row.values)


@pytest.mark.parametrize(
    ("before", "now", "word"),
    [(100, 108, "toeval"), (100, 180, "80 meer"), (180, 100, "80 minder"), (2, 100, "te weinig")],
)
def test_a_difference_is_only_named_when_it_is_one(db_all, before, now, word):
    count(date(2025, 10, 5), "gesprek", "nieuw", before)
    count(date(2025, 11, 5), "gesprek", "nieuw", now)
    assert word in report(Statistics(NOVEMBER, TODAY))[0].sentences[1]


def test_no_style_in_the_page(counted, signed_in):
    client = signed_in(Role.READER)
    for address in (ADDRESS, "/rapport/2025-11/"):
        page = client.get(address).content.decode()
        assert not re.search(r"\sstyle=|<style|<script>|\son[a-z]+=", page)


def test_a_chart_needs_two_points():
    assert over_time([("a", 1)], "x") is None
    chart = over_time([("a", 0), ("b", 0)], "x")
    assert chart and chart.top == 1 and all(bar.height == 0 for bar in chart.bars)
