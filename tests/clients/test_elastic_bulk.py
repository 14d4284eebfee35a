"""Bulk requests, by Elasticsearch's own client and by hand."""

import json
import subprocess
import threading
import urllib.error
import urllib.request

import pytest
import trailsift_program as trailsift
from elasticsearch import ApiError, Elasticsearch, helpers


@pytest.fixture
def writable(tmp_path):
    with trailsift.Server(tmp_path / "data", "--push", "bulk", "--push", "ingest") as server:
        yield server


@pytest.fixture
def client(writable):
    with Elasticsearch(f"{writable.url}/elastic") as connected:
        yield connected


def ids(client):
    hits = client.search(size=1000, sort="event_time")["hits"]["hits"]
    return sorted(hit["_id"] for hit in hits)


def post(server, lines, path="/elastic/_bulk", method="POST"):
    body = lines if isinstance(lines, bytes) else "".join(
        (line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines).encode()
    request = urllib.request.Request(server.url + path, data=body, method=method,
                                     headers={"Content-Type": "application/x-ndjson"})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def outcomes(answer):
    """Of each item: action, id, status, and result or the type of the error."""
    told = []
    for item in answer["items"]:
        (action, item), = item.items()
        told.append((action, item["_id"], item["status"], item.get("result") or item["error"]["type"]))
    assert answer["errors"] == any("error" in next(iter(item.values())) for item in answer["items"])
    return told


def test_helpers_bulk_indexes_records_and_documents(client):
    records = [trailsift.record(number) for number in range(700)]
    actions = [{"_index": "trail", "_source": record} for record in records]
    assert helpers.bulk(client, actions, chunk_size=300) == (700, [])
    assert client.count()["count"] == 700
    assert client.search(q="event_id:event-0007")["hits"]["hits"][0]["_source"] == records[7]
    # Again it changes nothing.
    assert helpers.bulk(client, actions) == (700, [])
    assert client.count()["count"] == 700

    document = {"@timestamp": "2021-07-01T00:00:00Z", "event": {"action": "Imported"}, "bytes_in": 12,
                "resources_arn": ["arn:a", "arn:b"], "user_identity_user_name": "alice", "error_code": None}
    assert helpers.bulk(client, [{"_id": "x-1", **document}, document, document], index="other") == (3, [])
    hits = client.search(query={"term": {"event_name": "Imported"}}, fields=["bytes_in", "resources_arn"])["hits"]["hits"]
    assert len(hits) == 2
    assert "x-1" in [hit["_id"] for hit in hits]
    assert all(hit["fields"] == {"bytes_in": [12], "resources_arn": ["arn:a", "arn:b"]} for hit in hits), hits

    deletes = [{"_op_type": "delete", "_id": "x-1"}, {"_op_type": "delete", "_id": "event-0003"}]
    assert helpers.bulk(client, deletes, index="other") == (2, [])
    assert client.count()["count"] == 700
    with pytest.raises(helpers.BulkIndexError) as error:
        helpers.bulk(client, deletes[:1], index="other")
    assert error.value.errors[0]["delete"]["status"] == 404
    # Deleted once, a delivery does not bring it back, but who adds it again does.
    assert helpers.bulk(client, [{"_index": "trail", "_source": records[3]}]) == (1, [])
    assert client.count()["count"] == 701


def test_items_have_outcomes_of_their_own(writable, client):
    one, two, three = (trailsift.record(number) for number in (1, 2, 3))
    good = {"@timestamp": "2021-07-01T00:00:00Z"}
    lines = [
        {"index": {}}, one,
        {"create": {"_id": "event-0001"}}, one,
        {"index": {"_id": 7, "_index": "mine"}}, good,
        "no JSON",
        {"index": {"_id": "bad-1"}}, "{broken",
        {"index": {"_id": "bad-2"}}, {"no_such_field": 1, **good},
        {"index": {"_id": "bad-3"}}, {"event": {"action": "x"}},
        {"index": {"_id": "bad-4"}}, {"event_name": {"x": [[1]]}, **good},
        {"index": {"_id": "bad-5"}}, two,
        {"update": {"_id": "event-0001"}}, {"doc": {}},
        {"delete": {}},
        {"delete": {"_id": "nothing"}},
        {"create": {}}, two,
        {"index": {"_id": "x" * 200}}, good,
        {"delete": {"_id": "event-0002"}},
        {"index": {}}, {**two, "eventName": "Again"},
        {"index": {}}, three,
        {"delete": {"_id": "event-0003"}},
        {"index": {"_id": "big"}}, {"error_message": "x" * 3_000_000, **good},
        {"index": {"_id": "last"}},
    ]
    status, answer = post(writable, lines, "/elastic/logs-1/_bulk?refresh=true", "PUT")
    assert status == 200
    bad = "document_parsing_exception"
    assert outcomes(answer) == [
        ("index", "event-0001", 201, "created"), ("create", "event-0001", 409, "version_conflict_engine_exception"),
        ("index", "7", 201, "created"), ("index", "", 400, bad), ("index", "bad-1", 400, bad),
        ("index", "bad-2", 400, bad), ("index", "bad-3", 400, bad), ("index", "bad-4", 400, bad),
        ("index", "bad-5", 400, bad), ("update", "event-0001", 400, "action_request_validation_exception"),
        ("delete", "", 400, bad), ("delete", "nothing", 404, "not_found"), ("create", "event-0002", 201, "created"),
        ("index", "x" * 200, 400, bad), ("delete", "event-0002", 200, "deleted"), ("index", "event-0002", 201, "created"),
        ("index", "event-0003", 201, "created"), ("delete", "event-0003", 200, "deleted"),
        ("index", "big", 413, "illegal_argument_exception"), ("index", "last", 400, bad)]
    assert [next(iter(item.values()))["_index"] for item in answer["items"][:4]] == ["logs-1", "logs-1", "mine", "logs-1"]
    assert ids(client) == ["7", "event-0001", "event-0002"]
    assert client.search(query={"term": {"event_name": "Again"}})["hits"]["total"]["value"] == 1
    # What is there stays, unless it is deleted before.
    changed = {**one, "eventName": "Changed"}
    assert outcomes(post(writable, [{"index": {}}, changed])[1]) == [("index", "event-0001", 200, "noop")]
    assert client.search(query={"term": {"event_name": "Changed"}})["hits"]["total"]["value"] == 0
    lines = [{"delete": {"_id": "event-0001"}}, {"index": {}}, changed]
    assert outcomes(post(writable, lines)[1]) == [
        ("delete", "event-0001", 200, "deleted"), ("index", "event-0001", 201, "created")]
    assert client.search(query={"term": {"event_name": "Changed"}})["hits"]["total"]["value"] == 1


@pytest.mark.parametrize("body, status, reason", [
    (b"\n \n", 400, "request body is required"),
    (b"\x1f\x8b\x08\x00", 415, "expected a body that is not compressed"),
    (b'{"delete":{"_id":"a"}}\n' * 100_001, 413, "expected at most 100000 actions"),
])
def test_what_is_no_bulk_request(writable, body, status, reason):
    got, answer = post(writable, body)
    assert got == status, answer
    assert answer["error"]["reason"].startswith(reason)


def test_a_body_beyond_the_limit_is_refused(writable):
    # curl reads an answer that comes before all of its body went.
    command = ["curl", "-sS", "-m", "60", "-o", "/dev/null", "-w", "%{http_code}", "--data-binary", "@-",
               f"{writable.url}/elastic/_bulk"]
    done = subprocess.run(command, input=b" " * 68_000_000, capture_output=True, check=False)
    assert done.stdout == b"413"


def test_many_writers_at_a_time_lose_nothing(writable, client):
    def write(writer):
        for part in range(3):
            records = [trailsift.record(150 * writer + 50 * part + number) for number in range(50)]
            shared = trailsift.record(700)
            lines = [line for record in [*records, shared] for line in ({"index": {}}, record)]
            status, answer = post(writable, lines)
            answered.append((status, answer["errors"]))

    answered = []
    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answered == [(200, False)] * 12
    assert client.count()["count"] == 4 * 150 + 1


def test_nothing_is_taken_where_the_route_is_closed(server):
    with Elasticsearch(f"{server.url}/elastic") as closed, pytest.raises(ApiError) as error:
        closed.bulk(operations=[{"delete": {"_id": "event-0001"}}])
    assert error.value.status_code == 403
    status, answer = post(server, [{"delete": {"_id": "event-0001"}}], "/elastic/x/_bulk")
    assert (status, answer["status"]) == (403, 403)
