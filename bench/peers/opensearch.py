"""OpenSearch over HTTP: one node, started from its libraries (peers/opensearch_java)."""

import concurrent.futures
import http.client
import json
import subprocess
import threading

from deliveries import FIELDS, cores, gathered, leaves_of, shaped, values_of
from peers import java
from peers.peer import Asking, CannotAsk, Peer, free_port, stop, wait_until_answers
from truth import Answer
from workload import (FACET_SIZE, FACETS, HOUR, During, Is, Leaf, Not, Prefix, Wildcard, Words)

EVENTS_AT_ONCE = 2000
LONGEST_KEYWORD = 8191  # Characters; Lucene's limit is 32,766 bytes.


def shape(event):
    """The two lines of a bulk request."""
    document = {name: value for name, value in zip(FIELDS, event.fields) if value is not None}
    document.update(time=event.time, leaf=leaves_of(event.record),
                    words=values_of(event.record), record=event.raw)
    return b'{"create":{}}\n' + json.dumps(document).encode() + b"\n"


def mapping():
    keyword = {"type": "keyword", "ignore_above": LONGEST_KEYWORD}
    bare = {**keyword, "doc_values": False}
    fields = {field: keyword if field in FACETS else bare for field in FIELDS}
    fields["event_id"] = {**bare, "store": True}
    return {
        "_source": {"enabled": False, "recovery_source_enabled": False}, "dynamic": False,
        "properties": {
            **fields, "time": {"type": "date", "format": "epoch_second"}, "leaf": bare,
            "words": {"type": "text", "analyzer": "words", "norms": False,
                      "position_increment_gap": 100},
            "record": {"type": "keyword", "index": False, "doc_values": False, "store": True}}}


SETTINGS = {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "-1",
            "sort.field": "time", "sort.order": "desc", "translog.durability": "async",
            "requests.cache.enable": False, "queries.cache.enabled": False}


def spell(condition):
    match condition:
        case Is(field, value):
            return {"term": {field: value}}
        case Prefix(field, prefix):
            return {"prefix": {field: prefix}}
        case Wildcard(field, pattern):
            return {"wildcard": {field: pattern.replace("\\", "\\\\").replace("?", "\\?")}}
        case During(begin, end):
            return {"range": {"time": {"gte": begin, "lt": end}}}
        case Words(words):
            return {"match_phrase": {"words": words}}
        case Leaf(path, value):
            return {"term": {"leaf": f"{path}={value}"}}
        case _:
            raise CannotAsk


def search_body(query):
    body = {"track_total_hits": True, "size": query.newest, "_source": False,
            "query": {"bool": {
                "filter": [spell(condition) for condition in query.where
                           if not isinstance(condition, Not)],
                "must_not": [spell(condition.condition) for condition in query.where
                             if isinstance(condition, Not)]}}}
    if query.newest:
        body |= {"sort": [{"time": "desc"}], "stored_fields": ["event_id", "record"]}
    if query.facets:
        body["aggs"] = {field: {"terms": {"field": field, "size": FACET_SIZE}}
                        for field in FACETS}
    if query.histogram:
        body["aggs"]["time"] = {"date_histogram": {"field": "time", "fixed_interval": f"{HOUR}s",
                                                   "min_doc_count": 1}}
    return json.dumps(body)


class OpenSearch(Peer):
    name = "opensearch"
    title = "OpenSearch"
    told = ("one node with 3 GB of heap, one shard, no replica, sorted newest first, no refresh while "
            "it indexes, no caches of answers; the exact fields and `path=value` as keywords, all "
            "leaf values as text, the record as a stored field and no `_source`; bulk requests of "
            "2,000 events from Python on a connection a core; one search request a query, HTTP on "
            "one connection kept alive")
    in_process = False

    def __init__(self, directory):
        super().__init__(directory)
        self.server = None

    @classmethod
    def missing(cls):
        return java.missing()

    @classmethod
    def version(cls):
        return java.version("opensearch_java", "opensearch")

    def start(self):
        self.port = free_port()
        log = self.directory.with_suffix(".server.log")
        classpath = java.classpath("opensearch_java")
        with open(log, "ab") as file:
            self.server = subprocess.Popen(
                ["java", "-Xms3g", "-Xmx3g", "-Dorg.apache.logging.log4j.level=WARN", "-cp",
                 classpath, "OpenSearchPeer", self.directory, str(self.port)], stdout=file, stderr=file)
        wait_until_answers(self.server, f"http://127.0.0.1:{self.port}/", log)
        self.connections = threading.local()
        self.request("PUT", "/events", json.dumps({"settings": SETTINGS, "mappings": mapping()}))

    def request(self, method, path, body=None, kind="application/json"):
        """On this thread's connection."""
        if not hasattr(self.connections, "http"):
            self.connections.http = http.client.HTTPConnection("127.0.0.1", self.port)
        self.connections.http.request(method, path, body, {"Content-Type": kind})
        answer = self.connections.http.getresponse()
        answered = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} for {path}: {answered[:300]!r}")
        return answered

    def bulk(self, lines):
        answer = self.request("POST", "/events/_bulk?filter_path=errors", b"".join(lines),
                              "application/x-ndjson")
        if b"true" in answer:
            raise RuntimeError("a bulk request was refused in part")

    def ingest(self, logs):
        batched = gathered(shaped(logs, shape), EVENTS_AT_ONCE)
        lines = next(batched, None)  # The readers start before there are threads.
        under_way = []
        with concurrent.futures.ThreadPoolExecutor(cores()) as pool:
            while lines is not None:
                under_way.append(pool.submit(self.bulk, lines))
                if len(under_way) == 2 * cores():  # So that memory stays flat.
                    under_way.pop(0).result()
                lines = next(batched, None)
            for request in under_way:
                request.result()
        self.request("POST", "/events/_refresh")
        self.request("POST", "/events/_flush?wait_if_ongoing=true")

    def prepare(self, query):
        body = search_body(query)
        return Asking(lambda: self.request("POST", "/events/_search", body), answer_of,
                      lambda answer: json.loads(answer)["took"])

    def close(self):
        stop(self.server)


def answer_of(body):
    answer = json.loads(body)
    hits = [(hit["fields"]["event_id"][0], hit["fields"]["record"][0])
            for hit in answer["hits"]["hits"]]
    found = answer.get("aggregations", {})
    facets = {field: {bucket["key"]: bucket["doc_count"] for bucket in found[field]["buckets"]}
              for field in FACETS if field in found}
    hours = {bucket["key"] // 1000: bucket["doc_count"]
             for bucket in found.get("time", {}).get("buckets", [])}
    return Answer(answer["hits"]["total"]["value"], hits, facets, hours)
