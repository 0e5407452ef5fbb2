"""Writing figures in Dutch."""

from __future__ import annotations

from django import template

from figures.tables import Value, is_number, number

register = template.Library()
register.filter(is_number)
_LEVELS = (10, 20, 50, 100)  # from which a cell of the heat map is darker


@register.filter
def shown(value: Value) -> str:
    """Write a value as in `figures.tables.number`."""
    return number(value)


@register.filter
def level(value: Value) -> int:
    """How dark a cell of the heat map is, from 0 (hidden) to 5."""
    if not isinstance(value, (int, float)):
        return 0
    return 1 + sum(value >= limit for limit in _LEVELS)
