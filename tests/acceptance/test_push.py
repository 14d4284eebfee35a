"""Messages posted to a running server, by those who post them and by those who should not."""

import gzip
import http.client
import json
import subprocess

import pytest
import requests

from program import Server, assert_clean, event_ids, trailsift
from push_parts import (TOKEN, Daemon, Resources, key, log_events, log_file, record, servers,
                        text64)


@pytest.fixture(scope="module")
def moto(tmp_path_factory):
    with servers.Moto(tmp_path_factory.mktemp("moto")) as running:
        yield running


def push_server(data, *options, env=None):
    routes = [word for route in ("sns", "firehose", "awslogs", "ingest")
              for word in ("--push", route)]
    routes += ["--bucket", "daemon-trail", "--bucket", "subscribed-trail"]
    return Server(data, *routes, *options, env=servers.plain_environment() | (env or {}))


@pytest.fixture
def token_file(tmp_path):
    path = tmp_path / "token"
    path.write_text(TOKEN + "\n")
    path.chmod(0o600)
    return path


def totals(data):
    """The counts of the ledger, which have to add up."""
    counts = json.loads(trailsift("deliveries", "--data", data, "--json"))["totals"]
    assert counts["read"] == (counts["indexed"] + counts["duplicates"] + counts["filtered"]
                              + counts["rejected"])
    return counts


def test_500_files_through_the_daemon_are_indexed_exactly_once(moto, tmp_path):
    resources = Resources(moto, "daemon-trail")
    files = 500
    records = {number: [record(f"file-{number}-{n}") for n in range(1 + number % 5)]
               for number in range(files)}
    # Some are announced before they are there, as if their storing took longer.
    late = set(range(0, files, 50))
    for number, content in records.items():
        if number not in late:
            resources.put(number, content)
    for number in range(files):
        together = [number] if number % 10 else [number, (number + 1) % files]
        resources.announce(together)
    resources.sns.publish(TopicArn=resources.topic, Message="CloudTrail validation message.")

    def put_late(body):
        for number in late:
            if key(number) in body:
                resources.put(number, records[number])

    data = tmp_path / "data"
    with push_server(data, env=servers.environment(moto.url)) as server:
        daemon = Daemon(resources, server.url + "/sns/", on_failure=put_late)
        daemon.run()
        assert resources.left() == 0
        # A queue delivers again what takes a slow machine longer than its patience.
        assert daemon.statuses.count(200) >= files + 1
        assert set(daemon.statuses) <= {200, 500}
        assert daemon.statuses.count(500) >= len(late)
        # What was answered is searchable.
        answer = requests.get(server.url + "/2013-01-01/search", {"fq": "matchall", "size": 0})
        assert answer.json()["hits"]["found"] == sum(map(len, records.values()))
        # All of it again changes nothing.
        for number in range(0, files, 7):
            resources.announce([number])
        daemon.run()
    ids = event_ids("matchall", data)
    assert len(ids) == len(set(ids))
    assert set(ids) == {one["eventID"] for content in records.values() for one in content}
    counts = totals(data)
    assert counts["indexed"] == len(ids)
    assert counts["rejected"] == 0
    assert_clean(data)


def test_a_subscription_with_the_token_in_its_url_delivers(moto, tmp_path, token_file):
    resources = Resources(moto, "subscribed-trail")
    resources.put(1, [record("by-subscription")])
    data = tmp_path / "data"
    with push_server(data, "--push-token-file", token_file,
                     env=servers.environment(moto.url)) as server:
        endpoint = server.url.replace("http://", f"http://any:{TOKEN}@") + "/sns/"
        resources.sns.subscribe(TopicArn=resources.topic, Protocol="http", Endpoint=endpoint)
        resources.announce([1])
        answer = requests.get(server.url + "/2013-01-01/search", {"fq": "matchall"})
        assert [hit["fields"]["event_id"] for hit in answer.json()["hits"]["hit"]] == [
            "by-subscription"]


