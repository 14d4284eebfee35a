"""A message whose object was missing is replayed once the object is there: by the server that took
it, and by the command."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

for folder in ("support", "aws"):
    sys.path.insert(0, str(Path(__file__).parents[1] / folder))

import servers  # noqa: E402
import trailsift_program as trailsift  # noqa: E402

BUCKET = "example-trail-logs"
KEY = "AWSLogs/111122223333/CloudTrail/eu-west-1/2021/07/29/late.json"


@pytest.fixture(scope="module")
def moto(tmp_path_factory):
    with servers.Moto(tmp_path_factory.mktemp("moto")) as running:
        yield running


@pytest.fixture
def s3(moto, monkeypatch):
    """A bucket without the object, and an environment that knows where it is."""
    for name, value in (servers.plain_environment() | servers.environment(moto.url)).items():
        monkeypatch.setenv(name, value)
    client = servers.client("s3", moto.url)
    location = {"LocationConstraint": servers.REGION}
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=location)
    yield client
    client.delete_object(Bucket=BUCKET, Key=KEY)
    client.delete_bucket(Bucket=BUCKET)


def post(url, body=b"", **headers):
    request = urllib.request.Request(url, body, headers, method="POST")
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.status, answer.read()


def announce(server):
    """Posts the announcement for the fifth time, as the daemon of a worker does."""
    message = json.dumps({"s3Bucket": BUCKET, "s3ObjectKey": [KEY]}).encode()
    status, _ = post(f"{server.url}/sns/", message, **{
        "Content-Type": "application/json", "X-Aws-Sqsd-Receive-Count": "5",
        "X-Aws-Sqsd-Msgid": "00000000-0000-0000-0000-000000000001"})
    assert status == 200


def deliver(s3):
    records = [trailsift.record(number) for number in range(3)]
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=json.dumps({"Records": records}).encode())


def entries(data):
    command = [trailsift.PROGRAM, "quarantine", "list", "--json", "--data", str(data)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def replay(data, *options):
    command = [trailsift.PROGRAM, "quarantine", "replay", "--all", "--data", str(data), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_by_the_server(s3, tmp_path):
    with trailsift.Server(tmp_path, "--push", "sns", "--bucket", BUCKET) as server:
        announce(server)
        entry, = entries(tmp_path)
        assert (entry["kind"], entry["reason"]) == ("message", "missing_object")
        _, still = post(f"{server.url}/api/quarantine/replay?all=true")
        assert json.loads(still)["kept"] == 1 and KEY in json.loads(still)["stays"][0]["why"]
        assert [one["id"] for one in entries(tmp_path)] == [entry["id"]]
        deliver(s3)
        _, replayed = post(f"{server.url}/api/quarantine/replay?ids={entry['id'][:6]}")
        assert json.loads(replayed) == {"entries": 1, "replayed": 1, "kept": 0, "indexed": 3,
                                        "duplicates": 0, "stays": []}
        assert entries(tmp_path) == []
        with urllib.request.urlopen(f"{server.url}/api/status", timeout=30) as answer:
            assert json.load(answer)["events"] == 3


def test_by_the_command(s3, tmp_path):
    with trailsift.Server(tmp_path, "--push", "sns", "--bucket", BUCKET) as server:
        announce(server)
    early = replay(tmp_path)
    assert early.returncode == 1 and "1 entries stay" in early.stdout, early.stderr
    deliver(s3)
    refused = replay(tmp_path, "--bucket", "another-bucket")
    assert refused.returncode == 1 and "expected an object in an allowed bucket" in refused.stderr
    done = replay(tmp_path, "--bucket", BUCKET, "--account", "111122223333")
    assert done.returncode == 0, done.stderr
    assert "replayed 1 of 1 entries: 3 events indexed" in done.stdout
    assert entries(tmp_path) == []
