"""Showing text as the citizen saw it, and moments as people say them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_ITEM = re.compile(r"^\s*(?:[-*•]|\d+\.)\s+(.*)$")


@register.filter
def as_seen(text: str) -> SafeString:
    """Return the little markup that answers use (paragraphs, lists, bold) as HTML; everything else is escaped."""
    blocks: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines, items = [], []
        for line in block.splitlines():
            match = _ITEM.match(line)
            if match:
                items.append(f"<li>{_bold(match[1])}</li>")
            else:
                lines.append(_bold(line))
        if lines:
            blocks.append(f"<p>{'<br>'.join(lines)}</p>")
        if items:
            blocks.append(f"<ul>{''.join(items)}</ul>")
    return mark_safe("".join(blocks))  # noqa: S308  # every piece is escaped in _bold


def _bold(line: str) -> str:
    return _BOLD.sub(r"<strong>\1</strong>", escape(line))


@register.filter
def marked(pieces: Iterable[tuple[str, bool]]) -> SafeString:
    """Return pieces of text with the ones that were searched for marked."""
    return mark_safe("".join(f"<mark>{escape(t)}</mark>" if hit else escape(t) for t, hit in pieces))  # noqa: S308
