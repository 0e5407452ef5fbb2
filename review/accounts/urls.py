"""Addresses of sign-in, people and the audit log."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, path

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("aanmelden/", LoginView.as_view(template_name="accounts/login.html"), name="login"),
    path("afmelden/", LogoutView.as_view(), name="logout"),
]
