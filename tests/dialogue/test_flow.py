from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import load_content
from bot.dialogue import Doubt, Memory, Turn, decide
from bot.dialogue.flow import CRISIS, STORIES
from bot.paths import data_dir
from bot.referral import refer

CONTENT = load_content(data_dir())
CHANNELS = CONTENT.channels
DOMAINS = ("werk", "wonen", "onderwijs", "handel", "politie", "stad", "online", "openbare_ruimte", "vervoer", "zorg",
           "vrije_tijd", "buren", "media")  # fmt: skip
GROUNDS = ("afkomst", "geloof", "geslacht", "seksuele_orientatie", "leeftijd", "handicap", "taal", "vermogen",
           "overtuiging", "burgerlijke_staat", "uiterlijk")  # fmt: skip


def story(**kwargs):
    return Turn(intent="ervaring_discriminatie", **kwargs)


def test_story_without_details_asks_for_the_domain():
    plan = decide(story(text="ik ben gediscrimineerd"), Memory(), CHANNELS)
    assert plan.answers == ("ervaring_discriminatie", "vraag_domein")
    assert plan.memory.vraag == "domein"


def test_flemish_domain_refers_without_asking_the_ground():
    plan = decide(story(text="mijn huisbaas", domeinen=("wonen",)), Memory(), CHANNELS)
    assert plan.answers[-1] == "verwijzing"
    assert refer(plan.memory.situation, CHANNELS).steps[0].channel == "vmri"


def test_answer_to_the_open_question_counts_whatever_intent_it_looks_like():
    asked = decide(story(text="iets"), Memory(), CHANNELS).memory
    plan = decide(Turn(intent="contact_uren", text="in de winkel", domeinen=("handel",)), asked, CHANNELS)
    assert plan.memory.domein == "handel"


def test_a_question_in_between_is_answered_and_the_open_question_comes_back():
    asked = decide(story(text="iets"), Memory(), CHANNELS).memory
    plan = decide(
        Turn(intent="anoniem_melden", text="en is dat eigenlijk wel helemaal anoniem?"), asked, CHANNELS
    )
    assert plan.answers == ("anoniem_melden", "vraag_domein")


def test_somebody_who_tells_on_is_thanked_and_not_told_that_it_was_not_understood():
    asked = decide(story(text="iets"), Memory(), CHANNELS).memory
    more = story(text="ze lachten mij uit en niemand zei iets, ik ben dan maar weggegaan")
    plan = decide(more, asked, CHANNELS)
    assert plan.answers == ("meer_verteld", "vraag_domein")
    assert decide(story(text="ze lachten"), asked, CHANNELS).answers[0] == "niet_begrepen_vraag"
    for _ in range(2):
        plan = decide(more, plan.memory, CHANNELS)
    assert plan.memory.domein == "onbekend", "even so, the question is put three times at most"


def test_not_knowing_still_leads_to_a_referral():
    memory = decide(story(text="iets"), Memory(), CHANNELS).memory
    for _ in range(3):
        plan = decide(Turn(intent="nee", text="weet ik niet"), memory, CHANNELS)
        memory = plan.memory
        if "verwijzing" in plan.answers:
            break
    assert "verwijzing" in plan.answers


def test_correction_replaces_the_domain():
    memory = decide(story(text="op het werk", domeinen=("werk",)), Memory(), CHANNELS).memory
    plan = decide(story(text="nee het was eigenlijk op school", domeinen=("onderwijs",)), memory, CHANNELS)
    assert plan.memory.domein == "onderwijs"


def test_second_story_starts_a_new_case():
    first = decide(
        story(text="huisbaas", domeinen=("wonen",), gronden=("geloof",)), Memory(), CHANNELS
    ).memory
    plan = decide(
        story(text="en in de winkel ook, om mijn kleur", domeinen=("handel",), gronden=("afkomst",)),
        first,
        CHANNELS,
    )
    assert plan.memory.gronden == ("afkomst",)
    assert refer(plan.memory.situation, CHANNELS).steps[0].channel == "unia"


