"""DuckDB: one table in order of time, the record and all leaf values compressed with zstd."""

from deliveries import FIELDS, gathered, shaped, values_of
from peers.peer import CannotAsk, missing_modules
from peers.sql import SqlPeer, like, text
from workload import FACETS, During, Is, Leaf, Not, Prefix, Wildcard, Words

ROWS_AT_ONCE = 20_000


def shape(event):
    """A row of the table."""
    return event.time, *event.fields, "\n".join(values_of(event.record)).lower(), event.raw


class DuckDb(SqlPeer):
    name = "duckdb"
    title = "DuckDB"
    told = ("a table in order of time with the exact fields, and with the record and all leaf values "
            "in zstd; no text index (the extension is not to be had without the internet), so words "
            "are a scan; fed from Python in Arrow batches; all cores; in the process")
    divide = "//"

    @classmethod
    def missing(cls):
        return missing_modules("duckdb", "pyarrow")

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
        columns = ["time INTEGER", *(f"{field} VARCHAR" for field in FIELDS),
                   "leaves VARCHAR USING COMPRESSION zstd", "record VARCHAR USING COMPRESSION zstd"]
        database.execute(f"CREATE TABLE events ({', '.join(columns)})")
        database.execute("CREATE TEMP TABLE staged AS FROM events")
        names = ["time", *FIELDS, "leaves", "record"]
        for rows in gathered(shaped(logs, shape), ROWS_AT_ONCE):
            arrow = pyarrow.table(  # noqa: F841 (named in the statement)
                [pyarrow.array(column, pyarrow.int32() if name == "time" else pyarrow.string())
                 for name, column in zip(names, zip(*rows))], names)
            database.execute("INSERT INTO staged SELECT * FROM arrow")
        database.execute("INSERT INTO events FROM staged ORDER BY time")
        database.execute("DROP TABLE staged")
        database.execute("CHECKPOINT")
        database.close()

    def open(self, logs):
        self.database = self.connect()

    def spell(self, condition):
        match condition:
            case Is(field, value):
                return f"{field} = {text(value)}"
            case Prefix(field, prefix):
                return f"starts_with({field}, {text(prefix)})"
            case Wildcard(field, pattern):
                return f"{field} LIKE {text(like(pattern))} ESCAPE '\\'"
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

    def keep_hits(self, where):
        self.database.execute("CREATE OR REPLACE TEMP TABLE hits AS "
                              f"SELECT time, {', '.join(FACETS)} FROM events WHERE {where}")
