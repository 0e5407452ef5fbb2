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
    code, out = run("purge")
    assert code == 0
    assert out.startswith("Rows deleted: gespreksstatus 0, leeslogboek 0, ")
    assert out.endswith("woorden bij een duim 0.\n")
    assert (tmp_path / "purge.jsonl").exists()


def test_erase_and_search(run):
    code, out = run("erase", "iemand")
    assert (code, out.splitlines()[0]) == (0, "gespreksstatus: 0 deleted, 0 left")
    assert out.splitlines()[-1] == "Nothing is left."
    code, out = run("search", "iemand")
    assert code == 1
    assert out.startswith("gespreksstatus: 0\nleeslogboek: 0\n")


def test_export(run):
    code, out = run("export", "iemand")
    assert code == 0
    assert json.loads(out)["gesprek"].startswith("gesprek-")
