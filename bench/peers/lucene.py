"""Lucene through a small Java program (peers/lucene_java)."""

import json
import subprocess

from deliveries import FIELDS
from peers import java
from peers.peer import Asking, CannotAsk, Peer
from truth import Answer
from workload import FACETS, During, Is, Leaf, Not, Prefix, Wildcard, Words


def wildcard(pattern):
    for special in "\\?":
        pattern = pattern.replace(special, "\\" + special)
    return pattern


def spell(condition):
    match condition:
        case Is(field, value):
            return ["term", field, value]
        case Prefix(field, prefix):
            return ["prefix", field, prefix]
        case Wildcard(field, pattern):
            return ["wildcard", field, wildcard(pattern)]
        case During(begin, end):
            return ["during", begin, end]
        case Words():
            return ["phrase", " ".join(condition.words())]
        case Leaf(path, value):
            return ["term", "leaf", f"{path}={value}"]
        case Not(inner):
            return ["not", spell(inner)]
        case _:
            raise CannotAsk


class Lucene(Peer):
    name = "lucene"
    title = "Lucene"
    told = ("a Java program reads the files on every core: the exact fields and `path=value` as terms, "
            "all leaf values as text with positions, doc values for the facets and the time, the "
            "record stored with LZ4; segments sorted newest first, merged as it likes; facets of "
            "everything are the counts of the terms; a thread a core for queries; timed inside Java")
    times_itself = True
    fed_from_python = False
    in_process = False

    def __init__(self, directory):
        super().__init__(directory)
        self.program = None

    @classmethod
    def missing(cls):
        return java.missing()

    @classmethod
    def version(cls):
        return java.version("lucene_java", "lucene-analysis-common")

    def start(self):
        command = ["java", "-Xmx3g", "-cp", java.classpath("lucene_java"), "LucenePeer",
                   self.directory / "index"]
        with open(self.directory.with_suffix(".log"), "wb") as log:
            self.program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                            stderr=log)

    def call(self, order):
        self.program.stdin.write(json.dumps(order).encode() + b"\n")
        self.program.stdin.flush()
        line = self.program.stdout.readline()
        if not line:
            raise RuntimeError(f"the Java program ended, see {self.directory}.log")
        return line

    def ingest(self, logs):
        self.call({"index": str(logs), "paths": FIELDS, "facets": FACETS})

    def open(self, logs):
        self.call({"open": FACETS})

    def prepare(self, query):
        order = {"ask": {"where": [spell(condition) for condition in query.where],
                         "newest": query.newest, "facets": query.facets,
                         "histogram": query.histogram}}
        return Asking(lambda: self.call(order), answer_of, lambda line: json.loads(line)["ms"])

    def close(self):
        if self.program:
            self.program.stdin.close()
            self.program.wait(60)


def answer_of(line):
    answer = json.loads(line)
    hours = {int(hour): count for hour, count in answer.get("histogram", {}).items()}
    return Answer(answer["count"], [tuple(hit) for hit in answer.get("newest", [])],
                  answer.get("facets"), hours)
