"""Stock Xapian as a first program would use it (bench/naive_xapian_main.cpp): how it indexes."""

import subprocess

from peers.peer import BUILD, Peer


class NaiveXapian(Peer):
    name = "naive_xapian"
    title = "Xapian, naive"
    told = ("one writer, a document an event: all leaf values through the TermGenerator with "
            "positions, the exact fields as boolean terms, the record as data, 8 value slots, a flush "
            "every 10,000 events; no queries")
    subset = 500_000
    fed_from_python = False

    @classmethod
    def version(cls):
        return subprocess.run(["pkg-config", "--modversion", "xapian-core"],
                              stdout=subprocess.PIPE, text=True).stdout.strip()

    def ingest(self, logs):
        subprocess.run([BUILD / "naive_xapian", logs, self.directory / "xapian",
                        "--events", str(self.subset)], check=True, stdout=subprocess.DEVNULL)
