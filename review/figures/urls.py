"""Addresses of this app."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from figures import content_views, views

app_name = "figures"


class MonthConverter:
    """A month as ``jjjj-mm``."""

    regex = r"20[0-9]{2}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> str:
        """Keep it as it is."""
        return value

    to_url = to_python


register_converter(MonthConverter, "month")
urlpatterns: list[URLPattern] = [
    path("antwoorden/", content_views.answer_list, name="answers"),
    path("antwoorden/csv/", content_views.answers_csv, name="answers_csv"),
    path("antwoorden/feiten/", content_views.fact_list, name="facts"),
    path("antwoorden/feiten/csv/", content_views.facts_csv, name="facts_csv"),
    path("antwoorden/over/<slug:name>/", content_views.answer, name="answer"),
    path("onbeantwoord/", content_views.unanswered_list, name="unanswered"),
    path("onbeantwoord/afhandelen/", content_views.handle_group, name="handle_group"),
    path("cijfers/", views.statistics, name="statistics"),
    path("cijfers/<slug:table>.csv", views.statistics_csv, name="csv"),
    path("rapport/<month:month>/", views.monthly_report, name="report"),
]
