"""Which database a model lives in: the assistant's stores are read, never changed in shape."""

from __future__ import annotations

from typing import Any

_READ = {"feedevent": "feed", "erasure": "feed", "dailycount": "statistics"}


class FeedRouter:
    """Sends the unmanaged models to the stores that the assistant fills; everything else is the console's own."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        """Name the database of ``model``."""
        return _READ.get(model._meta.model_name)

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Only the console's own database gets tables from here."""
        return db == "default"
