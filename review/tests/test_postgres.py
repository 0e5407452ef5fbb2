"""Everything that touches a database, once more on PostgreSQL."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    """The URL of a server of this test's own (`tests/postgres_server.py` of the assistant)."""
    spec = importlib.util.spec_from_file_location("postgres_server", ROOT / "tests" / "postgres_server.py")
    server = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(server)
    if reason := server.why_not():
        pytest.skip(reason)
    with server.started(tmp_path_factory.mktemp("postgres")) as url:
        yield url


def test_the_other_tests_on_postgresql(postgres):
    if "REVIEW_TEST_DB_URL" in os.environ:
        pytest.skip("already on PostgreSQL")
    command = [sys.executable, "-m", "pytest", "-m", "not browser and not server"]
    done = subprocess.run(
        command,
        cwd=ROOT / "review",
        env={**os.environ, "REVIEW_TEST_DB_URL": postgres},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
