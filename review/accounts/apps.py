"""Accounts app."""

from bot.errors import DataError
from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    """Login, roles, rights and the audit log."""

    name = "accounts"

    def ready(self) -> None:
        """Keep the groups in step (the permissions were made by then), and listen to signing in.

        Raises:
            DataError: single sign-on is to give a role that does not exist.
        """
        from accounts import signals  # noqa: F401
        from accounts.access import Role
        from accounts.groups import sync_groups

        post_migrate.connect(sync_groups, sender=self)
        oidc = settings.CONFIG.oidc
        if unknown := set(oidc.groups.values() if oidc else ()) - set(Role):
            raise DataError(
                f"STADSBOT_OIDC_GROUPS names {', '.join(sorted(unknown))}; roles are {', '.join(Role)}"
            )
