"""SQS, SNS, STS and CloudTrail against moto, and what a message's URL may not reach."""

import base64
import json
import subprocess
import threading
import time

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import servers
from servers import KEY, SECRET, Scripted, environment, failure, probe


@pytest.fixture
def queue(moto):
    sqs = servers.client("sqs", moto.url)
    name = f"queue-{time.monotonic_ns()}"
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    yield {"url": url, "name": name, "arn": arn["Attributes"]["QueueArn"]}
    sqs.delete_queue(QueueUrl=url)


@pytest.mark.parametrize("by", ["url", "name", "arn"])
def test_messages_are_received_hidden_and_deleted(moto, queue, by):
    env = environment(moto.url)
    bodies = [f"body {number} ä \"quoted\" \\ \n" for number in range(10)]
    assert probe("sqs-send", queue[by], *bodies, env=env)["failed"] == []
    received = probe("sqs-receive", queue[by], env=env)["messages"]
    assert sorted(message["body"] for message in received) == sorted(bodies)
    assert {message["receive_count"] for message in received} == {1}
    assert all(message["sent"].startswith("20") for message in received)
    handles = [message["receipt_handle"] for message in received]
    assert probe("sqs-extend", queue[by], *handles, env=env, seconds=0)["failed"] == []
    again = probe("sqs-receive", queue[by], env=env)["messages"]
    assert {message["receive_count"] for message in again} == {2}
    handles = [message["receipt_handle"] for message in again]
    assert probe("sqs-delete", queue[by], *handles, env=env)["failed"] == []
    attributes = probe("sqs-attributes", queue[by], env=env)["attributes"]
    assert attributes["ApproximateNumberOfMessages"] == "0"
    assert attributes["ApproximateNumberOfMessagesNotVisible"] == "0"
    assert probe("sqs-receive", queue[by], env=env)["messages"] == []


def test_failures_in_a_batch_are_told_one_by_one(moto, queue):
    env = environment(moto.url)
    probe("sqs-send", queue["url"], "one", env=env)
    handle = probe("sqs-receive", queue["url"], env=env)["messages"][0]["receipt_handle"]
    failed = probe("sqs-extend", queue["url"], handle, "no-handle", env=env, seconds=5)["failed"]
    assert [outcome["index"] for outcome in failed] == [1]
    assert failed[0]["code"]
    assert failed[0]["sender_fault"] is True


def test_queues_that_are_not_there(moto):
    env = environment(moto.url)
    for name in ["absent", f"{moto.url}/111122223333/absent",
                 "arn:aws:sqs:eu-west-1:111122223333:absent"]:
        message = failure("sqs-receive", name, env=env, code="not_found")
        assert "absent" in message
    assert "expected a queue's URL, ARN or name" in failure(
        "sqs-receive", "not a queue", env=env, code="bad_request")
    assert "expected 1 to 10 messages" in failure(
        "sqs-send", f"{moto.url}/111122223333/q", *map(str, range(11)), env=env, code="bad_request")
    without = {name: value for name, value in env.items() if name != "AWS_ENDPOINT_URL"}
    assert "expected a host of AWS" in failure(
        "sqs-receive", "https://example.net/111122223333/q", env=without, code="bad_request")


def test_a_missing_permission_of_sqs_is_named(moto, queue):
    iam = servers.client("iam", moto.url)
    iam.create_user(UserName=queue["name"])
    keys = iam.create_access_key(UserName=queue["name"])["AccessKey"]
    env = environment(moto.url, keys["AccessKeyId"], keys["SecretAccessKey"])
    moto.verify()
    try:
        denied = failure("sqs-receive", queue["url"], env=env, code="denied")
        wrong = failure("sqs-receive", queue["url"], code="denied",
                        env=environment(moto.url, keys["AccessKeyId"], "wrong"))
    finally:
        moto.stop_verifying()
    assert f"needs sqs:ReceiveMessage on the queue {queue['name']}" in denied
    assert "SignatureDoesNotMatch" in wrong


