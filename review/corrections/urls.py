"""Addresses of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from corrections import proposal_views as proposals
from corrections import views

app_name = "corrections"
urlpatterns: list[URLPattern] = [
    path("bericht/<int:number>/", views.step, name="step"),
    path("bericht/<int:number>/oordeel/", views.judgement, name="judgement"),
    path("bedoelingen/", views.intents, name="intents"),
    path("voorstellen/", proposals.proposals, name="proposals"),
    path("voorstellen/verbeteringen/", proposals.corrections, name="corrections"),
    path("voorstellen/beslissen/", proposals.decide, name="decide"),
    path("voorstellen/<int:number>/", proposals.proposal, name="proposal"),
    path("voorstellen/<int:number>/voortgang/", proposals.progress, name="progress"),
    path("voorstellen/<int:number>/zin/<int:place>/", proposals.line, name="line"),
    path("voorstellen/<int:number>/uitvoer/<slug:what>/", proposals.download, name="download"),
    path("voorstellen/<int:number>/<slug:action>/", proposals.act, name="act"),
]
