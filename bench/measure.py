"""Machine, memory and time."""

import os
import pathlib
import re
import threading


def machine():
    """One line about this machine."""
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text())[1])
    name = model[1] if model else "an unknown CPU"
    return f"{len(os.sched_getaffinity(0))} cores of {name}, {memory / 2**20:.0f} GB memory"


def family(pid):
    """A process and all that it started, directly or not, and that still runs."""
    found, children = [pid], []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            children += pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text().split()
    except OSError:  # It has ended meanwhile.
        pass
    for child in children:
        found += family(int(child))
    return found


def memory_of(pid):
    """Resident bytes of a process: all, without a file behind them, of mapped files."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0, 0, 0
    sizes = dict(re.findall(r"(VmRSS|RssAnon|RssFile):\s*(\d+) kB", status))
    return tuple(int(sizes.get(key, 0)) * 1024 for key in ("VmRSS", "RssAnon", "RssFile"))


def family_memory(pid, with_parent=True):
    members = family(pid) if with_parent else family(pid)[1:]
    return tuple(map(sum, zip((0, 0, 0), *(memory_of(member) for member in members))))


class PeakMemory:
    """While it is entered: looks at a process and its family, or its family alone, ten times a
    second. `peak` is the largest sum of their resident bytes (all, anonymous, of files)."""

    def __init__(self, pid, with_parent=True):
        self.pid = pid
        self.with_parent = with_parent
        self.peak = (0, 0, 0)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def _watch(self):
        while True:
            self.peak = max(self.peak, family_memory(self.pid, self.with_parent))
            if self._done.wait(0.1):
                return

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        self._thread.join()


def percentile(values, share):
    """The smallest of the values that is not below so large a share of them."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, int(len(ordered) * share + 0.999999) - 1))]


def median(values):
    return percentile(values, 0.5)
