"""VictoriaLogs over HTTP, when the program is there."""

import http.client
import json
import os
import shutil
import subprocess
import urllib.parse

from deliveries import FIELDS, gathered, seconds, shaped, values_of
from peers.peer import Asking, CannotAsk, Peer, free_port, stop, wait_until_answers
from truth import Answer
from workload import (FACET_SIZE, FACETS, HOUR, During, Is, Leaf, Not, Prefix, Wildcard, Words,
                      date)

EVENTS_AT_ONCE = 5000
MOST_VALUES = 1_000_000


def text(value):
    return json.dumps(value, ensure_ascii=False)


def word_text(value):
    """VictoriaLogs takes `_` for a letter and tells cases apart; the benchmark does neither."""
    return value.replace("_", " ").lower()


def shape(event):
    """One line of the JSON stream. Every field is a string to VictoriaLogs."""
    line = {"_time": event.record["eventTime"],
            "_msg": word_text("\n".join(values_of(event.record))), "record": event.raw}
    line.update((name, value) for name, value in zip(FIELDS, event.fields) if value is not None)
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode()


def spell(condition):
    match condition:
        case Is(field, value):
            return f"{field}:={text(value)}"
        case Prefix(field, prefix):
            return f"{field}:={text(prefix)}*"
        case Wildcard(field):
            return f"{field}:~{text('^(?s)' + condition.regex() + '$')}"
        case During(begin, end):
            return f"_time:[{date(begin)}T00:00:00Z, {date(end)}T00:00:00Z)"
        case Words(words):
            return text(word_text(words))
        case Leaf(_, value):
            return text(word_text(value))  # And the filter of leaf_filter().
        case Not(inner):
            return "!" + spell(inner)
        case _:
            raise CannotAsk


def leaf_filter(condition):
    """A pipe that looks at the leaf itself in those records that have the value anywhere."""
    if condition.path.count(".") != 1:
        raise CannotAsk
    return (f" | unpack_json from record fields ({text(condition.path)})"
            f" | filter {text(condition.path)}:={text(condition.value)}")


class VictoriaLogs(Peer):
    name = "victorialogs"
    title = "VictoriaLogs"
    told = ("the exact fields, all leaf values in lower case as the message, the record as one more "
            "field; streams by account and region; fed from Python as a JSON stream; HTTP on one "
            "connection kept alive, a request each for the count, the page, the facets and the histogram")
    in_process = False

    def __init__(self, directory):
        super().__init__(directory)
        self.server = self.connection = None

    @classmethod
    def program(cls):
        return os.environ.get("VICTORIA_LOGS") or shutil.which("victoria-logs")

    @classmethod
    def missing(cls):
        if cls.program():
            return None
        return ("neither Debian 12 nor the Go proxy has it; with `victoria-logs` on the PATH, or "
                "its path in VICTORIA_LOGS, it takes part")

    @classmethod
    def version(cls):
        printed = subprocess.run([cls.program(), "-version"], stdout=subprocess.PIPE, text=True,
                                 stderr=subprocess.STDOUT) if cls.program() else None
        tags = [part for part in printed.stdout.split("-") if part.startswith("v1.")] \
            if printed else []
        return tags[0].strip() if tags else ""

    def start(self):
        port = free_port()
        log = self.directory.with_suffix(".server.log")
        with open(log, "ab") as file:
            self.server = subprocess.Popen(
                [self.program(), f"-httpListenAddr=127.0.0.1:{port}", "-retentionPeriod=100y",
                 f"-storageDataPath={self.directory}", "-loggerLevel=WARN"],
                stdout=file, stderr=file)
        wait_until_answers(self.server, f"http://127.0.0.1:{port}/health", log)
        self.connection = http.client.HTTPConnection("127.0.0.1", port)

    def request(self, method, path, body=None):
        self.connection.request(method, path, body)
        answer = self.connection.getresponse()
        answered = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} for {path}: {answered[:300]!r}")
        return answered

    def ingest(self, logs):
        path = "/insert/jsonline?_stream_fields=recipient_account_id,aws_region"
        for lines in gathered(shaped(logs, shape), EVENTS_AT_ONCE):
            self.request("POST", path, b"\n".join(lines))
        self.request("GET", "/internal/force_flush")  # From here on all is found.

    def disk_bytes(self):
        self.connection.close()
        stop(self.server)  # Which writes what is still in memory; otherwise it takes 5 seconds.
        return super().disk_bytes()

    def open(self, logs):
        self.start()

    def ask(self, query):
        parameters = urllib.parse.urlencode({"query": query})
        return self.request("GET", "/select/logsql/query?" + parameters)

    def prepare(self, query):
        where = " ".join(map(spell, query.where)) or "*"
        where += "".join(leaf_filter(condition) for condition in query.where
                         if isinstance(condition, Leaf))
        count = where + " | stats count() hits"
        if query.newest:
            newest = where + f" | sort by (_time desc) limit {query.newest} | fields event_id, record"
            return Asking(lambda: (self.ask(count), self.ask(newest)),
                          lambda result: Answer(count_of(result[0]),
                                                [(row["event_id"], row["record"])
                                                 for row in rows(result[1])]))
        facets = (f"{where} | fields {', '.join(FACETS)} | facets {FACET_SIZE} "
                  f"max_values_per_field {MOST_VALUES} keep_const_fields")
        hours = f"{where} | stats by (_time:{HOUR}s) count() hits" if query.histogram else None
        return Asking(lambda: (self.ask(count), self.ask(facets), hours and self.ask(hours)),
                      facets_answer)

    def close(self):
        stop(self.server)


def rows(body):
    return [json.loads(line) for line in body.splitlines()]


def count_of(body):
    return int(rows(body)[0]["hits"])


def facets_answer(result):
    count, facets, hours = result
    found = {field: {} for field in FACETS}
    for row in rows(facets):
        found[row["field_name"]][row["field_value"]] = int(row["hits"])
    return Answer(count_of(count), None, found,
                  {seconds(row["_time"]): int(row["hits"]) for row in rows(hours)}
                  if hours else None)
