"""Logs without people: whatever a library writes at whatever level, no words of a citizen and no IP address.

Two nets. structlog values that can hold a message (Rasa's list of anonymisable keys, and every list or object) are left
out altogether, other texts are redacted. Every log record of the process, from any library, then has identifiers and IP
addresses taken out of its message and its traceback.
"""

from __future__ import annotations

import logging
import re
import traceback
from typing import Any

import structlog

from bot.privacy.pseudonym import PREFIX, pseudonym
from bot.privacy.redact import default_redactor

OMITTED = "[weggelaten]"
# The keys that rasa.utils.log_utils marks as able to hold a citizen's words, and our own.
_TEXT_KEYS = frozenset(
    {
        "text", "response_text", "user_text", "slot_values", "parse_data_text", "parse_data_entities",
        "prediction_events", "tracker_latest_message", "prefilled_slots", "message", "response", "slot_candidates",
        "rasa_event", "rasa_events", "tracker_states", "current_states", "old_states", "successes", "current_entity",
        "next_entity", "states", "entity", "token_text", "user_message", "json_message", "query", "body",
    }
)  # fmt: skip
_FIXED_KEYS = frozenset({"event", "event_info", "level", "timestamp", "exc_info", "exception"})
_SENDER = re.compile(r"(?i)(\b(?:sender(?:[ _]id)?|conversation(?: id)?)\s*[:=]?\s*['\"])([^'\"]+)(?=['\"])")
# Rasa quotes a message that it could not read as a command.
_QUOTED = re.compile(r"(?s)(?<=\bin line ').*?(?='\.\s)|(?<=\bbut found ).*?(?=\.\s?Continuing)")
_STORED = re.compile(rf"({re.escape(PREFIX)}[0-9a-f]{{32}})")
_IP = re.compile(
    r"(?<![\w.])(?!127\.|0\.0\.0\.0)(?:\d{1,3}\.){3}\d{1,3}(?![\w.])"
    r"|(?<![\w:])(?:(?:[0-9a-f]{1,4}:){4,7}|(?:[0-9a-f]{1,4}:){1,6}:(?:[0-9a-f]{1,4}:){0,5})[0-9a-f]{1,4}(?![\w:])",
    re.IGNORECASE,
)


def install(secret: str) -> None:
    """Clean all logs of this process from now on; calling it again changes nothing.

    Args:
        secret: the key of the pseudonyms that stand for conversation ids.
    """
    processors = structlog.get_config()["processors"]
    if omit_texts not in processors:
        processors.insert(0, omit_texts)  # in place: loggers that exist already hold this very list
    factory = logging.getLogRecordFactory()
    if not isinstance(factory, _CleanRecords):
        logging.setLogRecordFactory(_CleanRecords(factory, secret))
    logging.captureWarnings(True)  # Python's warnings go the same way
    access = logging.getLogger("sanic.access")
    if _without_address not in access.filters:
        access.addFilter(_without_address)


def omit_texts(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Leave out every structlog value that may hold a citizen's words; a structlog processor."""
    return {key: _harmless(key, value) for key, value in event.items()}


def clean_message(text: str, secret: str) -> str:
    """Return a log line with pseudonyms for conversation ids and without IP addresses and identifiers."""
    text = _SENDER.sub(lambda match: match[1] + pseudonym(match[2], secret), text)
    text = _QUOTED.sub(OMITTED, _IP.sub("[ip]", text))
    # The hex of a pseudonym may look like a number.
    parts = _STORED.split(text)
    parts[::2] = [default_redactor().log_line(part) for part in parts[::2]]
    return "".join(parts)


def _harmless(key: str, value: Any) -> Any:
    if key in _FIXED_KEYS or value is None or isinstance(value, (bool, int, float)):
        return value
    if key in _TEXT_KEYS or not isinstance(value, str):
        return OMITTED
    return default_redactor().log_value(value)


class _CleanRecords:
    """Makes log records whose message is final and clean."""

    def __init__(self, factory: Any, secret: str) -> None:
        self._factory = factory
        self._secret = secret

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record: logging.LogRecord = self._factory(*args, **kwargs)
        try:
            record.msg, record.args = clean_message(record.getMessage(), self._secret), ()
        except Exception:  # a broken format string must not bring the original back
            record.msg, record.args = OMITTED, ()
        if record.exc_info and record.exc_info[1] is not None:
            # Formatters print exc_text when it is there.
            lines = "".join(traceback.format_exception(*record.exc_info)).rstrip()
            record.exc_text = clean_message(lines, self._secret)
        return record


def _without_address(record: logging.LogRecord) -> bool:
    """Take the visitor's address and the query out of Sanic's access lines, which carry them as extra fields."""
    record.__dict__["host"] = "-"
    record.__dict__["request"] = str(record.__dict__.get("request", "")).split("?", 1)[0]
    return True
