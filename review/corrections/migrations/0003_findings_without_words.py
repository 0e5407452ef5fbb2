"""Findings named words of citizens, which stayed after erasing: what was kept keeps the kinds and the training messages only."""

from __future__ import annotations

from typing import Any

from django.db import migrations

_ALIKE = {"duplicate", "near", "conflict"}


def clear(apps: Any, editor: Any) -> None:
    """Take out the lines as they would be written, and texts that are no training message."""
    for proposal in apps.get_model("corrections", "Proposal").objects.exclude(checked=None):
        lines = proposal.checked.get("lines") if isinstance(proposal.checked, dict) else None
        if not isinstance(lines, dict):
            continue
        kept = {}
        for number, line in lines.items():
            rows = line.get("findings", []) if isinstance(line, dict) else []
            kept[number] = {"findings": [_bare(row) for row in rows if isinstance(row, dict)]}
        proposal.checked = {"lines": kept}
        proposal.save(update_fields=["checked"])


def _bare(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "text": ""} if row.get("kind") in _ALIKE and not row.get("file") else row


class Migration(migrations.Migration):
    dependencies = [("corrections", "0002_lines")]
    operations = [migrations.RunPython(clear, migrations.RunPython.noop)]
