"""The right channel for a case: pure functions over ``data/channels.yml``, without any of Rasa."""

from __future__ import annotations

from bot.referral.cards import card, fact, is_shown, visible
from bot.referral.lexicon import detail_of, is_minor, tells_violence
from bot.referral.load import ChannelData, load_channels
from bot.referral.model import (
    UNKNOWN,
    Channel,
    Confidence,
    Fact,
    Option,
    Question,
    Referral,
    Show,
    Situation,
    Step,
    Urgency,
)
from bot.referral.rules import MAX_QUESTIONS, next_question, question_options, refer


def detail_from_text(text: str, domein: str, data: ChannelData) -> str | None:
    """Return the sub-domain that a message betrays ("interim": ``uitzend``); None when it is unclear."""
    return detail_of(text, domein, data.lexicon)


def minor_from_text(text: str, data: ChannelData) -> bool:
    """Return whether a message says that the person or the victim is a minor; conservative."""
    return is_minor(text, data.lexicon)


def hate_violence_from_text(text: str, data: ChannelData) -> bool:
    """Return whether a message tells of past violence, threats or destruction; conservative."""
    return tells_violence(text, data.lexicon)


__all__ = [
    "MAX_QUESTIONS",
    "UNKNOWN",
    "Channel",
    "ChannelData",
    "Confidence",
    "Fact",
    "Option",
    "Question",
    "Referral",
    "Show",
    "Situation",
    "Step",
    "Urgency",
    "card",
    "detail_from_text",
    "fact",
    "hate_violence_from_text",
    "is_shown",
    "load_channels",
    "minor_from_text",
    "next_question",
    "question_options",
    "refer",
    "visible",
]
