"""Kills, faults of S3 and SQS, messages twice and in any order: in the end the index holds exactly
the events that were delivered, and the ledger adds up.

TRAILSIFT_CHAOS_RUNS says how often (200: some ten minutes), TRAILSIFT_SEED repeats a run."""

import os
import random
import subprocess
import time

import buckets
import pytest
import trail
from faulty_proxy import FaultyProxy
from trailsift_program import PROGRAM

RUNS = int(os.environ.get("TRAILSIFT_CHAOS_RUNS", "6"))
SEED = int(os.environ.get("TRAILSIFT_SEED", str(random.randrange(1_000_000))))

# Short, so that what a killed server had in hand comes back soon.
SETTINGS = """
[[source]]
type = "sqs"
queue = "{queue}"
visibility = {visibility}
receivers = {receivers}
retry_after = 1

[intake]
buckets = ["{bucket}"]
commit_within = {commit_within}
"""


def some_trail(chance, url):
    """A trail whose files have events in common, announced in any order, some of them twice."""
    mine = trail.Trail(url)
    files, ids = trail.files_of(chance.randrange(5, 40), chance.randrange(1, 30))
    for number in range(3):
        files[buckets.log_key("2026/07/30", number)] = buckets.log_file(
            *chance.sample(ids, min(len(ids), 5)))
    mine.upload(files)
    keys = list(files) + chance.sample(list(files), len(files) // 4)
    chance.shuffle(keys)
    while keys:
        size = chance.randrange(1, 4)
        mine.announce(*keys[:size])
        keys = keys[size:]
    return mine, ids


def serve(data, settings, url):
    command = [PROGRAM, "serve", "--data", data, "--config", settings, "--listen", "127.0.0.1:0"]
    return subprocess.Popen([str(word) for word in command], env=buckets.environment(url),
                            stderr=subprocess.PIPE, text=True)


def await_empty(mine, process):
    """Messages whose time of hiding has just ended are counted nowhere for a moment."""
    deadline = time.monotonic() + 400
    empty = 0
    while empty < 10 and time.monotonic() < deadline and process.poll() is None:
        empty = empty + 1 if mine.waiting() == 0 else 0
        time.sleep(0.05)


def run_until_killed(process, after):
    try:
        _, log = process.communicate(timeout=after)
        raise AssertionError(f"ended by itself: {log}")
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", range(RUNS))
def test_ends_with_exactly_what_was_delivered(moto, tmp_path, number):
    seed = SEED + number
    print(f"TRAILSIFT_SEED={seed}")
    chance = random.Random(seed)
    mine, ids = some_trail(chance, moto.url)
    data, settings = tmp_path / "data", tmp_path / "trailsift.toml"
    settings.write_text(SETTINGS.format(
        queue=mine.queue, bucket=mine.bucket, visibility=chance.choice((1, 2)),
        receivers=chance.randrange(1, 4), commit_within=chance.choice((0.01, 0.05, 1))))
    with FaultyProxy(moto.url, seed) as proxy:
        for _ in range(chance.randrange(1, 5)):
            run_until_killed(serve(data, settings, proxy.url), 0.05 + chance.random())
        proxy.rate /= 3
        process = serve(data, settings, proxy.url)
        log = process.stderr.readline()
        assert "listening" in log
        await_empty(mine, process)
        process.terminate()
        log += process.communicate(timeout=60)[1]
    assert process.returncode == 0, log
    assert mine.waiting() == 0, log
    assert buckets.event_ids(data) == sorted(ids)
    assert buckets.Run(["check", "--data", data], None).out
    rows = buckets.deliveries(data)
    for row in rows:
        assert row["read"] == sum(
            row[part] for part in ("indexed", "duplicates", "filtered", "rejected")), row
    # A kill between a commit and its row leaves events without it, and never the other way.
    assert sum(row["indexed"] for row in rows) <= len(ids)
    assert sum(row["rejected"] for row in rows) == 0
    assert all(row["state"] in ("indexed", "failed") for row in rows), rows
    assert {row["object"] for row in rows} >= {
        row["object"] for row in rows if row["state"] == "indexed"}
