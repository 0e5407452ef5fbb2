"""What a citizen may see of a channel."""

from __future__ import annotations

from bot.errors import DataError
from bot.referral.load import ChannelData
from bot.referral.model import Channel, Fact, Show

CARD_FIELDS = (
    "phone",
    "phone_note",
    "email",
    "url",
    "form_url",
    "address",
    "hours",
    "cost",
    "anonymous",
    "confidential",
)
# Contact that waits for a check when only the site of a channel is released.
_HELD_BACK = frozenset({"phone", "phone_note", "phone_abroad", "email", "form_url", "address", "hours"})
_NAMES = frozenset({"name", "short_name", "what"})


def visible(channel: Channel) -> dict[str, Fact]:
    """Return the facts of a channel that citizens may see."""
    if channel.show is Show.NEVER:
        return {}
    held = _HELD_BACK if channel.show is Show.SITE else frozenset()
    facts = {name: fact for name, fact in channel.facts.items() if fact.verified and name not in held}
    if "phone" not in facts:
        facts.pop("phone_note", None)
    return facts


def is_shown(channel_id: str, data: ChannelData) -> bool:
    """Return whether the channel exists and may be named to citizens as a place to go."""
    return channel_id in data.channels and data.channels[channel_id].show is not Show.NEVER


def card(channel_id: str, data: ChannelData, reason: str | None = None) -> dict[str, object]:
    """Return the JSON-able contact card of a channel; absent and unverified facts are left out.

    ``tel`` is the phone number as a link, ``checked`` the oldest day (ISO 8601) of the facts shown.

    Raises:
        DataError: no such channel, or one that citizens may not see.
    """
    channel = _shown(channel_id, data)
    facts = visible(channel)
    shown: dict[str, object] = {"id": channel.id, "name": channel.name, "what": channel.what}
    shown["reason"] = reason
    for name in CARD_FIELDS:
        if name in facts:
            shown[name] = facts[name].value
            if name == "phone":
                shown["tel"] = "tel:" + str(facts[name].value).replace(" ", "")
    if channel.have_ready:
        shown["have_ready"] = list(channel.have_ready)
    if facts:
        shown["checked"] = min(fact.checked for fact in facts.values()).isoformat()
    return shown


def fact(channel_id: str, field: str, data: ChannelData) -> str:
    """Return one value that citizens may see, for a placeholder such as ``{unia.phone}``.

    Args:
        channel_id: id in ``data/channels.yml``.
        field: ``name``, ``short_name``, ``what`` or a fact that is text (not anonymous or confidential).

    Raises:
        DataError: no such channel or field, or a fact that is not verified.
    """
    channel = _shown(channel_id, data)
    if field in _NAMES:
        return str(getattr(channel, field))
    value = visible(channel).get(field)
    if value is None or isinstance(value.value, bool):
        raise DataError(
            f"{channel_id}.{field} is not a verified text in data/channels.yml; "
            f"use one of {', '.join(sorted(_NAMES | _texts(channel)))}"
        )
    return value.value


def _texts(channel: Channel) -> set[str]:
    return {name for name, known in visible(channel).items() if isinstance(known.value, str)}


def _shown(channel_id: str, data: ChannelData) -> Channel:
    channel = data.channels.get(channel_id)
    if channel is None:
        raise DataError(f"'{channel_id}' is no channel of data/channels.yml")
    if channel.show is Show.NEVER:
        raise DataError(f"'{channel_id}' may not be shown to citizens (show: niet in data/channels.yml)")
    return channel
