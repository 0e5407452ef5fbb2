"""Whatever the assistant or a citizen writes stays text."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Chat

pytestmark = pytest.mark.browser
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<svg/onload=alert(1)>",
    "[klik](javascript:alert(1))",
    "[klik](data:text/html,<script>alert(1)</script>)",
    "[klik](vbscript:alert(1))",
    "![beeld](https://elders.test/x.png)",
    "<a href='javascript:alert(1)'>klik</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "**<b onmouseover=alert(1)>vet</b>**",
    "- <details open ontoggle=alert(1)>",
    "`<style>*{display:none}</style>`",
    "[x]: javascript:alert(1)\n\n[x]",
    "${alert(1)} {{constructor.constructor('alert(1)')()}}",
    "<stadsbot-chat open server=https://elders.test></stadsbot-chat>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "# kop\n\n> citaat\n\n```\ncode\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#x3C;img src=x onerror=alert(1)&#x3E;",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_bot_text_stays_text(chat: Chat, text: str) -> None:
    chat.open().say(f"zeg {text}")
    bubble = chat.messages.last.locator(".text")
    assert bubble.locator("script, img, svg, iframe, style, details, math, stadsbot-chat, b").count() == 0
    for link in bubble.locator("a").all():
        assert re.match("https?:|mailto:|tel:", link.get_attribute("href") or "")
    assert bubble.inner_text().strip()


def test_hostile_text_of_the_citizen_stays_text(chat: Chat) -> None:
    chat.open().say("<img src=x onerror=alert(1)> **niet vet**")
    mine = chat.messages.nth(1)
    expect(mine).to_contain_text("<img src=x onerror=alert(1)> **niet vet**")
    assert mine.locator("img, strong").count() == 0


def test_markdown_never_throws(chat: Chat) -> None:
    """The trimmed lexer copes with anything made of Markdown's own signs."""
    chat.open()
    pieces = [
        "# ",
        "> ",
        "```",
        "| a |",
        "|---|",
        "<div>",
        "*",
        "**",
        "_",
        "[",
        "](",
        ")",
        "\n",
        "\n\n",
        "    x",
        "- ",
        "1. ",
        "~~",
        "`",
        "\\",
        "a",
    ]
    texts = ["".join(pieces[(i * 7 + j * j * 3) % len(pieces)] for j in range(9)) for i in range(120)]
    shown = chat.page.evaluate(
        """async (texts) => {
            const chat = document.querySelector('stadsbot-chat');
            chat.messages = texts.map((text, i) => ({role: 'bot', id: `${i}`, text, at: new Date().toISOString()}));
            await chat.updateComplete;
            return [...chat.renderRoot.querySelectorAll('.text')].map((e) => [!!e.querySelector('.mine'), e.textContent]);
        }""",
        texts,
    )
    assert len(shown) == len(texts)
    assert [texts[i] for i, (plain, _) in enumerate(shown) if plain] == []
