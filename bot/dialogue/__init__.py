"""The conversation's flow, free of Rasa: what was said and what is remembered → what to say next."""

from bot.dialogue.flow import decide
from bot.dialogue.model import Doubt, Memory, Plan, Turn

__all__ = ["Doubt", "Memory", "Plan", "Turn", "decide"]
