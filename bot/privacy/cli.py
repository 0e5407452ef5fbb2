"""``stadsbot privacy purge|erase|export|search``."""

from __future__ import annotations

import argparse
import json
from typing import Any

from rich.console import Console

from bot.privacy.erase import erase_conversation, search_conversation
from bot.privacy.export import export_conversation
from bot.privacy.retention import purge
from bot.privacy.settings import PrivacySettings


def add_commands(subparsers: Any) -> None:
    """Add ``privacy`` with its own sub-commands.

    Args:
        subparsers: what ``ArgumentParser.add_subparsers`` returned.
    """
    parser = subparsers.add_parser("privacy", help="retention, erasure and access requests")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    actions.add_parser("purge", help="delete what has been kept long enough").set_defaults(command=_purge)
    for name, command, text in (
        ("erase", _erase, "delete one conversation from every store and prove it"),
        ("export", _export, "print all that is stored of one conversation, as JSON"),
        ("search", _search, "count what each store holds of one conversation"),
    ):
        sub = actions.add_parser(name, help=text, description=text)
        sub.add_argument(
            "conversation", help="id of the channel, or the pseudonym of the review console (gesprek-…)"
        )
        sub.set_defaults(command=command)


def _purge(arguments: argparse.Namespace, console: Console) -> int:
    done = purge(PrivacySettings.from_environment())
    console.print(f"Rows deleted: {done}.")
    return 0


def _erase(arguments: argparse.Namespace, console: Console) -> int:
    done = erase_conversation(arguments.conversation, PrivacySettings.from_environment())
    for title, count in done.deleted.items():
        console.print(f"{title}: {count} deleted, {done.left[title]} left", markup=False)
    console.print("Nothing is left." if done.confirmed else "Something is left: run this again.")
    return 0 if done.confirmed else 1


def _export(arguments: argparse.Namespace, console: Console) -> int:
    document = export_conversation(arguments.conversation, PrivacySettings.from_environment())
    console.print(json.dumps(document, ensure_ascii=False, indent=2), markup=False)
    return 0


def _search(arguments: argparse.Namespace, console: Console) -> int:
    found = search_conversation(arguments.conversation, PrivacySettings.from_environment())
    for title, count in found.items():
        console.print(f"{title}: {count}", markup=False)
    return 0 if any(found.values()) else 1
