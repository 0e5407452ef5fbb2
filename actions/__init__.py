"""Rasa SDK actions: thin adapters over ``bot``. Run with ``rasa run actions``."""

from bot.privacy.logs import install
from bot.privacy.settings import PrivacySettings

# Before anything is logged here: this process is the one that reads the answers of a preparation.
install(PrivacySettings.from_environment().secret)
