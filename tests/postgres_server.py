"""A PostgreSQL server of the tests' own. Loaded by the console's tests too, so nothing of Rasa is imported here."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path


def programs() -> Path | None:
    """Return the folder of the server's programs, or None where there is no server."""
    found = shutil.which("initdb") or next(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), None)
    return Path(found).resolve().parent if found else None


def why_not() -> str | None:
    """Return why no server can be started here, or None."""
    if programs() is None:
        return "no PostgreSQL server here (Debian: apt-get install postgresql)"
    users = {user.pw_name for user in pwd.getpwall()}
    if os.geteuid() == 0 and (not shutil.which("runuser") or "postgres" not in users):
        return "PostgreSQL does not run as root and there is no user 'postgres'"
    return None


@contextlib.contextmanager
def started(folder: Path) -> Iterator[str]:
    """Yield the URL of an empty server on a free port; it listens on loopback only and goes with the tests.

    Args:
        folder: an empty folder of pytest's, for its files.
    """
    found = programs()
    assert found is not None
    prefix: list[str] = []
    if os.geteuid() == 0:  # initdb refuses root
        prefix = ["runuser", "-u", "postgres", "--"]
        shutil.chown(folder, "postgres")
        _open_up(folder)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def call(*command: str) -> None:
        subprocess.run(
            [*prefix, *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/"
        )

    data = str(folder / "data")
    call(str(found / "initdb"), "-D", data, "-U", "stadsbot", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-p {port} -h 127.0.0.1 -k {folder} -c fsync=off"
    call(
        str(found / "pg_ctl"),
        "-D",
        data,
        "-o",
        options,
        "-l",
        str(folder / "log"),
        "-w",
        "-t",
        "180",
        "start",
    )
    try:
        yield f"postgresql://stadsbot@127.0.0.1:{port}/postgres"
    finally:
        if prefix:
            _open_up(folder)  # another run of pytest has closed the folder above in the meantime
        call(str(found / "pg_ctl"), "-D", data, "-m", "immediate", "-t", "180", "stop")


def _open_up(folder: Path) -> None:
    """Let the server's own user pass through pytest's folders, which every run of pytest makes private again."""
    for parent in folder.parents:
        if parent.stat().st_uid == 0 and parent.name.startswith("pytest"):
            parent.chmod(0o711)
