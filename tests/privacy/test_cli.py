"""``stadsbot privacy …`` on empty stores; what the commands do is tested with the stores."""

import argparse
import io
import json

import pytest
from rich.console import Console

from bot.privacy.cli import add_commands


@pytest.fixture
def run(monkeypatch, tmp_path):
    monkeypatch.setenv("STADSBOT_VAR_DIR", str(tmp_path))
    monkeypatch.delenv("STADSBOT_DB_URL", raising=False)
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))

    def call(*words):
        out = io.StringIO()
        arguments = parser.parse_args(["privacy", *words])
        code = arguments.command(arguments, Console(file=out, soft_wrap=True, highlight=False))
        return code, out.getvalue()

    return call


def test_purge(run, tmp_path):
    assert run("purge") == (
        0,
        "Deleted 0 conversations (0 events), 0 rows of the review log and 0 words of feedback.\n",
    )
    assert (tmp_path / "purge.jsonl").exists()


def test_erase_and_search(run):
    assert run("erase", "iemand") == (
        0,
        "gespreksstatus: 0 deleted, 0 left\nleeslogboek: 0 deleted, 0 left\nNothing is left.\n",
    )
    assert run("search", "iemand") == (1, "gespreksstatus: 0\nleeslogboek: 0\n")


def test_export(run):
    code, out = run("export", "iemand")
    assert code == 0
    assert json.loads(out)["gesprek"].startswith("gesprek-")
