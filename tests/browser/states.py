"""The states of the widget that every rule must hold in."""

from __future__ import annotations

from playwright.sync_api import Route, expect

from tests.browser.conftest import Chat


def closed(chat: Chat) -> None:
    chat.page.goto(chat.server.url.removesuffix("/webhooks/web") + "/page")


def greeting(chat: Chat) -> None:
    chat.open()


def menu(chat: Chat) -> None:
    chat.open().page.get_by_role("button", name="Menu").click()


def erase_question(chat: Chat) -> None:
    chat.open().menu("Wis gesprek")


def referral(chat: Chat) -> None:
    chat.open().say("verwijs mij door")
    chat.page.locator("summary").first.click()


def question(chat: Chat) -> None:
    chat.open().say("waar")


def danger(chat: Chat) -> None:
    chat.open().say("nood")


def foreign(chat: Chat) -> None:
    chat.open().say("hello")


def preparation(chat: Chat) -> None:
    chat.open().say("klaar")


def vote(chat: Chat) -> None:
    chat.open().say("kosten")
    chat.page.get_by_role("button", name="Ja, dit hielp").click()


def too_long(chat: Chat) -> None:
    chat.open().field.fill("a" * 4100)


def typing(chat: Chat) -> None:
    held: list[Route] = []
    chat.open().page.route("**/webhooks/web/message", lambda route: held.append(route))
    chat.field.fill("wacht")
    chat.field.press("Enter")
    expect(chat.status).to_contain_text("schrijft")


def offline(chat: Chat) -> None:
    chat.open().page.route("**/webhooks/**", lambda route: route.abort())
    chat.field.fill("hallo")
    chat.field.press("Enter")
    expect(chat.page.get_by_role("button", name="Probeer nu")).to_be_visible()


STATES = [
    closed, greeting, menu, erase_question, referral, question, danger, foreign, preparation, vote, too_long, typing, offline,
]  # fmt: skip
