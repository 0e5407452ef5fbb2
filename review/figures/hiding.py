"""Keeping people out of the figures: small counts, and what could be found by subtracting.

What says something about people (what they asked, where they were sent, their language, ground and domain) is only shown in
steps of five, rounded down, and below five not at all; none is not told apart from a few. There are no totals beside such
numbers. Ground with domain, the most telling of them, is only shown for whole months and quarters that are over: of windows that can be
moved by a day, the step at which a number changes would give that day away. ``tests/test_hiding.py`` tries every way to
subtract months from their quarter: a hidden month always keeps at least two possible values.
"""

from __future__ import annotations

from collections.abc import Mapping

STEP = 5


def shown(count: int) -> int | None:
    """Return the count as it may be shown; None: fewer than `STEP`."""
    return count - count % STEP if count >= STEP else None


def ranked(counts: Mapping[str, int]) -> list[tuple[str, int | None]]:
    """Return names with their shown counts, most first; equals by name, so that the order says nothing more."""
    rounded = [(name, shown(count)) for name, count in counts.items()]
    return sorted(rounded, key=lambda pair: (-(pair[1] or 0), pair[0]))
