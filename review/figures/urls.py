"""Addresses of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from figures import content_views, views

app_name = "figures"
urlpatterns: list[URLPattern] = [
    path("antwoorden/", content_views.answer_list, name="answers"),
    path("antwoorden/csv/", content_views.answers_csv, name="answers_csv"),
    path("antwoorden/feiten/", content_views.fact_list, name="facts"),
    path("antwoorden/feiten/csv/", content_views.facts_csv, name="facts_csv"),
    path("antwoorden/over/<slug:name>/", content_views.answer, name="answer"),
    path("onbeantwoord/", content_views.unanswered_list, name="unanswered"),
    path("onbeantwoord/afhandelen/", content_views.handle_group, name="handle_group"),
    path("cijfers/", views.statistics, name="statistics"),
    path("cijfers/csv/<slug:table>/", views.statistics_csv, name="csv"),
    path("rapport/<slug:month>/", views.monthly_report, name="report"),
]
