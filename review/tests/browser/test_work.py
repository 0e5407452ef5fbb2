"""A reviewer's work in the browser: with keys, with the mouse, and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from accounts.access import Role
from conversations.models import Conversation, Message, SavedFilter
from corrections.models import Correction, Note
from tests.factory import Talk, long_talk, spans, story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]


def message(intent: str) -> Message:
    return Message.objects.get(intent=intent, kind="user")


def focused(page: Page) -> str:
    return page.evaluate("document.activeElement.id")


def saved(page: Page, number: int, text: str) -> None:
    expect(page.locator(f"#bericht-{number} .judged > p")).to_contain_text(text)


def test_a_walk_with_the_keyboard(console):
    first, second = story(), Talk().say("waar vind ik unia", "unia").answer("unia").done()
    seat = console()
    page = seat.open("/wachtrij/?status=alle")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith(f"/gesprek/{first.pk}/?status=alle"))
    page.keyboard.press("g")
    assert focused(page) == f"bericht-{message('bewijs').pk}"
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused(page) == f"bericht-{message('duur_behandeling').pk}"
    page.keyboard.press("k")
    page.keyboard.press("k")
    page.keyboard.press("c")
    form = page.get_by_role("form", name="Bericht verbeteren")
    form.wait_for()
    box = form.get_by_role("combobox", name="Wat bedoelde de burger?").and_(form.locator("input"))
    box.focus()
    page.keyboard.type("nieuwe klacht juni grap")  # letters that are shortcuts elsewhere
    assert page.url.endswith(f"/gesprek/{first.pk}/?status=alle")
    box.fill("wat doet unia")
    expect(form.get_by_role("option").first).to_contain_text("Unia")
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant")
    page.keyboard.press("Enter")
    expect(box).to_have_value("Wat doet Unia?")
    form.get_by_role("button", name="Bewaar oordeel").press("Enter")
    number = message("bewijs").pk
    saved(page, number, "Wat doet Unia?")
    expect(page.locator(f"#bericht-{number}")).to_be_focused()
    assert Correction.objects.get().intent == "unia"
    page.keyboard.press("r")
    page.wait_for_url(lambda url: url.endswith(f"/gesprek/{second.pk}/?status=alle"))
    assert Conversation.objects.get(pk=first.pk).status == "klaar"
    page.keyboard.press("p")
    page.wait_for_url(lambda url: url.endswith(f"/gesprek/{first.pk}/?status=alle"))
    page.keyboard.press("n")
    page.wait_for_url(lambda url: url.endswith(f"/gesprek/{second.pk}/?status=alle"))
    page.keyboard.press("?")
    expect(page.get_by_text("volgend en vorig bericht")).to_be_visible()
    page.get_by_label("Sneltoetsen aan").uncheck()
    page.reload()
    page.keyboard.press("p")
    page.keyboard.press("j")
    assert focused(page) == ""
    assert page.url.endswith(f"/gesprek/{second.pk}/?status=alle")


def test_the_whole_round_in_the_open_queue(console):
    """Open the queue, enter the first, next, previous, reviewed, back, correct, escape, and the queue again."""
    first = story()
    second = Talk().say("hoe gaat dat dan", "privacy", 0.3).answer("privacy").done()
    page = console().open("/wachtrij/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/gesprek/{first.pk}/")
    page.keyboard.press("n")
    page.wait_for_url(f"**/gesprek/{second.pk}/")
    page.keyboard.press("p")
    page.wait_for_url(f"**/gesprek/{first.pk}/")
    page.keyboard.press("r")
    page.wait_for_url(f"**/gesprek/{second.pk}/?vorig={first.pk}")
    expect(page.get_by_text(f"Gesprek {first.pk} staat op “nagekeken”.")).to_be_visible()
    page.keyboard.press("p")  # it is out of the queue of open ones, yet the way back is there
    page.wait_for_url(f"**/gesprek/{first.pk}/")
    expect(page.get_by_role("button", name="Opnieuw openen")).to_be_visible()
    page.keyboard.press("n")
    page.wait_for_url(f"**/gesprek/{second.pk}/")
    page.keyboard.press("c")
    form = page.get_by_role("form", name="Bericht verbeteren")
    expect(form.get_by_role("radio", name="fout begrepen")).to_be_focused()
    for key in "rnpucjk":  # a radio button is no text field, but a correction must not be lost
        page.keyboard.press(key)
    expect(form).to_be_visible()
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(page.locator(f"#bericht-{message('privacy').pk}")).to_be_focused()
    page.keyboard.press("u")
    page.wait_for_url("**/wachtrij/")
    expect(page.get_by_role("heading", name="1 gesprek", exact=True)).to_be_visible()
    assert list(Conversation.objects.filter(status="klaar")) == [first]
    assert not Correction.objects.exists()


def test_escape_keeps_what_was_filled_in(console):
    talk, said = story(), message("bewijs")
    page = console().open(f"/gesprek/{talk.pk}/")
    page.keyboard.press("g")
    page.keyboard.press("c")
    form = page.get_by_role("form", name="Bericht verbeteren")
    expect(form.get_by_role("radio", name="fout begrepen")).to_be_focused()  # the scripts have had their turn
    box = form.get_by_role("combobox", name="Wat bedoelde de burger?").and_(form.locator("input"))
    box.fill("melden")
    expect(form.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")  # the list first
    expect(form.get_by_role("option")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator(f"#bericht-{said.pk}")).to_be_focused()
    expect(form).to_be_visible()
    form.get_by_role("link", name="Annuleer").click()
    expect(form).to_have_count(0)


def test_no_shortcut_in_a_text_field(console):
    talk = story()
    Talk().say("waar vind ik unia", "unia", 0.3).answer("unia").done()
    page = console().open(f"/gesprek/{talk.pk}/")
    note = page.get_by_label("Nieuwe notitie")
    note.focus()
    page.keyboard.type("juk proef gluren?")
    expect(note).to_have_value("juk proef gluren?")
    page.get_by_label("Toegewezen aan").focus()
    page.keyboard.type("rnpcu")
    assert page.url.endswith(f"/gesprek/{talk.pk}/")
    page.goto(page.url.replace(f"/gesprek/{talk.pk}/", "/wachtrij/"))
    search = page.get_by_label("Zoek in wat burgers schreven")
    search.focus()
    page.keyboard.type("jk?")
    expect(search).to_have_value("jk?")
    expect(search).to_be_focused()
    talk.refresh_from_db()
    assert talk.status == "nieuw"


def test_entities_with_the_mouse_and_with_the_keys(console):
    talk = Talk().say("mijn baas lacht met mijn hoofddoek en mijn baas zwijgt", "getuige").answer().done()
    said = message("getuige")
    page = console().open(f"/gesprek/{talk.pk}/")
    page.get_by_role("link", name="Verbeter").click()
    form = page.get_by_role("form", name="Bericht verbeteren")
    text = form.get_by_role("textbox", name="Bericht (")
    text.click(position={"x": 60, "y": 18})
    box = text.bounding_box()
    assert box is not None
    page.mouse.dblclick(box["x"] + 65, box["y"] + 22)
    form.get_by_role("button", name="Duid aan").click()
    words = form.get_by_label("Woorden uit het bericht").last
    expect(words).to_have_value("baas")
    expect(form.get_by_label("Is een").last).to_be_focused()
    form.get_by_label("Is een").last.select_option("domein:werk")
    text.focus()
    page.keyboard.press("Control+Home")
    for _ in range(len("mijn baas lacht met mijn ")):
        page.keyboard.press("ArrowRight")
    for _ in range(len("hoofddoek")):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    expect(form.get_by_role("status").filter(has_text="hoofddoek")).to_be_visible()
    form.get_by_label("Is een").last.select_option("grond:geloof")
    form.get_by_role("button", name="Bewaar oordeel").click()
    saved(page, said.pk, "Geloof")
    assert Correction.objects.get().entities == spans(said.text, domein_werk="baas", grond_geloof="hoofddoek")
    page.get_by_role("link", name="Verbeter").click()
    form.get_by_role("button", name="Haal weg").first.click()
    form.get_by_role("button", name="Bewaar oordeel").click()
    expect(page.locator(".judged")).not_to_contain_text("baas")
    assert [entity["value"] for entity in Correction.objects.get().entities] == ["geloof"]


def test_quick_judgement_and_second_thoughts(console):
    talk, said = story(), message("bewijs")
    page = console().open(f"/gesprek/{talk.pk}/")
    step = page.locator(f"#bericht-{said.pk}")
    step.get_by_role("button", name="Onduidelijk").click()
    saved(page, said.pk, "onduidelijk")
    step.get_by_role("button", name="Goed").click()
    saved(page, said.pk, "goed begrepen")
    step.get_by_role("link", name="Verbeter").click()
    step.get_by_role("link", name="Annuleer").click()
    expect(page.get_by_role("form", name="Bericht verbeteren")).to_have_count(0)
    assert [version.verdict for version in Correction.objects.get().history.all()] == ["goed", "onduidelijk"]


def test_saved_view(console):
    story()
    page = console().open("/wachtrij/?reden=duim")
    page.get_by_label("Naam").fill("Duim omlaag")
    page.get_by_role("button", name="Bewaar").click()
    views = page.get_by_role("navigation", name="Bewaarde weergaven")
    expect(views.get_by_role("link", name="Duim omlaag")).to_have_attribute("aria-current", "page")
    views.get_by_role("link", name="Alles wat open staat").click()
    views.get_by_role("link", name="Duim omlaag").click()
    assert page.url.endswith("?reden=duim")
    page.get_by_role("button", name="Verwijder “Duim omlaag”").click()
    expect(views).to_have_count(0)
    assert not SavedFilter.objects.exists()


def test_filtering_by_hand(console):
    story()
    Talk().say("waar vind ik unia", "unia").answer("unia").done()
    page = console(Role.READER).open("/wachtrij/")
    page.get_by_label("Zoek in wat burgers schreven").fill("hoofddoek")
    page.get_by_role("button", name="Toon").click()
    expect(page.get_by_role("heading", name="1 gesprek", exact=True)).to_be_visible()
    expect(page.locator("mark")).to_have_text("hoofddoek")
    page.get_by_role("link", name="filter weghalen").click()
    expect(page.get_by_role("heading", name="2 gesprekken")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_long_conversation_in_parts(console, scripts):
    talk = long_talk(60, reason_at=30)
    page = console(Role.READER, java_script_enabled=scripts).open(f"/gesprek/{talk.pk}/")
    steps = page.locator(".step")
    expect(steps).to_have_count(30)
    page.get_by_role("link", name="Eerdere berichten").click()
    expect(steps).to_have_count(60)
    page.get_by_role("link", name="Latere berichten").click()
    expect(steps).to_have_count(90)
    assert ("deel=" in page.url) is not scripts
    numbers = (
        [int(id.removeprefix("bericht-")) for id in steps.evaluate_all("all => all.map((one) => one.id)")]
        if scripts
        else []
    )
    assert numbers == sorted(numbers)


def test_everything_without_scripts(console):
    talk, said = story(), message("ervaring_discriminatie")
    page = console(java_script_enabled=False).open("/wachtrij/")
    page.get_by_label("Zoek in wat burgers schreven").fill("huisbaas")
    page.get_by_role("button", name="Toon").click()
    page.locator("[data-open]").click()
    step = page.locator(f"#bericht-{said.pk}")
    step.get_by_role("button", name="Goed").click()
    saved(page, said.pk, "goed begrepen")
    step.get_by_role("link", name="Verbeter").click()
    page.get_by_role("radio", name="fout begrepen").check()
    page.get_by_label("Wat bedoelde de burger?").select_option(label="Hoe kan ik melden?")
    page.get_by_label("Woorden uit het bericht").last.fill("draag")
    page.get_by_label("Is een").last.select_option("grond:uiterlijk")
    page.get_by_role("button", name="Bewaar oordeel").click()
    saved(page, said.pk, "Hoe kan ik melden?")
    there = Correction.objects.get()
    assert (there.intent, [entity["value"] for entity in there.entities]) == (
        "klacht_indienen",
        ["wonen", "geloof", "uiterlijk"],
    )
    page.get_by_label("Nieuwe notitie").fill("Nakijken met de juriste.")
    page.get_by_role("button", name="Bewaar notitie").click()
    expect(page.get_by_text("Nakijken met de juriste.")).to_be_visible()
    page.get_by_role("button", name="Wijs toe aan mij").click()
    page.get_by_role("button", name="Nagekeken en volgende").click()
    page.wait_for_url("**/wachtrij/**")
    talk.refresh_from_db()
    assert (talk.status, talk.assignee.username, Note.objects.count()) == ("klaar", "beoordelaar-1", 1)


def test_nothing_covers_the_form_that_somebody_fills_in(console):
    talk, said = story(), message("bewijs")
    page = console().open(f"/gesprek/{talk.pk}/")
    bar = page.get_by_role("region", name="Dit gesprek afhandelen")
    assert bar.evaluate("(bar) => getComputedStyle(bar).position") == "sticky"
    page.locator(f"#bericht-{said.pk} [data-correct]").click()
    page.get_by_role("form", name="Bericht verbeteren").wait_for()
    assert bar.evaluate("(bar) => getComputedStyle(bar).position") == "static"
