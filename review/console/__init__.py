"""The review console of the inclusion assistant: a Django project in an environment of its own (docs/decisions/0004)."""

import sys
from pathlib import Path

# The console reads answers, channels, settings and training messages with the assistant's own modules. Those of them that it
# uses (bot.answers, bot.referral, bot.training.messages, bot.privacy.settings) need nothing of Rasa's environment.
_ROOT = str(Path(__file__).resolve().parents[2])
if _ROOT not in sys.path:
    sys.path.append(_ROOT)
