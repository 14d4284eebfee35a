"""What these tests ask of the programs under test, beside tests/support/trailsift_program.py."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from trailsift_program import PROGRAM, Server, index  # noqa: E402,F401


def trailsift(*words, expect=0):
    """Standard output of one command; `expect` is its exit code (None: any)."""
    done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, check=False)
    assert expect is None or done.returncode == expect, (
        f"{words}: {done.returncode}: {done.stderr}{done.stdout}")
    return done.stdout


def stats(data):
    return json.loads(trailsift("stats", "--data", data, "--json"))


def event_ids(query, data):
    """The ids of all hits, in the order of the answer."""
    out = trailsift("search", query, "--syntax", "structured", "--data", data, "--size", "all",
                    "--format", "csv", "--return", "event_id")
    header, *ids = out.splitlines()
    assert header == "event_id"
    return ids


def assert_clean(data):
    out = trailsift("check", "--data", data)
    assert out.startswith("clean: "), out


def generate_events(directory, events, seed):
    """Writes invented deliveries: `events` different events, some of them in two files."""
    subprocess.run([os.environ["GENERATE_EVENTS_BIN"], "--events", str(events), "--seed", str(seed),
                    "--days", "10", "--out", str(directory)], check=True, capture_output=True)
    return directory
