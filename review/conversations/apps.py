"""Conversations app."""

from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """Ingest, queue and reading."""

    name = "conversations"
