"""`trailsift index s3://…` against moto, S3Proxy, and a server in between that gets in the way."""

import json
import signal
import threading
import time

import pytest

import servers
from buckets import (ACCOUNTS, REGIONS, Bucket, Run, deliveries, environment, event_ids, index,
                     log_file, log_key, start)
from recorder import Recorder, key_of
from servers import KEY, SECRET

ODD_KEYS = ["a=b", "a+b", "a b", "a%2Bb", "a%b", "ä/€/𝄞", "a//b", "*'()!", "a&b?c#d", "@:,;$[]{}"]
ROOT = "audit/AWSLogs/o-ab12cd34ef/"
DAYS = [f"2026/07/{day:02}" for day in range(27, 32)]


@pytest.fixture(scope="module")
def trail(moto):
    """What an organisation's trail and its neighbours leave in a bucket: more than a page, one
    event in each log file, whose id is the key."""
    with Bucket(moto.url, "organisation") as bucket:
        logs = [log_key(day, number, account, region, root=ROOT)
                for day in DAYS for account in ACCOUNTS for region in REGIONS
                for number in range(52)]
        logs += [log_key(DAYS[0], folder="CloudTrail-Insight", root=ROOT)]
        bucket.logs = sorted(logs)
        bucket.put({key: log_file(key) for key in logs})
        others = [log_key(day, number, folder=folder, root=ROOT) for day in DAYS
                  for folder in ("CloudTrail-Digest", "Config", "elasticloadbalancing")
                  for number in range(3)]
        others += [f"{ROOT}111122223333/CloudTrail/eu-west-1/", "audit/"]
        bucket.put({key: b"this must not be fetched" for key in others})
        yield bucket


def wanted(keys, accounts=ACCOUNTS, regions=REGIONS, days=tuple(DAYS)):
    return [key for key in keys if any(f"/{account}/" in key for account in accounts)
            and any(f"/{region}/" in key for region in regions)
            and any(f"/{day}/" in key for day in days)]


# Options, and which log files they choose.
CHOICES = [
    ([], {}),
    (["--accounts", "444455556666"], {"accounts": ["444455556666"]}),
    (["--accounts", "444455556666,999988887777", "--regions", "us-east-1"],
     {"accounts": ["444455556666"], "regions": ["us-east-1"]}),
    (["--regions", "us-east-1", "--regions", "eu-west-1"], {}),
    (["--from", "2026-07-29", "--to", "2026-07-29"], {"days": DAYS[2:4]}),
    (["--from", "2026-07-30"], {"days": DAYS[3:]}),
    (["--to", "2026-07-28T17:00:00Z"], {"days": DAYS[:3]}),
    (["--from", "2026-07-29", "--to", "2026-07-29", "--regions", "eu-west-1"],
     {"days": DAYS[2:4], "regions": ["eu-west-1"]}),
    (["--from", "2026-08-20"], {"days": []}),
    (["--accounts", "999988887777"], {"accounts": []}),
]


@pytest.mark.parametrize("options,choice", CHOICES, ids=lambda value: " ".join(value))
def test_the_wanted_log_files_are_fetched_and_no_others(options, choice, moto, trail, tmp_path):
    want = wanted(trail.logs, **choice)
    with Recorder(moto.url) as recorder:
        run = index(f"s3://{trail.name}/audit", tmp_path / "data", environment(recorder.url),
                    *options)
        assert recorder.fetched() == want
        # A page for each folder that is passed over or left in the middle, at most.
        assert len(recorder.listings()) <= 16
    account = run.json()
    assert event_ids(tmp_path / "data") == want
    assert (account["files"], account["indexed"], account["rejected"]) == (len(want), len(want), 0)
    assert account["already_indexed"] == 0
    # A slow machine shows its progress, too.
    told = [line for line in run.err.splitlines() if "events/s" not in line]
    assert told == ([] if want else ["no such objects were found"])
    if want:
        rows = deliveries(tmp_path / "data")
        assert sorted(row["object"] for row in rows) == [f"s3://{trail.name}/{key}" for key in want]
        assert {row["source"] for row in rows} == {"s3"}


def test_deeper_prefixes_and_several_of_them(moto, trail, tmp_path):
    places = [f"{ROOT}{ACCOUNTS[0]}/CloudTrail/eu-west-1/2026/07/2", f"{ROOT}{ACCOUNTS[1]}"]
    want = [key for key in trail.logs if key.startswith(tuple(places))]
    words = ["index", *(f"s3://{trail.name}/{place}" for place in places), "--data",
             tmp_path / "data", "--to", "2026-07-27"]
    Run(words, environment(moto.url))
    assert event_ids(tmp_path / "data") == wanted(want, days=DAYS[:2])


