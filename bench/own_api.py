#!/usr/bin/env python3
"""Measures what Trailsift's own API promises over a data directory that is there already: the speed,
the first byte and the memory of exports; how long short queries take beside expensive ones.

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
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "build" / "release" / "trailsift"
CSV = "event_time,actor,event_name,event_source,aws_region,source_ip_address,error_code"
SHORT = {"columns": "event_name,actor", "facets": "event_name", "size": 50, "from": "now-36500d"}
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
        threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()

    def own_memory(self):
        """Bytes of the process that are no pages of mapped files."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"RssAnon:\s+(\d+) kB", status)[1]) * 1024


def export(server, parameters):
    """Seconds to the first byte and to the last, bytes, and the most memory meanwhile."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    begin = time.perf_counter()
    connection.request("GET", "/api/export?" + urllib.parse.urlencode(parameters))
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    size = len(answer.read(1))
    first = time.perf_counter() - begin
    buffer, memory, steps = bytearray(1 << 20), 0, 0
    while read := answer.readinto(buffer):
        size += read
        steps += 1
        if steps % 16 == 0:
            memory = max(memory, server.own_memory())
    return first, time.perf_counter() - begin, size, memory


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


def ask_expensive(server, stop, counts):
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    while not stop.is_set():
        connection.request("POST", "/api/search", json.dumps(EXPENSIVE))
        answer = connection.getresponse()
        answer.read()
        counts.append(answer.status)


def p99(taken):
    return statistics.quantiles(taken, n=100)[98] * 1000


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", help="a data directory")
    parser.add_argument("--program", default=PROGRAM)
    parser.add_argument("--seconds", type=float, default=10, help="of short queries, each time")
    parser.add_argument("--clients", type=int, default=6, help="that ask expensive queries")
    options = parser.parse_args()
    server = Server(os.fspath(options.program), options.data)
    try:
        for name, parameters in (("ndjson", {}), ("csv", {"format": "csv", "columns": CSV})):
            before = server.own_memory()
            first, seconds, size, memory = export(server, parameters)
            print(f"export {name}: {size / 1e6:,.0f} MB, {size / 1e6 / seconds:,.0f} MB/s, first byte "
                  f"{first * 1000:.1f} ms, own memory {before / 1e6:.0f} -> {memory / 1e6:.0f} MB")
        latencies(server, 1)
        alone = latencies(server, options.seconds)
        stop, counts = threading.Event(), []
        clients = [threading.Thread(target=ask_expensive, args=(server, stop, counts))
                   for _ in range(options.clients)]
        for client in clients:
            client.start()
        time.sleep(1)  # Until they have been found to be expensive.
        beside = latencies(server, options.seconds)
        stop.set()
        for client in clients:
            client.join()
        print(f"short queries: p50 {statistics.median(alone) * 1000:.2f} ms, p99 {p99(alone):.2f} ms alone; "
              f"p50 {statistics.median(beside) * 1000:.2f} ms, p99 {p99(beside):.2f} ms beside "
              f"{options.clients} clients with {len(counts)} expensive queries: "
              f"{p99(beside) / p99(alone):.2f} times")
    finally:
        server.stop()


if __name__ == "__main__":
    main()
