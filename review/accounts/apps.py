"""Accounts app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """Login, roles, rights and the audit log."""

    name = "accounts"

    def ready(self) -> None:
        """Keep the groups in step; the permissions were made by then."""
        from accounts.groups import sync_groups

        post_migrate.connect(sync_groups, sender=self)
