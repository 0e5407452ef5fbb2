"""A tracker store on SQLite and on a PostgreSQL server of the test's own."""

from __future__ import annotations

import logging
import warnings

import pytest
import structlog
from rasa.shared.core.domain import Domain

from bot.paths import ROOT
from bot.privacy.settings import PrivacySettings
from bot.storage.event_log import ReviewLog
from bot.storage.tracker_store import PrivateTrackerStore
from tests import postgres_server


@pytest.fixture(scope="session")
def domain():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a slot and an entity share a name, on purpose
        return Domain.load(str(ROOT / "domain.yml"))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """The URL of an empty server, and the folder with its files."""
    if reason := postgres_server.why_not():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("postgres")
    with postgres_server.started(folder) as url:
        yield url, folder


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
