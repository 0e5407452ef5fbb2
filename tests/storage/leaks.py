"""Looking through everything that is on disk for what must not be there."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from tests.privacy.generate import traces

KEY = "secret.key"
_LONG = 9  # digits; shorter runs turn up by chance
_FLOAT = re.compile(
    r"(?<![\d.])\d{1,10}\.\d{10,}(?!\d)"
)  # certainties and times: long runs of digits that nobody typed


def written(var_dir: Path) -> dict[str, str]:
    """Return the content of every file, whatever it is, and the rows of every database as well: a text may lie over two of
    its pages. Databases are read without writing, so that a log that waits to be folded in stays as it is.
    """
    files = {}
    for path in sorted(var_dir.rglob("*")):
        # One that its owner has just put in another's place, or emptied, is gone.
        with contextlib.suppress(FileNotFoundError):
            if path.is_file() and path.name != KEY:
                files[str(path.relative_to(var_dir))] = path.read_bytes().decode("utf-8", "replace")
    for path in sorted(var_dir.rglob("*.db")):
        files[f"{path.relative_to(var_dir)} (rows)"] = "\n".join(_rows(path))
    return files


def leaks(files: dict[str, str], secrets: Iterable[str]) -> list[tuple[str, str]]:
    """Return in which file which identifier stands, whole or as a long run of its digits."""
    secrets = list(secrets)
    found = []
    for name, text in files.items():
        shorter = _FLOAT.sub("", text)
        for secret in secrets:
            if secret in text or any(len(trace) >= _LONG for trace in traces(secret, shorter)):
                found.append((name, secret))
    return found


def count(path: Path, table: str, where: str = "1") -> int:
    """Return how many rows of a table meet a condition; 0 while there is no such table."""
    if not path.exists():
        return 0
    with contextlib.closing(_open(path)) as connection, contextlib.suppress(sqlite3.OperationalError):
        return int(connection.execute(f'SELECT count(*) FROM "{table}" WHERE {where}').fetchone()[0])
    return 0


def _rows(path: Path) -> Iterable[str]:
    with contextlib.closing(_open(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in names:
            yield name
            yield from map(str, connection.execute(f'SELECT * FROM "{name}"'))


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=15)
