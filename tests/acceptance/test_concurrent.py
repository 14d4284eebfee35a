"""Ten thousand searches while an index grows: no error, no answer that contradicts itself."""

import http.client
import json
import subprocess
import threading
import urllib.parse

from program import PROGRAM, Server, assert_clean, generate_events, stats

EVENTS = 10_000
SEARCHES = 10_000
THREADS = 8
# Both fields have exactly one value in every generated event, and fewer values than `size`.
FACETS = {"facet.event_source": '{"size":1000}', "facet.aws_region": '{"size":1000}'}
QUERIES = [
    "matchall",
    "event_source:'s3.amazonaws.com'",
    "(and (prefix field=event_name 'Get') (not user_identity_type:'AWSService'))",
    "'accessdenied'",
    "event_time:['2024-06-25T00:00:00Z',}",
    "(not read_only:'true')",
]


class Searcher(threading.Thread):
    """Asks its share of the searches over one connection, and checks every answer."""

    def __init__(self, address, searches):
        super().__init__()
        self.host, self.port = address.hostname, address.port
        self.searches = searches
        self.failure = None
        self.answered = 0
        self.growths = 0

    def run(self):
        try:
            self.search_all()
        except Exception as failure:  # Reported by the main thread.
            self.failure = repr(failure)

    def search_all(self):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        found = {}
        for number in range(self.searches):
            query = QUERIES[number % len(QUERIES)]
            answer = self.ask(connection, query)
            count = check_answer(query, answer)
            assert count >= found.get(query, 0), f"{query}: {count} after {found[query]}"
            self.growths += count > found.get(query, 0)
            found[query] = count
            self.answered += 1
        connection.close()

    @staticmethod
    def ask(connection, query):
        parameters = {"q": query, "q.parser": "structured", "size": "20",
                      "return": "event_time,event_source", **FACETS}
        connection.request("GET", "/2013-01-01/search?" + urllib.parse.urlencode(parameters))
        response = connection.getresponse()
        body = response.read()
        assert response.status == 200, f"{query}: {response.status}: {body[:300]}"
        return json.loads(body)


def check_answer(query, answer):
    """Every part of an answer must tell of one and the same moment. Returns `found`."""
    found, hits = answer["hits"]["found"], answer["hits"]["hit"]
    assert len(hits) == min(found, 20), query
    for name, facet in answer["facets"].items():
        total = sum(bucket["count"] for bucket in facet["buckets"])
        assert total == found, f"{query}: {name} counts {total} of {found}"
    ids = [hit["id"] for hit in hits]
    assert len(set(ids)) == len(ids), query
    order = [hit["fields"]["event_time"] for hit in hits]
    assert order == sorted(order, reverse=True), query
    return found


def test_searches_while_the_index_grows(tmp_path):
    logs = generate_events(tmp_path / "logs", EVENTS, seed=11)
    data = tmp_path / "index"
    with Server(data) as server:
        address = urllib.parse.urlsplit(server.url)
        searchers = [Searcher(address, SEARCHES // THREADS) for _ in range(THREADS)]
        for searcher in searchers:
            searcher.start()
        indexing = subprocess.run([PROGRAM, "index", str(logs), "--data", str(data), "--json",
                                   "--batch", "250"], capture_output=True, text=True)
        overlap = sum(searcher.answered for searcher in searchers)
        for searcher in searchers:
            searcher.join()
        assert indexing.returncode == 0, indexing.stderr
        assert [s.failure for s in searchers if s.failure] == []
        assert sum(s.answered for s in searchers) == SEARCHES
        print(f"{overlap} of {SEARCHES} searches were answered while events were indexed")
        assert sum(s.growths for s in searchers) > THREADS * len(QUERIES)
    assert stats(data)["events"] == EVENTS
    assert_clean(data)