def test_firehose_delivers(tmp_path, token_file):
    data = tmp_path / "data"
    batch = {"requestId": "r-1", "timestamp": 1578090901599, "records": [
        {"data": text64(log_events([record("from-logs-1"), record("from-logs-2")]))},
        {"data": text64(json.dumps(record("bare")).encode())},
        {"data": text64(b"".join(json.dumps(record(f"line-{n}")).encode() + b"\n"
                                 for n in range(3)))},
        {"data": ""},
    ]}
    headers = {"X-Amz-Firehose-Protocol-Version": "1.0", "X-Amz-Firehose-Request-Id": "r-1",
               "X-Amz-Firehose-Access-Key": TOKEN, "Content-Type": "application/json",
               "User-Agent": "Amazon Kinesis Data Firehose Agent/1.0"}
    body = json.dumps(batch).encode()
    with push_server(data, "--push-token-file", token_file) as server:
        for more, content in (({}, body), ({"Content-Encoding": "gzip"}, gzip.compress(body))):
            answer = requests.post(server.url + "/firehose", content, headers=headers | more)
            assert answer.status_code == 200
            assert answer.headers["Content-Type"] == "application/json"
            assert set(answer.json()) == {"requestId", "timestamp"}
            assert answer.json()["requestId"] == "r-1"
            assert isinstance(answer.json()["timestamp"], int)
        wrong = requests.post(server.url + "/firehose", body,
                              headers=headers | {"X-Amz-Firehose-Access-Key": "guess"})
        assert wrong.status_code == 401
        assert wrong.json() | {"timestamp": 0} == {
            "requestId": "r-1", "timestamp": 0, "errorMessage": "the token is wrong"}
        # What is too large is not even sent.
        connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=30)
        connection.request("POST", "/firehose", headers=headers | {
            "Content-Length": str((64 << 20) + 1), "Expect": "100-continue"})
        large = connection.getresponse()
        assert large.status == 413
        assert json.loads(large.read())["requestId"] == "r-1"
        connection.close()
    assert sorted(event_ids("matchall", data)) == [
        "bare", "from-logs-1", "from-logs-2", "line-0", "line-1", "line-2"]


def test_log_events_and_files_are_taken_with_curl(tmp_path, token_file):
    data = tmp_path / "data"
    payload = tmp_path / "payload.json"
    payload.write_text(json.dumps({"awslogs": {"data": text64(log_events([record("logged")]))}}))
    delivered = tmp_path / "delivered.json.gz"
    delivered.write_bytes(log_file([record("filed"), record("logged")]))
    lines = tmp_path / "lines.ndjson"
    lines.write_text(json.dumps(record("line")) + "\n{\"eventID\":\n")

    def curl(server, path, file, *words):
        done = subprocess.run(
            ["curl", "-sS", server.url + path, "-H", f"Authorization: Bearer {TOKEN}",
             "--data-binary", f"@{file}", *words], capture_output=True, check=True, timeout=60)
        return json.loads(done.stdout)

    with push_server(data, "--push-token-file", token_file) as server:
        logged = curl(server, "/awslogs", payload)
        assert (logged["read"], logged["indexed"]) == (1, 1)
        assert logged["name"].startswith("awslogs:")
        filed = curl(server, "/ingest?name=a%20file", delivered)
        assert filed | {"read": 2, "indexed": 1, "duplicates": 1, "rejected": 0,
                        "name": "ingest:a_file"} == filed
        mixed = curl(server, "/ingest", lines, "-H", "Transfer-Encoding: chunked")
        assert mixed | {"read": 2, "indexed": 1, "rejected": 1} == mixed
        refused = curl(server, "/awslogs", lines, "-H", "Origin: https://evil.example")
        assert refused["error"]["code"] == "denied"
    assert event_ids("log_file:'ingest:a_file'", data) == ["filed"]
    assert sorted(event_ids("matchall", data)) == ["filed", "line", "logged"]
    assert totals(data)["rejected"] == 1


def test_large_files_are_taken_and_nothing_is_kept_of_half_a_body(tmp_path):
    data = tmp_path / "data"
    text = "".join(json.dumps(record(f"large-{n}", requestParameters={"n": "x" * 400})) + "\n"
                   for n in range(60_000)).encode()
    assert 30 << 20 < len(text) < 64 << 20

    def half():
        yield text[:1 << 20]
        raise ConnectionAbortedError

    with push_server(data) as server:
        with pytest.raises((ConnectionAbortedError, requests.RequestException)):
            requests.post(server.url + "/ingest", half())
        answer = requests.post(server.url + "/ingest", text)
        assert answer.status_code == 200
        assert answer.json()["indexed"] == 60_000


def test_routes_are_closed_unless_they_are_opened(tmp_path):
    with Server(tmp_path / "closed") as server:
        for path in ("/sns/", "/firehose", "/awslogs", "/ingest"):
            answer = requests.post(server.url + path, json=record("x"))
            assert answer.status_code == 403
            assert "was not opened" in answer.text
    with Server(tmp_path / "one", "--push", "ingest",
                env=servers.plain_environment()) as server:
        assert requests.post(server.url + "/ingest", json=record("x")).status_code == 200
        assert requests.post(server.url + "/sns/", json=record("y")).status_code == 403
