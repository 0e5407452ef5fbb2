"""The durable queue: nothing that was acknowledged is lost, nothing is answered twice, whatever dies in between.

An SQLite file of its own (``var/messaging.db``), or tables in PostgreSQL with ``STADSBOT_DB_URL``. All methods block; call
them off the event loop.
"""

from __future__ import annotations

import contextlib
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.channels.messaging.holding import Holding
from bot.channels.messaging.model import Choices, Incoming, Outgoing
from bot.privacy.pseudonym import pseudonym
from bot.privacy.vault import Vault
from bot.storage.database import connect
from bot.storage.messaging_tables import inbox, messaging_metadata, outbox, people, seen

KEEP_SEEN = 8 * 24 * 3600.0  # seconds; Meta delivers again for seven days
Kept = TypeVar("Kept")
STAGED, READY, SENDING = "staged", "ready", "sending"


@dataclass(frozen=True)
class Arrived:
    """A waiting message. ``incoming`` is None when it cannot be opened any more (another secret)."""

    id: int
    conversation: str
    message: str
    attempts: int
    incoming: Incoming | None


@dataclass(frozen=True)
class Departing:
    """A waiting answer; its parts are None when it cannot be opened any more (another secret)."""

    id: int
    conversation: str
    key: str
    created: float
    until: float
    due: float
    attempts: int
    address: dict[str, str] | None
    outgoing: Outgoing | None


