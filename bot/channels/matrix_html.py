"""The markup of ``data/answers`` as Matrix's HTML: bold, links and lists that a screen reader announces as lists."""

from __future__ import annotations

import re
from html import escape

_ITEM = re.compile(r"(?:(?P<bullet>[-•])|(?P<number>\d{1,3})\.) +(?P<text>.+)")
# A marked link, bold, or an address written out (without the punctuation after it).
_INLINE = re.compile(
    r"\[(?P<title>[^\]\n]+)\]\((?P<target>https?://[^\s)]+)\)"
    r"|\*\*(?P<bold>.+?)\*\*"
    r"|(?P<url>https?://[^\s<>]*[^\s<>.,;:!?)\]'\"])"
)


def to_html(text: str) -> str:
    """Return ``text`` in the HTML that Matrix allows (``org.matrix.custom.html``); what is no markup is escaped."""
    blocks = [block for block in re.split(r"\n\s*\n", text.strip()) if block.strip()]
    return "".join(_block(block.split("\n")) for block in blocks)


def _block(lines: list[str]) -> str:
    """One paragraph, in which some lines may be a list."""
    html, words = "", list[str]()
    items, tag, start = list[str](), "", ""

    def flush() -> str:
        nonlocal words, items
        made = f"<p>{'<br>'.join(map(_inline, words))}</p>" if words else ""
        if items:
            made += f"<{tag}{start}>{''.join(f'<li>{_inline(item)}</li>' for item in items)}</{tag}>"
        words, items = [], []
        return made

    for line in lines:
        item = _ITEM.fullmatch(line.strip())
        if item is None:
            if items:
                html += flush()
            words.append(line.strip())
            continue
        kind = "ul" if item["bullet"] else "ol"
        if not items or kind != tag:
            html += flush()
            tag, start = kind, ""
            if item["number"] not in (None, "1"):
                start = f' start="{int(item["number"])}"'
        items.append(item["text"])
    return html + flush()


def _inline(text: str) -> str:
    html, end = "", 0
    for match in _INLINE.finditer(text):
        html += escape(text[end : match.start()])
        if match["bold"]:
            html += f"<strong>{_inline(match['bold'])}</strong>"
        else:
            target = match["target"] or match["url"]
            html += f'<a href="{escape(target)}">{escape(match["title"] or target)}</a>'
        end = match.end()
    return html + escape(text[end:])
