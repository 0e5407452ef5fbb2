"""Signing in, the second factor, users and the audit log in a real browser, and axe over each of their pages."""

from __future__ import annotations

import base64

import pytest
from django.contrib.auth.models import User
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import expect

from accounts.access import Role
from accounts.models import AuditEntry
from conversations.models import Conversation
from tests.browser.conftest import LOOKS
from tests.conftest import PASSWORD
from tests.feed import conversation

pytestmark = pytest.mark.browser
PATIENCE = 120_000  # milliseconds; a busy machine is no failure


@pytest.fixture
def anybody(chromium, live_server, transactional_db):
    """A browser in which nobody is signed in."""
    opened = []

    def start(width=1280, look="light"):
        size = {"width": width, "height": 800}
        context = chromium.new_context(
            viewport=size, color_scheme=look, locale="nl-BE", base_url=live_server.url
        )
        context.set_default_timeout(PATIENCE)
        opened.append(context)
        return context.new_page()

    yield start
    for context in opened:
        context.close()


@pytest.fixture
def shots(tmp_path):
    """Keep a picture of a page in the test's own folder, for whoever wants to look."""

    def take(page, name):
        page.screenshot(path=tmp_path / f"{name}.png", full_page=True)

    return take


def code(key):
    """The code that an app shows for a written key."""
    raw = key.replace(" ", "")
    return f"{totp(base64.b32decode(raw + '=' * (-len(raw) % 8))):06d}"


def sign_in(page, name):
    page.goto("/aanmelden/")
    page.get_by_label("Gebruikersnaam").fill(name)
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Aanmelden", exact=True).click()


def test_with_an_app_from_the_first_time_to_the_next(anybody, person):
    person(Role.REVIEWER, "rik")
    page = anybody()
    sign_in(page, "rik")
    page.get_by_role("link", name="rik").click()
    page.get_by_role("link", name="App instellen").click()
    picture = page.get_by_role("img")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    key = page.locator("code.key").inner_text()
    page.get_by_label("Code").fill(code(key))
    page.get_by_role("button", name="App bevestigen").click()
    codes = page.locator(".codes code").all_inner_texts()
    assert len(set(codes)) == 10
    page.get_by_role("button", name="Afmelden").click()

    TOTPDevice.objects.update(last_t=-1)  # the same half minute may still be going on
    sign_in(page, "rik")
    expect(page.get_by_role("heading", name="Vul je code in")).to_be_visible()
    assert page.evaluate("document.activeElement.name") == "code"
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Verder").click()
    expect(page.get_by_text("Deze code klopt niet")).to_be_visible()
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Verder").click()
    expect(page.get_by_role("heading", name="Wachtrij")).to_be_visible()


def test_a_new_colleague(anybody, console):
    manager = console(Role.ADMINISTRATOR).open("/gebruikers/")
    manager.get_by_role("link", name="Iemand toevoegen").click()
    manager.get_by_label("Gebruikersnaam").fill("nora")
    manager.get_by_label("redacteur").check()
    manager.get_by_role("button", name="Toevoegen").click()
    link = manager.get_by_label("Link").input_value()

    page = anybody()
    page.goto(link)
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name="Wachtwoord bewaren").click()
    expect(page.get_by_role("status")).to_contain_text("klaar")
    sign_in(page, "nora")
    expect(page.get_by_role("link", name="Wachtrij")).to_be_visible()
    expect(page.get_by_role("link", name="Gebruikers")).to_have_count(0)
    page.goto("/gebruikers/")
    expect(page.get_by_role("heading", name="Geen toegang")).to_be_visible()


def test_a_warning_before_the_session_ends(console):
    one = console(Role.READER)
    one.page.clock.install()
    page = one.open("/account/")
    warning = page.get_by_role("alertdialog")
    expect(warning).to_be_hidden()
    page.clock.fast_forward("28:01")
    expect(warning).to_be_visible()
    stay = page.get_by_role("button", name="Blijf aangemeld")
    expect(stay).to_be_focused()
    with page.expect_response("**/account/sessie/") as answer:
        stay.click()
    assert answer.value.status == 204
    expect(warning).to_be_hidden()
    page.clock.fast_forward("28:01")
    expect(warning).to_be_visible()


def reflows(page):
    """No page scrolls sideways at 320 pixels."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("width", "look"), LOOKS)
def test_pages_for_everybody(anybody, person, axe, width, look, shots):
    page = anybody(width, look)
    person(Role.READER, "lea")
    found = {}
    for name, path in (("aanmelden", "/aanmelden/"), ("link", "/wachtwoord/x/y/"), ("weg", "/bestaat-niet/")):
        page.goto(path)
        found[name] = (axe(page), reflows(page))
        shots(page, f"{name}-{width}-{look}")
    for _ in range(6):
        page.goto("/aanmelden/")
        page.get_by_label("Gebruikersnaam").fill("lea")
        page.get_by_label("Wachtwoord").fill("verkeerd")
        page.get_by_role("button", name="Aanmelden", exact=True).click()
        page.wait_for_load_state()
        found.setdefault("fout", (axe(page), reflows(page)))
    expect(page.get_by_role("heading", name="Even wachten")).to_be_visible()
    found["slot"] = (axe(page), reflows(page))
    assert {name: result for name, result in found.items() if result != ([], True)} == {}


@pytest.mark.parametrize(("width", "look"), LOOKS)
def test_pages_of_people_who_are_signed_in(console, person, axe, width, look, shots):
    one = console(Role.ADMINISTRATOR, width=width, color_scheme=look)
    lea = person(Role.READER, "lea.met.een.lange.naam")
    Conversation.objects.create(pseudonym=conversation(1), first_at=1e9, last_at=1e9)
    number = Conversation.objects.get().pk
    AuditEntry.objects.bulk_create(
        AuditEntry(name="lea", action="gesprek.gelezen", kind="conversation", number=n) for n in range(60)
    )
    paths = {
        "account": "/account/",
        "wachtwoord": "/account/wachtwoord/",
        "app": "/account/app/",
        "gebruikers": "/gebruikers/",
        "nieuw": "/gebruikers/nieuw/",
        "persoon": f"/gebruikers/{lea.pk}/",
        "zelf": f"/gebruikers/{User.objects.get(username='beheerder-1').pk}/",
        "logboek": "/logboek/",
        "wissen": f"/gesprek/{number}/wissen/",
    }
    found = {}
    for name, path in paths.items():
        page = one.open(path)
        found[name] = (axe(page), reflows(page))
        shots(page, f"{name}-{width}-{look}")
    page = one.open("/account/app/")
    page.get_by_label("Code").fill(code(page.locator("code.key").inner_text()))
    page.get_by_role("button", name="App bevestigen").click()
    page.wait_for_selector(".codes")
    found["herstelcodes"] = (axe(page), reflows(page))
    one.open("/gebruikers/")
    page.get_by_role("link", name=lea.username).click()
    page.get_by_role("button", name="Nieuwe link maken").click()
    page.wait_for_selector("#link")
    found["nieuwe link"] = (axe(page), reflows(page))
    shots(page, f"link-{width}-{look}")
    assert {name: result for name, result in found.items() if result != ([], True)} == {}
