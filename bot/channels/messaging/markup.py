"""The markup of ``data/answers`` (bold, links, lists) in that of a channel, and long texts in pieces."""

from __future__ import annotations

import re

_BOLD = re.compile(r"\*\*(.+?)\*\*")
_LINK = re.compile(r"\[([^\]]+)\]\((\S+?)\)")
# Where a text may be cut, the best place first: after a paragraph, a line, a sentence, a word.
_PLACES = tuple(map(re.compile, (r"\n\n+", r"\n", r"(?<=[.!?:…])\s+", r"\s+")))


def translate(text: str, markup: str) -> str:
    """Return ``text`` as ``whatsapp``, ``markdown`` or ``plain`` markup; links are written out where they cannot be marked."""
    if markup == "markdown":
        return text
    text = _LINK.sub(lambda match: match[2] if match[1] == match[2] else f"{match[1]}: {match[2]}", text)
    return _BOLD.sub(r"*\1*" if markup == "whatsapp" else r"\1", text)


def split(text: str, most: int, last: int | None = None) -> list[str]:
    """Cut a text in pieces, after a paragraph where possible, else a sentence, else a word; nothing is left out.

    Args:
        text: the whole text.
        most: the most characters that a piece may have.
        last: the most that the final piece may have; the same by default.
    """
    last = most if last is None else last
    pieces = []
    text = text.strip()
    while len(text) > last:
        if len(text) <= most:
            at = _place(text, len(text) - last, len(text) - 1)
        else:
            at = _place(text, most // 2, most)
        pieces.append(text[:at].rstrip())
        text = text[at:].lstrip()
    return [piece for piece in (*pieces, text) if piece]


def _place(text: str, low: int, high: int) -> int:
    """Return where to cut between ``low`` and ``high`` characters."""
    for pattern in _PLACES:
        ends = [
            match.end() for match in pattern.finditer(text) if low <= match.start() and match.end() <= high
        ]
        if ends:
            return ends[-1]
    return high  # one endless word
