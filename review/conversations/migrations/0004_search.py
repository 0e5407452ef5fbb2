"""Full-text search over the citizens' words, kept up to date by the database itself.

Raw SQL from another process (erasure, purging) thereby leaves nothing behind either. SQLite: an FTS5 index without a copy of
the text; its row id is the conversation's number and the message's, so that a search needs no other table. FTS5 takes
deleted words out of its file when it merges, which `bot.storage.database.forget_deleted` asks for; its own secure-delete
exists from SQLite 3.42 only and shuts out older processes. PostgreSQL: a stored tsvector with Dutch stems.
"""

from __future__ import annotations

from django.db import migrations

_DELETE = (
    "INSERT INTO conversations_search(conversations_search, rowid, text) "
    "SELECT 'delete', (c.id << 31) | OLD.id, OLD.text FROM conversations_conversation c WHERE c.conversation = OLD.conversation"
)

SQLITE = [
    "CREATE VIRTUAL TABLE conversations_search USING fts5(text, content='', tokenize='unicode61 remove_diacritics 2')",
    """CREATE TRIGGER message_searchable AFTER INSERT ON conversations_message WHEN NEW.kind = 'user'
        BEGIN INSERT INTO conversations_search(rowid, text) SELECT (c.id << 31) | NEW.id, NEW.text
        FROM conversations_conversation c WHERE c.conversation = NEW.conversation; END""",
    f"""CREATE TRIGGER message_forgotten BEFORE DELETE ON conversations_message WHEN OLD.kind = 'user'
        BEGIN {_DELETE}; END""",
    """CREATE TRIGGER message_changed AFTER UPDATE OF text, kind, conversation ON conversations_message BEGIN
        INSERT INTO conversations_search(conversations_search, rowid, text)
        SELECT 'delete', (c.id << 31) | OLD.id, OLD.text FROM conversations_conversation c
        WHERE c.conversation = OLD.conversation AND OLD.kind = 'user';
        INSERT INTO conversations_search(rowid, text)
        SELECT (c.id << 31) | NEW.id, NEW.text FROM conversations_conversation c
        WHERE c.conversation = NEW.conversation AND NEW.kind = 'user'; END""",
    # Without its conversation a message cannot be found, and its row id in the index is not known any more.
    """CREATE TRIGGER conversation_forgotten BEFORE DELETE ON conversations_conversation BEGIN
        INSERT INTO conversations_search(conversations_search, rowid, text)
        SELECT 'delete', (OLD.id << 31) | m.id, m.text
        FROM conversations_message m WHERE m.conversation = OLD.conversation AND m.kind = 'user'; END""",
    # The feed's messages are stored before the conversation that they make up.
    """CREATE TRIGGER conversation_searchable AFTER INSERT ON conversations_conversation BEGIN
        INSERT INTO conversations_search(rowid, text) SELECT (NEW.id << 31) | m.id, m.text
        FROM conversations_message m WHERE m.conversation = NEW.conversation AND m.kind = 'user'; END""",
    "INSERT INTO conversations_search(rowid, text) SELECT (c.id << 31) | m.id, m.text FROM conversations_message m "
    "JOIN conversations_conversation c ON c.conversation = m.conversation WHERE m.kind = 'user'",
]

POSTGRESQL = [
    # Accents are taken off on both sides, as SQLite's tokenizer does.
    """CREATE FUNCTION conversations_plain(said text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS
        $$ SELECT translate(lower(said), 'áàäâãåéèëêíìïîóòöôõúùüûñçý', 'aaaaaaeeeeiiiiooooouuuuncy') $$""",
    """ALTER TABLE conversations_message ADD COLUMN words tsvector GENERATED ALWAYS AS (
        CASE WHEN kind = 'user' THEN to_tsvector('dutch', conversations_plain(text)) END) STORED""",
    "CREATE INDEX conversations_search ON conversations_message USING gin (words) WITH (fastupdate = off)",
]


SORT_KEYS = """UPDATE conversations_facet SET attention = (SELECT c.attention FROM conversations_conversation c
    WHERE c.conversation = conversations_facet.conversation) WHERE conversation IN (SELECT conversation FROM conversations_conversation)"""


def build(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)
    schema_editor.execute(SORT_KEYS, params=None)


class Migration(migrations.Migration):
    dependencies = [("conversations", "0003_queue")]
    operations = [migrations.RunPython(build, migrations.RunPython.noop)]
