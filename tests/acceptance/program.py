"""Runs the programs under test: TRAILSIFT_BIN and GENERATE_EVENTS_BIN name them."""

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
TRAILSIFT = os.environ.get("TRAILSIFT_BIN", str(ROOT / "build" / "trailsift"))
GENERATE_EVENTS = os.environ.get("GENERATE_EVENTS_BIN", str(ROOT / "build" / "generate_events"))


def trailsift(*words, expect=0):
    """Standard output of one command; `expect` is its exit code (None: any)."""
    done = subprocess.run([TRAILSIFT, *map(str, words)], capture_output=True, text=True)
    assert expect is None or done.returncode == expect, f"{words}: {done.returncode}: {done.stderr}"
    return done.stdout


def index(source, data):
    """Indexes and returns the account."""
    return json.loads(trailsift("index", source, "--data", data, "--json"))


def stats(data):
    return json.loads(trailsift("stats", "--data", data, "--json"))


def event_ids(query, data):
    """The ids of all hits, in the order of the answer."""
    out = trailsift("search", query, "--data", data, "--size", "all", "--format", "csv",
                    "--return", "event_id")
    header, *ids = out.splitlines()
    assert header == "event_id"
    return ids


def assert_clean(data):
    out = trailsift("check", "--data", data, expect=None)
    assert out.startswith("clean: "), out


def generate_events(directory, events, seed):
    subprocess.run([GENERATE_EVENTS, "--events", str(events), "--seed", str(seed), "--days", "10",
                    "--out", str(directory)], check=True, capture_output=True)
    return directory


@contextlib.contextmanager
def serving(data):
    """A server over `data`; yields its (host, port)."""
    server = subprocess.Popen([TRAILSIFT, "serve", "--data", str(data), "--listen", "127.0.0.1:0"],
                              stderr=subprocess.PIPE, text=True)
    try:
        line = server.stderr.readline()
        address = re.search(r"listening on http://([0-9.]+):(\d+)", line)
        assert address, line
        yield address[1], int(address[2])
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate()
    assert server.returncode == 0
