"""What every peer is to the benchmark."""

import dataclasses
import importlib
import os
import pathlib
import socket
import subprocess
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build"


class CannotAsk(Exception):
    """The peer cannot answer this query."""


@dataclasses.dataclass
class Asking:
    """A prepared query. `run` is timed: all that a user waits for, the hits' records included.
    `decode` makes an Answer of what `run` returned. `own_ms` takes from it the milliseconds that
    the peer itself reports, for peers that do."""

    run: object
    decode: object
    own_ms: object = None


class Peer:
    """Begins empty; used in one process, in the order of the methods below. Everything that it
    keeps is below `directory`."""

    name = ""    # On the command line.
    title = ""   # In the tables.
    told = ""    # What it is told to do, for the reader of the tables.
    ingests = True  # False: it reads the files as they are.
    subset = None  # So many events are enough for a peer that is too slow; no queries then.
    fed_from_python = True  # False: a program of its own reads the files, and its memory counts.
    in_process = True  # False: a server answers, and its memory counts.
    times_itself = False  # The peer's own milliseconds are the time: it is a library of another
                          # language, and the benchmark's pipe to it is no part of it.

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)

    @classmethod
    def missing(cls):
        """Why this peer can't be had here, or None."""
        return None

    @classmethod
    def version(cls):
        """The version that is measured, or "" when it is this project's own."""
        return ""

    def start(self):
        """Starts what must run before anything is ingested. Not timed."""

    def ingest(self, logs):
        """Timed, until the events can be searched and are on disk."""

    def open(self, logs):
        """Makes ready for queries. Not timed."""

    def prepare(self, query):
        """An Asking. Raises CannotAsk."""
        raise CannotAsk

    def close(self):
        """Ends every process of the peer."""

    def disk_bytes(self):
        return sum(os.path.getsize(os.path.join(folder, name))
                   for folder, _, names in os.walk(self.directory) for name in names)


def missing_modules(*names):
    """What cannot be imported of these, or None."""
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError as error:
            return str(error)
    return None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def stop(process):
    """Ends a process that this peer started."""
    if process and process.poll() is None:
        process.terminate()
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_answers(process, url, log, seconds=300):
    """Waits for a server that was just started."""
    log = log.relative_to(ROOT)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended, see {log}")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the server did not answer for {seconds} seconds, see {log}")
