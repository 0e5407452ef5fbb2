"""``python -m bot.privacy.purge_daemon``: purges at the start and every quarter of an hour, until SIGTERM."""

from __future__ import annotations

import signal
import sqlite3
import sys
import threading
from types import FrameType

import sqlalchemy as sa

from bot.errors import DataError
from bot.privacy.retention import purge
from bot.privacy.settings import PrivacySettings

INTERVAL = 900.0  # seconds


def main(interval: float = INTERVAL) -> int:
    """Purge until told to stop; a database that is away for a while is tried again the next time."""
    try:
        settings = PrivacySettings.from_environment()
    except DataError as error:
        print(f"purge: {error}", file=sys.stderr)
        return 2
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    print(
        f"purge: state after {settings.keep_state_hours} h, review log after {settings.keep_log_days} days",
        flush=True,
    )
    while not stop.is_set():
        try:
            done = purge(settings)
            if done.anything:
                print(f"purge: {done}", flush=True)
        except (sa.exc.SQLAlchemyError, sqlite3.Error, OSError) as error:
            print(
                f"purge: failed, next try in {interval:.0f} s ({type(error).__name__})",
                file=sys.stderr,
                flush=True,
            )
        stop.wait(interval)
    return 0


if __name__ == "__main__":
    sys.exit(main())
