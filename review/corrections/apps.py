"""Corrections app."""

from django.apps import AppConfig


class CorrectionsConfig(AppConfig):
    """Judging, correcting and proposing."""

    name = "corrections"
