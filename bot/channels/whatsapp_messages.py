"""Between Meta's JSON and the messages of `bot.channels.messaging`.

Shapes and limits: Meta's reference of the WhatsApp Cloud API (webhooks "messages", messages "interactive" and "contacts").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pywa.types.callback import Button, Section, SectionList, SectionRow
from pywa.types.others import Contact

from bot.channels.messaging import BUTTONS, LIST, Incoming, Kind, Limits, Outgoing, row

# Nothing that anybody waits for an answer to.
_QUIET = frozenset({"reaction", "system", "edit", "revoke", "ephemeral", "request_welcome"})
_ARRIVED = frozenset({"sent", "delivered", "read"})


@dataclass(frozen=True)
class Status:
    """What became of one of our messages; ``failed`` holds Meta's error code when it did not arrive."""

    key: str
    arrived: bool
    failed: int | None = None


def read_update(body: Any, phone_id: str) -> tuple[list[Incoming], list[Status]]:
    """Return the messages and statuses in one webhook; what is unknown, or for another number, is passed over."""
    messages: list[Incoming] = []
    statuses: list[Status] = []
    for value in _values(body):
        if str(_dict(value.get("metadata")).get("phone_number_id")) != phone_id:
            continue
        contacts = _dicts(value.get("contacts"))
        for raw in _dicts(value.get("messages")):
            if incoming := _incoming(raw, contacts):
                messages.append(incoming)
        for raw in _dicts(value.get("statuses")):
            if status := _status(raw):
                statuses.append(status)
    return messages, statuses


def _values(body: Any) -> Iterator[dict[str, Any]]:
    for entry in _dicts(_dict(body).get("entry")):
        for change in _dicts(entry.get("changes")):
            if change.get("field") == "messages":
                yield _dict(change.get("value"))


def _incoming(raw: dict[str, Any], contacts: list[dict[str, Any]]) -> Incoming | None:
    kind, message_id = str(raw.get("type")), str(raw.get("id") or "")
    phone = str(raw.get("from") or "")
    user_id = str(raw.get("from_user_id") or _user_id(phone, contacts))
    if not message_id or not (phone or user_id) or kind in _QUIET:
        return None
    try:
        sent_at = float(raw.get("timestamp") or 0.0)
    except (TypeError, ValueError):
        return None
    text, choice = _words(kind, raw)
    return Incoming(
        message_id=message_id,
        # Meta may leave the number out (usernames); the id that is scoped to the business stays the same.
        person=user_id or phone,
        address={"to": phone} if phone else {"recipient": user_id},
        sent_at=sent_at,
        kind=Kind.CHOICE if choice else Kind.TEXT if kind in {"text", "button"} else Kind.OTHER,
        text=text,
        choice=choice,
    )


def _words(kind: str, raw: dict[str, Any]) -> tuple[str, str]:
    """Return the words of a message (typed, on a button, under a picture) and the id of a pressed choice."""
    content = _dict(raw.get(kind))
    if kind == "text":
        return str(content.get("body") or ""), ""
    if kind == "button":
        return str(content.get("text") or ""), ""
    if kind == "interactive":
        reply = _dict(content.get(str(content.get("type"))))
        return str(reply.get("title") or ""), str(reply.get("id") or "")
    return str(content.get("caption") or ""), ""


def _user_id(phone: str, contacts: list[dict[str, Any]]) -> str:
    """The id that stands with the sender; one delivery may hold messages of several people."""
    matching = [one for one in contacts if len(contacts) == 1 or (phone and one.get("wa_id") == phone)]
    return str(matching[0].get("user_id") or "") if matching else ""


def _status(raw: dict[str, Any]) -> Status | None:
    key, status = raw.get("biz_opaque_callback_data"), raw.get("status")
    if not isinstance(key, str) or status not in {*_ARRIVED, "failed"}:
        return None
    errors = _dicts(raw.get("errors"))
    code = errors[0].get("code") if errors else 0
    failed = code if isinstance(code, int) else 0
    return Status(key, True) if status in _ARRIVED else Status(key, False, failed)


def to_graph(message: Outgoing, limits: Limits, open_list: str, list_title: str) -> tuple[str, Any]:
    """Return type and content of a message as the Graph API wants it."""
    if message.contacts:
        return "contacts", [_contact(card) for card in message.contacts]
    if message.style == BUTTONS:
        buttons = [Button(choice.title, choice.id).to_dict() for choice in message.choices]
        return "interactive", _interactive("button", message.text, {"buttons": buttons})
    if message.style == LIST:
        rows = [_row(*row(choice, limits), choice.id) for choice in message.choices]
        sections = SectionList(open_list, [Section(list_title, rows)]).to_dict()
        return "interactive", _interactive("list", message.text, sections)
    return "text", {"body": message.text, "preview_url": False}


def _row(title: str, description: str, choice_id: str) -> SectionRow:
    return SectionRow(title, choice_id, description or None)


def _interactive(kind: str, text: str, action: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, "body": {"text": text}, "action": action}


def _contact(card: dict[str, str]) -> dict[str, Any]:
    name = card["name"]
    contact = Contact(
        name=Contact.Name(formatted_name=name, first_name=name),
        phones=[Contact.Phone(phone=card["phone"], type="WORK")] if card.get("phone") else (),
        emails=[Contact.Email(email=card["email"], type="WORK")] if card.get("email") else (),
        urls=[Contact.Url(url=card["url"], type="WORK")] if card.get("url") else (),
    )
    return dict(_without_nothing(contact.to_dict()))


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nothing(item) for key, item in value.items() if item not in (None, (), [])}
    if isinstance(value, (list, tuple)):
        return [_without_nothing(item) for item in value]
    return value


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
