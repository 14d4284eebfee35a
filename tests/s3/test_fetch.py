"""Announced objects, fetched from moto, and from servers that misbehave."""

import hashlib
import json
import os
import random
import subprocess

import pytest

import servers
from servers import Scripted, environment

PROBE = os.environ.get("FETCH_PROBE_BIN", str(servers.ROOT / "build" / "release" / "fetch_probe"))
BUCKET = "fetched"


def fetch(env, spool, *words, expect=0):
    """What came of it, and the bytes."""
    spool.mkdir(exist_ok=True)
    out = spool.parent / "fetched"
    done = subprocess.run([PROBE, *words, f"--spool={spool}", f"--out={out}"], capture_output=True,
                          text=True, check=False, timeout=120,
                          env=servers.plain_environment() | env)
    assert done.returncode == expect, done.stdout + done.stderr
    return json.loads(done.stdout), out.read_bytes() if expect == 0 else None


@pytest.fixture(scope="module")
def s3(moto):
    s3 = servers.client("s3", moto.url)
    s3.create_bucket(Bucket=BUCKET,
                     CreateBucketConfiguration={"LocationConstraint": servers.REGION})
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    return s3


@pytest.mark.parametrize("words", [[], ["--no-nameless-files"]], ids=["", "removed"])
@pytest.mark.parametrize("size", [0, 1, 9_999, 10_000, 10_001, 3_000_000])
def test_large_objects_go_through_a_file_without_a_name(size, words, moto, s3, tmp_path):
    """On a file system that has none, it is one whose name goes at once."""
    body = random.Random(size).randbytes(size)
    s3.put_object(Bucket=BUCKET, Key="a/b.json.gz", Body=body)
    told, got = fetch(environment(moto.url), tmp_path / "spool", BUCKET, "a/b.json.gz",
                      "--max-memory=10000", *words)
    assert got == body
    assert told == {"name": f"s3://{BUCKET}/a/b.json.gz", "etag": hashlib.md5(body).hexdigest(),
                    "size": size, "files": int(size > 10_000), "names": 0, "files_after": 0}


def test_a_missing_spool_is_told(moto, s3, tmp_path):
    s3.put_object(Bucket=BUCKET, Key="large", Body=b"x" * 20_000)
    missing = ["--max-memory=1", f"--out={tmp_path}/none", f"--spool={tmp_path}/missing"]
    done = subprocess.run([PROBE, BUCKET, "large", *missing], capture_output=True, text=True,
                          env=servers.plain_environment() | environment(moto.url), check=False)
    told = json.loads(done.stdout)
    assert (done.returncode, told["code"]) == (1, "io")
    assert told["message"] == (f"cannot keep 's3://{BUCKET}/large' in the spool: "
                               "No such file or directory")


def test_too_large_is_refused(moto, s3, tmp_path):
    s3.put_object(Bucket=BUCKET, Key="large", Body=b"x" * 20_000)
    env = environment(moto.url)
    fetch(env, tmp_path / "spool", BUCKET, "large", "--max-object=20000", "--max-memory=1")
    told, _ = fetch(env, tmp_path / "spool", BUCKET, "large", "--max-object=19999", expect=1)
    assert told["code"] == "too_large", told


def test_too_large_in_parts_is_refused(tmp_path):
    """Each answer is within the limit, all together are not."""
    def answer(request, handler):
        start = int(request.headers.get("Range", "bytes=0-")[len("bytes="):-1])
        status = "206 Partial" if start else "200 OK"
        head = (f"HTTP/1.1 {status}\r\nETag: \"e\"\r\nContent-Length: 1000\r\n"
                f"Content-Range: bytes {start}-{start + 999}/99999\r\n\r\n")
        handler.wfile.write(head.encode() + b"x" * 900)

    with Scripted(answer) as server:
        told, _ = fetch(environment(server.url), tmp_path / "spool", BUCKET, "key",
                        "--max-object=1500", expect=1)
    assert told["code"] == "too_large", told
    assert told["message"] == f"'s3://{BUCKET}/key' is larger than 1500 bytes"


def test_the_announced_version_is_fetched(moto, s3, tmp_path):
    first = s3.put_object(Bucket=BUCKET, Key="versions", Body=b"one")
    s3.put_object(Bucket=BUCKET, Key="versions", Body=b"two")
    env = environment(moto.url)
    version = f"--version-id={first['VersionId']}"
    assert fetch(env, tmp_path / "spool", BUCKET, "versions", version)[1] == b"one"
    assert fetch(env, tmp_path / "spool", BUCKET, "versions")[1] == b"two"


# Key as announced, the keys there are, the key that is fetched ("": none).
ENCODED = [
    ("a+b%2Fc", ["a b/c"], "a b/c"),
    ("a+b%2Fc", ["a b/c", "a+b%2Fc"], "a+b%2Fc"),
    ("d%zz+", ["d%zz "], "d%zz "),
    ("e%41", [], ""),
    ("plain", [], ""),
]


@pytest.mark.parametrize("announced,keys,fetched", ENCODED)
def test_a_key_is_tried_decoded_when_there_is_none(announced, keys, fetched, moto, tmp_path):
    env = environment(moto.url)
    s3 = servers.client("s3", moto.url)
    s3.create_bucket(Bucket="encoded",
                     CreateBucketConfiguration={"LocationConstraint": servers.REGION})
    try:
        for key in keys:
            s3.put_object(Bucket="encoded", Key=key, Body=key.encode())
        words = ["encoded", announced, "--may-be-encoded"]
        told, got = fetch(env, tmp_path / "spool", *words, expect=0 if fetched else 1)
        if fetched:
            assert (told["name"], got) == (f"s3://encoded/{fetched}", fetched.encode())
        else:
            assert told["code"] == "not_found"
            assert f"'s3://encoded/{announced}'" in told["message"]
        if announced not in keys:
            told, _ = fetch(env, tmp_path / "spool", *words[:2], expect=1)
            assert told["code"] == "not_found"
    finally:
        for key in keys:
            s3.delete_object(Bucket="encoded", Key=key)
        s3.delete_bucket(Bucket="encoded")


@pytest.mark.parametrize("decoded", [200, 403, 404, 400])
def test_without_listing_a_missing_key_is_denied_and_tried_decoded_too(decoded, tmp_path):
    def answer(request, _):
        status = decoded if "a%20b" in request.path else 403
        return status, {"ETag": '"e"'}, b"body" if status == 200 else b""

    with Scripted(answer) as server:
        told, got = fetch(environment(server.url), tmp_path / "spool", BUCKET, "a+b",
                          "--may-be-encoded", expect=0 if decoded == 200 else 1)
        assert len(server.requests) == 2
    if decoded == 200:
        assert got == b"body"
    else:
        assert told["code"] == ("bad_request" if decoded == 400 else "denied")
