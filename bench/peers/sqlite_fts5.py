"""SQLite: a table with indexed columns, and FTS5 over all leaf values."""

import sqlite3

from deliveries import FIELDS, shaped, values_of
from peers.peer import Asking, CannotAsk, Peer
from truth import Answer
from workload import FACET_SIZE, FACETS, HOUR, During, Is, Leaf, Not, Prefix, Wildcard, Words

INDEXED = [*FACETS, "user_identity_arn", "session_issuer_arn", "user_identity_access_key_id"]


def text(value):
    return "'" + value.replace("'", "''") + "'"


def phrase(words):
    return "'\"" + " ".join(words) + "\"'"


def successor(prefix):
    """The first text after all that begin with the prefix."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def spell(condition):
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
            return f"rowid IN (SELECT rowid FROM words WHERE words MATCH {phrase(condition.words())})"
        case Leaf(path, value) if path.count(".") == 1:
            return (spell(Words(value)) +
                    f" AND json_extract(record, {text('$.' + path)}) = {text(value)}")
        case Not(Is(field, value)):
            return f"{field} IS NOT {text(value)}"
        case _:
            raise CannotAsk


def shape(event):
    """A row of `events`, a row of `words`."""
    return (event.time, *event.fields, event.raw), "\n".join(values_of(event.record))


class SqliteFts5(Peer):
    name = "sqlite"
    title = "SQLite FTS5"
    told = ("a table with the exact fields and the record, indexes on the time and on eleven fields; "
            "FTS5 (unicode61) without content over all leaf values; one transaction, indexes made "
            "after the rows; fed from Python; in the process")

    def __init__(self, directory):
        super().__init__(directory)
        self.database = None

    @classmethod
    def version(cls):
        return sqlite3.sqlite_version

    def connect(self):
        database = sqlite3.connect(self.directory / "events.db", isolation_level=None)
        for setting in ("page_size = 8192", "cache_size = -524288", "mmap_size = 34359738368",
                        "journal_mode = WAL", "synchronous = NORMAL", "threads = 8",
                        "temp_store = MEMORY"):
            database.execute("PRAGMA " + setting)
        return database

    def ingest(self, logs):
        database = self.connect()
        columns = ", ".join(f"{field} TEXT" for field in FIELDS)  # GLOB uses indexes of TEXT alone.
        database.execute(f"CREATE TABLE events (time INTEGER, {columns}, record TEXT)")
        database.execute("CREATE VIRTUAL TABLE words USING fts5(leaves, content='')")
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
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.execute("ANALYZE")
        database.close()

    def open(self, logs):
        self.database = self.connect()
        self.database.execute(f"CREATE TEMP TABLE hits (time, {', '.join(FACETS)})")

    def prepare(self, query):
        where = " AND ".join(spell(condition) for condition in query.where) or "TRUE"
        if query.facets:
            return Asking(lambda: self.ask_facets(query, where),
                          lambda rows: Answer(rows[0], None, *rows[1:]))
        count = f"SELECT count(*) FROM events WHERE {where}"
        newest = (f"SELECT event_id, record FROM events WHERE {where} "
                  f"ORDER BY time DESC LIMIT {query.newest}")
        execute = self.database.execute
        return Asking(lambda: (execute(count).fetchone()[0], execute(newest).fetchall()),
                      lambda result: Answer(*result))

    def ask_facets(self, query, where):
        """Every facet from an index; or, with conditions, from the hits' columns, found once."""
        execute = self.database.execute
        hits = "events"
        if query.where:
            hits = "hits"
            execute("DELETE FROM hits")
            execute(f"INSERT INTO hits SELECT time, {', '.join(FACETS)} FROM events WHERE {where}")
        count = execute(f"SELECT count(*) FROM {hits}").fetchone()[0]
        facets = {field: dict(execute(
            f"SELECT {field}, count(*) FROM {hits} WHERE {field} IS NOT NULL "
            f"GROUP BY 1 ORDER BY 2 DESC LIMIT {FACET_SIZE}").fetchall()) for field in FACETS}
        hours = dict(execute(f"SELECT time / {HOUR} * {HOUR}, count(*) FROM {hits} GROUP BY 1")
                     .fetchall()) if query.histogram else None
        return count, facets, hours

    def close(self):
        if self.database:
            self.database.close()
