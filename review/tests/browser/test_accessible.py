"""Every page and state of queue and reading: axe finds nothing, and nothing sticks out at 320 pixels."""

from __future__ import annotations

import pytest

from accounts.access import Role
from conversations.models import Message, SavedFilter
from corrections.judging import judge
from tests.browser.conftest import LOOKS
from tests.factory import Talk, long_talk, story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases="__all__")]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_pages(console, people, axe, width, scheme):
    talk, reviewer = story(), people(Role.REVIEWER)
    Talk().say("waar vind ik unia ergens", "unia").answer("unia").done(assignee=reviewer, status="bezig")
    SavedFilter.objects.create(owner=reviewer, name="Nood", query="reden=nood")
    long = long_talk(40, reason_at=20)
    message = Message.objects.get(intent="ervaring_discriminatie")
    judge(Message.objects.get(intent="bewijs"), reviewer, "fout", "unia", [], "geen")
    seat = console(width=width, color_scheme=scheme)
    page, found = seat.page, {}

    def check(name: str) -> None:
        problems = axe(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            problems.append("sticks out")
        if problems:
            found[name] = problems

    for name, path in {
        "queue": "/wachtrij/",
        "queue, filtered": "/wachtrij/?q=unia&domein=&status=alle&kanaal=web&van=2020-01-01",
        "queue, nothing found": "/wachtrij/?q=bestaatniet",
        "conversation": f"/gesprek/{talk.pk}/",
        "long conversation": f"/gesprek/{long.pk}/",
        "judging on its own page": f"/bericht/{message.pk}/oordeel/",
        "intents": "/bedoelingen/?zoek=klacht",
    }.items():
        seat.open(path)
        if name == "queue":
            page.locator("#sneltoetsen summary").click()
        check(name)
    seat.open(f"/gesprek/{talk.pk}/")
    page.locator(f"#bericht-{message.pk} [data-correct]").click()
    page.get_by_role("form", name="Bericht verbeteren").wait_for()
    check("form")
    page.get_by_role("combobox", name="Wat bedoelde de burger?").and_(page.locator("input")).fill("klacht")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    check("intents to choose from")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Bewaar oordeel").click()
    page.get_by_role("alert").wait_for()
    check("mistake")
    judge(message, people(Role.EDITOR), "onduidelijk", "", [], "geen")
    page.get_by_role("radio", name="goed begrepen").check()
    page.get_by_role("button", name="Bewaar oordeel").click()
    page.get_by_text("Iemand anders was je net voor").wait_for()
    check("conflict")
    assert found == {}
