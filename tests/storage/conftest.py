"""A tracker store on SQLite and on a PostgreSQL server of the test's own."""

from __future__ import annotations

import logging
import os
import pwd
import shutil
import socket
import subprocess
import warnings
from pathlib import Path

import pytest
import structlog
from rasa.shared.core.domain import Domain

from bot.paths import ROOT
from bot.privacy.settings import PrivacySettings
from bot.storage.event_log import ReviewLog
from bot.storage.tracker_store import PrivateTrackerStore


@pytest.fixture(scope="session")
def domain():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a slot and an entity share a name, on purpose
        return Domain.load(str(ROOT / "domain.yml"))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """The URL of an empty server on a free port; it listens on loopback only and goes with the tests."""
    found = shutil.which("initdb") or next(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), None)
    if found is None:
        pytest.skip("no PostgreSQL server here (Debian: apt-get install postgresql)")
    programs = Path(found).resolve().parent
    folder = tmp_path_factory.mktemp("postgres")
    prefix: list[str] = []
    if os.geteuid() == 0:  # initdb refuses root
        if not shutil.which("runuser") or "postgres" not in {user.pw_name for user in pwd.getpwall()}:
            pytest.skip("PostgreSQL does not run as root and there is no user 'postgres'")
        prefix = ["runuser", "-u", "postgres", "--"]
        shutil.chown(folder, "postgres")
        for parent in folder.parents:
            if parent.stat().st_uid == 0 and parent.name.startswith("pytest"):
                parent.chmod(0o711)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def call(*command):
        subprocess.run(
            [*prefix, *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/"
        )

    data = str(folder / "data")
    call(str(programs / "initdb"), "-D", data, "-U", "stadsbot", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off"
    call(str(programs / "pg_ctl"), "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
    yield f"postgresql://stadsbot@127.0.0.1:{port}/postgres", folder
    call(str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "stop")


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request, tmp_path, monkeypatch):
    """Settings on an empty database; ``settings.purge_log.parent`` is the folder with all files."""
    monkeypatch.setenv("STADSBOT_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("STADSBOT_SECRET", "a secret for tests only")
    monkeypatch.delenv("STADSBOT_DB_URL", raising=False)
    if request.param == "postgresql":
        url, _folder = request.getfixturevalue("postgres")
        monkeypatch.setenv("STADSBOT_DB_URL", url)
    yield PrivacySettings.from_environment()
    if request.param == "postgresql":
        import sqlalchemy as sa

        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(
                "DROP TABLE IF EXISTS events, review_events, erased, statistics, notes, labels"
            )
        engine.dispose()


@pytest.fixture
def _logs_as_before():
    """A tracker store cleans the logs of its whole process; other tests get theirs back."""
    factory, processors = logging.getLogRecordFactory(), structlog.get_config()["processors"]
    before = list(processors)
    yield
    logging.setLogRecordFactory(factory)
    processors[:] = before
    logging.captureWarnings(False)


@pytest.fixture
def store(settings, domain, _logs_as_before):
    """A tracker store with its review log."""
    broker = ReviewLog(settings)
    store = PrivateTrackerStore(domain=domain, event_broker=broker, host=None)
    yield store
    store.engine.dispose()
    broker.review.dispose()
    broker.statistics.dispose()
