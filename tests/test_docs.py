"""What must be documented is."""

import re

from bot.channels.messaging import overview
from bot.ops.settings import Settings
from bot.paths import ROOT
from bot.training.catalogue import TARGET, catalogue, intents


def test_the_catalogue_is_up_to_date(content):
    assert TARGET.read_text(encoding="utf-8") == catalogue(content), "run: stadsbot data docs"


def test_the_table_of_messaging_channels_is_up_to_date():
    page = overview.TARGET.read_text(encoding="utf-8")
    assert page == overview.with_table(page), "run: stadsbot data docs"


def test_every_intent_has_an_answer_with_an_example(content):
    assert len(intents()) == 75
    assert all(content.answers[intent].example for intent in intents())


def test_every_setting_is_documented():
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    used = set()
    for path in (ROOT / "bot").rglob("*.py"):
        used |= set(re.findall(r"STADSBOT_[A-Z_]+[A-Z]", path.read_text(encoding="utf-8")))
    used |= {f"STADSBOT_{name.upper()}" for name in Settings.__dataclass_fields__}
    assert not {name for name in used if f"`{name}`" not in text}


def test_every_make_target_says_what_it_does():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"\.PHONY: (.*)", makefile)[1].split()
    assert not [target for target in phony if not re.search(rf"^{target}:.*## ", makefile, re.MULTILINE)]
