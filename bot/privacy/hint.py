"""Whether to tell the citizen that personal data is not needed and was not kept."""

from __future__ import annotations

from bot.privacy.redact import default_redactor

# Kinds that nobody types by accident. A name alone gets no hint: who tells a story names people.
_HINTED = frozenset(
    {
        "rijksregisternummer", "telefoonnummer", "e-mail", "rekeningnummer", "kaartnummer", "paspoortnummer",
        "adres", "geboortedatum", "nummerplaat",
    }
)  # fmt: skip


def hint_for(text: str) -> bool:
    """Tell whether ``text`` holds personal data that deserves "dat hoef je mij niet te geven; ik heb het niet bewaard"."""
    return not _HINTED.isdisjoint(default_redactor().redact(text).kinds)
