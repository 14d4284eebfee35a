"""`trailsift serve --queue`: what is announced in a queue is indexed, once, and deleted after."""

import json
import time

import buckets
import pytest
import requests
import servers
import trail
from trailsift_program import Server, record

WITHIN = 120


# One receiver, hence one that deletes: moto keeps a message that is deleted while another is.
SETTINGS = """
[[source]]
queue = "{queue}"
receivers = 1

[intake]
buckets = ["{bucket}"]
"""


class PollingServer(Server):
    """A server that reads a trail's queue at moto; `intake` are more settings."""

    def __init__(self, data, mine, url, intake=""):
        settings = data.parent / "trailsift.toml"
        settings.write_text(SETTINGS.format(queue=mine.queue, bucket=mine.bucket) + intake)
        super().__init__(data, "--config", settings, env=buckets.environment(url))

    def status(self):
        return requests.get(f"{self.url}/api/status", timeout=10).json()

    def count(self):
        answer = requests.get(f"{self.url}/2013-01-01/search", timeout=30, params={
            "q": "matchall", "q.parser": "structured", "size": 0})
        return answer.json()["hits"]["found"]

    def sources(self):
        return self.status()["sources"]

    def await_empty(self, mine):
        await_that(lambda: mine.waiting() == 0, lambda: (self.sources(), self.log[-5:]))


def await_that(holds, explain=lambda: ""):
    deadline = time.monotonic() + WITHIN
    while not holds():
        assert time.monotonic() < deadline, explain()
        time.sleep(0.05)


def add_up(rows):
    for row in rows:
        assert row["read"] == sum(
            row[part] for part in ("indexed", "duplicates", "filtered", "rejected")), row


def test_indexes_every_event_of_500_files_once(moto, tmp_path):
    mine = trail.Trail(moto.url)
    files, ids = trail.files_of(500, 3)
    mine.upload(files)
    keys = list(files)
    for begin in range(0, 400, 2):
        mine.announce(*keys[begin:begin + 2])
    for key in keys[400:]:
        mine.announce(key)
    for key in keys[:20]:
        mine.announce(key)  # Once more: at least once is what SNS promises.
    with PollingServer(tmp_path / "data", mine, moto.url) as server:
        server.await_empty(mine)
        assert server.count() == len(ids)
        queue = server.sources()["queues"][0]
        assert queue["deleted"] == queue["received"] == 200 + 100 + 20
        assert queue["failed"] == queue["in_flight"] == 0
    assert buckets.event_ids(tmp_path / "data") == ids
    rows = buckets.deliveries(tmp_path / "data")
    add_up(rows)
    assert len(rows) == 500
    assert sum(row["indexed"] for row in rows) == len(ids)
    assert {row["source"] for row in rows} == {f"sqs:{mine.queue.rsplit('/', 1)[1]}"}


def test_takes_whatever_else_comes_through_a_queue(moto, tmp_path):
    mine = trail.Trail(moto.url)
    mine.send(json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": mine.bucket}))
    mine.sns.publish(TopicArn=mine.topic, Message="CloudTrail validation message.")
    mine.send(json.dumps({"Records": [record(1), record(2)]}))
    with PollingServer(tmp_path / "data", mine, moto.url) as server:
        server.await_empty(mine)
        assert server.count() == 2
        notices = server.sources()["notices"]
        assert notices["s3_test_event"] == notices["validation_message"] == 1


def test_puts_poison_on_the_quarantine_list(moto, tmp_path):
    """The fifth attempt is the last."""
    mine = trail.Trail(moto.url)
    mine.send("no message of anything")
    mine.announce(buckets.log_key("2026/07/29"))  # Is not there.
    data = tmp_path / "data"
    with PollingServer(data, mine, moto.url, "quarantine_at_attempt = 1\n") as server:
        server.await_empty(mine)
    listed = buckets.Run(["quarantine", "list", "--data", data, "--json"], None)
    entries = [json.loads(line) for line in listed.out.splitlines()]
    assert sorted(entry["reason"] for entry in entries) == ["bad_message", "missing_object"]
    rows = buckets.deliveries(data)
    add_up(rows)
    assert sum(row["rejected"] for row in rows) == 2


def test_leaves_in_the_queue_what_may_not_be_fetched(moto, tmp_path):
    mine, other = trail.Trail(moto.url), trail.Trail(moto.url)
    files, _ = trail.files_of(1, 1)
    other.upload(files)
    mine.send(json.dumps({"s3Bucket": other.bucket, "s3ObjectKey": list(files)}))
    with PollingServer(tmp_path / "data", mine, moto.url) as server:
        await_that(lambda: server.sources()["queues"][0]["failed"] == 1)
        assert server.count() == 0
        error = server.sources()["last_error"]["message"]
        assert error.startswith("expected an object in an allowed bucket, got 's3://")
    assert mine.waiting() == 1


def test_says_which_call_failed_and_what_it_needs(moto, tmp_path):
    mine = trail.Trail(moto.url)
    queue = mine.queue
    mine.sqs.delete_queue(QueueUrl=queue)
    with PollingServer(tmp_path / "data", mine, moto.url) as server:
        await_that(lambda: "error" in server.sources()["queues"][0])
        assert "ReceiveMessage" in server.sources()["queues"][0]["error"]["message"]
        await_that(lambda: any("ReceiveMessage" in line for line in server.log))


@pytest.mark.parametrize("attempt", range(2))
def test_begins_when_the_queue_does(moto, tmp_path, attempt):
    """Nothing is there yet when the server starts: it tries again."""
    mine = trail.Trail(moto.url)
    name = mine.queue.rsplit("/", 1)[1]
    mine.sqs.delete_queue(QueueUrl=mine.queue)
    with PollingServer(tmp_path / "data", mine, moto.url) as server:
        await_that(lambda: "error" in server.sources()["queues"][0])
        servers.client("sqs", moto.url).create_queue(QueueName=name)
        mine.send(json.dumps(record(attempt)))
        server.await_empty(mine)
        assert server.count() == 1


def test_metrics_tell_of_the_queue(moto, tmp_path):
    mine = trail.Trail(moto.url)
    mine.send(json.dumps(record(1)))
    with PollingServer(tmp_path / "data", mine, moto.url) as server:
        server.await_empty(mine)
        text = requests.get(f"{server.url}/metrics", timeout=10).text
    for name in ("trailsift_queue_received_total", "trailsift_queue_deleted_total"):
        assert f'{name}{{queue="{mine.queue.rsplit("/", 1)[1]}"}} 1' in text
    for name in ("trailsift_intake_messages_in_hand", "trailsift_intake_event_lag_seconds",
                 "trailsift_intake_delivery_lag_seconds"):
        assert f"\n{name} " in text
