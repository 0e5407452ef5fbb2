"""What identifies somebody says nothing of what a message means: names, numbers and addresses are not read."""

from __future__ import annotations

from functools import lru_cache

from bot.privacy.redact import default_redactor
from bot.privacy.span import Span


@lru_cache(maxsize=1)
def personal_data(text: str) -> tuple[Span, ...]:
    """Return the personal data in ``text``; the last answer is kept, since each model asks it of the same message."""
    return tuple(default_redactor().find_by_rules(text))


def without_personal_data(text: str) -> str:
    """Return ``text`` with spaces instead of personal data, everything else in its place.

    A message of one word that may be a name ("ewa", a greeting too) stays as it is.
    """
    found = personal_data(text)
    if " " not in text.strip() and {span.kind for span in found} <= {"naam"}:
        return text
    letters = list(text)
    for span in found:
        letters[span.start : span.end] = " " * (span.end - span.start)
    return "".join(letters)
