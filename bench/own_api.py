#!/usr/bin/env python3
"""Measures what Trailsift's own API promises over a data directory that is there already: the speed,
the first byte and the memory of exports; how long suggestions take, and short queries beside
expensive ones.

Run by `./dev bench --api DIR`, which builds what is needed. Prints; writes nothing.
"""

import argparse
import http.client
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import threading
import time
import typing
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "build" / "release" / "trailsift"
CSV = "event_time,actor,event_name,event_source,aws_region,source_ip_address,error_code"
SHORT = {"columns": "event_name,actor", "facets": "event_name", "size": 50, "from": "now-36500d"}
# Columns of few and of very many values, of which values are suggested.
SUGGESTED = ["event_name", "actor", "user_agent", "source_ip_address", "user_identity_arn",
             "user_identity_access_key_id", "resources_arn", "request_id", "event_id"]
# Words that stand in nearly every record, so that records have to be read.
EXPENSIVE = {"syntax": "structured", "size": 0,
             "q": "(and (near field=raw distance=3 'false us-east') (not (phrase field=raw 'x y z')))"}


class Server:
    def __init__(self, program, data):
        command = [program, "serve", "--data", data, "--listen", "127.0.0.1:0"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            match = re.search(r"listening on http://127\.0\.0\.1:(\d+)", line)
            if match:
                self.port = int(match[1])
                break
        else:
            raise SystemExit(f"{program} ended with {self.process.wait()} before it listened")
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def own_memory(self):
        """Bytes of the process that are no pages of mapped files."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"RssAnon:\s+(\d+) kB", status)[1]) * 1024


class Export(typing.NamedTuple):
    first: float  # Seconds to the first byte,
    seconds: float  # and to the last.
    size: int
    memory: list  # Own bytes, again and again meanwhile.


def begin_export(server, parameters):
    """The answer, and the seconds until its first byte came."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    begin = time.perf_counter()
    connection.request("GET", "/api/export?" + urllib.parse.urlencode(parameters))
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    assert answer.read(1)
    return connection, answer, time.perf_counter() - begin


def export(server, parameters):
    begin = time.perf_counter()
    _, answer, first = begin_export(server, parameters)
    buffer, size, memory, steps = bytearray(1 << 20), 1, [server.own_memory()], 0
    while read := answer.readinto(buffer):
        size += read
        steps += 1
        if steps % 16 == 0:
            memory.append(server.own_memory())
    return Export(first, time.perf_counter() - begin, size, memory)


def first_byte(server, parameters):
    """Of an export that nobody reads to its end."""
    connection, _, first = begin_export(server, parameters)
    connection.close()
    return first


def latencies(server, seconds):
    """Of short queries on one connection, one after the other."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    path = "/api/search?" + urllib.parse.urlencode(SHORT)
    taken, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        begin = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, body
        taken.append(time.perf_counter() - begin)
    return taken


def suggest(connection, field, text):
    """Seconds, and the values."""
    begin = time.perf_counter()
    connection.request("GET", "/api/suggest?" + urllib.parse.urlencode({"field": field, "text": text}))
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, body
    return time.perf_counter() - begin, json.loads(body)["values"]


def suggestions(server, times=20):
    """The median of each column and beginning: nothing, a letter, four letters."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    taken = []
    for field in SUGGESTED:
        values = suggest(connection, field, "")[1]
        for size in (0, 1, 4) if values else ():
            taken.append(statistics.median(
                suggest(connection, field, values[0]["value"][:size])[0] for _ in range(times)))
    return taken


def ask_expensive(server, stop, counts):
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    while not stop.is_set():
        connection.request("POST", "/api/search", json.dumps(EXPENSIVE))
        answer = connection.getresponse()
        answer.read()
        counts.append(answer.status)


def p99(taken):
    return statistics.quantiles(taken, n=100)[98]


class Figure(typing.NamedTuple):
    """What one server was measured to do; times in milliseconds."""
    ndjson_rate: float  # MB a second
    ndjson_cold: float  # First byte of the first request after the start.
    ndjson_first: float  # Of a later one.
    csv_rate: float
    csv_first: float
    memory_least: float  # MB, while records are exported.
    memory_most: float
    suggest_p50: float
    suggest_slowest: float  # Of the medians of columns and beginnings.
    alone_p50: float
    alone_p99: float
    beside_p50: float
    beside_p99: float
    expensive: float  # Queries that ended meanwhile.

    def __str__(self):
        return (f"export ndjson {self.ndjson_rate:,.0f} MB/s, first byte {self.ndjson_first:.1f} ms "
                f"({self.ndjson_cold:.1f} ms right after the start), "
                f"own memory {self.memory_least:.0f} to {self.memory_most:.0f} MB; "
                f"csv {self.csv_rate:,.0f} MB/s, first byte {self.csv_first:.1f} ms\n"
                f"  suggestions {self.suggest_p50:.2f} ms, the slowest column {self.suggest_slowest:.2f} ms\n"
                f"  short queries p50 {self.alone_p50:.2f} ms, p99 {self.alone_p99:.2f} ms alone; "
                f"p50 {self.beside_p50:.2f} ms, p99 {self.beside_p99:.2f} ms beside "
                f"{self.expensive:.0f} expensive ones: "
                f"{self.beside_p99 / self.alone_p99:.2f} times")


def medians(figures):
    return Figure(*map(statistics.median, zip(*figures)))


def beside_expensive(server, clients, seconds):
    """Latencies of short queries while so many clients ask expensive ones, and how many of these ended."""
    stop, counts = threading.Event(), []
    threads = [threading.Thread(target=ask_expensive, args=(server, stop, counts))
               for _ in range(clients)]
    for thread in threads:
        thread.start()
    time.sleep(1)  # Until they have been found to be expensive.
    taken = latencies(server, seconds)
    stop.set()
    for thread in threads:
        thread.join()
    return taken, len(counts)


def measure(program, options):
    server = Server(os.fspath(program), options.data)
    try:
        part = {"from": options.since} if options.since else {}
        records = export(server, part)
        table = export(server, part | {"format": "csv", "columns": CSV})
        later = statistics.median(first_byte(server, part) for _ in range(5))
        suggested = suggestions(server)
        latencies(server, 1)
        alone = latencies(server, options.seconds)
        beside, expensive = beside_expensive(server, options.clients, options.seconds)
    finally:
        server.stop()
    return Figure(records.size / 1e6 / records.seconds, records.first * 1000, later * 1000,
                  table.size / 1e6 / table.seconds, table.first * 1000,
                  min(records.memory) / 1e6, max(records.memory) / 1e6,
                  statistics.median(suggested) * 1000, max(suggested) * 1000,
                  *(of(taken) * 1000 for taken in (alone, beside)
                    for of in (statistics.median, p99)), expensive)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", help="a data directory")
    parser.add_argument("--program", action="append", type=pathlib.Path,
                        help="another trailsift than the one just built; several are measured in turns")
    parser.add_argument("--rounds", type=int, default=1, help="of all of it; then medians are told")
    parser.add_argument("--from", dest="since", metavar="TIME", help="exports of events from then on only")
    parser.add_argument("--seconds", type=float, default=10, help="of short queries, each time")
    parser.add_argument("--clients", type=int, default=6, help="that ask expensive queries")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error("expected at least one round")
    programs = options.program or [PROGRAM]
    figures = [[] for _ in programs]
    for number in range(options.rounds):
        for program, rounds in zip(programs, figures):
            rounds.append(measure(program, options))
            print(f"{program}, round {number + 1}: {rounds[-1]}", flush=True)
    if options.rounds > 1:
        for program, rounds in zip(programs, figures):
            print(f"{program}, medians: {medians(rounds)}")


if __name__ == "__main__":
    main()
