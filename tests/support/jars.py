"""Java libraries that tests and benchmarks use, fetched by Maven. As a program: fetches those of the
projects that are named, so that what runs afterwards needs no network."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"


def fetch(pom):
    """The directory of what a Maven project depends on; fetched once for each version of `pom`."""
    libraries = ROOT / "build" / pom.parent.name
    stamp = libraries / "pom.xml"
    if not stamp.exists() or stamp.read_bytes() != pom.read_bytes():
        shutil.rmtree(libraries, ignore_errors=True)
        subprocess.run(["mvn", "-q", "-B", "-C", "-f", pom, PLUGIN,
                        f"-DoutputDirectory={libraries}"], check=True, timeout=600)
        shutil.copy(pom, stamp)
    return libraries


if __name__ == "__main__":
    for name in sys.argv[1:]:
        fetch(Path(name).resolve())
