"""Errors that a person who edits data can act upon."""

from __future__ import annotations


class DataError(ValueError):
    """A data file is wrong. The message names file and line, what is wrong and how to fix it."""
