"""A text with look-alikes made plain, every character in its place: what the recognisers read instead of the text itself."""

from __future__ import annotations

import re
import unicodedata

_ODD_DASHES = "‐‑‒–—―−"
# Spaces of other widths, what has no width at all, and the frame around an emoji digit.
_ODD_SPACES = "\u00a0\u2007\u2009\u200a\u202f\u200b\u200c\u200d\u2060\ufeff\ufe0f\u20e3"
# "0499 27 3l 6O": letters typed for digits, in a group that holds a digit and no other letter, or inside digits.
_LETTERS_FOR_DIGITS = re.compile(
    r"(?<![A-Za-z])[Oo]?(?=[OolI]{0,8}\d)[\dOolI]{2,20}(?![A-Za-z])|(?<=\d)[Oo]+(?=\d)|(?<=\d\d)[Oo](?!\w)"
    r"|(?<=\d )(?:O|OO|OOO)(?= ?\d)"
)
_AS_DIGITS = str.maketrans("OolI", "0011")
# Groups of digits on lines of their own or with signs between them that numbers do not have.
_BETWEEN_DIGITS = re.compile(r"(?<=\d)(?:[ \t]*[\r\n]+[ \t]*|[ ]?[*|•~^=&…]+[ ]?|[ ]?\.{2,6}[ ]?)(?=[\d(])")


def plain(text: str) -> str:
    """Return ``text`` with plain digits, dashes, spaces and signs; positions stay the same."""
    if not text.isascii():
        text = "".join(_plain_character(character) for character in text)
    text = _LETTERS_FOR_DIGITS.sub(lambda match: match[0].translate(_AS_DIGITS), text)
    return _BETWEEN_DIGITS.sub(lambda match: " " * len(match[0]), text)


def _plain_character(character: str) -> str:
    if character.isascii():
        return character
    if character in _ODD_DASHES:
        return "-"
    if character in _ODD_SPACES:
        return " "
    if character.isdigit():
        return str(unicodedata.digit(character))
    same = unicodedata.normalize("NFKC", character)  # full width, bold, raised
    return same if len(same) == 1 and same.isascii() else character
