"""Loading ``data/channels.yml`` with the lexicon beside it; every mistake is refused with file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.referral.items import Item, compose
from bot.referral.lexicon import Lexicon, read_lexicon
from bot.referral.load_routing import read_routing
from bot.referral.model import (
    Channel,
    Confidence,
    DomainWords,
    Fact,
    Forbidden,
    Routing,
    Show,
    Source,
    Vocabulary,
)

LEXICON = "lexicon_referral.yml"
MAX_TITLE = 20  # characters; WhatsApp cuts a button at 20 and a list row at 24

_FLAGS = frozenset({"anonymous", "confidential"})
_LINKS = frozenset({"url", "form_url"})
_PLAIN = frozenset({"phone", "phone_note", "phone_abroad", "email", "address", "hours", "cost", "languages"})
FIELDS = _FLAGS | _LINKS | _PLAIN
_COMPETENCES = ("grounds", "domains", "not_competent")
_PHONE = re.compile(r"\+?\d[\d ]*")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_LINK = re.compile(r"https?://\S+")
_SHAPES = {"phone": _PHONE, "phone_abroad": _PHONE, "email": _EMAIL, "url": _LINK, "form_url": _LINK}


@dataclass(frozen=True)
class ChannelData:
    """All of ``data/channels.yml``: sources, channels by id, titles, the decision table; and the lexicon."""

    sources: Mapping[str, Source]
    channels: Mapping[str, Channel]
    vocabulary: Vocabulary
    routing: Routing
    lexicon: Lexicon


def load_channels(path: Path) -> ChannelData:
    """Load and check the channels, and ``lexicon_referral.yml`` in the same folder.

    Args:
        path: ``data/channels.yml``.

    Raises:
        DataError: ``data/channels.yml:LINE: …`` with what is wrong and how to fix it.
    """
    top = compose(path).fields({"sources", "channels", "vocabulary", "routing"})
    sources = {key: _source(key, item) for key, item in top["sources"].pairs()}
    channels = {key: _channel(key, item, sources) for key, item in top["channels"].pairs()}
    vocabulary = _vocabulary(top["vocabulary"])
    routing = read_routing(top["routing"], frozenset(sources), channels, vocabulary)
    lexicon = read_lexicon(path.with_name(LEXICON), vocabulary)
    return ChannelData(sources, channels, vocabulary, routing, lexicon)


def _source(key: str, item: Item) -> Source:
    parts = item.fields({"date"}, {"url", "title"})
    if "url" not in parts and "title" not in parts:
        raise item.error("needs a url, or a title when it has no address of its own")
    values = {name: part.text() for name, part in parts.items()}
    return Source(id=key, **values)


def _channel(key: str, item: Item, sources: Mapping[str, Source]) -> Channel:
    parts = item.fields(
        {"name", "short_name", "type", "what", "show", "live_check", "facts", "have_ready", "competences"}
        | {"notes", "do_not_use", "missing"}
    )
    facts = {name: _fact(name, fact, sources) for name, fact in parts["facts"].pairs()}
    if "phone_note" in facts and "phone" not in facts:
        raise parts["facts"].error("has a phone_note without a phone")
    show = parts["show"].choice(Show)
    if show is Show.SITE and not ("url" in facts and facts["url"].verified):
        raise parts["show"].error("'website' needs a verified url; use 'niet' until there is one")
    competences = parts["competences"].fields(set(_COMPETENCES))
    return Channel(
        id=key,
        name=parts["name"].text(),
        short_name=parts["short_name"].text(),
        type=parts["type"].text(),
        what=parts["what"].text(),
        show=show,
        live_check=parts["live_check"].flag(),
        facts=facts,
        have_ready=parts["have_ready"].texts(),
        competences={name: competences[name].texts() for name in _COMPETENCES},
        notes=parts["notes"].texts(),
        do_not_use=tuple(_forbidden(entry) for entry in parts["do_not_use"].items()),
        missing=parts["missing"].texts(),
        line=item.line,
    )


def _fact(name: str, item: Item, sources: Mapping[str, Source]) -> Fact:
    if name not in FIELDS:
        raise item.error(f"unknown fact; use one of {', '.join(sorted(FIELDS))}")
    parts = item.fields({"value", "confidence", "sources", "checked"}, {"note"})
    value: str | bool = parts["value"].flag() if name in _FLAGS else parts["value"].text()
    shape = _SHAPES.get(name)
    if shape and not shape.fullmatch(str(value)):
        raise parts["value"].error(f"'{value}' does not look like a {name}")
    for source in parts["sources"].items():
        if source.text() not in sources:
            raise source.error(f"'{source.text()}' is not in the sources at the top; add it there")
    if not parts["sources"].items():
        raise parts["sources"].error("is empty; a fact needs at least one source")
    return Fact(
        value=value,
        confidence=parts["confidence"].choice(Confidence),
        sources=parts["sources"].texts(),
        checked=parts["checked"].day(),
        note=parts["note"].text() if "note" in parts else "",
        line=item.line,
    )


def _forbidden(item: Item) -> Forbidden:
    parts = item.fields({"value", "why"})
    return Forbidden(parts["value"].text(), parts["why"].text())


def _vocabulary(item: Item) -> Vocabulary:
    parts = item.fields({"unknown", "domains", "grounds"})
    domains = {}
    for key, domain in parts["domains"].pairs():
        words = domain.fields({"title", "ask", "details"}, {"text_only"})
        details = {name: _title(title) for name, title in words["details"].pairs()}
        if words["ask"].flag() and not details:
            raise words["ask"].error("true needs details to choose from")
        text_only = words["text_only"].texts() if "text_only" in words else ()
        domains[key] = DomainWords(_title(words["title"]), words["ask"].flag(), details, text_only)
    grounds = {key: _title(title) for key, title in parts["grounds"].pairs()}
    return Vocabulary(_title(parts["unknown"]), domains, grounds)


def _title(item: Item) -> str:
    if len(item.text()) > MAX_TITLE:
        raise item.error(f"'{item.text()}' has {len(item.text())} characters; a button takes {MAX_TITLE}")
    return item.text()
