"""S3 against a store that verifies signatures, against moto, and against trouble."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

import servers
from servers import KEY, SECRET, Scripted, environment, failure, probe

ODD_KEYS = ["plain", "a=b", "a+b", "a b", "a%2Bb", "a%b", "ä/€/𝄞", "a//b", "/lead", "trail/", "..",
            "a/../b", "./a", "*'()!", "a&b?c#d", "tab\there", "line\nbreak", "@:,;$[]{}|^`\"<>\\~"]


@pytest.fixture(scope="module")
def bucket(s3proxy):
    s3 = servers.client("s3", s3proxy.url)
    s3.create_bucket(Bucket="odd-keys")
    for key in ODD_KEYS:
        s3.put_object(Bucket="odd-keys", Key=key, Body=("of " + key).encode())
    return s3


@pytest.mark.parametrize("key", ODD_KEYS)
@pytest.mark.parametrize("token", [None, "a/session+token==" * 30])
def test_odd_keys_are_signed_as_the_store_verifies_them(s3proxy, bucket, tmp_path, key, token):
    env = environment(s3proxy.url, token=token)
    got = probe("get", "odd-keys", key, env=env, out=tmp_path / "object")
    assert (tmp_path / "object").read_bytes() == ("of " + key).encode()
    assert got["etag"] == hashlib.md5(("of " + key).encode()).hexdigest()
    assert probe("head", "odd-keys", key, env=env)["size"] == len(("of " + key).encode())
    listed = probe("list", "odd-keys", key, env=env)["objects"]
    assert key in [item["key"] for item in listed]


def test_all_odd_keys_are_listed(s3proxy, bucket):
    answer = probe("list", "odd-keys", env=environment(s3proxy.url))
    assert [item["key"] for item in answer["objects"]] == sorted(ODD_KEYS, key=str.encode)


def test_odd_keys_are_listed_over_pages(moto):
    """As botocore lists them. (S3Proxy does not find the next page behind an odd key.)"""
    s3 = servers.client("s3", moto.url)
    s3.create_bucket(Bucket="odd-pages",
                     CreateBucketConfiguration={"LocationConstraint": servers.REGION})
    for key in ODD_KEYS:
        if "\n" not in key:  # moto has no route for it.
            s3.put_object(Bucket="odd-pages", Key=key, Body=b"x")
    want = [item["Key"] for item in s3.list_objects_v2(Bucket="odd-pages")["Contents"]]
    answer = probe("list", "odd-pages", env=environment(moto.url), max_keys=2)
    assert [item["key"] for item in answer["objects"]] == want
    assert answer["pages"] == (len(want) + 1) // 2


def test_a_listing_that_does_not_move_on_ends():
    page = (b"<ListBucketResult><IsTruncated>true</IsTruncated>"
            b"<NextContinuationToken>again</NextContinuationToken></ListBucketResult>")
    with Scripted(lambda *_: (200, {}, page)) as server:
        message = failure("list", "bucket", env=environment(server.url), code="corrupt")
        assert len(server.requests) == 2
    assert "does not move on" in message


def test_a_wrong_secret_is_refused_and_not_shown(s3proxy, bucket):
    env = environment(s3proxy.url, secret=SECRET[:-1] + "X")
    answer = probe("get", "odd-keys", "plain", env=env, expect=1)
    assert answer["error"]["code"] == "denied"
    assert "SignatureDoesNotMatch" in answer["error"]["message"]
    assert "check the credentials from the environment" in answer["error"]["message"]
    assert SECRET[:-1] not in answer["output"]


def test_ten_thousand_keys_are_listed(s3proxy):
    s3 = servers.client("s3", s3proxy.url)
    s3.create_bucket(Bucket="many-keys")
    keys = [f"AWSLogs/111122223333/{number:05} +=%/ä" for number in range(10_000)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: s3.put_object(Bucket="many-keys", Key=key, Body=b""), keys))
    env = environment(s3proxy.url, token="token")
    answer = probe("list", "many-keys", "AWSLogs/", env=env)
    assert [item["key"] for item in answer["objects"]] == keys
    assert answer["pages"] == 10
    rest = probe("list", "many-keys", "AWSLogs/", env=env, start_after=keys[8999])
    assert [item["key"] for item in rest["objects"]] == keys[9000:]
    folders = probe("list", "many-keys", env=env, delimiter="/")
    assert (folders["prefixes"], folders["objects"]) == (["AWSLogs/"], [])


@pytest.mark.parametrize("key", ODD_KEYS)
def test_the_signature_is_that_of_botocore(key):
    """Every header that it covers, the session token among them."""
    with Scripted(lambda request, _: (200, {}, b"")) as server:
        probe("head", "bucket", key, env=environment(server.url, token="the/token=="))
        request = server.requests[0]
    signed = request.headers["Authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
    assert {"host", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"} <= set(signed)
    headers = {name.lower(): value for name, value in request.headers.items()}
    again = AWSRequest(method="HEAD", url=server.url + request.path,
                       headers={name: headers[name] for name in signed})
    again.context["timestamp"] = headers["x-amz-date"]
    auth = S3SigV4Auth(Credentials(KEY, SECRET, "the/token=="), "s3", servers.REGION)
    string = auth.string_to_sign(again, auth.canonical_request(again))
    assert request.headers["Authorization"].endswith("Signature=" + auth.signature(string, again))
    assert (datetime.strptime(headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(
        tzinfo=timezone.utc) - datetime.now(timezone.utc)).total_seconds() < 60


def test_versions_and_metadata(moto, tmp_path):
    s3 = servers.client("s3", moto.url)
    s3.create_bucket(Bucket="versions",
                     CreateBucketConfiguration={"LocationConstraint": servers.REGION})
    s3.put_bucket_versioning(Bucket="versions", VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket="versions", Key="a b", Body=b"one", Metadata={"Signature": "0a"})
    s3.put_object(Bucket="versions", Key="a b", Body=b"two")
    env = environment(moto.url)
    out = tmp_path / "object"
    old = probe("get", "versions", "a b", env=env, out=out, version_id=first["VersionId"])
    assert out.read_bytes() == b"one"
    assert old["version_id"] == first["VersionId"]
    assert old["metadata"] == {"signature": "0a"}
    assert old["last_modified"].startswith("20")
    new = probe("stream", "versions", "a b", env=env, out=out)
    assert (out.read_bytes(), new["size"]) == (b"two", 3)


def test_what_is_absent_is_not_found(moto):
    env = environment(moto.url)
    servers.client("s3", moto.url).create_bucket(
        Bucket="empty", CreateBucketConfiguration={"LocationConstraint": servers.REGION})
    assert "NoSuchKey" in failure("get", "empty", "none", env=env, code="not_found")
    assert "NoSuchBucket" in failure("list", "nowhere", env=env, code="not_found")
    assert "NotFound" in failure("head", "empty", "none", env=env, code="not_found")


def test_a_missing_permission_is_named(moto):
    """moto verifies signatures by botocore's own rules, and asks IAM."""
    s3, iam = servers.client("s3", moto.url), servers.client("iam", moto.url)
    s3.create_bucket(Bucket="guarded",
                     CreateBucketConfiguration={"LocationConstraint": servers.REGION})
    s3.put_object(Bucket="guarded", Key="a+b=c", Body=b"x")
    iam.create_user(UserName="reader")
    iam.put_user_policy(UserName="reader", PolicyName="list", PolicyDocument=json.dumps(
        {"Version": "2012-10-17",
         "Statement": [{"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "*"}]}))
    keys = iam.create_access_key(UserName="reader")["AccessKey"]
    env = environment(moto.url, keys["AccessKeyId"], keys["SecretAccessKey"])
    moto.verify()
    try:
        listed = probe("list", "guarded", env=env)
        denied = failure("get", "guarded", "a+b=c", env=env, code="denied")
        forged = failure("list", "guarded", code="denied",
                         env=environment(moto.url, keys["AccessKeyId"], "wrong"))
    finally:
        moto.stop_verifying()
    assert [item["key"] for item in listed["objects"]] == ["a+b=c"]
    assert "AccessDenied" in denied
    assert "needs s3:GetObject on arn:aws:s3:::guarded/a+b=c" in denied
    assert "SignatureDoesNotMatch" in forged


def test_a_bucket_in_another_region_is_found_and_remembered():
    def answer(request, _):
        if "/eu-central-1/s3/" in request.headers["Authorization"]:
            return 200, {}, b"here"
        return 301, {"x-amz-bucket-region": "eu-central-1"}, b""

    with Scripted(answer) as server:
        assert probe("head", "elsewhere", "key", env=environment(server.url))["size"] == 4
        assert len(server.requests) == 2


def failing(times, trouble):
    """Trouble so many times, then the answer."""
    state = {"left": times}

    def answer(request, handler):
        if state["left"] > 0:
            state["left"] -= 1
            return trouble(handler)
        return 200, {"ETag": '"e"'}, b"body"

    return answer


def cut_short(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbo")


TROUBLES = {
    "503": lambda _: (503, {}, b"<Error><Code>SlowDown</Code></Error>"),
    "500": lambda _: (500, {}, b""),
    "throttled": lambda _: (400, {}, b"<Error><Code>RequestTimeout</Code></Error>"),
    "hung up": lambda _: None,
    "cut short": cut_short,
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_what_may_pass_is_repeated(trouble, tmp_path):
    with Scripted(failing(2, TROUBLES[trouble])) as server:
        out = tmp_path / "object"
        probe("get", "bucket", "key", env=environment(server.url), out=out)
        assert out.read_bytes() == b"body"
        assert len(server.requests) == 3


@pytest.mark.parametrize("trouble", TROUBLES)
def test_repeating_ends(trouble):
    with Scripted(failing(100, TROUBLES[trouble])) as server:
        message = failure("get", "bucket", "key", env=environment(server.url), attempts=3,
                          code="unavailable")
        assert len(server.requests) == 3
        assert message.endswith("after 3 attempts")


def test_a_refused_connection_is_told():
    url = f"http://127.0.0.1:{servers.free_port()}"
    message = failure("head", "bucket", "key", env=environment(url), attempts=2, code="unavailable")
    assert message.startswith("cannot call s3 HeadObject for 's3://bucket/key': "
                              "cannot reach 127.0.0.1: ")


CONTENT = bytes(range(256)) * 4096


def breaking(ranges):
    """Sends a third, then hangs up; knows ranges, or begins anew each time."""
    requests = []

    def answer(request, handler):
        requests.append(request)
        start = 0
        if ranges and "Range" in request.headers:
            assert request.headers["If-Match"] == '"e"'
            start = int(request.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        rest = CONTENT[start:]
        status = "206 Partial" if start else "200 OK"
        head = f"HTTP/1.1 {status}\r\nETag: \"e\"\r\nContent-Length: {len(rest)}\r\n"
        if start:
            head += f"Content-Range: bytes {start}-{len(CONTENT) - 1}/{len(CONTENT)}\r\n"
        handler.wfile.write(head.encode() + b"\r\n")
        cut = len(CONTENT) * len(requests) // 3 - start
        handler.wfile.write(rest[:cut] if len(requests) < 3 else rest)

    return answer


@pytest.mark.parametrize("ranges", [True, False])
def test_a_stream_is_resumed_where_it_broke(ranges, tmp_path):
    with Scripted(breaking(ranges)) as server:
        out = tmp_path / "object"
        info = probe("stream", "bucket", "key", env=environment(server.url), out=out)
        assert out.read_bytes() == CONTENT
        assert info["size"] == len(CONTENT)
        assert len(server.requests) == 3


def test_an_object_that_was_replaced_is_not_mixed(tmp_path):
    count = iter(range(10))

    def answer(_, handler):
        head = f"HTTP/1.1 200 OK\r\nETag: \"{next(count)}\"\r\nContent-Length: 100\r\n\r\nhalf"
        handler.wfile.write(head.encode())

    with Scripted(answer) as server:
        message = failure("stream", "bucket", "key", env=environment(server.url),
                          out=tmp_path / "object", code="unavailable")
    assert "was replaced while it was read" in message


@pytest.mark.parametrize("announced", [True, False])
def test_too_large_is_refused_with_flat_memory(announced, tmp_path):
    def answer(_, handler):
        length = b"Content-Length: 4000000000\r\n" if announced else b""
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + length + b"\r\n")
        try:
            for _ in range(1000):
                handler.wfile.write(b"x" * 1_000_000)
        except OSError:
            pass

    with Scripted(answer) as server:
        answered = probe("get", "bucket", "key", env=environment(server.url), expect=1,
                         out=tmp_path / "object", max_bytes=1_000_000)
    assert answered["error"]["code"] == "too_large"
    assert answered["peak_kb"] < 40_000


def test_a_large_object_streams_with_flat_memory(tmp_path):
    block = b"x" * 1_000_000

    def answer(_, handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n")
        for _ in range(200):
            handler.wfile.write(block)

    with Scripted(answer) as server:
        info = probe("stream", "bucket", "key", env=environment(server.url), out="/dev/null")
    assert info["size"] == 200_000_000
    assert info["peak_kb"] < 40_000


@pytest.mark.parametrize("bucket, key", [("evil.example.net/", "k"), ("a", "k"), ("bucket", ""),
                                         ("bucket", "k" * 1025), ("user@host", "k")])
def test_names_that_are_none_are_not_asked_for(bucket, key):
    with Scripted(lambda *_: (200, {}, b"")) as server:
        failure("head", bucket, key, env=environment(server.url), code="bad_request")
        assert server.requests == []