class Queue:
    """The inbox and outbox of one channel."""

    def __init__(
        self, url: str, secret: str, channel: str, clock: Callable[[], float] = time.time, locks: int = 16
    ) -> None:
        """Connect and make the tables. ``locks`` is how many conversations this process handles at a time."""
        self.channel = channel
        self.vault = Vault(secret)
        self._secret = secret
        self._clock = clock
        self.engine = connect(url)
        # A message that was acknowledged survives a power cut too; what happens to it afterwards can be done again, so it
        # does not wait for the disk.
        self._receiving = connect(url)
        if url.startswith("sqlite"):
            sa.event.listen(self._receiving, "connect", _write_through)
        messaging_metadata.create_all(self.engine)
        self._holding = Holding(url, locks)

    def conversation(self, person: str) -> str:
        """Return the id of a person's conversation, the same that the stores use."""
        return pseudonym(f"{self.channel}:{person}", self._secret)

    # What comes in

    def receive(self, messages: Iterable[Incoming]) -> list[str]:
        """Store messages that were not seen before; return the conversations that have something new."""
        now = self._clock()
        named = [(self.vault.name(self.channel, one.message_id), one) for one in messages]
        fresh: list[str] = []
        with self._receiving.begin() as connection:
            # In a fixed order, so that two workers cannot wait for each other's rows.
            new = {
                message
                for message in sorted({name for name, _ in named})
                if self._first_time(connection, message, now)
            }
            for message, incoming in named:
                if message not in new:
                    continue
                new.discard(message)
                conversation = self.conversation(incoming.person)
                row = {
                    "channel": self.channel,
                    "conversation": conversation,
                    "message": message,
                    "sent_at": incoming.sent_at,
                    "timestamp": now,
                    "due": 0.0,
                    "attempts": 0,
                    "sealed": self.vault.seal(incoming.to_json()),
                }
                connection.execute(inbox.insert(), row)
                fresh.append(conversation)
        return list(dict.fromkeys(fresh))

    def _first_time(self, connection: Connection, message: str, now: float) -> bool:
        statement = sa.text(
            "INSERT INTO messaging_seen (channel, message, timestamp) VALUES (:channel, :message, :now) "
            "ON CONFLICT (channel, message) DO NOTHING"
        )
        values = {"channel": self.channel, "message": message, "now": now}
        return bool(connection.execute(statement, values).rowcount)

    def next_arrived(self, conversation: str) -> Arrived | None:
        """Return the oldest waiting message of a conversation; None while it may not be tried yet."""
        query = (
            sa.select(inbox)
            .where(inbox.c.channel == self.channel, inbox.c.conversation == conversation)
            .order_by(inbox.c.sent_at, inbox.c.id)
            .limit(1)
        )
        row = self._first(query)
        if row is None or row["due"] > self._clock():
            return None
        return Arrived(
            id=row["id"],
            conversation=conversation,
            message=row["message"],
            attempts=row["attempts"],
            incoming=_read(Incoming.from_json, self.vault.open(row["sealed"])),
        )

    def begin(self, arrived: Arrived) -> None:
        """Count an attempt, and drop what an earlier attempt had prepared."""
        with self.engine.begin() as connection:
            connection.execute(
                inbox.update().where(inbox.c.id == arrived.id).values(attempts=arrived.attempts + 1)
            )
            connection.execute(outbox.delete().where(*self._staged(arrived.conversation)))

    def retry_arrived(self, arrived: Arrived, due: float) -> None:
        """Try this message again later."""
        with self.engine.begin() as connection:
            connection.execute(inbox.update().where(inbox.c.id == arrived.id).values(due=due))

    def stage(
        self, conversation: str, address: dict[str, str], messages: Iterable[Outgoing], until: float
    ) -> None:
        """Put answers in the outbox; they leave when the turn is finished."""
        now = self._clock()
        rows = [
            {
                "channel": self.channel,
                "conversation": conversation,
                "key": secrets.token_hex(16),
                "state": STAGED,
                "timestamp": now,
                "until": until,
                "due": 0.0,
                "attempts": 0,
                "sealed": self.vault.seal({"address": address, "message": message.to_json()}),
            }
            for message in messages
        ]
        if rows:
            with self.engine.begin() as connection:
                connection.execute(outbox.insert(), rows)

    def finish(self, arrived: Arrived, choices: Choices | None = None) -> None:
        """The turn is done: its answers may leave, the message goes, and what can be chosen now is kept (None: as before)."""
        with self.engine.begin() as connection:
            connection.execute(outbox.update().where(*self._staged(arrived.conversation)).values(state=READY))
            connection.execute(inbox.delete().where(inbox.c.id == arrived.id))
            if choices is not None:
                self._keep(connection, arrived.conversation, choices)

    def staged(self, conversation: str) -> list[Outgoing]:
        """Return what an unfinished turn has said so far."""
        query = sa.select(outbox).where(*self._staged(conversation)).order_by(outbox.c.id)
        with self.engine.connect() as connection:
            opened = [self.vault.open(row["sealed"]) for row in connection.execute(query).mappings()]
        return [one for each in opened if each and (one := _read(Outgoing.from_json, each["message"]))]

    def _staged(self, conversation: str) -> tuple[Any, ...]:
        return (
            outbox.c.channel == self.channel,
            outbox.c.conversation == conversation,
            outbox.c.state == STAGED,
        )

    # What a person can choose

    def choices(self, conversation: str) -> Choices:
        """Return what the person may choose from."""
        row = self._first(sa.select(people).where(people.c.conversation == conversation))
        kept = _read(Choices.from_json, self.vault.open(row["sealed"])) if row else None
        return kept or Choices()

    def _keep(self, connection: Connection, conversation: str, choices: Choices) -> None:
        values = {"timestamp": self._clock(), "sealed": self.vault.seal(choices.to_json())}
        changed = connection.execute(
            people.update().where(people.c.conversation == conversation).values(**values)
        ).rowcount
        if not changed:
            connection.execute(
                people.insert().values(conversation=conversation, channel=self.channel, **values)
            )

    # What goes out

    def next_departing(self, conversation: str) -> Departing | None:
        """Return the oldest answer that waits to be sent, even when it may not be sent yet (``due``)."""
        query = (
            sa.select(outbox)
            .where(
                outbox.c.channel == self.channel,
                outbox.c.conversation == conversation,
                outbox.c.state != STAGED,
            )
            .order_by(outbox.c.id)
            .limit(1)
        )
        row = self._first(query)
        if row is None:
            return None
        opened = self.vault.open(row["sealed"]) or {}
        return Departing(
            id=row["id"],
            conversation=conversation,
            key=row["key"],
            created=row["timestamp"],
            until=row["until"],
            due=row["due"],
            attempts=row["attempts"],
            address=opened.get("address"),
            outgoing=_read(Outgoing.from_json, opened.get("message")),
        )

    def sending(self, departing: Departing, due: float) -> None:
        """Note, before it happens, that an answer is handed to the network; at ``due`` it is doubtful whether it was."""
        self._change(departing, state=SENDING, due=due, attempts=departing.attempts + 1)

    def send_again(self, departing: Departing, due: float) -> None:
        """The network did not take it: send it again later."""
        self._change(departing, state=READY, due=due)

    def doubt_until(self, due: float) -> None:
        """Leave every answer of which it is not known whether it went out alone until ``due`` at least."""
        doubtful = (outbox.c.channel == self.channel, outbox.c.state == SENDING, outbox.c.due < due)
        with self.engine.begin() as connection:
            connection.execute(outbox.update().where(*doubtful).values(due=due))

    def settled(self, departing: Departing) -> None:
        """Sent, or never to be sent: the row goes."""
        with self.engine.begin() as connection:
            connection.execute(outbox.delete().where(outbox.c.id == departing.id))

    def confirmed(self, key: str) -> bool:
        """The network says that it has the message with this key; return whether that was still in doubt."""
        with self.engine.begin() as connection:
            statement = outbox.delete().where(outbox.c.key == key, outbox.c.state == SENDING)
            return bool(connection.execute(statement).rowcount)

    def _change(self, departing: Departing, **values: Any) -> None:
        with self.engine.begin() as connection:
            connection.execute(outbox.update().where(outbox.c.id == departing.id).values(**values))

    # Who works on what

    def forget_seen(self) -> None:
        """Drop the hashes of messages that no network delivers again."""
        with self.engine.begin() as connection:
            connection.execute(seen.delete().where(seen.c.timestamp < self._clock() - KEEP_SEEN))

    def waiting(self) -> list[str]:
        """Return the conversations with something to do now."""
        now = self._clock()
        arrived = sa.select(inbox.c.conversation).where(inbox.c.channel == self.channel, inbox.c.due <= now)
        leaving = sa.select(outbox.c.conversation).where(
            outbox.c.channel == self.channel, outbox.c.state != STAGED, outbox.c.due <= now
        )
        with self.engine.connect() as connection:
            return [row[0] for row in connection.execute(sa.union(arrived, leaving))]

    def mine(self, conversation: str) -> contextlib.AbstractContextManager[bool]:
        """Hold a conversation; yields False when this or another worker has it (`Holding.hold`)."""
        return self._holding.hold(conversation)

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()
        self._receiving.dispose()
        self._holding.close()

    def _first(self, query: Any) -> Any:
        with self.engine.connect() as connection:
            return connection.execute(query).mappings().first()


def _read(make: Callable[[dict[str, Any]], Kept], opened: dict[str, Any] | None) -> Kept | None:
    """Make what was sealed; None when it could not be opened, or was sealed by a version that wrote it in another way."""
    try:
        return make(opened) if opened else None
    except (KeyError, TypeError, ValueError):
        return None


def _write_through(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()
