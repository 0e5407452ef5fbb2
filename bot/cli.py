"""``stadsbot``: the one entry point for people who run the assistant."""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

import bot.channels.matrix_cli
import bot.ops.review
import bot.privacy.cli
import bot.referral.cli
from bot.errors import DataError
from bot.ops.settings import Settings
from bot.paths import ROOT, data_dir

Command = Callable[[argparse.Namespace, Console], int]


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command; a `DataError` becomes one clear line and exit code 2."""
    console = Console(highlight=False, soft_wrap=True)
    arguments = _parser().parse_args(argv)
    command: Command = arguments.command
    try:
        sys.exit(command(arguments, console))
    except DataError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(
            f"stadsbot: {error}", style="red", markup=False
        )
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stadsbot", description="The inclusion assistant of the city.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, command: Command, help_text: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help_text, description=help_text)
        sub.set_defaults(command=command)
        return sub

    add("run", _run, "train when needed, start everything, stop with Ctrl-C")
    add("chat", _chat, "talk to the assistant in this terminal")
    add("train", _train, "train the model when data or configuration changed")
    add("validate", _validate, "check data and configuration, as strictly as Rasa can")
    _add_groups(commands)
    return parser


def _add_groups(commands: Any) -> None:
    """Add the groups of sub-commands; their modules are only imported when they are used."""

    def group(name: str, help_text: str, members: dict[str, tuple[str, str]]) -> None:
        sub = commands.add_parser(name, help=help_text, description=help_text)
        inner = sub.add_subparsers(required=True, metavar="COMMAND")
        for member, (target, member_help) in members.items():
            module, function = target.split(":")
            parser = inner.add_parser(member, help=member_help, description=member_help)
            parser.set_defaults(command=_later(module, function))

    group(
        "data",
        "look after the training messages",
        {
            "report": ("bot.training.cli:report", "duplicates, conflicts, templates, styles per intent"),
            "docs": (
                "bot.training.catalogue:write",
                "write docs/intents.md, the catalogue of what people can ask",
            ),
        },
    )
    group(
        "proposals",
        "corrections of the review console on their way to the training messages",
        {"work": ("bot.training.worker:work", "measure what the console proposes, as 'run' does too")},
    )
    bot.privacy.cli.add_commands(commands)
    bot.ops.review.add_commands(commands)
    bot.referral.cli.add_commands(commands)
    bot.channels.matrix_cli.add_commands(commands)


def _later(module: str, function: str) -> Command:
    def command(arguments: argparse.Namespace, console: Console) -> int:
        return int(getattr(importlib.import_module(module), function)(arguments, console))

    return command


def _run(arguments: argparse.Namespace, console: Console) -> int:
    from bot.ops.run import run

    return run(Settings.from_environment(), console)


def _train(arguments: argparse.Namespace, console: Console) -> int:
    from bot.ops.training import ensure_model

    console.print(f"Model: {ensure_model(Settings.from_environment(), console)}")
    return 0


def _chat(arguments: argparse.Namespace, console: Console) -> int:
    from bot.ops.chat import chat

    return chat(Settings.from_environment(), console)


def _validate(arguments: argparse.Namespace, console: Console) -> int:
    from bot.answers import load_content

    content = load_content(data_dir())
    console.print(f"{len(content.answers)} answers and {len(content.channels.channels)} channels are sound.")
    command = [
        sys.executable,
        "-m",
        "rasa",
        "data",
        "validate",
        "--fail-on-warnings",
        "--data",
        str(data_dir()),
    ]
    env = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    return subprocess.run(command, cwd=Path(ROOT), env=env, check=False).returncode  # noqa: S603 - fixed command


if __name__ == "__main__":
    main()
