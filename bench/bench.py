#!/usr/bin/python3
"""Indexes and queries generated events and writes the figures to bench/README.md.

Run by `./dev bench [EVENTS]`, which builds first.
"""

import argparse
import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
README = ROOT / "bench" / "README.md"
BEGIN, END = "<!-- figures: written by ./dev bench -->", "<!-- end of figures -->"
SEED = 1
DAYS = 30

FACETS = ["event_source", "event_name", "aws_region", "user_identity_type", "event_type",
          "recipient_account_id", "error_code", "source_ip_address"]


def run_measured(command):
    """Runs a command; its standard output, wall seconds and peak resident memory in bytes."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"bench: {command[0]} {command[1]} failed with {process.returncode}")
    return output, time.monotonic() - started, usage.ru_maxrss * 1024


def machine():
    """One line about this machine."""
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text())[1])
    cores = len(os.sched_getaffinity(0))
    name = model[1] if model else "an unknown CPU"
    return f"{cores} cores of {name}, {memory / 2**20:.0f} GB memory"


def generate(events, directory):
    """Writes the workload; generate_events' own line about it."""
    shutil.rmtree(directory, ignore_errors=True)
    command = [BUILD / "generate_events", "--events", str(events), "--seed", str(SEED),
               "--days", str(DAYS), "--out", directory]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def index(logs, data, megabytes):
    """Indexes the workload, so many MB of JSON, into a new data directory: account, table rows."""
    shutil.rmtree(data, ignore_errors=True)
    command = [BUILD / "trailsift", "index", logs, "--data", data, "--json"]
    output, seconds, memory = run_measured(command)
    account = json.loads(output)
    return account, [
        ("events a second", f"{account['read'] / seconds:,.0f}"),
        ("MB of JSON a second", f"{megabytes / seconds:,.1f}"),
        ("seconds", f"{seconds:,.1f}"),
        ("peak memory, MB", f"{memory / 1e6:,.0f}"),
        ("read / indexed / duplicates / rejected",
         " / ".join(f"{account[key]:,}" for key in ("read", "indexed", "duplicates", "rejected"))),
    ]


def disk(data):
    """Bytes an event by part: rows of the table."""
    output = subprocess.run([BUILD / "trailsift", "stats", "--data", data, "--json"],
                            check=True, stdout=subprocess.PIPE).stdout
    stats = json.loads(output)
    rows = [(part, f"{stats['bytes'][part] / stats['events']:,.1f}")
            for part in ("terms", "columns", "records", "total")]
    return [*rows, ("segments", str(len(stats["segments"])))]


