"""Turns of a conversation as Rasa saves them."""

import sqlalchemy as sa
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered

from bot.storage.tables import review, statistics

# What Rasa's SQL tracker store makes.
state = sa.table("events", *(sa.column(n) for n in ("id", "sender_id", "type_name", "timestamp", "data")))


def said(text, intent="ervaring_discriminatie", entities=(), **extra):
    parse = {"text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": list(entities), **extra}
    return UserUttered(text, parse["intent"], parse["entities"], parse, message_id="wamid.MzI0NzkxMjM0NTY=")


def answered(text, answer="verwijzing", **custom):
    return BotUttered(text, {"custom": custom}, {"utter_action": f"utter_{answer}"})


def preparing(on):
    return SlotSet("voorbereiding", on)


async def turn(store, sender, *events):
    """One request: read, add, save; as Rasa does."""
    tracker = await store.get_or_create_tracker(sender)
    if not any(isinstance(event, SessionStarted) for event in tracker.events):
        tracker.update_with_events([ActionExecuted("action_session_start"), SessionStarted()], store.domain)
    tracker.update_with_events(list(events), store.domain)
    await store.save(tracker)
    return tracker


def rows(engine, table):
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(sa.select(table)).mappings()]


def everything(store):
    """All that is stored, as one text."""
    broker = store.event_broker
    return repr([rows(store.engine, state), rows(broker.review, review), rows(broker.statistics, statistics)])
