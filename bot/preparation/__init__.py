"""The guided preparation of a report: questions in, a text to copy out, nothing kept."""

from bot.preparation.notebook import Notebook, Step
from bot.preparation.script import Script, load_script

__all__ = ["Notebook", "Script", "Step", "load_script"]
