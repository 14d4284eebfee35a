"""DuckDB: one table in order of time, the record and all leaf values compressed with zstd."""

from deliveries import FIELDS, shaped, values_of
from peers.peer import Asking, CannotAsk, Peer
from truth import Answer
from workload import FACET_SIZE, FACETS, HOUR, During, Is, Leaf, Not, Prefix, Wildcard, Words

ROWS_AT_ONCE = 20_000


def text(value):
    return "'" + value.replace("'", "''") + "'"


def like(value):
    for special in "\\%_":
        value = value.replace(special, "\\" + special)
    return value


def spell(condition):
    match condition:
        case Is(field, value):
            return f"{field} = {text(value)}"
        case Prefix(field, prefix):
            return f"starts_with({field}, {text(prefix)})"
        case Wildcard(field, pattern):
            return f"{field} LIKE {text(like(pattern).replace('*', '%'))} ESCAPE '\\'"
        case During(begin, end):
            return f"time >= {begin} AND time < {end}"
        case Words():
            words = condition.words()
            regex = "(^|[^0-9a-z])" + "[^0-9a-z\n]+".join(words) + "($|[^0-9a-z])"
            return (f"contains(leaves, {text(words[-1])}) "
                    f"AND regexp_matches(leaves, {text(regex)})")
        case Leaf(path, value) if path.count(".") == 1:
            return (f"contains(record, {text(value)}) "
                    f"AND json_extract_string(record, {text('$.' + path)}) = {text(value)}")
        case Not(Is(field, value)):
            return f"{field} IS DISTINCT FROM {text(value)}"
        case _:
            raise CannotAsk


def shape(event):
    """A row of the table."""
    return event.time, *event.fields, "\n".join(values_of(event.record)).lower(), event.raw


class DuckDb(Peer):
    name = "duckdb"
    title = "DuckDB"
    told = ("a table in order of time with the exact fields, and with the record and all leaf values "
            "in zstd; no text index (the extension is not to be had without the internet), so words "
            "are a scan; fed from Python in Arrow batches; all cores; in the process")

    def __init__(self, directory):
        super().__init__(directory)
        self.database = None

    @classmethod
    def missing(cls):
        try:
            import duckdb  # noqa: F401
            import pyarrow  # noqa: F401
        except ImportError as error:
            return str(error)
        return None

    @classmethod
    def version(cls):
        import duckdb
        return duckdb.__version__

    def connect(self):
        import duckdb
        return duckdb.connect(self.directory / "events.db",
                              config={"storage_compatibility_version": "latest"})

    def ingest(self, logs):
        import pyarrow
        database = self.connect()
        columns = ["time INTEGER", *(f"{field} VARCHAR" for field in FIELDS)]
        wide = ["leaves VARCHAR USING COMPRESSION zstd", "record VARCHAR USING COMPRESSION zstd"]
        database.execute(f"CREATE TABLE events ({', '.join(columns + wide)})")
        names = ["time", *FIELDS, "leaves", "record"]
        pending = []

        def insert():
            arrow = pyarrow.table(  # noqa: F841 (named in the statement)
                [pyarrow.array(column, pyarrow.int32() if i == 0 else pyarrow.string())
                 for i, column in enumerate(zip(*pending))], names)
            database.execute("INSERT INTO staged SELECT * FROM arrow")
            pending.clear()

        database.execute("CREATE TEMP TABLE staged AS FROM events")
        for rows in shaped(logs, shape):
            pending += rows
            if len(pending) >= ROWS_AT_ONCE:
                insert()
        if pending:
            insert()
        database.execute("INSERT INTO events FROM staged ORDER BY time")
        database.execute("DROP TABLE staged")
        database.execute("CHECKPOINT")
        database.close()

    def open(self, logs):
        self.database = self.connect()

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
        """The hits' facet columns are found once when there are conditions."""
        execute = self.database.execute
        hits = "events"
        if query.where:
            execute("CREATE OR REPLACE TEMP TABLE hits AS "
                    f"SELECT time, {', '.join(FACETS)} FROM events WHERE {where}")
            hits = "hits"
        count = execute(f"SELECT count(*) FROM {hits}").fetchone()[0]
        facets = {field: dict(execute(
            f"SELECT {field}, count(*) FROM {hits} WHERE {field} IS NOT NULL "
            f"GROUP BY 1 ORDER BY 2 DESC LIMIT {FACET_SIZE}").fetchall()) for field in FACETS}
        hours = dict(execute(f"SELECT time // {HOUR} * {HOUR}, count(*) FROM {hits} GROUP BY 1")
                     .fetchall()) if query.histogram else None
        return count, facets, hours

    def close(self):
        if self.database:
            self.database.close()
