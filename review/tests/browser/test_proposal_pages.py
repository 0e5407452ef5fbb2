"""The pages of corrections and proposals in Chromium: axe, the content policy, narrow and dark, with and without scripts."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bot.training.spool import Spool
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from accounts.access import Role
from corrections import proposing
from corrections.exporting import export
from corrections.models import Correction, Proposal
from tests.browser.conftest import LOOKS, Console
from tests.proposals import correction_of, finish, measured, result, two_lines

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("PROPOSAL_SHOTS")  # a folder: pictures of each state are left there


@pytest.fixture
def spool(tmp_path: Path, settings: Any) -> Spool:
    settings.CONFIG = dataclasses.replace(settings.CONFIG, var_dir=tmp_path)
    return proposing.spool()


@pytest.fixture
def editor(people: Callable[[Role], User]) -> User:
    return people(Role.EDITOR)


@pytest.fixture
def proposal(spool: Spool, editor: User) -> Proposal:
    return two_lines(editor, "Geld en school in dialect")


def checked(spool: Spool, proposal: Proposal) -> None:
    first, second = proposal.lines.all()
    kinds = ("duplicate", "near", "conflict", "personal", "placeholder", "unwritable")
    findings = [
        {
            "kind": kind,
            "text": "wat kost een babbel bij jullie",
            "intent": "unia" if kind == "conflict" else "",
            "file": "",
        }
        for kind in kinds
    ]
    lines = {
        str(first.pk): {"line": "x", "findings": findings},
        str(second.pk): {"line": "x", "findings": []},
    }
    finish(spool, proposal.check_job, "result.json", {"data": "x", "lines": lines})
    proposing.refresh(proposal)
    proposal.refresh_from_db()


def clean(spool: Spool, proposal: Proposal) -> None:
    finish(spool, proposal.check_job, "result.json", {"data": "x", "lines": {}})
    proposing.refresh(proposal)
    proposal.refresh_from_db()


def page_of(proposal: Proposal) -> str:
    return f"/voorstellen/{proposal.pk}/"


def nothing_yet(spool: Spool, proposal: Proposal, editor: User) -> str:
    proposing.discard(proposal, editor)
    return "/voorstellen/"


def all_of_them(spool: Spool, proposal: Proposal, editor: User) -> str:
    clean(spool, proposal)
    measured(spool, proposal, editor, "safety_recall")
    return "/voorstellen/"


def to_decide(spool: Spool, proposal: Proposal, editor: User) -> str:
    correction_of(3, "een lang bericht over " + "heel veel " * 30)
    return "/voorstellen/verbeteringen/"


def approved(spool: Spool, proposal: Proposal, editor: User) -> str:
    proposing.decide([correction_of(3).pk], editor, approved=True)
    return "/voorstellen/verbeteringen/?staat=goedgekeurd"


def refused(spool: Spool, proposal: Proposal, editor: User) -> str:
    proposing.decide([correction_of(3).pk], editor, approved=False, reason="te vaag")
    return "/voorstellen/verbeteringen/?staat=geweigerd"


def being_checked(spool: Spool, proposal: Proposal, editor: User) -> str:
    return page_of(proposal)


def with_findings(spool: Spool, proposal: Proposal, editor: User) -> str:
    checked(spool, proposal)
    return page_of(proposal)


def being_measured(spool: Spool, proposal: Proposal, editor: User) -> str:
    clean(spool, proposal)
    proposing.measure(proposal, editor)
    proposal.refresh_from_db()
    finish(spool, proposal.job, "progress.json", {"percent": 40, "step": "with", "attempts": 1})
    return page_of(proposal)


def better(spool: Spool, proposal: Proposal, editor: User) -> str:
    clean(spool, proposal)
    measured(spool, proposal, editor)
    return page_of(proposal)


def worse(spool: Spool, proposal: Proposal, editor: User) -> str:
    clean(spool, proposal)
    measured(spool, proposal, editor, "safety_recall")
    return page_of(proposal)


def failed(spool: Spool, proposal: Proposal, editor: User) -> str:
    clean(spool, proposal)
    proposing.measure(proposal, editor)
    proposal.refresh_from_db()
    finish(spool, proposal.job, "error.json", {"message": "MemoryError"})
    return page_of(proposal)


def exported(spool: Spool, proposal: Proposal, editor: User) -> str:
    clean(spool, proposal)
    measured(spool, proposal, editor)
    export(proposal, editor, knowing=False)
    return page_of(proposal)


STATES = [
    nothing_yet, all_of_them, to_decide, approved, refused, being_checked, with_findings, being_measured, better, worse,
    failed, exported,
]  # fmt: skip


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_axe_finds_nothing(
    console: Callable[..., Console],
    axe: Callable[[Page], list[str]],
    spool: Spool,
    proposal: Proposal,
    editor: User,
    state: Callable[[Spool, Proposal, User], str],
) -> None:
    """Must show: 0 violations in every state, wide and narrow, light and dark, and no page wider than the screen."""
    path = state(spool, proposal, editor)
    one = console(Role.EDITOR)
    for width, scheme in LOOKS:
        one.page.set_viewport_size({"width": width, "height": 800})
        one.page.emulate_media(color_scheme=scheme)
        page = one.open(path)
        assert axe(page) == [], (width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{state.__name__}-{width}-{scheme}.png", full_page=True)


def test_measuring_is_followed_by_itself(
    console: Callable[..., Console], spool: Spool, proposal: Proposal, editor: User
) -> None:
    """The bar moves and the result comes without anybody reloading; stopping works on the way."""
    page = console(Role.EDITOR).open(being_measured(spool, proposal, editor))
    bar = page.get_by_role("progressbar", name="Het voorstel wordt gemeten")
    expect(bar).to_have_attribute("value", "40")
    finish(spool, proposal.job, "progress.json", {"percent": 80, "step": "figures", "attempts": 1})
    expect(bar).to_have_attribute("value", "80")
    expect(page.get_by_text("rekent de cijfers uit")).to_be_visible()
    page.get_by_role("button", name="Meting stoppen").click()
    expect(page.get_by_role("button", name="Meten", exact=True)).to_be_visible()
    proposing.measure(proposal, editor)
    proposal.refresh_from_db()
    page.reload()
    finish(spool, proposal.job, "result.json", result(proposal))
    expect(page.get_by_role("heading", name="Wat het voorstel doet")).to_be_visible()


def test_without_scripts(
    console: Callable[..., Console], spool: Spool, proposal: Proposal, editor: User
) -> None:
    """From approving to downloading with forms and links only."""
    clean(spool, proposal)
    correction_of(3, "wa kost da hier")
    page = console(Role.EDITOR, java_script_enabled=False).open("/voorstellen/verbeteringen/")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Goedkeuren").click()
    page.get_by_role("link", name="Verbeteringen: goedgekeurd (1)").click()
    page.get_by_role("checkbox").check()
    page.get_by_label("Titel van het voorstel").fill("Wat kost dat")
    page.get_by_role("button", name="Voorstel maken").click()
    made = Proposal.objects.get(title="Wat kost dat")
    clean(spool, made)
    page.get_by_role("button", name="Meten", exact=True).click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    made.refresh_from_db()
    finish(spool, made.job, "result.json", result(made))
    page.get_by_role("link", name="Vernieuw deze pagina").click()
    page.get_by_role("button", name="Uitvoeren").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Patch downloaden").click()
    assert "wa kost da hier" in Path(download.value.path()).read_text()
    assert Correction.objects.get(text="wa kost da hier").state == Correction.State.USED
