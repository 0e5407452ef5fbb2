"""Addresses of the queue and of reading."""

from __future__ import annotations

from django.urls import URLPattern, path

from conversations import erasing, handling, views

app_name = "conversations"
urlpatterns: list[URLPattern] = [
    path("wachtrij/", views.queue, name="queue"),
    path("wachtrij/bewaren/", views.save_filter, name="save_filter"),
    path("wachtrij/bewaard/<int:number>/verwijderen/", views.remove_filter, name="remove_filter"),
    path("gesprek/<int:number>/", views.conversation, name="conversation"),
    path("gesprek/<int:number>/status/", handling.status, name="status"),
    path("gesprek/<int:number>/toewijzen/", handling.assign, name="assign"),
    path("gesprek/<int:number>/notitie/", handling.note, name="note"),
    path("gesprek/<int:number>/wissen/", erasing.erase, name="erase"),
]
