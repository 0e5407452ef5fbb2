"""What names of the assistant are called in the console: human titles from its own data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.answers import Content, load_content
from bot.answers.load import read_yaml
from bot.paths import ROOT, data_dir

_LANGUAGES = {
    "nl": "Nederlands",
    "fr": "Frans",
    "en": "Engels",
    "de": "Duits",
    "tr": "Turks",
    "ar": "Arabisch",
    "es": "Spaans",
    "pl": "Pools",
    "ro": "Roemeens",
    "uk": "Oekraïens",
}
_SOURCES = {
    "web": "website",
    "rest": "rechtstreeks",
    "whatsapp": "WhatsApp",
    "matrix": "Matrix",
    "": "onbekend",
}
_POLICIES = {
    "GuidePolicy": "de gids",
    "RulePolicy": "vaste regel",
    "MemoizationPolicy": "vast verhaal",
}
_DOUBT = {"none": "", "between": "twijfelde tussen twee", "far": "begreep het niet"}
THEMES = {
    "safety": "Veiligheid",
    "experiences": "Er is iets gebeurd",
    "complaints": "Melden en klacht indienen",
    "understanding": "Discriminatie begrijpen",
    "policy": "Beleid van de stad",
    "conversation": "Gesprek",
}


@dataclass(frozen=True)
class Choice:
    """An intent that somebody can choose; ``theme`` is a title."""

    name: str
    title: str
    example: str
    theme: str


@lru_cache(maxsize=1)
def content() -> Content:
    """All that the assistant says, read once per process."""
    return load_content(data_dir())


@lru_cache(maxsize=1)
def intents() -> dict[str, Choice]:
    """The intents by name, grouped by theme, those that matter most first."""
    raw = read_yaml(ROOT / "domain.yml")["intents"]
    answers = content().answers
    found = []
    for entry in raw:
        name = next(iter(entry)) if isinstance(entry, dict) else str(entry)
        if name in answers:
            answer = answers[name]
            found.append(Choice(name, answer.title, answer.example, THEMES.get(answer.theme, answer.theme)))
    order = list(THEMES.values())
    return {choice.name: choice for choice in sorted(found, key=lambda c: order.index(c.theme))}


def intent(name: str) -> str:
    """Title of an intent or an answer; what is unknown keeps its name."""
    found = content().answers.get(name)
    return found.title if found else name


def grounds() -> dict[str, str]:
    """Titles of the grounds of discrimination."""
    return dict(content().channels.vocabulary.grounds)


def domains() -> dict[str, str]:
    """Titles of the areas of life."""
    return {key: words.title for key, words in content().channels.vocabulary.domains.items()}


def entity(kind: str, value: str) -> str:
    """Title of a ground's or a domain's value."""
    known = grounds() if kind == "grond" else domains() if kind == "domein" else {}
    return known.get(value, value)


def channels() -> dict[str, str]:
    """Names of the official channels by id."""
    return {key: channel.short_name or channel.name for key, channel in content().channels.channels.items()}


def channel(name: str) -> str:
    """Name of an official channel."""
    return channels().get(name, name)


def language(code: str) -> str:
    """Dutch name of a language."""
    return _LANGUAGES.get(code, code)


def source(name: str) -> str:
    """The channel by which the citizen came."""
    return _SOURCES.get(name, name)


def rule(name: str) -> str:
    """What chose an answer; ``name`` as in `Message.rule`, the decision and the rules of a referral stay as they are."""
    policy = re.split(r"\W", name, maxsplit=1)[0]
    return _POLICIES.get(policy, policy) + name.removeprefix(policy)


def doubt(name: str) -> str:
    """How unsure the assistant was."""
    return _DOUBT.get(name, name)
