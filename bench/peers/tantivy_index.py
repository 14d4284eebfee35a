"""tantivy through its Python package."""

from deliveries import FIELDS, cores, leaves_of, shaped, values_of
from peers.peer import Asking, CannotAsk, Peer, missing_modules
from truth import Answer
from workload import FACET_SIZE, FACETS, HOUR, During, Is, Leaf, Not, Prefix, Wildcard, Words

HEAP_BYTES = 1 << 30
# How many values a facet may have before its least frequent are forgotten.
MOST_VALUES = 65_000


def escaped(text):
    """As a regular expression of tantivy's."""
    return "".join(char if char.isalnum() else "\\" + char for char in text)


def shape(event):
    return (event.time, event.fields, leaves_of(event.record), values_of(event.record),
            event.raw.encode())


class Tantivy(Peer):
    name = "tantivy"
    title = "tantivy"
    told = ("the exact fields, `path=value` of every leaf value, and all leaf values as text with "
            "positions; the facets' fields and the time in columns; the record stored; a thread a "
            "core and 1 GiB; merged as it likes; fed from Python; in the process, one thread a query")

    def __init__(self, directory):
        super().__init__(directory)
        self.index = self.searcher = None

    @classmethod
    def missing(cls):
        return missing_modules("tantivy")

    @classmethod
    def version(cls):
        from importlib.metadata import version
        return version("tantivy")

    def schema(self):
        import tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("time", indexed=True, fast=True)
        for field in FIELDS:
            builder.add_text_field(field, tokenizer_name="raw", index_option="basic",
                                   stored=field == "event_id", fast=field in FACETS)
        builder.add_text_field("leaf", tokenizer_name="raw", index_option="basic")
        builder.add_text_field("words", tokenizer_name="words", index_option="position")
        builder.add_bytes_field("record", stored=True)
        return builder.build()

    def connect(self):
        from tantivy import Filter, Index, TextAnalyzerBuilder, Tokenizer
        self.index = Index(self.schema(), path=str(self.directory))
        self.index.register_tokenizer(
            "words", TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase()).build())

    def ingest(self, logs):
        import tantivy
        batched = shaped(logs, shape)
        rows = next(batched, None)  # The readers start before tantivy has threads.
        self.connect()
        writer = self.index.writer(HEAP_BYTES, cores())
        while rows is not None:
            for time, fields, leaves, values, record in rows:
                document = tantivy.Document()
                document.add_unsigned("time", time)
                for field, value in zip(FIELDS, fields):
                    if value is not None:
                        document.add_text(field, value)
                for leaf in leaves:
                    document.add_text("leaf", leaf)
                for value in values:
                    document.add_text("words", value)
                document.add_bytes("record", record)
                writer.add_document(document)
            rows = next(batched, None)
        writer.commit()
        writer.wait_merging_threads()

    def open(self, logs):
        self.connect()
        self.index.reload()
        self.searcher = self.index.searcher()
        self.fields = self.index.schema

    def spell(self, condition):
        from tantivy import FieldType, Query
        match condition:
            case Is(field, value):
                return Query.term_query(self.fields, field, value, "basic")
            case Prefix(field, prefix):
                return Query.regex_query(self.fields, field, escaped(prefix) + ".*")
            case Wildcard(field, pattern):
                regex = ".*".join(map(escaped, pattern.split("*")))
                return Query.regex_query(self.fields, field, regex)
            case During(begin, end):
                return Query.range_query(self.fields, "time", FieldType.Unsigned, begin, end,
                                         include_upper=False)
            case Words() if len(condition.words()) == 1:
                return Query.term_query(self.fields, "words", condition.words()[0], "basic")
            case Words():
                return Query.phrase_query(self.fields, "words", condition.words())
            case Leaf(path, value):
                return Query.term_query(self.fields, "leaf", f"{path}={value}", "basic")
            case _:
                raise CannotAsk

    def spell_all(self, conditions):
        from tantivy import Occur, Query
        if not conditions:
            return Query.all_query()
        return Query.boolean_query([
            (Occur.MustNot, self.spell(condition.condition)) if isinstance(condition, Not)
            else (Occur.Must, self.spell(condition)) for condition in conditions])

    def prepare(self, query):
        spelled = self.spell_all(query.where)
        if query.newest:
            return Asking(lambda: self.newest(spelled, query.newest),
                          lambda result: Answer(result[0], [(event_id, bytes(record).decode())
                                                            for event_id, record in result[1]]))
        wanted = {field: {"terms": {"field": field, "size": FACET_SIZE,
                                    "segment_size": MOST_VALUES}} for field in FACETS}
        if query.histogram:
            wanted["time"] = {"histogram": {"field": "time", "interval": HOUR,
                                            "min_doc_count": 1}}
        return Asking(lambda: (self.searcher.search(spelled, limit=1).count,
                               self.searcher.aggregate(spelled, wanted)), facets_answer)

    def newest(self, spelled, size):
        found = self.searcher.search(spelled, limit=size, order_by_field="time")
        documents = [self.searcher.doc(address) for _, address in found.hits]
        return found.count, [(document["event_id"][0], document["record"][0])
                             for document in documents]


def facets_answer(result):
    count, found = result
    hours = found.get("time", {}).get("buckets", [])
    return Answer(count, None,
                  {field: {bucket["key"]: bucket["doc_count"] for bucket in found[field]["buckets"]}
                   for field in FACETS},
                  {int(bucket["key"]): bucket["doc_count"] for bucket in hours})
