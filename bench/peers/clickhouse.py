"""ClickHouse in the process (chdb): a MergeTree in order of time with a text index."""

import json

from deliveries import FIELDS, gathered, shaped, values_of
from peers.peer import Asking, CannotAsk, Peer, missing_modules
from peers.sql import like
from truth import Answer
from workload import FACET_SIZE, FACETS, HOUR, During, Is, Leaf, Not, Prefix, Wildcard, Words

ROWS_AT_ONCE = 65_536
MANY_VALUES = {"event_id", "request_id", "error_message", "user_identity_access_key_id"}


def text(value):
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def spell(condition):
    match condition:
        case Is(field, value):
            return f"{field} = {text(value)}"
        case Prefix(field, prefix):
            return f"startsWith({field}, {text(prefix)})"
        case Wildcard(field, pattern):
            return f"{field} LIKE {text(like(pattern))}"
        case During(begin, end):
            return f"time >= {begin} AND time < {end}"
        case Words() if len(condition.words()) == 1:
            return f"hasToken(leaves, {text(condition.words()[0])})"
        case Words():
            return f"hasPhrase(leaves, {text(' '.join(condition.words()))})"
        case Leaf(path, value) if path.count(".") == 1:
            keys = ", ".join(text(key) for key in path.split("."))
            return (f"hasAllTokens(leaves, {text(value.lower())}) "
                    f"AND JSONExtractString(record, {keys}) = {text(value)}")
        case Not(inner):
            return f"NOT ({spell(inner)})"
        case _:
            raise CannotAsk


def shape(event):
    """A row of the table."""
    return event.time, *(value or "" for value in event.fields), "\n".join(values_of(event.record)), event.raw


class ClickHouse(Peer):
    name = "clickhouse"
    title = "ClickHouse (chdb)"
    told = ("a MergeTree in order of time with the exact fields (of low cardinality where they are), "
            "the record and all leaf values in zstd, a text index over these; fed from Python in "
            "Arrow batches and merged into one part while it indexes; all cores; in the process")

    def __init__(self, directory):
        super().__init__(directory)
        self.session = None

    @classmethod
    def missing(cls):
        return missing_modules("chdb", "pyarrow")

    @classmethod
    def version(cls):
        from importlib.metadata import version
        return version("chdb-core")

    def connect(self):
        from chdb import session
        self.session = session.Session(str(self.directory / "clickhouse"))

    def create(self):
        kinds = {field: "String CODEC(ZSTD(3))" if field in MANY_VALUES else "LowCardinality(String)"
                 for field in FIELDS}
        columns = ["time UInt32 CODEC(Delta, ZSTD)",
                   *(f"{field} {kind}" for field, kind in kinds.items()),
                   "leaves String CODEC(ZSTD(3))", "record String CODEC(ZSTD(3))",
                   "INDEX words leaves TYPE text(tokenizer = 'splitByNonAlpha', "
                   "preprocessor = lower(leaves))"]
        self.session.query("CREATE DATABASE bench ENGINE = Atomic")
        self.session.query(f"CREATE TABLE bench.events ({', '.join(columns)}) "
                           "ENGINE = MergeTree ORDER BY time "
                           "SETTINGS old_parts_lifetime = 1")

    def ingest(self, logs):
        import pyarrow
        batched = gathered(shaped(logs, shape), ROWS_AT_ONCE)
        rows = next(batched, None)  # The readers start before ClickHouse has threads.
        self.connect()
        self.create()
        names = ["time", *FIELDS, "leaves", "record"]
        while rows is not None:
            arrow = pyarrow.table(  # noqa: F841 (named in the statement)
                [pyarrow.array(column, pyarrow.uint32() if name == "time" else pyarrow.string())
                 for name, column in zip(names, zip(*rows))], names)
            self.session.query("INSERT INTO bench.events SELECT * FROM Python(arrow)")
            rows = next(batched, None)
        self.session.query("OPTIMIZE TABLE bench.events FINAL")
        self.session.close()

    def open(self, logs):
        self.connect()

    def ask(self, statement):
        return self.session.query(statement, "JSONCompact").bytes()

    def prepare(self, query):
        where = " AND ".join(spell(condition) for condition in query.where) or "1"
        count = f"SELECT count() FROM bench.events WHERE {where}"
        if query.newest:
            newest = (f"SELECT event_id, record FROM bench.events WHERE {where} "
                      f"ORDER BY time DESC LIMIT {query.newest}")
            return Asking(lambda: (self.ask(count), self.ask(newest)),
                          lambda result: Answer(int(rows(result[0])[0][0]), rows(result[1])))
        facets = self.facets(where)
        hours = (f"SELECT intDiv(time, {HOUR}) * {HOUR} AS hour, count() FROM bench.events "
                 f"WHERE {where} GROUP BY hour") if query.histogram else None
        return Asking(lambda: (self.ask(count), self.ask(facets), hours and self.ask(hours)),
                      facets_answer)

    def facets(self, where):
        """All facets in one pass over the hits: the count of each value of each field."""
        sets = ", ".join(f"({field})" for field in FACETS)
        return (f"SELECT grouping({', '.join(FACETS)}) AS which, "
                f"concat({', '.join(FACETS)}) AS value, count() AS events FROM bench.events "
                f"WHERE {where} GROUP BY GROUPING SETS ({sets}) "
                f"HAVING value != '' ORDER BY events DESC LIMIT {FACET_SIZE} BY which")

    def close(self):
        if self.session:
            self.session.close()


def rows(answer):
    return json.loads(answer)["data"]


def facets_answer(result):
    count, facets, hours = result
    found = {field: {} for field in FACETS}
    everything = (1 << len(FACETS)) - 1
    for which, value, events in rows(facets):
        bit = everything & ~int(which)  # The one field that was not left out of the group.
        found[FACETS[len(FACETS) - bit.bit_length()]][value] = int(events)
    return Answer(int(rows(count)[0][0]), None, found,
                  {int(hour): int(events) for hour, events in rows(hours)} if hours else None)
