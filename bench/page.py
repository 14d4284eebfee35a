#!/usr/bin/env python3
"""Measures the page in a browser over generated events: a cold load, clicks on facets, scrolling, and what
the first load weighs. The measuring itself is web/e2e/speed.ts, which a test runs over fewer events.

Run by `./dev bench --page`, which builds what is needed; writes its table into bench/README.md.
"""

import argparse
import json
import os
import pathlib
import subprocess
import tempfile

from measure import machine
from report import between, table

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / "build" / "release"


def measured(events):
    with tempfile.TemporaryDirectory() as directory:
        figures = pathlib.Path(directory) / "figures.json"
        environment = {**os.environ, "TRAILSIFT_BIN": os.fspath(PROGRAMS / "trailsift"),
                       "GENERATE_EVENTS_BIN": os.fspath(PROGRAMS / "generate_events"),
                       "TRAILSIFT_PAGE_EVENTS": str(events), "TRAILSIFT_PAGE_FIGURES": os.fspath(figures)}
        command = ["npm", "run", "--silent", "--prefix", ROOT / "web", "e2e", "--", "e2e/speed.test.ts"]
        subprocess.run(command, check=True, env=environment)
        return json.loads(figures.read_text())


def figures_table(figures):
    """Each figure beside what is asked of it, and the part of that which it takes."""
    rows = []
    for what, value, asked, unit in (
            ("cold load to the first painted rows, median", figures["first_paint"], 1000, "ms"),
            ("click on a facet's value to the painted answer, median", figures["facet_click"], 150, "ms"),
            (f"longest frame while {figures['rows_scrolled']:,} rows are scrolled", figures["longest_frame"],
             50, "ms"),
            ("scripts of the first load, compressed", figures["script_bytes"] / 1000, 60, "kB")):
        rows.append([what, f"{value:,.0f} {unit}", f"{asked:,} {unit}", f"{value / asked:.2f}"])
    return table(["", "measured", "asked for at most", "ratio"], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    options = parser.parse_args()
    figures = measured(options.events)
    print(json.dumps(figures, indent=1))
    about = f"{figures['events']:,} events; {machine()}. At most {figures['rows_drawn']} rows were in the document."
    readme = ROOT / "bench" / "README.md"
    readme.write_text(between(readme.read_text(), "page", f"{about}\n\n{figures_table(figures)}"))


if __name__ == "__main__":
    main()
