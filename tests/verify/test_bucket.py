"""What `trailsift verify s3://…` has of its own: where it asks, and what it says when it may not."""

import json
import subprocess
import threading
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trailsift_program as trailsift
from digest_chain import BEGIN, BUCKET, Bucket, Chain, rfc3339

OTHER_TIME = datetime(2026, 8, 9, 20, 0, 0, tzinfo=timezone.utc)


def run(*words, env=None):
    return subprocess.run([trailsift.PROGRAM, *map(str, words)], capture_output=True, text=True,
                          timeout=120, check=False, env=env)


@pytest.fixture
def s3_bucket(s3):
    s3.create_bucket(Bucket=BUCKET)
    yield s3
    Bucket().upload(s3)
    s3.delete_bucket(Bucket=BUCKET)


def test_keys_are_asked_for_once_for_each_region(s3_bucket, awscli, key, key_server):
    bucket = Bucket()
    for region, begin in [("us-east-1", BEGIN), ("eu-west-1", BEGIN), ("eu-west-1", OTHER_TIME)]:
        Chain(bucket, key, region=region, begin=begin).hour(1).hour(0).hour(2)
    bucket.upload(s3_bucket)
    del key_server.asked[:]
    done = run("verify", f"s3://{BUCKET}", "--json", env=awscli.environment)
    assert done.returncode == 0, done.stderr + done.stdout
    assert json.loads(done.stdout.splitlines()[-1])["digests"] == {
        "valid": 9, "invalid": 0, "unverified": 0}
    # The newest first; the one key is known then for the older digests.
    assert sorted(region for region, _, _ in key_server.asked) == ["eu-west-1", "us-east-1"]
    asked = {region: (start, end) for region, start, end in key_server.asked}
    for region, time in [("eu-west-1", OTHER_TIME), ("us-east-1", BEGIN)]:
        start, end = asked[region]
        assert start <= (time - timedelta(hours=12)).timestamp()
        assert end >= (time + timedelta(hours=15)).timestamp()


def test_keys_of_a_foreign_hand_are_unknown(s3_bucket, awscli, foreign_key, key_server):
    """Asked for once, not for each digest."""
    bucket = Bucket()
    Chain(bucket, foreign_key).hour(1).hour(1).hour(1)
    Chain(bucket, foreign_key, account="444455556666", region="Not a region").hour(1)
    bucket.upload(s3_bucket)
    del key_server.asked[:]
    done = run("verify", f"s3://{BUCKET}/AWSLogs", "--json", env=awscli.environment)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1, done.stderr
    assert {row["reason"] for row in rows if row["type"] == "digest"} == {"unknown_key"}
    assert len(key_server.asked) <= 2  # Two days.


def test_names_are_those_that_index_gives(s3_bucket, awscli, key, tmp_path):
    bucket = Bucket()
    chain = Chain(bucket, key, prefix="audit").hour(2).hour(1)
    bucket.objects[chain.logs[0]].body = bucket.objects[chain.logs[1]].body
    bucket.upload(s3_bucket)
    data, place = tmp_path / "data", f"s3://{BUCKET}/audit"
    assert run("index", place, "--data", data, env=awscli.environment).returncode == 0
    done = run("verify", place, "--data", data, env=awscli.environment)
    assert done.returncode == 1, done.stderr
    assert f"Log file\ts3://{BUCKET}/{chain.logs[0]}\tINVALID: hash value doesn't match" \
        in done.stdout
    found = run("search", "*", "--data", data, "--facet", "integrity", "--size", 0,
                "--format", "json")
    buckets = json.loads(found.stdout)["facets"]["integrity"]["buckets"]
    # One event of two was replaced by the other, which is known.
    assert sum(item["count"] for item in buckets) == 2
    assert {item["value"] for item in buckets} <= {"verified", "tampered"}
    lines = (data / "integrity.csv").read_text().splitlines()
    assert lines[1:] == [f"s3://{BUCKET}/{log},{integrity}" for log, integrity in
                         zip(chain.logs, ["tampered", "verified", "verified"])]


def test_more_than_a_page_of_log_files(s3_bucket, awscli, key):
    bucket = Bucket()
    chain = Chain(bucket, key).hour(1_005)
    unlisted = chain.deliver_log(BEGIN + timedelta(minutes=1))
    chain.hour(0)
    bucket.upload(s3_bucket)
    done = run("verify", f"s3://{BUCKET}", "--json", env=awscli.environment)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert rows[-1]["logs"] == {"valid": 1_005, "invalid": 1, "unverified": 0}
    assert [row["name"] for row in rows if row.get("reason") == "unlisted"] == [
        f"s3://{BUCKET}/{unlisted}"]


def test_what_may_not_be_asked_ends_it(s3_bucket, awscli, key):
    bucket = Bucket()
    Chain(bucket, key).hour(1)
    bucket.upload(s3_bucket)
    denied = b'{"__type":"AccessDeniedException","message":"not authorized"}'

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(400)
            self.send_header("Content-Length", str(len(denied)))
            self.end_headers()
            self.wfile.write(denied)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        env = awscli.environment | {
            "AWS_ENDPOINT_URL_CLOUDTRAIL": f"http://127.0.0.1:{server.server_port}"}
        done = run("verify", f"s3://{BUCKET}", env=env)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert done.returncode == 1
    assert "cloudtrail ListPublicKeys for 'us-east-1': AccessDeniedException" in done.stderr
    assert "needs cloudtrail:ListPublicKeys" in done.stderr
    assert done.stdout == ""
    missing = run("verify", "s3://no-such-bucket/", env=awscli.environment)
    assert missing.returncode == 1
    assert "s3 ListObjectsV2 for 's3://no-such-bucket/': NoSuchBucket" in missing.stderr


def test_keys_of_a_file_are_taken_instead(s3_bucket, awscli, key, key_server, tmp_path):
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps({"PublicKeyList": [key.row()]}))
    bucket = Bucket()
    Chain(bucket, key).hour(1)
    bucket.upload(s3_bucket)
    del key_server.asked[:]
    done = run("verify", f"s3://{BUCKET}", "--keys", keys, "--from", rfc3339(BEGIN),
               env=awscli.environment)
    assert done.returncode == 0, done.stderr
    assert "1/1 log files valid" in done.stdout
    assert key_server.asked == []


# Arguments, and what is said of them.
MISTAKES = [
    (["."], "expected --keys with a directory, got none"),
    ([".", "--keys", "x", "--profile", "audit"],
     "expected s3://BUCKET/PREFIX with --profile, got a directory"),
    (["s3://bucket", "--key-prefix", "x"], "expected a directory with --key-prefix, got s3://"),
    (["s3://B"], "expected s3://BUCKET/PREFIX, got 's3://B'"),
]


@pytest.mark.parametrize("words,said", MISTAKES, ids=lambda value: " ".join(value))
def test_mistakes_are_told(words, said):
    done = run("verify", *words)
    assert done.returncode == 2
    assert said in done.stderr
