"""Addresses of this app."""

from __future__ import annotations

from django.urls import URLPattern, path

from corrections import views

app_name = "corrections"
urlpatterns: list[URLPattern] = [
    path("bericht/<int:number>/", views.step, name="step"),
    path("bericht/<int:number>/oordeel/", views.judgement, name="judgement"),
    path("bedoelingen/", views.intents, name="intents"),
]
