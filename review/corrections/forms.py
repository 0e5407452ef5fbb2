"""The form with which a message is judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from console.numbers import whole_number
from conversations import titles
from conversations.filters import grouped_intents
from conversations.models import Message
from conversations.widgets import QuickSelect
from corrections.judging import Entities
from corrections.models import Correction

_MOST = 12  # entities in one message
KINDS = ("grond", "domein")


@dataclass(frozen=True)
class Row:
    """An entity as it stands in the form; ``start`` and ``end`` are empty where only the words were typed."""

    words: str = ""
    value: str = ""
    start: str = ""
    end: str = ""


def values() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the values that an entity can have, as ``kind:value`` with a title, by kind."""
    return [
        ("Grond", [(f"grond:{key}", title) for key, title in titles.grounds().items()]),
        ("Domein", [(f"domein:{key}", title) for key, title in titles.domains().items()]),
    ]


class JudgeForm(forms.Form):
    """Verdict, intent and entities of one message."""

    oordeel = forms.ChoiceField(
        label="Heeft de assistent dit bericht goed begrepen?",
        choices=Correction.Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Kies of het bericht goed begrepen is."},
    )
    bedoeling = forms.ChoiceField(label="Wat bedoelde de burger?", required=False, widget=QuickSelect)

    def __init__(
        self, message: Message, data: QueryDict | None = None, correction: Correction | None = None
    ) -> None:
        """Show the judgement that there is, or else what the assistant made of the message."""
        intent = (correction.intent if correction else "") or message.intent
        initial = {
            "oordeel": correction.verdict if correction else Correction.Verdict.WRONG,
            "bedoeling": intent,
        }
        super().__init__(data, initial=initial, prefix=f"m{message.pk}", auto_id="%s", label_suffix="")
        self.message = message
        groups = grouped_intents()
        known = {name for _, choices in groups for name, _ in choices}
        extra = [("Andere", [(intent, titles.intent(intent))])] if intent and intent not in known else []
        chosen = self.fields["bedoeling"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [("", "– kies –"), *groups, *extra]
        self.rows = self._posted(data) if data is not None else self._there(message, correction)
        self.entities: Entities = []

    def _there(self, message: Message, correction: Correction | None) -> list[Row]:
        entities = correction.entities if correction else message.entities
        rows = []
        for entity in entities:
            start, end = entity.get("start"), entity.get("end")
            whole = isinstance(start, int) and isinstance(end, int)
            rows.append(
                Row(
                    message.text[start:end] if whole else "",
                    f"{entity.get('entity')}:{entity.get('value')}",
                    str(start) if whole else "",
                    str(end) if whole else "",
                )
            )
        return rows

    def _posted(self, data: QueryDict) -> list[Row]:
        lists = [data.getlist(self.add_prefix(name)) for name in ("stuk", "waarde", "begin", "einde")]
        longest = min(max(map(len, lists)), 2 * _MOST)
        cells = [[*values, *[""] * longest] for values in lists]
        rows = [Row(*(column[number].strip() for column in cells)) for number in range(longest)]
        return [row for row in rows if row.words or row.value]

    def clean(self) -> dict[str, Any]:
        """Check the entities against the text, and that what is called wrong differs from what the assistant made of it."""
        cleaned = super().clean() or {}
        taken: list[tuple[int, int]] = []
        for row in self.rows:
            if row.value:
                self._take(row, taken)
        if len(self.entities) > _MOST:
            self.add_error(None, f"Duid hoogstens {_MOST} stukken aan.")
        verdict, intent = cleaned.get("oordeel"), cleaned.get("bedoeling", "")
        if verdict == Correction.Verdict.WRONG and not self.errors:
            if not intent:
                self.add_error("bedoeling", "Kies wat de burger bedoelde, of kies “onduidelijk”.")
            elif intent == self.message.intent and self._pairs(self.entities) == self._pairs(
                self.message.entities
            ):
                self.add_error(
                    None,
                    "Je noemt dit fout, maar verandert niets. Kies een andere bedoeling of duid iets anders aan.",
                )
        return cleaned

    def _take(self, row: Row, taken: list[tuple[int, int]]) -> None:
        kind, _, value = row.value.partition(":")
        if kind not in KINDS or titles.entity(kind, value) == value:
            self.add_error(None, "Kies een grond of domein uit de lijst.")
            return
        text = self.message.text
        if not row.words:
            self.add_error(None, f"Duid aan in welke woorden “{titles.entity(kind, value)}” staat.")
            return
        found = whole_number(row.start)
        start = -1 if found is None else found
        if text[start : start + len(row.words)] != row.words or start < 0:
            start = text.lower().find(row.words.lower())
        end = start + len(row.words)
        if start < 0:
            self.add_error(None, f"“{row.words}” staat niet in het bericht.")
        elif any(start < other_end and other_start < end for other_start, other_end in taken):
            self.add_error(None, f"“{row.words}” overlapt met een ander stuk.")
        else:
            taken.append((start, end))
            self.entities.append({"entity": kind, "value": value, "start": start, "end": end})

    @staticmethod
    def _pairs(entities: Entities) -> set[tuple[Any, ...]]:
        return {tuple(entity.get(key) for key in ("entity", "value", "start", "end")) for entity in entities}

    def outcome(self) -> tuple[str, str, Entities]:
        """Return verdict, intent and entities as they are to be saved."""
        verdict = self.cleaned_data["oordeel"]
        if verdict == Correction.Verdict.UNCLEAR:
            return verdict, "", []
        if verdict == Correction.Verdict.RIGHT:
            return verdict, self.message.intent, self.message.entities
        return (
            verdict,
            self.cleaned_data["bedoeling"],
            sorted(self.entities, key=lambda entity: int(entity["start"])),
        )