def test_a_long_poll_ends_when_it_is_stopped():
    arrived = threading.Event()
    release = threading.Event()

    def answer(request, _):
        assert json.loads(request.body)["WaitTimeSeconds"] == 20
        arrived.set()
        release.wait(30)
        return 200, {}, b"{}"

    with Scripted(answer) as server:
        env = servers.plain_environment() | environment(server.url)
        process = subprocess.Popen(
            [servers.PROBE, "sqs-receive", server.url + "/111122223333/q", "--seconds=20",
             "--stop-on-input"], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert arrived.wait(30)
        began = time.monotonic()
        out, _ = process.communicate("\n", timeout=15)
        took = time.monotonic() - began
        release.set()
    assert json.loads(out)["error"]["code"] == "cancelled"
    assert took < 5


def test_a_pause_before_repeating_ends_when_it_is_stopped():
    arrived = threading.Event()

    def answer(*_):
        arrived.set()
        return 503, {}, b""

    with Scripted(answer) as server:
        env = servers.plain_environment() | environment(server.url)
        process = subprocess.Popen(
            [servers.PROBE, "list", "bucket", "--attempts=100000", "--stop-on-input"], env=env,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert arrived.wait(30)
        out, _ = process.communicate("\n", timeout=15)
    assert json.loads(out)["error"]["code"] == "cancelled"


@pytest.mark.parametrize("call, service, words", [
    ("sqs-receive", "sqs", ["QUEUE"]),
    ("confirm", "sns", ["arn:aws:sns:eu-west-1:111122223333:trail", "a+token="]),
    ("list-public-keys", "cloudtrail", ["2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z"]),
])
def test_signatures_of_posts_are_those_of_botocore(call, service, words):
    answers = {"sqs": b"{}", "cloudtrail": b'{"PublicKeyList":[]}',
               "sns": b"<R><X><SubscriptionArn>a</SubscriptionArn></X></R>"}
    with Scripted(lambda *_: (200, {}, answers[service])) as server:
        words = [word.replace("QUEUE", server.url + "/111122223333/q") for word in words]
        probe(call, *words, env=environment(server.url, token="the/token=="))
        request = server.requests[0]
    headers = {name.lower(): value for name, value in request.headers.items()}
    signed = headers["authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
    assert {"content-type", "host", "x-amz-date", "x-amz-security-token"} <= set(signed)
    again = AWSRequest(method="POST", url=server.url + "/", data=request.body,
                       headers={name: headers[name] for name in signed})
    again.context["timestamp"] = headers["x-amz-date"]
    auth = SigV4Auth(Credentials(KEY, SECRET, "the/token=="), service, servers.REGION)
    string = auth.string_to_sign(again, auth.canonical_request(again))
    assert headers["authorization"].endswith("Signature=" + auth.signature(string, again))


def test_subscriptions_are_confirmed_by_the_api(moto):
    topic = servers.client("sns", moto.url).create_topic(Name="trail")["TopicArn"]
    answer = probe("confirm", topic, "token", env=environment(moto.url))
    assert answer["subscription"].startswith("arn:aws:sns:")
    assert "expected an ARN" in failure("confirm", "trail", "token", env=environment(moto.url),
                                        code="bad_request")


def test_public_keys_of_all_pages_are_listed():
    """By CloudTrail's own contract: moto has no such call."""
    def answer(request, _):
        assert request.headers["x-amz-target"].endswith("CloudTrail_20131101.ListPublicKeys")
        body = json.loads(request.body)
        assert (body["StartTime"], body["EndTime"]) == (1704067200, 1704153600)
        page = int(body.get("NextToken", "0"))
        key = {"Value": base64.b64encode(b"x" * 270).decode(), "Fingerprint": f"f{page}",
               "ValidityStartTime": 1.7e9, "ValidityEndTime": 1.8e9 + 0.5}
        more = {"NextToken": str(page + 1)} if page < 2 else {}
        return 200, {}, json.dumps({"PublicKeyList": [key]} | more).encode()

    with Scripted(answer) as server:
        keys = probe("list-public-keys", "2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z",
                     env=environment(server.url))["keys"]
    assert [key["fingerprint"] for key in keys] == ["f0", "f1", "f2"]
    assert keys[0] == {"fingerprint": "f0", "der_bytes": 270, "from": "2023-11-14T22:13:20Z",
                       "to": "2027-01-15T08:00:00.500Z"}


@pytest.mark.parametrize("url, want", [
    ("https://127.0.0.1:PORT/", "expected a public address"),
    ("https://localhost:PORT/", "expected a public address"),
    ("https://2130706433:PORT/", "expected a public address"),
    ("https://127.1:PORT/", "expected a public address"),
    ("https://[::1]:PORT/", "expected a public address"),
    ("https://[::ffff:127.0.0.1]:PORT/", "expected a public address"),
    ("https://169.254.169.254/", "expected a public address"),
    ("https://10.0.0.1/", "expected a public address"),
    ("http://203.0.113.1/", "expected a URL with https"),
    ("file:///etc/passwd", "expected a"),
    ("gopher://203.0.113.1/", "expected a URL with https"),
    ("https://user@203.0.113.1/", "without a user name"),
    ("not a url", "expected an absolute URL"),
])
def test_urls_of_messages_reach_no_special_address(url, want):
    with Scripted(lambda *_: (200, {}, b"")) as server:
        port = server.url.rsplit(":", 1)[1]
        assert want in failure("fetch", url.replace("PORT", port), code="bad_request")
        assert server.requests == []


def test_http_to_localhost_is_refused_after_its_name_was_resolved():
    with Scripted(lambda *_: (200, {}, b"")) as server:
        url = server.url.replace("127.0.0.1", "localhost")
        assert "expected a public address" in failure("fetch", url, version_id="http",
                                                      code="bad_request")
        assert server.requests == []


def test_a_timeout_ends_a_server_that_says_nothing():
    release = threading.Event()

    def answer(*_):
        release.wait(60)
        return 200, {}, b""

    with Scripted(answer) as server:
        # The endpoint of a container: 5 seconds.
        message = failure("identity", advance="0", code="unavailable",
                          env={"AWS_CONTAINER_CREDENTIALS_FULL_URI": server.url + "/"})
        release.set()
    assert "Timeout was reached" in message or "timed out" in message