def test_files_without_folders_are_chosen_by_their_names(moto, tmp_path):
    named = [log_key(day, account=account, region=region).rsplit("/", 1)[1]
             for day in DAYS for account in ACCOUNTS for region in REGIONS]
    keys = [f"copy/{name}" for name in named] + ["copy/notes.json.gz", "other/copied.json"]
    keys += [log_key(DAYS[2], 7).replace("/eu-west-1/2026/07/29/", "/")]
    with Bucket(moto.url, "copies") as bucket:
        bucket.put({key: log_file(key) for key in keys})
        index("s3://copies", tmp_path / "data", environment(moto.url), "--from", "2026-07-29",
              "--to", "2026-07-29", "--accounts", ACCOUNTS[0], "--regions", REGIONS[0])
        days = [day.replace("/", "") for day in DAYS[2:4]]
        assert event_ids(tmp_path / "data") == sorted(
            key for key in keys if "T2355" not in key or
            (any(day in key for day in days) and ACCOUNTS[0] in key and REGIONS[0] in key))


def test_odd_keys_are_fetched_signed(s3proxy, tmp_path):
    """S3Proxy refuses wrong signatures."""
    keys = sorted(f"odd/{key}" for key in ODD_KEYS) + [log_key(DAYS[0])]
    with Bucket(s3proxy.url, "odd-logs", knows_regions=False) as bucket:
        bucket.put({key: log_file(key) for key in keys})
        env = environment(s3proxy.url)
        index("s3://odd-logs/", tmp_path / "data", env)
        assert event_ids(tmp_path / "data") == sorted(keys)
        again = index("s3://odd-logs/odd/", tmp_path / "data", env).json()
        assert (again["files"], again["already_indexed"]) == (0, len(ODD_KEYS))
        wrong = index("s3://odd-logs/", tmp_path / "none",
                      env | {"AWS_SECRET_ACCESS_KEY": SECRET[:-1] + "X"}, expect=1)
        assert "SignatureDoesNotMatch" in wrong.err
        assert not (tmp_path / "none").exists()
    options = Run(["index", "s3://odd-logs/", "--data", tmp_path / "none", "--region", "eu-west-1",
                   "--endpoint-url", s3proxy.url],
                  environment("http://127.0.0.1:1"), expect=1)
    assert "NoSuchBucket" in options.err  # It was the option's store that was asked.


def test_what_is_settled_is_not_fetched_again(moto, trail, tmp_path):
    data, place = tmp_path / "data", f"s3://{trail.name}/audit"
    first = wanted(trail.logs, accounts=ACCOUNTS[:1], days=DAYS[:1])
    changed, damaged = first[3], first[4]
    with Recorder(moto.url) as recorder:
        env = environment(recorder.url)
        trail.put({damaged: b"\x1f\x8b this is no gzip"})
        try:
            index(place, data, env, "--accounts", ACCOUNTS[0], "--to", "2026-07-26")
            assert recorder.fetched() == first
            del recorder.paths[:]
            trail.put({changed: log_file(changed, "another")})
            whole = Run(["index", place, "--data", data], env)
            assert recorder.fetched() == sorted(set(trail.logs) - set(first) | {changed})
            assert f"already indexed: {len(first) - 1} objects\n" in whole.out
            del recorder.paths[:]
            again = index(place, data, env, "--again").json()
            assert recorder.fetched() == trail.logs
            assert (again["already_indexed"], again["indexed"]) == (0, 0)
            assert again["duplicates"] == len(trail.logs)  # One is damaged, and one has two.
            assert event_ids(data) == sorted([*set(trail.logs) - {damaged}, "another"])
        finally:
            trail.put({key: log_file(key) for key in (changed, damaged)})


