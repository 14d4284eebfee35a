"""Stock Xapian without a line of code: Omega's scriptindex. How it indexes."""

import itertools
import shutil
import subprocess

from deliveries import FIELDS, shaped, values_of
from peers.peer import Peer
from workload import FACETS

LONGEST_TERM = 200


def prefix(field):
    return "X" + field.upper().replace("_", "")


def index_script():
    """What scriptindex does with each line of its input."""
    lines = ["event_id : boolean=Q unique=Q", "text : index", "record : field"]
    for field in FIELDS:
        if field == "event_id":
            continue
        value = f" value={FACETS.index(field)}" if field in FACETS else ""
        lines.append(f"{field} : truncate={LONGEST_TERM} boolean={prefix(field)}{value}")
    return "\n".join(lines) + "\n"


def shape(event):
    """A record of scriptindex: NAME=VALUE, further lines of a value behind `=`, an empty line."""
    named = [(name, value) for name, value in zip(FIELDS, event.fields) if value is not None]
    named += [("text", "\n".join(values_of(event.record))), ("record", event.raw)]
    lines = [name + "=" + "\n=".join(value.splitlines()) for name, value in named]
    return ("\n".join(lines) + "\n\n").encode()


class Omega(Peer):
    name = "omega"
    title = "Xapian, Omega's scriptindex"
    told = ("every leaf value as text with positions, the exact fields as boolean terms, the facets' "
            "fields as values, the record as a field; fed from Python through a file; only so many "
            "events, and no queries")
    subset = 50_000

    @classmethod
    def missing(cls):
        return None if shutil.which("scriptindex") else "`scriptindex` is not installed"

    @classmethod
    def version(cls):
        printed = subprocess.run(["scriptindex", "--version"], stdout=subprocess.PIPE, text=True)
        return printed.stdout.split()[-1]

    def ingest(self, logs):
        script = self.directory.with_suffix(".script")
        script.write_text(index_script())
        dump = self.directory / "dump"
        with open(dump, "wb") as file:
            records = itertools.chain.from_iterable(shaped(logs, shape))
            file.writelines(itertools.islice(records, self.subset))
        subprocess.run(["scriptindex", self.directory / "xapian", script, dump],
                       check=True, stdout=subprocess.DEVNULL)
        dump.unlink()
