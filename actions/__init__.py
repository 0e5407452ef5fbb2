"""Rasa SDK actions: thin adapters over ``bot``. Run with ``rasa run actions``."""
