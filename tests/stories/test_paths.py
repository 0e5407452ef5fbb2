"""Replays paths and told cases against the started assistant."""

from __future__ import annotations

import json
import urllib.request
import uuid
from pathlib import Path

import pytest
from ruamel.yaml import YAML

pytestmark = pytest.mark.server

HERE = Path(__file__).parent
PATHS = [
    story
    for path in sorted((HERE / "paths").glob("*.yml"))
    for story in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["stories"]
]
CASES = YAML(typ="safe").load((HERE / "told_cases.yml").read_text(encoding="utf-8"))["cases"]
SILENT = {"action_listen", "action_session_start", "action_extract_slots"}


def last_turn(assistant, sender):
    """Return the intent of the latest message and the actions that followed."""
    with urllib.request.urlopen(f"{assistant.rasa}/conversations/{sender}/tracker", timeout=30) as reply:
        events = json.load(reply)["events"]
    start = max(number for number, event in enumerate(events) if event["event"] == "user")
    actions = [e["name"] for e in events[start:] if e["event"] == "action" and e["name"] not in SILENT]
    return events[start]["parse_data"]["intent"]["name"], actions


@pytest.mark.parametrize("story", PATHS, ids=[story["story"] for story in PATHS])
def test_path(assistant, story):
    sender = uuid.uuid4().hex
    turns: list[tuple[str, str, list[str]]] = []
    for step in story["steps"]:
        if "user" in step:
            turns.append((step["user"].strip(), step["intent"], []))
        else:
            turns[-1][2].append(step["action"])
    for text, intent, actions in turns:
        assistant.say(sender, text)
        assert last_turn(assistant, sender) == (intent, actions), text


@pytest.mark.parametrize("case", CASES, ids=[case["story"][:40] for case in CASES])
def test_told_case_reaches_the_right_authority_first(assistant, case):
    """At most two questions, answered as the person would, then the right authority first."""
    sender = uuid.uuid4().hex
    replies = assistant.say(sender, case["story"])
    for answer in case.get("answers", []):
        assert not any("custom" in reply for reply in replies), "referred before the question was answered"
        replies = assistant.say(sender, answer)
    channels = next((r["custom"]["channels"] for r in replies if r.get("custom", {}).get("channels")), [])
    assert channels[: len(case["first"])] == case["first"]
