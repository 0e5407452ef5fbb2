"""Answers as Matrix's HTML: nothing lost, nothing let through."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.matrix_html import to_html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Dag **Anna**", "<p>Dag <strong>Anna</strong></p>"),
        ("een\ntwee\n\ndrie", "<p>een<br>twee</p><p>drie</p>"),
        ("Kies:\n\n1. Ja\n2. Nee", "<p>Kies:</p><ol><li>Ja</li><li>Nee</li></ol>"),
        (
            "Kies:\n1. Ja\ndaarna\n2. Nee",
            '<p>Kies:</p><ol><li>Ja</li></ol><p>daarna</p><ol start="2"><li>Nee</li></ol>',
        ),
        ("- **a**\n- b", "<ul><li><strong>a</strong></li><li>b</li></ul>"),
        ("[Unia](https://www.unia.be)", '<p><a href="https://www.unia.be">Unia</a></p>'),
        (
            "Zie https://unia.be/nl?a=1&b=2.",
            '<p>Zie <a href="https://unia.be/nl?a=1&amp;b=2">https://unia.be/nl?a=1&amp;b=2</a>.</p>',
        ),
        ('<script>1 < 2 & "x"', "<p>&lt;script&gt;1 &lt; 2 &amp; &quot;x&quot;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ('[x](https://a.be/"onclick=1)', '<p><a href="https://a.be/&quot;onclick=1">x</a></p>'),
        ("", ""),
    ],
)
def test_markup(text, html):
    assert to_html(text) == html


ALLOWED = re.compile(r'</?(?:p|ol|ul|li|strong|a)>|<br>|<ol start="\d+">|<a href="https?://[^"<>]*">')


PIECES = [
    "a",
    "b ",
    "**",
    "\n",
    "\n\n",
    "- ",
    "1. ",
    "<",
    ">",
    "&",
    '"',
    "https://x.ee/",
    "[",
    "](https://x.ee/)",
    "](script:a)",
]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_only_known_tags_come_out_and_no_letter_is_lost(text):
    html = to_html(text)
    bare = ALLOWED.sub("", html)
    assert "<" not in bare and ">" not in bare
    assert re.findall("[ab]", unescape(bare)) == re.findall("[ab]", text)


def test_every_answer_of_the_assistant_is_sound(content):
    for answer in content.answers.values():
        for text in (answer.text, answer.simple, *answer.variants):
            filled = content.fill(text)
            html = to_html(filled)
            shown = unescape(re.sub(r"<[^>]+>", " ", html))
            words = re.findall(r"\w+", re.sub(r"\[([^\]]+)\]\(\S+?\)", r"\1", filled))
            listed = {word for line in filled.split("\n") for word in re.findall(r"^\s*(\d+)\.", line)}
            assert [w for w in words if w not in listed] == [
                w for w in re.findall(r"\w+", shown) if w not in listed
            ], answer.id
            assert "**" not in shown, answer.id
