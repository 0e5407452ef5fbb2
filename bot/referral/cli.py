"""``stadsbot facts due|links``: what staff have to check before citizens may rely on it."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from rich.console import Console

from bot.paths import data_dir
from bot.referral.links import check_links
from bot.referral.load import load_channels
from bot.referral.overview import due_facts

DEFAULT_MONTHS = 6


def add_commands(subparsers: Any) -> None:
    """Add ``facts`` with its sub-commands to what ``ArgumentParser.add_subparsers`` returned."""
    parser = subparsers.add_parser("facts", help="facts to check: unverified, old, or links that fail")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    due = actions.add_parser("due", help="list facts that are not verified, or checked too long ago")
    due.add_argument("--months", type=int, default=DEFAULT_MONTHS, help="how old a check may be")
    due.set_defaults(command=_due)
    links = actions.add_parser("links", help="open every link of the channels; needs a network")
    links.set_defaults(command=_links)


def _due(arguments: argparse.Namespace, console: Console) -> int:
    facts = due_facts(load_channels(data_dir() / "channels.yml"), date.today(), arguments.months)
    for fact in facts:
        value = f"{fact.channel}.{fact.field}: {fact.value}"
        console.print(
            f"{fact.due.value:22} {value} (data/channels.yml:{fact.line}, {fact.checked})", markup=False
        )
        if fact.note:
            console.print(f"{'':22} {fact.note}", markup=False)
    console.print(f"{len(facts)} te controleren")
    return 0


def _links(arguments: argparse.Namespace, console: Console) -> int:
    failed = 0
    for result in check_links(load_channels(data_dir() / "channels.yml")):
        failed += not result.ok
        outcome = result.error or str(result.status)
        console.print(f"{outcome:6} {result.link.url} ({', '.join(result.link.used_in)})", markup=False)
    return 1 if failed else 0
