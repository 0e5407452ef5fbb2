"""What every messaging channel shares: a durable queue, order per person, one answer per message, and a channel's limits.

A channel is a subclass of `MessagingInput` with three things (see ``bot/channels/whatsapp.py``):

* ``limits``: what it can show (`Limits`), and ``settle``: how long an answer of which nobody knows whether it went out waits for
  the network's word before it is sent again, in seconds (0, the default, where a key makes sending twice harmless);
* ``routes(blueprint)``: its webhook, added with ``self.route``. It checks who is calling, makes an `Incoming` of each message, awaits ``self.receive([…])`` and then
  answers 200 at once; 503 when ``receive`` raises, so that the network delivers again. Where the network reports what became of an answer,
  the webhook calls ``self.sent(key)``;
* ``deliver(address, message, key)``: sends one `Outgoing`. It raises `TryLater` (429, 5xx, no connection), `Undeliverable` (will never work)
  or `Uncertain` (the connection broke after sending).

A network where somebody must join, leave or decline first does so in ``attend``, in the message's own turn.

A channel may also show that a message was read and that an answer is coming (``acknowledge``), and use ``open`` and ``close`` for what needs a running
event loop, such as an HTTP client. ``from_credentials`` makes it from the environment: `MessagingSettings.from_environment` for what is
shared, `required` for its own variables; without those it returns an `Off`, which says so in the log and has no routes.

`Outgoing.text` is in the channel's markup. Its choices are to be shown as ``style`` says (``buttons`` or ``list``, see `render.row`); with
``numbers`` and ``letters``, the text already lists them. What comes back of a pressed choice is `Choice.id`, put in `Incoming.choice` with the
title in `Incoming.text`. Numbers and typed titles are understood by the base.

The base knows people by a keyed hash of ``<channel>:<person>``, which is Rasa's sender id and the name in every store. Texts and addresses stand in the
queue sealed, and only until they are handled.
"""

from bot.channels.messaging.channel import MAX_BODY, MessagingInput, Off
from bot.channels.messaging.model import (
    Choice,
    Incoming,
    Kind,
    Limits,
    Outgoing,
    TryLater,
    Uncertain,
    Undeliverable,
)
from bot.channels.messaging.render import BUTTONS, LIST, row
from bot.channels.messaging.settings import MessagingSettings, required

__all__ = [
    "BUTTONS",
    "LIST",
    "MAX_BODY",
    "Choice",
    "Incoming",
    "Kind",
    "Limits",
    "MessagingInput",
    "MessagingSettings",
    "Off",
    "Outgoing",
    "TryLater",
    "Uncertain",
    "Undeliverable",
    "required",
    "row",
]
