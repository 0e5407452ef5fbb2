"""Full-text search in what citizens wrote: FTS5 on SQLite, a Dutch tsvector on PostgreSQL (migration 0003).

All words must stand in one message; a word of three letters or more also finds longer words that start with it; words
between double quotes must stand together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, BooleanField, Exists, F, OuterRef, Q
from django.db.models.expressions import RawSQL

from conversations.models import Message

_TERM = re.compile(r'"([^"]*)"|(\S+)')
_WORD = re.compile(r"\w+")
_PREFIX = 3  # letters from which a word may go on
MAX_TERMS = 8
_ACCENTS = str.maketrans("áàäâãåéèëêíìïîóòöôõúùüûñçý", "aaaaaaeeeeiiiiooooouuuuncy")


@dataclass(frozen=True)
class Term:
    """One or more words that stand together; ``exact``: the last is no beginning of a longer word."""

    words: tuple[str, ...]
    exact: bool


def terms(query: str) -> list[Term]:
    """Split what somebody typed; what holds no letter or digit is left out."""
    found = []
    for quoted, plain in _TERM.findall(query):
        words = tuple(_WORD.findall(quoted or plain))
        if words:
            found.append(Term(words, bool(quoted) or len(words[-1]) < _PREFIX))
    return found[:MAX_TERMS]


class Search:
    """One search: how often it hits, and as a condition on conversations."""

    def __init__(self, query: str) -> None:
        """Prepare a search for what somebody typed; without a word in it, `empty` is true and it must not be used."""
        self.terms = terms(query)
        self.empty = not self.terms
        self._postgres = connection.vendor == "postgresql"
        self._match = (
            " & ".join(map(_tsquery, self.terms)) if self._postgres else " ".join(map(_fts, self.terms))
        )

    def hits(self, limit: int) -> int:
        """Count messages with these words, up to ``limit``."""
        inner = (
            "SELECT 1 FROM conversations_message WHERE words @@ to_tsquery('dutch', %s)"
            if self._postgres
            else "SELECT 1 FROM conversations_search WHERE conversations_search MATCH %s"
        )
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({inner} LIMIT %s) AS found", [self._match, limit])  # noqa: S608
            return int(cursor.fetchone()[0])

    def few(self) -> Q:
        """Condition for a search with few hits: the index says which conversations."""
        if self._postgres:
            names = RawSQL(  # parameters are bound
                "SELECT conversation FROM conversations_message WHERE words @@ to_tsquery('dutch', %s)",
                [self._match],
            )
            return Q(pseudonym__in=names)
        return Q(pk__in=self._numbers())

    def many(self) -> Q:
        """Condition for a search with many hits: each conversation is asked whether it is among them."""
        if self._postgres:
            matching = RawSQL("words @@ to_tsquery('dutch', %s)", [self._match], output_field=BooleanField())
            return Q(Exists(Message.objects.filter(matching, conversation=OuterRef("pseudonym"))))
        return Q(number__in=self._numbers())

    def annotations(self) -> dict[str, Any]:
        """What a query with `many` has to be annotated with: an expression, so that SQLite does not go through the hits."""
        return {"number": F("id") + 0}

    def _numbers(self) -> RawSQL:
        sql = "SELECT rowid >> 31 FROM conversations_search WHERE conversations_search MATCH %s"
        return RawSQL(sql, [self._match], output_field=BigIntegerField())  # noqa: S611

    def marks(self, text: str) -> list[tuple[str, bool]]:
        """Split ``text`` into pieces, each with whether it is one of the words searched for."""
        plain = text.lower().translate(_ACCENTS)
        if len(plain) != len(text):
            return [(text, False)]
        wanted = [
            re.escape(word.lower().translate(_ACCENTS))
            + ("" if not term.exact and word is term.words[-1] else r"\b")
            for term in self.terms
            for word in term.words
        ]
        pieces, end = [], 0
        for match in re.finditer(rf"\b(?:{'|'.join(wanted)})", plain):
            pieces += [(text[end : match.start()], False), (text[match.start() : match.end()], True)]
            end = match.end()
        return [piece for piece in [*pieces, (text[end:], False)] if piece[0]]


def _fts(term: Term) -> str:
    return " + ".join(f'"{word}"' for word in term.words) + ("" if term.exact else "*")


def _tsquery(term: Term) -> str:
    plain = [word.lower().translate(_ACCENTS) for word in term.words]
    if not term.exact:
        plain[-1] += ":*"
    return "(" + " <-> ".join(plain) + ")"
