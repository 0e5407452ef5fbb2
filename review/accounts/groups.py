"""The four groups, kept in step with `accounts.access.ROLES` at every migrate."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import router

from accounts.access import ROLES


def sync_groups(using: str = "default", **kwargs: Any) -> None:
    """Make the groups of the roles, each with exactly the permissions of its rights."""
    if not router.allow_migrate_model(using, Group):
        return
    found = Permission.objects.using(using).filter(
        content_type__app_label="accounts", content_type__model="access"
    )
    permissions = {permission.codename: permission for permission in found}
    for role, rights in ROLES.items():
        group, _ = Group.objects.using(using).get_or_create(name=role.value)
        group.permissions.set(permissions[right.value] for right in rights)
