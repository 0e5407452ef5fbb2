"""Addresses of the console; each app has its own list."""

from __future__ import annotations

from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="conversations:queue"), name="home"),
    path("", include("accounts.urls")),
    path("", include("conversations.urls")),
    path("", include("corrections.urls")),
    path("", include("figures.urls")),
]
