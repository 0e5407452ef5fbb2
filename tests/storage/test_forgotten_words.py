"""A word that was deleted from a full-text index is in no byte of the database any more."""

from __future__ import annotations

from bot.storage.database import connect, forget_deleted

WORD = "brontosaurus"


def test_a_full_text_index_forgets(tmp_path):
    engine = connect(f"sqlite:///{tmp_path / 'search.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE VIRTUAL TABLE words USING fts5(text, content='')")
        connection.exec_driver_sql("INSERT INTO words(rowid, text) VALUES (1, 'een appel'), (3, 'zwart')")
        connection.exec_driver_sql("INSERT INTO words(rowid, text) VALUES (2, ?)", (WORD,))
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO words(words, rowid, text) VALUES ('delete', 2, ?)", (WORD,))
    found = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert WORD.encode() in found, "the deletion alone leaves the word in the file"
    forget_deleted(engine, "words")
    engine.dispose()
    assert WORD.encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