def test_starting_over_forgets_everything():
    memory = decide(story(text="huisbaas", domeinen=("wonen",)), Memory(), CHANNELS).memory
    assert decide(Turn(intent="opnieuw", text="opnieuw"), memory, CHANNELS).memory == Memory()


@pytest.mark.parametrize("intent", sorted(CRISIS))
@pytest.mark.parametrize(
    "memory",
    [Memory(), Memory(vraag="domein"), Memory(voorbereiding=True), Memory(vraag="grond", domein="werk")],
)
def test_crisis_comes_first_in_every_state(intent, memory):
    plan = decide(Turn(intent=intent, text="help"), memory, CHANNELS)
    assert plan.answers[0] == intent
    busy = memory.vraag or memory.voorbereiding
    assert plan.answers[1:] == (("later_verder",) if busy else ())


def test_after_a_crisis_the_question_can_be_taken_up_again():
    memory = decide(Turn(intent="nood_gevaar", text="help"), Memory(vraag="domein"), CHANNELS).memory
    assert decide(Turn(intent="ja", text="ja"), memory, CHANNELS).answers == ("vraag_domein",)


def test_a_preparation_interrupted_by_danger_does_not_swallow_the_next_words():
    memory = decide(Turn(intent="nood_gevaar", text="help"), Memory(voorbereiding=True), CHANNELS).memory
    assert decide(Turn(intent="bedankt", text="bedankt"), memory, CHANNELS).answers == ()
    assert decide(Turn(intent="ja", text="verder"), memory, CHANNELS).answers == (
        "action_voorbereiding_hervat",
    )


@pytest.mark.parametrize("words", ["stop", "Stoppen", "ik wil stoppen", "annuleer"])
def test_stop_ends_a_preparation_at_any_moment(words):
    plan = decide(Turn(intent="ervaring_discriminatie", text=words), Memory(voorbereiding=True), CHANNELS)
    assert plan.answers == ("action_voorbereiding_stop",)
    assert not plan.memory.voorbereiding


def test_doubt_asks_then_gives_a_person():
    doubtful = Turn(intent="kosten", text="hmm", doubt=Doubt.BETWEEN)
    first = decide(doubtful, Memory(), CHANNELS)
    second = decide(doubtful, first.memory, CHANNELS)
    assert first.answers == ("twijfel",)
    assert second.answers == ("niet_begrepen_contact",)


def test_an_understood_message_ends_the_count_of_misunderstandings():
    assert (
        decide(
            Turn(intent="kosten", text="kost het iets"), Memory(niet_begrepen=2), CHANNELS
        ).memory.niet_begrepen
        == 0
    )


turns = st.builds(
    Turn,
    intent=st.sampled_from(sorted(set(CONTENT.answers) - {"verwijzing", "twijfel"}) + sorted(STORIES) * 5),
    text=st.sampled_from(
        [
            "op het werk",
            "weet ik niet",
            "ja",
            "nee eigenlijk niet",
            "stop",
            "een lang verhaal over van alles en nog wat",
            "",
        ]
    ),
    doubt=st.sampled_from(Doubt),
    domeinen=st.lists(st.sampled_from(DOMAINS), max_size=2).map(tuple),
    gronden=st.lists(st.sampled_from(GROUNDS), max_size=2, unique=True).map(tuple),
    language=st.sampled_from(["nl", "nl", "nl", "fr"]),
)


@given(st.lists(turns, max_size=12))
def test_any_conversation_stays_within_two_questions_and_never_lets_danger_wait(conversation):
    memory = Memory()
    for turn in conversation:
        plan = decide(turn, memory, CHANNELS)
        assert plan.memory.gevraagd <= 2
        assert Memory.from_json(plan.memory.to_json()) == plan.memory
        if turn.intent in CRISIS:
            assert plan.answers[0] == turn.intent
        for answer in plan.answers:
            assert answer.startswith("action_") or answer in CONTENT.answers
        memory = replace(plan.memory)
