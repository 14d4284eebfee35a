"""Peers that are Java: fetches their libraries with Maven and compiles them with javac."""

import pathlib
import shutil
import subprocess

from peers.peer import BUILD

FETCH = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
SOURCES = pathlib.Path(__file__).resolve().parent


def missing():
    absent = [program for program in ("java", "javac", "mvn") if not shutil.which(program)]
    return f"{' and '.join(absent)} not installed" if absent else None


def classpath(folder):
    """The class path of the program in peers/FOLDER, which is built when it has changed."""
    sources = sorted((SOURCES / folder).glob("*.java"))
    inputs = [SOURCES / folder / "pom.xml", *sources]
    built = BUILD / "bench-java" / folder
    stamp = built / "stamp"
    wanted = "".join(path.read_text() for path in inputs)
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(built, ignore_errors=True)
        built.mkdir(parents=True)
        # -C: a library whose checksum is wrong is an error.
        run(["mvn", "-q", "-B", "-C", "-f", inputs[0], FETCH,
             f"-DoutputDirectory={built / 'libraries'}", "-DincludeScope=runtime"])
        run(["javac", "-nowarn", "-d", built / "classes", "-cp", built / "libraries" / "*", *sources])
        stamp.write_text(wanted)
    return f"{built / 'classes'}:{built / 'libraries' / '*'}"


def run(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout[-2000:]}")


def version(folder, artifact):
    """The pinned version of a library."""
    text = (SOURCES / folder / "pom.xml").read_text()
    after = text.split(f"<artifactId>{artifact}</artifactId>", 1)[1]
    return after.split("<version>", 1)[1].split("<", 1)[0]
