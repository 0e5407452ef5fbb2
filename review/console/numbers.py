"""Numbers out of addresses and forms."""

from __future__ import annotations

_DIGITS = 18  # what every database holds


def whole_number(text: str) -> int | None:
    """Return the number that ``text`` is; None for anything else, and for more than a database can hold."""
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else None
