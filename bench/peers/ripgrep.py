"""ripgrep over the delivered files: no index at all."""

import heapq
import re
import shutil
import subprocess

from deliveries import FIELDS, event_of, records_of
from peers.peer import Asking, CannotAsk, Peer
from truth import Answer
from workload import Is, Leaf, Wildcard, Words


def literal(condition):
    """What a file must have somewhere when one of its events meets the condition."""
    match condition:
        case Words():
            return "(?i)" + "[^0-9A-Za-z]+".join(condition.words())
        case Is(field, value):
            return f'"{FIELDS[field].rpartition(".")[2]}":"{re.escape(value)}"'
        case Leaf(path, value):
            return f'"{path.rpartition(".")[2]}":"{re.escape(value)}"'
        case Wildcard(field):
            inside = condition.regex().replace(".*", '[^"]*')
            return f'"{FIELDS[field].rpartition(".")[2]}":"{inside}"'
        case _:
            raise CannotAsk  # Not by a search for text.


class Ripgrep(Peer):
    name = "ripgrep"
    title = "ripgrep over the files"
    told = ("`rg -z` prints the files (each is one line of JSON) that have the text; the events in "
            "them are told apart in Python with orjson; only queries for one text")
    ingests = False

    @classmethod
    def missing(cls):
        return None if shutil.which("rg") else "`rg` is not installed"

    @classmethod
    def version(cls):
        return subprocess.run(["rg", "--version"], stdout=subprocess.PIPE, text=True).stdout.split()[1]

    def open(self, logs):
        self.logs = logs

    def prepare(self, query):
        if len(query.where) != 1 or query.facets:
            raise CannotAsk
        command = ["rg", "-z", "--no-config", "--no-filename", "--no-line-number",
                   literal(query.where[0]), self.logs]

        def run():
            lines = subprocess.run(command, stdout=subprocess.PIPE).stdout.splitlines()
            found = {}
            for line in lines:
                for raw, record in records_of(line):
                    event = event_of(raw, record)
                    if query.where[0].holds(event):
                        found[event.id] = event
            newest = heapq.nlargest(query.newest, found.values(), key=lambda event: event.time)
            return len(found), [(event.id, event.raw) for event in newest]

        return Asking(run, lambda result: Answer(*result))
