"""House rules for what citizens read: complete, sourced, plain, without literal contact facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.privacy.settings import retention_phrases

DATA = Path(__file__).resolve().parents[2] / "data"

# The topics of the assistant, by theme file; names and places are a contract.
INTENTS = {
    "conversation": """begroeting afscheid bedankt ja nee wat_kan_je ben_je_een_mens eenvoudiger opnieuw
        medewerker_spreken privacy andere_taal feedback_negatief feedback_positief belediging haatuiting
        andere_stadsdienst buiten_bereik""",
    "safety": "nood_gevaar zelfmoordgedachten geweld_misbruik slachtofferhulp",
    "understanding": """wat_is_discriminatie wat_is_racisme discriminatiegronden direct_indirect
        intimidatie_pesten haatspraak_haatmisdrijf redelijke_aanpassingen positieve_actie praktijktesten
        wetgeving_straf is_dit_discriminatie cijfers_discriminatie""",
    "experiences": "ervaring_discriminatie getuige voor_iemand_anders",
    "complaints": """klacht_indienen meldpunt_mechelen unia vmri igvm politie_aangifte klacht_over_politie
        klacht_over_stad anoniem_melden kosten wat_na_melding duur_behandeling termijn bewijs represailles
        taalhulp juridische_hulp schadevergoeding contact_uren opvolging_melding waarom_melden""",
    "policy": """beleid_inclusieve_stad strategische_nota beleid_tegen_discriminatie sensibilisering eccar
        vlaams_netwerk samenwerking diversiteit_cijfers stad_als_werkgever gelijke_kansen
        segregatie_samenleven regenboogbeleid toegankelijkheid nieuwkomers levensbeschouwing meedoen
        vorming_organisaties""",
}
THEME_OF = {intent: theme for theme, names in INTENTS.items() for intent in names.split()}

# Said so often that one wording would sound like a machine.
REPEATED = [
    *("begroeting", "afscheid", "bedankt", "ja", "nee", "buiten_bereik", "andere_stadsdienst"),
    *("belediging", "haatuiting", "feedback_negatief", "feedback_positief"),
    *("ervaring_discriminatie", "getuige", "voor_iemand_anders", "klacht_indienen"),
]

MAX_TITLE = 40
MAX_WORDS = {"text": 90, "simple": 60}
MAX_AVERAGE_SENTENCE = 14
MAX_SENTENCE = 25

PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\.([a-z0-9_]+)\}")
CHANNEL_FIELDS = {"name", "phone", "url", "form_url", "email", "address", "hours"}
# Contact facts that were seen in one place only, or in conflict: citizens get them by no road.
NOT_FOR_CITIZENS = {"vmri.phone", "igvm.hours", "politie_mechelen_willebroek.phone", "meldpunt_mechelen.url"}
FORBIDDEN = {
    "a Belgian phone number": re.compile(r"(?<![\d.])0\d{1,3}(?:[ ./]?\d{2,3}){2,3}(?!\d)"),
    "an international phone number": re.compile(r"\+\d{2}[ \d]"),
    "a helpline number": re.compile(r"(?<![\d.,])(?:10[0-9]|11[0-9]|116 ?000|1700|1712|1813)(?![\d.,]?\d)"),
    "a link": re.compile(r"https?:|www\.|\b[a-z0-9-]+\.(?:be|eu|com|org)\b", re.IGNORECASE),
    "an e-mail address": re.compile(r"\S@\S"),
    "the polite form": re.compile(r"\b(?:u|uw|uwe|uzelf)\b", re.IGNORECASE),
    "an article number": re.compile(r"\b(?:artikel|art\.) ?\d", re.IGNORECASE),
    "HTML": re.compile(r"</?[a-z]+[^>]*>", re.IGNORECASE),
    "a heading": re.compile(r"^#", re.MULTILINE),
}


def _load(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


def _read_answers() -> dict[str, dict[str, Any]]:
    answers: dict[str, dict[str, Any]] = {}
    for path in sorted((DATA / "answers").glob("*.yml")):
        for answer_id, raw in _load(path).items():
            assert answer_id not in answers, f"{path.name}: '{answer_id}' stands in two files"
            answers[answer_id] = {**raw, "theme": path.stem}
    return answers


ANSWERS = _read_answers()
TOPICS = sorted(THEME_OF)
topic = pytest.mark.parametrize("answer_id", TOPICS)


def _texts(answer_id: str) -> Iterator[tuple[str, str]]:
    """Yield every wording of an answer with the field that it stands in."""
    answer = ANSWERS[answer_id]
    yield "text", answer["text"]
    yield "simple", answer["simple"]
    for wording in answer.get("variants") or []:
        yield "text", wording


def _visible(answer_id: str) -> str:
    """All that a citizen may see of an answer, placeholders taken out."""
    answer = ANSWERS[answer_id]
    parts = [answer["title"], answer["example"], *(text for _, text in _texts(answer_id))]
    return PLACEHOLDER.sub("X", "\n".join(parts))


def _sentences(text: str) -> list[list[str]]:
    """Split into sentences of words; a line end and a list item end a sentence, a placeholder is one word."""
    plain = PLACEHOLDER.sub("X", text).replace("**", "")
    parts = re.split(r"(?<=[.!?])[\"\u2019]?\s+|\n+", plain)
    counted = [re.findall(r"\w[\w\u2019'.,%+-]*", part) for part in parts]
    return [words for words in counted if words]


@cache
def _channel_ids() -> set[str]:
    channels = _load(DATA / "channels.yml")["channels"]
    return set(channels) if isinstance(channels, dict) else {channel["id"] for channel in channels}


def test_there_are_75_topics() -> None:
    assert len(THEME_OF) == 75


def test_every_intent_of_the_training_data_has_an_answer() -> None:
    trained = set()
    for path in sorted((DATA / "nlu").glob("**/*.yml")):
        text = path.read_text(encoding="utf-8")
        trained |= set(re.findall(r"^\s*- intent: ([a-z_]+)\s*$", text, re.MULTILINE))
    assert trained <= set(ANSWERS), sorted(trained - set(ANSWERS))


@topic
def test_answer_stands_in_the_file_of_its_theme(answer_id: str) -> None:
    assert answer_id in ANSWERS, f"no answer for {answer_id}"
    assert ANSWERS[answer_id]["theme"] == THEME_OF[answer_id]


@topic
def test_every_field_is_there(answer_id: str) -> None:
    answer = ANSWERS[answer_id]
    for key in ("title", "example", "text", "simple", "sources", "checked"):
        assert answer.get(key), f"{answer_id} lacks {key}"
    for key in ("variants", "channels", "follow_up", "facts"):
        assert isinstance(answer.get(key), list), f"{answer_id}: {key} must be a list"


@topic
def test_facts_and_sources_fit_together(answer_id: str) -> None:
    answer = ANSWERS[answer_id]
    assert all(re.fullmatch(r"F-\d{3}", fact) for fact in answer["facts"])
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(answer["checked"]))
    if answer["sources"] == ["redactie"]:
        assert answer["facts"] == [], f"{answer_id} rests on facts but names no web source"
    else:
        assert answer["facts"], f"{answer_id} names web sources but no fact"
        assert all(source.startswith(("https://", "http://")) for source in answer["sources"])
        assert len(set(answer["sources"])) == len(answer["sources"])


@topic
def test_title_is_short_and_human(answer_id: str) -> None:
    title = ANSWERS[answer_id]["title"]
    assert 0 < len(title) <= MAX_TITLE
    assert "_" not in title


@topic
def test_texts_are_short(answer_id: str) -> None:
    for field, text in _texts(answer_id):
        words = [word for sentence in _sentences(text) for word in sentence]
        assert len(words) <= MAX_WORDS[field], f"{answer_id}.{field}: {len(words)} words"


@topic
def test_sentences_are_short(answer_id: str) -> None:
    for field, text in _texts(answer_id):
        sentences = _sentences(text)
        longest = max(sentences, key=len)
        assert len(longest) <= MAX_SENTENCE, f"{answer_id}.{field}: {' '.join(longest)}"
        average = sum(map(len, sentences)) / len(sentences)
        assert average <= MAX_AVERAGE_SENTENCE, f"{answer_id}.{field}: {average:.1f} words a sentence"


@topic
def test_nothing_forbidden_is_visible(answer_id: str) -> None:
    visible = _visible(answer_id)
    for what, pattern in FORBIDDEN.items():
        found = pattern.search(visible)
        assert not found, f"{answer_id} shows {what}: {found[0]!r}"


@topic
def test_no_intent_name_is_visible(answer_id: str) -> None:
    visible = _visible(answer_id)
    leaked = [name for name in THEME_OF if "_" in name and name in visible]
    assert not leaked


@topic
def test_the_simple_wording_is_not_the_longer_one(answer_id: str) -> None:
    answer = ANSWERS[answer_id]
    assert len(answer["simple"]) <= len(answer["text"]) * 1.2, "the simple wording is the longer one"


@topic
def test_follow_ups_exist(answer_id: str) -> None:
    follow_up = ANSWERS[answer_id]["follow_up"]
    assert len(follow_up) <= 3
    assert answer_id not in follow_up
    assert set(follow_up) <= set(ANSWERS), sorted(set(follow_up) - set(ANSWERS))


@topic
def test_channels_exist(answer_id: str) -> None:
    channels = ANSWERS[answer_id]["channels"]
    assert len(set(channels)) == len(channels)
    assert "meldpunt_mechelen" not in channels, "nobody could confirm that the city's own point exists"
    assert set(channels) <= _channel_ids()


@topic
def test_placeholders_can_be_filled(answer_id: str) -> None:
    # {privacy.…} follows the configured periods
    city = {**_load(DATA / "city.yml"), "privacy": retention_phrases()}
    for _, text in _texts(answer_id):
        for group, field in PLACEHOLDER.findall(text):
            if group in city:
                assert field in city[group], f"{{{group}.{field}}}"
            else:
                assert group in _channel_ids(), f"{{{group}.{field}}}"
                assert field in CHANNEL_FIELDS
                assert f"{group}.{field}" not in NOT_FOR_CITIZENS
        assert not re.search(r"[{}]", PLACEHOLDER.sub("", text)), "a placeholder is misspelt"
        # A full stop right behind a link ends up inside it in many chat apps.
        assert not re.search(r"(?:url|email|site|beleidspagina)\}[.,:;)]", text), (
            f"{answer_id}: sign behind a link"
        )


@pytest.mark.parametrize("answer_id", REPEATED)
def test_repeated_answers_have_other_wordings(answer_id: str) -> None:
    wordings = [ANSWERS[answer_id]["text"], *ANSWERS[answer_id]["variants"]]
    assert len(set(wordings)) >= 3


@pytest.mark.parametrize(
    ("answer_id", "first", "channels"),
    [
        ("nood_gevaar", "politie_101", ["politie_101", "nood_112"]),
        ("zelfmoordgedachten", "zelfmoordlijn_1813", ["zelfmoordlijn_1813", "nood_112", "tele_onthaal"]),
        ("geweld_misbruik", "lijn_1712", ["lijn_1712", "politie_101", "awel"]),
    ],
)
def test_in_a_crisis_the_line_comes_first(answer_id: str, first: str, channels: list[str]) -> None:
    answer = ANSWERS[answer_id]
    for field in ("text", "simple"):
        assert answer[field].startswith(f"**Bel {{{first}.phone}}**")
    assert answer["channels"][: len(channels)] == channels


def test_what_is_said_before_a_referral_names_no_channel() -> None:
    for answer_id in ("ervaring_discriminatie", "getuige", "voor_iemand_anders", "klacht_indienen"):
        assert ANSWERS[answer_id]["channels"] == []
        assert 2 <= len(_sentences(ANSWERS[answer_id]["text"])) <= 3


def test_city_file_holds_no_contact_facts() -> None:
    for group, values in _load(DATA / "city.yml").items():
        for key, value in values.items():
            for what in ("a Belgian phone number", "an international phone number", "an e-mail address"):
                assert not FORBIDDEN[what].search(str(value)), f"{group}.{key} holds {what}"
