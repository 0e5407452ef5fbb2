"""What people do with the widget, in a real browser."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.paths import ROOT
from tests.browser.conftest import Chat

pytestmark = pytest.mark.browser
WIDGET = ROOT / "widget"


def test_weighs_at_most_25_kb() -> None:
    """Must show: at most 25 kB gzip."""
    assert len(gzip.compress((WIDGET / "dist" / "stadsbot.js").read_bytes(), 9)) <= 25_000


def test_built_file_is_up_to_date() -> None:
    names = [
        "build.mjs",
        "package-lock.json",
        *sorted(f"src/{path.name}" for path in (WIDGET / "src").iterdir()),
    ]
    digest = hashlib.sha256()
    for name in names:
        digest.update(name.encode() + (WIDGET / name).read_bytes())
    first = (WIDGET / "dist" / "stadsbot.js").read_text(encoding="utf-8")[:100]
    assert digest.hexdigest()[:16] in first, "run: npm run build --prefix widget"


def test_built_in_card_is_up_to_date() -> None:
    from widget.build_card import TARGET, card_json

    assert TARGET.read_text(encoding="utf-8") == card_json(), "run: .venv/bin/python -m widget.build_card"


def test_asks_nothing_of_anybody_before_it_is_opened(page: Page, chat: Chat) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(chat.server.url.removesuffix("/webhooks/web") + "/page")
    expect(chat.launch).to_be_visible()
    assert [url.rsplit("/", 1)[1] for url in asked] == ["page", "stadsbot.js"]
    chat.launch.click()
    expect(chat.messages).to_have_count(1)
    chat.say("kosten")
    assert {url.split("/")[2] for url in asked} == {chat.server.url.split("/")[2]}


def test_first_message_says_computer_retention_and_112(chat: Chat) -> None:
    chat.open()
    first = chat.messages.first
    for words in ("een computer", "24 uur", "30 dagen", "Bel 112", "Wis gesprek"):
        expect(first).to_contain_text(words)


def test_nothing_is_kept_before_the_first_message(context: BrowserContext, chat: Chat) -> None:
    chat.open()
    assert chat.stored() is None
    chat.say("kosten")
    assert set(chat.stored()) >= {"token"}
    assert context.cookies() == []
    assert chat.page.evaluate("localStorage.length") == 0


def test_cards_have_call_site_copy(context: BrowserContext, chat: Chat) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat.open().say("verwijs mij door")
    card = chat.page.get_by_role("group", name="Unia")
    assert card.get_by_role("link", name=re.compile("^Bel")).get_attribute("href") == "tel:080012800"
    site = card.get_by_role("link", name=re.compile("nieuw venster"))
    assert (site.get_attribute("target"), site.get_attribute("rel")) == ("_blank", "noopener noreferrer")
    card.get_by_role("button", name="Kopieer: Unia").click()
    expect(chat.status).to_have_text("Gekopieerd.")
    assert "0800 12 800" in chat.page.evaluate("navigator.clipboard.readText()")


def test_a_button_is_sent_and_shown_by_its_title(chat: Chat) -> None:
    chat.open().say("waar")
    button = chat.messages.nth(2).get_by_role("button").first
    title = button.inner_text()
    button.click()
    expect(chat.messages.nth(3)).to_contain_text(title)
    expect(chat.messages.nth(4)).to_contain_text("terecht")
    assert chat.server.agent.heard[-1].text.startswith("/ervaring")


def test_markdown_and_links(chat: Chat) -> None:
    chat.open().say(
        "zeg **vet** en https://www.mechelen.be/x en [mail](mailto:a@b.test)\n\n- een\n- twee\n\n3. drie"
    )
    last = chat.messages.last
    expect(last.locator("strong").first).to_have_text("vet")
    expect(last.locator("ul li")).to_have_text(["een", "twee"])
    assert last.locator("ol").get_attribute("start") == "3"
    hrefs = [link.get_attribute("href") for link in last.get_by_role("link").all()]
    assert hrefs == ["https://www.mechelen.be/x", "mailto:a@b.test"]


def test_a_dead_button_says_so(chat: Chat) -> None:
    chat.open()
    chat.page.evaluate("document.querySelector('stadsbot-chat').press({title: 'Oud', payload: '/restart'})")
    expect(chat.messages.last).to_contain_text("Deze knop werkt niet meer")


def test_a_too_long_text_is_kept_and_not_sent(chat: Chat) -> None:
    chat.open()
    chat.field.fill("a" * 4003)
    expect(chat.field).to_have_attribute("aria-invalid", "true")
    expect(chat.page.get_by_text("3 tekens korter")).to_be_visible()
    chat.field.press("Enter")
    expect(chat.field).to_have_value("a" * 4003)
    expect(chat.messages).to_have_count(1)


def test_thumbs_with_a_word(chat: Chat) -> None:
    chat.open().say("/kosten")
    before = chat.server.channel.feedback.counts().get(("kosten", "down"), 0)
    thumb = chat.page.get_by_role("button", name="Nee, dit hielp niet")
    thumb.click()
    expect(thumb).to_have_attribute("aria-pressed", "true")
    with chat.page.expect_response(lambda answer: "vaag" in (answer.request.post_data or "")) as posted:
        chat.page.get_by_label("Zeg in een woord waarom").fill("vaag")
        chat.page.get_by_label("Zeg in een woord waarom").press("Enter")
    assert posted.value.request.post_data_json["word"] == "vaag"
    assert posted.value.status == 204
    expect(chat.page.get_by_text("Bedankt.", exact=True)).to_be_visible()
    assert chat.server.channel.feedback.counts()[("kosten", "down")] == before + 1


def test_preparation_is_copied_and_printed_and_not_replayed(context: BrowserContext, chat: Chat) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat.open().say("bereid mijn melding voor")
    chat.say("klaar")
    prepared = chat.page.get_by_role("group", name="Jouw tekst")
    expect(prepared).to_contain_text("Mijn verhaal")
    prepared.get_by_role("button", name="Kopieer").click()
    expect(chat.status).to_have_text("Gekopieerd.")
    assert chat.page.evaluate("navigator.clipboard.readText()") == "Mijn verhaal"
    chat.page.evaluate(
        "() => { window.print = () => { window.printed = document.querySelector('.stadsbot-print').textContent } }"
    )
    prepared.get_by_role("button", name="Druk af").click()
    assert chat.page.evaluate("window.printed") == "Mijn verhaal"
    assert chat.page.locator(".stadsbot-print").count() == 0
    chat.page.reload()
    expect(chat.messages).to_have_count(5)
    assert "Mijn verhaal" not in chat.log.inner_text()


def test_download_the_transcript(chat: Chat) -> None:
    chat.open().say("verwijs mij door")
    with chat.page.expect_download() as started:
        chat.menu("Bewaar het gesprek")
    text = Path(started.value.path()).read_text(encoding="utf-8")
    assert started.value.suggested_filename == "gesprek.txt"
    assert "verwijs mij door" in text
    assert "Unia: 0800 12 800" in text


def test_erase_asks_first_and_then_erases(chat: Chat) -> None:
    chat.open().say("zeg iets")
    token, sender = chat.stored()["token"], chat.server.agent.heard[-1].sender_id
    chat.menu("Wis gesprek")
    chat.page.get_by_role("button", name="Nee, hou het").click()
    expect(chat.messages).to_have_count(3)
    chat.menu("Wis gesprek")
    chat.page.get_by_role("button", name="Ja, wis alles").click()
    expect(chat.status).to_have_text("Je gesprek is gewist.")
    expect(chat.messages).to_have_count(1)
    assert chat.stored() is None
    assert sender not in chat.server.agent.store.store  # type: ignore[attr-defined]
    with chat.server.client(token) as client:
        assert client.get("/history").status_code == 401


def test_erasing_that_fails_is_said(chat: Chat) -> None:
    chat.open().say("zeg iets")
    chat.page.route("**/webhooks/web/session", lambda route: route.abort())
    chat.menu("Wis gesprek")
    chat.page.get_by_role("button", name="Ja, wis alles").click()
    expect(chat.status).to_contain_text("Wissen lukte niet")
    expect(chat.messages).to_have_count(3)


def test_restart_is_a_new_conversation(chat: Chat) -> None:
    chat.open().say("zeg eerste")
    first = chat.stored()["token"]
    chat.menu("Begin opnieuw")
    expect(chat.messages).to_have_count(1)
    chat.say("zeg tweede")
    assert chat.stored()["token"] != first


@pytest.mark.parametrize("how", ["button", "keys"])
def test_quick_exit_leaves_and_clears(chat: Chat, how: str) -> None:
    chat.page.goto(chat.server.url.removesuffix("/webhooks/web") + "/page?vorige")
    chat.open().say("zeg geheim")
    token, sender = chat.stored()["token"], chat.server.agent.heard[-1].sender_id
    with chat.page.expect_request(lambda request: request.method == "DELETE"):
        if how == "button":
            chat.page.get_by_role("button", name="Snel weg").click()
        else:
            chat.page.keyboard.press("Escape")
            chat.page.keyboard.press("Escape")
        chat.page.wait_for_url("https://www.google.be/")
    chat.page.go_back()
    assert "geheim" not in chat.page.content()
    assert chat.stored() is None
    expect(chat.messages).to_have_count(0)
    with chat.server.client(token) as client:
        assert client.get("/history").status_code == 401
    assert sender not in chat.server.agent.store.store  # type: ignore[attr-defined]


def test_slow_escapes_are_no_quick_exit(chat: Chat) -> None:
    chat.open()
    chat.page.clock.install()
    chat.page.keyboard.press("Escape")
    expect(chat.launch).to_be_focused()
    chat.page.clock.run_for(1000)
    chat.page.keyboard.press("Escape")
    expect(chat.launch).to_be_visible()


def test_embed_options(chat: Chat) -> None:
    chat.page.goto(chat.server.url.removesuffix("/webhooks/web") + "/page")
    chat.page.evaluate(
        """() => { const chat = document.querySelector('stadsbot-chat');
        for (const [name, value] of Object.entries({heading: 'Mijn titel', colour: '#ffcc00', privacy: '/privacy',
            strings: JSON.stringify({send: 'Stuur'}), open: ''})) chat.setAttribute(name, value); }"""
    )
    expect(chat.page.get_by_role("dialog", name="Mijn titel")).to_be_visible()
    send = chat.page.get_by_role("button", name="Stuur")
    colours = send.evaluate("(e) => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]")
    assert colours == ["rgb(255, 204, 0)", "rgb(0, 0, 0)"]
    chat.page.get_by_role("button", name="Menu").click()
    assert chat.page.get_by_role("link", name="Privacyverklaring").get_attribute("href") == "/privacy"
