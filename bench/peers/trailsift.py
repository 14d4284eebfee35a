"""Trailsift through its own programs: `trailsift index`, and `trailsift serve` over HTTP."""

import http.client
import json
import subprocess
import urllib.parse

from deliveries import seconds
from peers.peer import BUILD, Asking, Peer, free_port, stop, wait_until_answers
from truth import Answer
from workload import FACET_SIZE, FACETS, During, Is, Leaf, Not, Prefix, Wildcard, Words, date

PROGRAM = BUILD / "trailsift"


def quoted(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def spell(condition):
    match condition:
        case Is(field, value):
            return f"{field}:{quoted(value)}"
        case Prefix(field, text):
            return f"(prefix field={field} {quoted(text)})"
        case During(begin, end):
            return f"event_time:['{date(begin)}T00:00:00Z','{date(end)}T00:00:00Z'}}"
        case Words(text):
            return quoted(text)
        case Leaf(path, value):
            return f"(term field={path} {quoted(value)})"
        case Not(inner):
            return f"(not {spell(inner)})"
        case Wildcard(field, pattern):
            return f"(wildcard field={field} {quoted(pattern)})"


def search_path(query):
    conditions = [spell(condition) for condition in query.where]
    parameters = {"q.parser": "structured", "size": query.newest, "return": "raw",
                  "q": f"(and {' '.join(conditions)})" if conditions else "matchall"}
    if query.newest:
        parameters["sort"] = "event_time desc"
    if query.facets:
        parameters |= {f"facet.{field}": json.dumps({"size": FACET_SIZE}) for field in FACETS}
    if query.histogram:
        parameters["histogram"] = "1h"
    return "/2013-01-01/search?" + urllib.parse.urlencode(parameters)


def answer_of(body, query):
    answer = json.loads(body)
    buckets = {field: {bucket["value"]: bucket["count"] for bucket in facet["buckets"]}
               for field, facet in answer.get("facets", {}).items()}
    hours = {seconds(bucket["value"]): bucket["count"]
             for bucket in answer.get("histogram", {}).get("buckets", []) if bucket["count"]}
    newest = [(hit["id"], hit["fields"]["raw"]) for hit in answer["hits"]["hit"]]
    return Answer(answer["hits"]["found"], newest if query.newest else None, buckets, hours)


class Trailsift(Peer):
    name = "trailsift"
    title = "Trailsift"
    told = "`trailsift index` with its defaults; `trailsift serve`, HTTP on one connection kept alive"
    fed_from_python = False
    in_process = False
    index_options = ()

    def __init__(self, directory):
        super().__init__(directory)
        self.server = self.connection = None

    def ingest(self, logs):
        output = subprocess.run(
            [PROGRAM, "index", logs, "--data", self.directory, "--json", *self.index_options],
            check=True, stdout=subprocess.PIPE).stdout
        account = json.loads(output)
        if account["rejected"]:
            raise RuntimeError(f"expected 0 rejected, got {account}")

    def open(self, logs):
        port = free_port()
        log = self.directory.with_suffix(".server.log")
        command = [PROGRAM, "serve", "--data", self.directory, "--listen", f"127.0.0.1:{port}"]
        with open(log, "wb") as file:
            self.server = subprocess.Popen(command, stdout=file, stderr=file)
        wait_until_answers(self.server, f"http://127.0.0.1:{port}/healthz", log)
        self.connection = http.client.HTTPConnection("127.0.0.1", port)

    def prepare(self, query):
        path = search_path(query)

        def run():
            self.connection.request("GET", path)
            answer = self.connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{answer.status} for {path}: {body[:300]!r}")
            return body

        return Asking(run, lambda body: answer_of(body, query),
                      lambda body: json.loads(body)["status"]["time-ms"])

    def close(self):
        stop(self.server)


class Reference(Trailsift):
    name = "reference"
    title = "Trailsift, reference writer"
    told = "the same with `trailsift index --reference-writer`: Xapian's own writer makes the terms"
    index_options = ("--reference-writer",)

    @classmethod
    def missing(cls):
        usage = subprocess.run([PROGRAM, "index", "--help"], stdout=subprocess.PIPE, text=True)
        if "--reference-writer" in usage.stdout:
            return None
        return "`trailsift index` has no `--reference-writer`"
