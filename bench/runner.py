"""Runs one peer in a process of its own, from nothing to the last query, and measures it."""

import dataclasses
import mmap
import multiprocessing
import os
import shutil
import signal
import time
import traceback

from measure import PeakMemory, family
from peers import peer_class
from peers.peer import CannotAsk

MOST_RUNS, FEWEST_RUNS = 1000, 3
# Times the deliveries: more than any peer takes at most.
MEMORY_AT_HAND = 40


@dataclasses.dataclass
class Timing:
    """Of one query in one round: milliseconds of each run, and the first run's answer."""

    milliseconds: list
    own_milliseconds: list
    answer: object


@dataclasses.dataclass
class Round:
    """What one peer did in one round. Memory is (resident, anonymous, of files) in bytes."""

    ingest_seconds: float = 0
    ingest_memory: tuple = (0, 0, 0)
    disk_bytes: int = 0
    query_memory: tuple = (0, 0, 0)
    timings: dict = dataclasses.field(default_factory=dict)  # Query name -> Timing, or None.


class PeerFailed(Exception):
    pass


def warm_machine(logs):
    """Has the deliveries in the system's cache, and memory at hand. Where the machine is a guest, its
    host takes back what was not used for a while, and whoever comes next would pay for that. Returns
    how many bytes of memory."""
    delivered = 0
    for folder, _, names in os.walk(logs):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                delivered += len(file.read())
    available = os.sysconf("SC_AVPHYS_PAGES") * mmap.PAGESIZE
    wanted = min(MEMORY_AT_HAND * delivered, available // 2)
    with mmap.mmap(-1, max(wanted, mmap.PAGESIZE)) as memory:
        for page in range(0, len(memory), mmap.PAGESIZE):
            memory[page] = 1
        return len(memory)


def run_round(name, directory, logs, queries, budget):
    """One peer, from an empty directory; `budget` seconds for each query. Raises PeerFailed."""
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory)
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=serve, args=(there, name, directory))
    process.start()
    there.close()
    try:
        return converse(here, process.pid, peer_class(name), logs, queries, budget)
    finally:
        try:
            here.send(("close",))
        except OSError:
            pass
        process.join(120)
        if process.is_alive():
            for member in family(process.pid):
                os.kill(member, signal.SIGKILL)
            process.join()
        shutil.rmtree(directory, ignore_errors=True)


def converse(connection, pid, peer, logs, queries, budget):
    def call(*message):
        connection.send(message)
        try:
            kind, result = connection.recv()
        except EOFError:
            raise PeerFailed("its process ended") from None
        if kind == "failed":
            raise PeerFailed(result)
        return result

    done = Round()
    call("start")
    with PeakMemory(pid, peer.fed_from_python) as memory:
        done.ingest_seconds = call("ingest", logs)
    done.ingest_memory = memory.peak
    done.disk_bytes = call("disk_bytes")
    call("open", logs)
    with PeakMemory(pid, peer.in_process) as memory:
        for query in queries:
            done.timings[query.name] = call("ask", query, budget)
    done.query_memory = memory.peak
    return done


# --- in the peer's process -----------------------------------------------------------------------

def serve(connection, name, directory):
    """Does what it is told until told to close."""
    peer = None
    try:
        while True:
            order, *arguments = connection.recv()
            if order == "close":
                return
            try:
                peer = peer or peer_class(name)(directory)
                connection.send(("done", obey(peer, order, arguments)))
            except Exception:
                connection.send(("failed", traceback.format_exc()))
    finally:
        if peer:
            peer.close()


def obey(peer, order, arguments):
    if order == "ingest":
        started = time.perf_counter()
        peer.ingest(*arguments)
        return time.perf_counter() - started
    if order == "ask":
        return ask(peer, *arguments)
    return getattr(peer, order)(*arguments)


def ask(peer, query, budget):
    """Runs a query again and again, once it is warm; None when the peer can't."""
    try:
        asking = peer.prepare(query)
    except CannotAsk:
        return None
    warm = time.monotonic() + budget / 4
    answer = asking.decode(asking.run())
    while time.monotonic() < warm:
        asking.run()
    times, own_times = [], []
    deadline = time.monotonic() + budget
    while len(times) < FEWEST_RUNS or (len(times) < MOST_RUNS and time.monotonic() < deadline):
        started = time.perf_counter()
        result = asking.run()
        times.append((time.perf_counter() - started) * 1e3)
        if asking.own_ms:
            own_times.append(asking.own_ms(result))
    return Timing(own_times if peer.times_itself else times, own_times, answer)
