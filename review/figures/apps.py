"""Figures app."""

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    """Statistics, answers and facts."""

    name = "figures"
