"""Buckets as trails fill them, and what `trailsift` makes of them."""

import gzip
import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

import servers
from trailsift_program import PROGRAM, record

ACCOUNTS = ("111122223333", "444455556666")
REGIONS = ("eu-west-1", "us-east-1")


def log_key(day, number=0, account=ACCOUNTS[0], region=REGIONS[0], folder="CloudTrail",
            root="AWSLogs/"):
    """The key of a log file that was delivered on `day`, "2026/07/29"."""
    stamp = day.replace("/", "") + "T2355Z"
    name = f"{account}_{folder}_{region}_{stamp}_{number:016}.json.gz"
    return f"{root}{account}/{folder}/{region}/{day}/{name}"


def log_file(*ids):
    """A delivered file with these events."""
    records = [record(1, eventID=event_id) for event_id in ids]
    return gzip.compress(json.dumps({"Records": records}).encode(), 1)


class Bucket:
    """A new bucket of a server; gone with all that is in it at the end of a `with` block."""

    def __init__(self, url, name, knows_regions=True):
        self.s3, self.name = servers.client("s3", url), name
        self.options = {"CreateBucketConfiguration": {"LocationConstraint": servers.REGION}}
        if not knows_regions:
            self.options = {}

    def __enter__(self):
        self.s3.create_bucket(Bucket=self.name, **self.options)
        return self

    def __exit__(self, *_):
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.name):
            names = [{"Key": item["Key"]} for item in page.get("Contents", [])]
            if names:
                self.s3.delete_objects(Bucket=self.name, Delete={"Objects": names})
        self.s3.delete_bucket(Bucket=self.name)

    def put(self, objects):
        """Objects by key."""
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(
                lambda key: self.s3.put_object(Bucket=self.name, Key=key, Body=objects[key]),
                objects))


def environment(url, **variables):
    plain = {"PATH": os.environ["PATH"]} | servers.plain_environment()
    return plain | servers.environment(url) | variables


def start(words, env):
    return subprocess.Popen([PROGRAM, *map(str, words)], env=env, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


class Run:
    """A command that has ended."""

    def __init__(self, words, env, expect=0):
        process = start(words, env)
        self.out, self.err = process.communicate(timeout=300)
        assert expect is None or process.returncode == expect, (
            f"{words}: {process.returncode}: {self.err}{self.out}")

    def json(self):
        return json.loads(self.out)


def index(place, data, env, *options, expect=0):
    return Run(["index", place, "--data", data, "--json", *options], env, expect)


def event_ids(data):
    """Of all events; each as often as it is there."""
    words = ["search", "*", "--data", data, "--size", "all", "--format", "ndjson"]
    return sorted(json.loads(line)["eventID"] for line in Run(words, None).out.splitlines())


def deliveries(data):
    """Rows of the ledger."""
    words = ["deliveries", "--data", data, "--json", "--limit", 10_000]
    return Run(words, None).json()["deliveries"]
