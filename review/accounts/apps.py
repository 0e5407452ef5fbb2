"""Accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Login, roles, rights and the audit log."""

    name = "accounts"