def test_a_killed_run_is_finished_by_the_next(moto, tmp_path):
    keys = [log_key(day, number) for day in DAYS for number in range(110)]
    data, kept = tmp_path / "data", 60
    reached, killed = threading.Event(), threading.Event()

    def hold(path):
        """What is asked for behind the 400th object waits."""
        if key_of(path) and len(recorder.fetched()) > 400:
            reached.set()
            killed.wait(120)

    with Bucket(moto.url, "killed") as bucket, Recorder(moto.url, hold) as recorder:
        bucket.put({key: log_file(*(f"{key} {i}" for i in range(4))) for key in keys})
        env = environment(recorder.url)
        words = ["index", "s3://killed/AWSLogs", "--data", data, "--json", "--batch", 100]
        process = start(words, env)
        assert reached.wait(60)
        deadline = time.monotonic() + 60
        while len(deliveries(data)) < kept:  # Commits go on while the bucket is silent.
            assert time.monotonic() < deadline
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed.set()
        settled = {row["object"].removeprefix("s3://killed/") for row in deliveries(data)}
        assert kept <= len(settled) <= 400
        recorder.interfere = lambda path: None
        del recorder.paths[:]
        account = Run(words, env).json()
        assert recorder.fetched() == sorted(set(keys) - settled)
    assert account["already_indexed"] == len(settled)
    assert event_ids(data) == sorted(f"{key} {i}" for key in keys for i in range(4))
    assert account["indexed"] + account["duplicates"] == 4 * (len(keys) - len(settled))
    rows = deliveries(data)
    assert (len(rows), {row["state"] for row in rows}) == (len(keys), {"indexed"})


def test_an_interrupted_run_stops_at_once_and_is_finished_by_the_next(moto, tmp_path):
    keys = [log_key(DAYS[0], number) for number in range(200)]
    data = tmp_path / "data"
    reached, released = threading.Event(), threading.Event()

    def hold(path):
        if key_of(path) and len(recorder.fetched()) > 100:
            reached.set()
            released.wait(120)

    with Bucket(moto.url, "interrupted") as bucket, Recorder(moto.url, hold) as recorder:
        bucket.put({key: log_file(key) for key in keys})
        words = ["index", "s3://interrupted/", "--data", data, "--json"]
        process = start(words, environment(recorder.url))
        assert reached.wait(60)
        begin = time.monotonic()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert time.monotonic() - begin < 10  # The objects under way would take two minutes.
        assert process.returncode == 130
        assert "run the same command again to go on" in err
        assert "could not be fetched" not in err
        released.set()
        first = json.loads(out)
        assert first["rejected"] == 0
        assert first["indexed"] == len(event_ids(data))
        second = Run(words, environment(recorder.url)).json()
    assert second["already_indexed"] == first["indexed"]
    assert event_ids(data) == keys


# What the store answers for some objects, and what is said of them.
TROUBLES = {
    "denied": (403, b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>",
               "needs s3:GetObject on arn:aws:s3:::troubled/"),
    "encrypted": (403, b"<Error><Code>AccessDenied</Code><Message>not authorized to perform: "
                       b"kms:Decrypt</Message></Error>", "needs kms:Decrypt on the key"),
    "gone": (404, b"<Error><Code>NoSuchKey</Code></Error>", "NoSuchKey"),
    "archived": (403, b"<Error><Code>InvalidObjectState</Code></Error>", "InvalidObjectState"),
    "failing": (500, b"<Error><Code>InternalError</Code></Error>", "after 5 attempts"),
}


@pytest.mark.parametrize("trouble", TROUBLES)
def test_what_cannot_be_fetched_is_told_and_tried_again(trouble, moto, tmp_path):
    status, body, said = TROUBLES[trouble]
    keys = [log_key(DAYS[0], number) for number in range(40)]
    bad = set(keys[5:8])
    data = tmp_path / "data"

    def interfere(path):
        return (status, body) if key_of(path) in bad else None

    with Bucket(moto.url, "troubled") as bucket, Recorder(moto.url, interfere) as recorder:
        bucket.put({key: log_file(key) for key in keys})
        env = environment(recorder.url)
        run = index("s3://troubled/", data, env, expect=1)
        assert event_ids(data) == sorted(set(keys) - bad)
        account = run.json()
        assert (account["read"], account["indexed"], account["rejected"]) == (40, 37, 3)
        assert "3 objects could not be fetched; the first: cannot call s3 GetObject" in run.err
        assert said in run.err
        failed = {row["object"]: row for row in deliveries(data) if row["state"] == "failed"}
        assert sorted(failed) == [f"s3://troubled/{key}" for key in sorted(bad)]
        assert all(said in row["error"] for row in failed.values())
        recorder.interfere = lambda path: None
        del recorder.paths[:]
        index("s3://troubled/", data, env)
        assert recorder.fetched() == sorted(bad)
    assert event_ids(data) == keys


def test_when_every_object_is_denied_the_run_ends(moto, tmp_path):
    keys = [log_key(DAYS[0], number) for number in range(400)]

    def interfere(path):
        return (403, TROUBLES["denied"][1]) if key_of(path) else None

    with Bucket(moto.url, "troubled") as bucket, Recorder(moto.url, interfere) as recorder:
        bucket.put({key: b"" for key in keys})
        run = index("s3://troubled/", tmp_path / "data", environment(recorder.url), expect=1)
        assert 100 <= len(recorder.fetched()) < 200
    assert "needs s3:GetObject" in run.err
    assert "so for 100 objects of which none could be fetched" in run.err