@contextlib.contextmanager
def serve(data):
    """Runs the server over a data directory; yields its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [BUILD / "trailsift", "serve", "--data", data, "--listen", f"127.0.0.1:{port}"]
    with open(BUILD / "bench" / "server.log", "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                if get(http.client.HTTPConnection("127.0.0.1", port), "/healthz")[0] == 200:
                    break
            if process.poll() is not None:
                sys.exit("bench: the server stopped, see build/bench/server.log")
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def get(connection, path):
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read()


def search_path(**parameters):
    """The search with these parameters; `__` in a name stands for a dot."""
    parameters = {name.replace("__", "."): value for name, value in parameters.items()}
    return "/2013-01-01/search?q.parser=structured&" + urllib.parse.urlencode(parameters)


def example_values(connection):
    """An instance id and a bucket that occur in the data."""
    def newest(query):
        status, body = get(connection, search_path(q=query, size=1))
        hits = json.loads(body)["hits"]["hit"] if status == 200 else []
        if not hits:
            sys.exit(f"bench: no event for {query}: {status} {body[:300]!r}")
        return get(connection, "/api/events/" + hits[0]["id"])[1].decode()
    instance = re.search(r"i-0[0-9a-f]{16}", newest("event_name:'RunInstances'"))[0]
    bucket = re.search(r'"bucketName":"([^"]+)"', newest("event_name:'GetObject'"))[1]
    return instance, bucket


def workload(instance, bucket):
    """The named queries: what a person asks, and the request."""
    facets = {f"facet__{field}": '{"size":10}' for field in FACETS}
    failures = "error_code:'AccessDenied' recipient_account_id:'111122223333'"
    creations = "(prefix field=event_name 'Create') (not event_name:'CreateLogStream')"
    week = "event_time:['2024-06-20T00:00:00Z','2024-06-27T00:00:00Z'}"
    newest = {"sort": "event_time desc", "size": 50}
    return [
        ("newest 50 of one event source",
         search_path(q="event_source:'ec2.amazonaws.com'", **newest)),
        ("everything, 8 facets", search_path(q="matchall", size=0, **facets)),
        ("error code, account, 7 days; 8 facets, hourly histogram, newest 10",
         search_path(q=f"(and {failures} {week})",
                     sort="event_time desc", size=10, histogram="1h", **facets)),
        ("prefix `Create` without `CreateLogStream`, newest 50",
         search_path(q=f"(and {creations})", **newest)),
        ("one instance id anywhere, newest 50", search_path(q=f"'{instance}'", **newest)),
        ("one day, newest 50",
         search_path(q="event_time:['2024-06-12T00:00:00Z','2024-06-13T00:00:00Z'}", **newest)),
        ("requestParameters.bucketName of one bucket, newest 50",
         search_path(q=f"requestParameters.bucketName:'{bucket}'", **newest)),
    ]


def time_query(connection, path):
    """Repeats one request for up to five seconds: hits and sorted milliseconds."""
    status, body = get(connection, path)
    if status != 200:
        sys.exit(f"bench: {status} for {urllib.parse.unquote_plus(path)}: {body[:300]!r}")
    found = json.loads(body)["hits"]["found"]
    times = []
    deadline = time.monotonic() + 5
    while len(times) < 1000 and (time.monotonic() < deadline or len(times) < 20):
        started = time.perf_counter()
        get(connection, path)
        times.append((time.perf_counter() - started) * 1e3)
    return found, sorted(times)


def query(port):
    """Times every named query: rows of the table."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    rows = []
    for name, path in workload(*example_values(connection)):
        found, times = time_query(connection, path)
        p50, p99 = (times[min(len(times) - 1, int(len(times) * q))] for q in (0.5, 0.99))
        rows.append((name, f"{found:,}", f"{p50:.2f}", f"{p99:.2f}", f"{len(times)}"))
        print("  ".join(rows[-1]), flush=True)
    return rows


def table(header, rows):
    lines = ["| " + " | ".join(row) + " |" for row in [header, *rows]]
    align = "| " + " | ".join(["---"] + ["---:"] * (len(header) - 1)) + " |"
    return "\n".join([lines[0], align, *lines[1:]])


def write_readme(events, workload_line, tables):
    today = time.strftime("%Y-%m-%d")
    figures = "\n\n".join([BEGIN, f"`./dev bench {events}`, {today}, {machine()}. "
                           f"Workload (seed {SEED}, {DAYS} days): {workload_line}.", *tables, END])
    text = README.read_text()
    before, rest = text.split(BEGIN, 1)
    README.write_text(before + figures + rest.split(END, 1)[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    events = parser.parse_args().events

    scratch = BUILD / "bench"
    scratch.mkdir(parents=True, exist_ok=True)
    workload_line = generate(events, scratch / "logs")
    print(workload_line, flush=True)
    megabytes = float(re.search(r"([\d.]+) MB of JSON", workload_line)[1])
    account, index_rows = index(scratch / "logs", scratch / "data", megabytes)
    if account["indexed"] != events or account["rejected"]:
        sys.exit(f"bench: expected {events} indexed and 0 rejected, got {account}")
    print(*("  ".join(row) for row in index_rows), sep="\n", flush=True)
    disk_rows = disk(scratch / "data")
    with serve(scratch / "data") as port:
        query_rows = query(port)
    write_readme(events, workload_line.rsplit(",", 1)[0], [
        "Indexing:\n\n" + table(("figure", "value"), index_rows),
        "On disk:\n\n" + table(("part", "bytes an event"), disk_rows),
        "Queries over HTTP, one client on one connection, server and client on the same cores:\n\n"
        + table(("query", "hits", "p50 ms", "p99 ms", "runs"), query_rows),
    ])
    shutil.rmtree(scratch / "logs")


if __name__ == "__main__":
    main()
