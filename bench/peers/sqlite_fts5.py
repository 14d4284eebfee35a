"""SQLite: a table with indexed columns, and FTS5 over all leaf values."""

import sqlite3

from deliveries import FIELDS, shaped, values_of
from peers.peer import CannotAsk
from peers.sql import SqlPeer, text
from workload import FACETS, During, Is, Leaf, Not, Prefix, Wildcard, Words

INDEXED = [*FACETS, "user_identity_arn", "session_issuer_arn", "user_identity_access_key_id"]
FTS_MEMORY_BYTES = 64 << 20


def phrase(words):
    return "'\"" + " ".join(words) + "\"'"


def successor(prefix):
    """The first text after all that begin with the prefix."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def shape(event):
    """A row of `events`, a row of `words`."""
    return (event.time, *event.fields, event.raw), "\n".join(values_of(event.record))


class SqliteFts5(SqlPeer):
    name = "sqlite"
    title = "SQLite FTS5"
    told = ("a table with the exact fields and the record, indexes on the time and on eleven fields; "
            "FTS5 (unicode61) without content over all leaf values; one transaction without a "
            "journal, indexes made after the rows; fed from Python; in the process")

    @classmethod
    def version(cls):
        return sqlite3.sqlite_version

    def connect(self, journal):
        database = sqlite3.connect(self.directory / "events.db", isolation_level=None)
        for setting in ("page_size = 8192", "cache_size = -524288", "mmap_size = 34359738368",
                        f"journal_mode = {journal}", "synchronous = NORMAL", "threads = 8",
                        "temp_store = MEMORY"):
            database.execute("PRAGMA " + setting)
        return database

    def ingest(self, logs):
        database = self.connect("OFF")
        columns = ", ".join(f"{field} TEXT" for field in FIELDS)  # GLOB uses indexes of TEXT alone.
        database.execute(f"CREATE TABLE events (time INTEGER, {columns}, record TEXT)")
        database.execute("CREATE VIRTUAL TABLE words USING fts5(leaves, content='')")
        database.execute("INSERT INTO words (words, rank) VALUES ('hashsize', ?)",
                         [FTS_MEMORY_BYTES])
        database.execute("BEGIN")
        insert = f"INSERT INTO events VALUES (?{', ?' * (len(FIELDS) + 1)})"
        number = 0
        for rows in shaped(logs, shape):
            database.executemany(insert, (row for row, _ in rows))
            database.executemany("INSERT INTO words (rowid, leaves) VALUES (?, ?)",
                                 ((number + i, words) for i, (_, words) in enumerate(rows, 1)))
            number += len(rows)
        database.execute("CREATE INDEX by_time ON events (time)")
        for field in INDEXED:
            database.execute(f"CREATE INDEX by_{field} ON events ({field}, time)")
        database.execute("COMMIT")
        database.execute("ANALYZE")
        database.close()

    def open(self, logs):
        self.database = self.connect("WAL")
        self.database.execute(f"CREATE TEMP TABLE hits (time, {', '.join(FACETS)})")

    def spell(self, condition):
        match condition:
            case Is(field, value):
                return f"{field} = {text(value)}"
            case Prefix(field, prefix):
                return f"{field} >= {text(prefix)} AND {field} < {text(successor(prefix))}"
            case Wildcard(field, pattern):
                return f"{field} GLOB {text(pattern)}"
            case During(begin, end):
                return f"time >= {begin} AND time < {end}"
            case Words():
                matching = f"SELECT rowid FROM words WHERE words MATCH {phrase(condition.words())}"
                return f"rowid IN ({matching})"
            case Leaf(path, value) if path.count(".") == 1:
                return (self.spell(Words(value)) +
                        f" AND json_extract(record, {text('$.' + path)}) = {text(value)}")
            case Not(Is(field, value)):
                return f"{field} IS NOT {text(value)}"
            case _:
                raise CannotAsk

    def keep_hits(self, where):
        self.database.execute("DELETE FROM hits")
        self.database.execute(
            f"INSERT INTO hits SELECT time, {', '.join(FACETS)} FROM events WHERE {where}")