def test_a_listing_that_fails_in_the_middle_fails_the_run(moto, trail, tmp_path):
    def interfere(path):
        token = "continuation-token" in path
        return (403, b"<Error><Code>AccessDenied</Code></Error>") if token else None

    with Recorder(moto.url, interfere) as recorder:
        run = index(f"s3://{trail.name}/audit", tmp_path / "data", environment(recorder.url),
                    expect=1)
    assert "needs s3:ListBucket on arn:aws:s3:::organisation" in run.err
    assert run.json()["rejected"] == 0


def test_a_bucket_that_cannot_be_listed_fails_at_once(moto, tmp_path):
    data = tmp_path / "data"
    missing = index("s3://no-such-bucket/AWSLogs/", data, environment(moto.url), expect=1)
    assert missing.err.startswith("trailsift: cannot call s3 ListObjectsV2 for "
                                  "'s3://no-such-bucket/AWSLogs/': NoSuchBucket")
    iam = servers.client("iam", moto.url)
    iam.create_user(UserName="nobody")
    keys = iam.create_access_key(UserName="nobody")["AccessKey"]
    with Bucket(moto.url, "guarded-logs"):
        moto.verify()
        try:
            denied = index("s3://guarded-logs/", data,
                           environment(moto.url, AWS_ACCESS_KEY_ID=keys["AccessKeyId"],
                                       AWS_SECRET_ACCESS_KEY=keys["SecretAccessKey"]), expect=1)
        finally:
            moto.stop_verifying()
    assert "s3 ListObjectsV2 for 's3://guarded-logs/': AccessDenied" in denied.err
    assert "needs s3:ListBucket on arn:aws:s3:::guarded-logs" in denied.err
    assert not data.exists()


def test_large_objects_go_through_the_data_directory_and_leave_nothing(moto, tmp_path):
    with Bucket(moto.url, "large") as bucket:
        # Nothing of it can be packed.
        noise = "".join(f"{number:x}" for number in range(10**6, 10**6 + 2 * 10**6, 1))
        body = b'{"Records":[{"eventID":"large","eventTime":"2026-07-29T00:00:00Z","x":"' + \
            noise.encode()[:9_000_000] + b'"}]}'
        bucket.put({"large.json": body, "small.json": log_file("small")})
        index("s3://large/", tmp_path / "data", environment(moto.url))
    assert event_ids(tmp_path / "data") == ["large", "small"]
    assert not [path for path in (tmp_path / "data").iterdir() if path.name.startswith("object.")]


# Arguments, and what is said of them.
MISTAKES = [
    (["s3://b"], "expected s3://BUCKET/PREFIX, got 's3://b'"),
    (["s3://"], "expected s3://BUCKET/PREFIX, got 's3://'"),
    (["s3://bucket/", "."], "expected paths, or s3://BUCKET/PREFIX, got both"),
    ([".", "--from", "2026-07-29"], "expected s3://BUCKET/PREFIX with --from, got a path"),
    ([".", "--endpoint-url", "http://x"], "expected s3://BUCKET/PREFIX with --endpoint-url"),
    (["s3://bucket/", "--from", "2026-07-30", "--to", "2026-07-29"],
     "expected --from to be before --to"),
    (["s3://bucket/", "--from", "yesterday"], "--from: "),
]


@pytest.mark.parametrize("words,said", MISTAKES, ids=lambda value: " ".join(value))
def test_mistakes_are_told(words, said, tmp_path):
    run = Run(["index", *words, "--data", tmp_path / "data"], environment("http://127.0.0.1:1"),
              expect=2)
    assert said in run.err
    assert not (tmp_path / "data").exists()


def test_the_profile_is_taken(moto, tmp_path):
    config = tmp_path / "config"
    config.write_text(f"[profile audit]\nregion = eu-west-1\nendpoint_url = {moto.url}\n"
                      f"aws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n")
    env = servers.plain_environment() | {"AWS_CONFIG_FILE": str(config)}
    with Bucket(moto.url, "profiled") as bucket:
        bucket.put({log_key(DAYS[0]): log_file("one")})
        index("s3://profiled/", tmp_path / "data", env, "--profile", "audit")
    assert event_ids(tmp_path / "data") == ["one"]
    missing = index("s3://profiled/", tmp_path / "data", env, "--profile", "none", expect=1)
    assert "no profile 'none'" in missing.err
