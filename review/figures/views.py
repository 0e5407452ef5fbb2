"""The pages of statistics, and their files."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Right, needs
from accounts.audit import record
from figures.periods import Kind, Period, read
from figures.report import month_of, report
from figures.statistics import TABLES, Statistics
from figures.tables import Table


def period_context(request: HttpRequest, period: Period, **keep: str) -> dict[str, Any]:
    """Return what ``_period.html`` needs.

    Args:
        request: the page's own.
        period: what was chosen.
        keep: other choices in the address, kept when the period changes.
    """
    kept = "".join(f"&{name}={value}" for name, value in keep.items() if value)
    return {
        "period": period,
        "kinds": list(Kind),
        "running": period.running(timezone.localdate()),
        "keep": keep,
        "keep_query": kept,
        "may_export": request.user.has_perm(Right.EXPORT.permission),
    }


@require_safe
@needs(Right.READ)
def statistics(request: HttpRequest) -> HttpResponse:
    """Show what was counted in a period."""
    today = timezone.localdate()
    period = read(request.GET.dict(), today)
    figures = Statistics(period, today)
    context = {
        "compared": figures.compared,
        "headlines": figures.headlines(),
        "tables": figures.tables(),
        "month": f"{period.first:%Y-%m}" if period.kind is Kind.MONTH else "",
    }
    return render(request, "figures/statistics.html", {**period_context(request, period), **context})


@require_safe
@needs(Right.EXPORT)
def statistics_csv(request: HttpRequest, table: str) -> HttpResponse:
    """Give one table as a file for a spreadsheet."""
    if table not in TABLES:
        raise Http404
    today = timezone.localdate()
    period = read(request.GET.dict(), today)
    return csv_file(request, TABLES[table](Statistics(period, today)), period)


def csv_file(request: HttpRequest, table: Table, period: Period | None = None) -> HttpResponse:
    """Return a table as a download, and log that it was taken."""
    span = f"{period.first}_{period.last}" if period else f"{timezone.localdate()}"
    record(request.user, "cijfers.uitgevoerd", detail=f"{table.id} {span}")
    # With a byte order mark, or Excel reads é wrongly.
    reply = HttpResponse("\ufeff" + table.csv(), content_type="text/csv; charset=utf-8")
    reply["Content-Disposition"] = f'attachment; filename="{table.id}_{span}.csv"'
    return reply


@require_safe
@needs(Right.EXPORT)
def monthly_report(request: HttpRequest, month: str) -> HttpResponse:
    """Show the report of a month, made to be printed."""
    period = month_of(month)
    today = timezone.localdate()
    if period is None or period.first > today:
        raise Http404
    record(request.user, "rapport.bekeken", detail=month)
    figures = Statistics(period, today)
    context = {"sections": report(figures), "compared": figures.compared, "printed": True, "today": today}
    return render(request, "figures/report.html", {**period_context(request, period), **context})
