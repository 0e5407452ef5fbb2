"""Addresses of the queue and of reading."""

from __future__ import annotations

from django.urls import URLPattern, path

from conversations import erasing, views

app_name = "conversations"
urlpatterns: list[URLPattern] = [
    path("wachtrij/", views.queue, name="queue"),
    path("gesprek/<int:number>/wissen/", erasing.erase, name="erase"),
]
