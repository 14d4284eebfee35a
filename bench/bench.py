#!/usr/bin/env python3
"""Measures Trailsift and its peers on the same generated events, and checks every answer.

Run by `./dev bench`, which builds and installs what is needed.
"""

import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys

import report
from measure import median
from peers import PEERS, peer_class
from runner import PeerFailed, run_round, warm_machine
from truth import complaints, survey, truth
from workload import FACETS, queries

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
README = ROOT / "bench" / "README.md"
SCRATCH = BUILD / "bench"
SEED, DAYS = 1, 30
SMALL, BIG = 500_000, 10_000_000


def arguments():
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__.splitlines()[0])
    parser.add_argument("events", nargs="?", type=int, metavar="EVENTS",
                        help=f"how many events to generate: {SMALL:,}, or {BIG:,} with --big")
    parser.add_argument("--big", action="store_true",
                        help="Trailsift alone, and the bandwidth of the memory")
    parser.add_argument("--rounds", type=int, default=3,
                        help="how often each peer starts from nothing, in turn (%(default)s)")
    parser.add_argument("--seconds", type=float, default=2,
                        help="for each query of a peer in a round (%(default)s)")
    parser.add_argument("--only", metavar="NAMES",
                        help=f"some peers, separated by commas, of: {', '.join(PEERS)}; "
                             "the figures are printed and not written to bench/README.md")
    parser.add_argument("--templates", metavar="DIR",
                        help="generate from the real records below DIR instead of invented ones")
    options = parser.parse_args()
    options.events = options.events or (BIG if options.big else SMALL)
    for name in chosen_peers(options):
        if name not in PEERS:
            parser.error(f"expected a peer of {', '.join(PEERS)}, got '{name}'")
    return options


def chosen_peers(options):
    if options.only:
        return options.only.split(",")
    return ["trailsift"] if options.big else list(PEERS)


def generate(options, directory):
    """Writes the workload; generate_events' own line about it."""
    shutil.rmtree(directory, ignore_errors=True)
    command = [BUILD / "generate_events", "--events", str(options.events), "--seed", str(SEED),
               "--days", str(DAYS), "--out", directory]
    if options.templates:
        command += ["--templates", options.templates]
    line = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    return f"seed {SEED}, {DAYS} days, " + re.sub(r", [\d.]+ s$", "", line)


def available(names):
    """Those that can be had, and name -> reason of those that cannot."""
    left_out = {}
    for name in names:
        reason = peer_class(name).missing()
        if reason:
            print(f"{name} is left out: {reason}", flush=True)
            left_out[name] = reason
    return [name for name in names if name not in left_out], left_out


def run_rounds(names, left_out, asked, truths, corpus, options):
    """Every peer in turn, again and again: name -> Rounds, and the number of wrong answers."""
    results, wrong = {name: [] for name in names}, 0
    for turn in range(options.rounds):
        for name in [name for name in names if name not in left_out]:
            peer = peer_class(name)
            warm_machine(SCRATCH / "logs")
            try:
                done = run_round(name, SCRATCH / f"peer-{name}", SCRATCH / "logs",
                                 [] if peer.subset else asked, options.seconds)
            except PeerFailed as failure:
                print(f"{name} failed: {failure}", flush=True)
                left_out[name] = "it failed: " + str(failure).strip().splitlines()[-1]
                wrong += 1
                continue
            results[name].append(done)
            wrong += check(name, done, asked, truths)
            print(f"round {turn + 1}: {' | '.join(report.ingest_row(name, [done], corpus))}",
                  flush=True)
    return {name: rounds for name, rounds in results.items()
            if rounds and name not in left_out}, wrong


def check(name, done, asked, truths):
    """Prints what is wrong in a peer's answers; how much that is."""
    wrong = [(query.name, complaint) for query in asked if done.timings.get(query.name)
             for complaint in complaints(query, done.timings[query.name].answer,
                                         truths[query.name])]
    for query_name, complaint in wrong:
        print(f"WRONG: {name}, {query_name}: {complaint}", flush=True)
    return len(wrong)


def bandwidth_text(results, corpus, asked):
    """How the facets over everything compare with reading what they count from memory."""
    output = subprocess.run([BUILD / "memory_bandwidth"], check=True, stdout=subprocess.PIPE).stdout
    speeds = json.loads(output)
    # The smallest whole bytes that tell a column's values and "no value" apart.
    widths = [max(1, ((corpus.distinct[field] - 1).bit_length() + 7) // 8) for field in FACETS]
    size = sum(widths) * corpus.events
    query = next(query for query in asked if query.name == "all")
    rows = []
    for threads, speed in speeds.items():
        floor = size / speed * 1e3
        rows.append([f"{threads} thread{'s' if threads != '1' else ''}", f"{speed / 1e9:.1f}",
                     report.number(floor),
                     *(f"{median(report.times(rounds, query)) / floor:.2f}"
                       for rounds in results.values())])
    return (f"8 facets over everything must look at {size / 1e6:,.1f} MB ({sum(widths)} bytes an "
            "event when each column's values are numbered in whole bytes). Reading so much memory "
            "takes, and the query takes so many times as long (p50):\n\n" +
            report.table(["", "GB read a second", "ms", *(f"times, {report.title(name)}"
                                                           for name in results)], rows))


def main():
    options = arguments()
    names, left_out = available(chosen_peers(options))
    SCRATCH.mkdir(parents=True, exist_ok=True)
    workload_line = generate(options, SCRATCH / "logs")
    print(workload_line, flush=True)
    examples = survey(SCRATCH / "logs")
    asked = queries(examples)
    corpus, truths = truth(SCRATCH / "logs", asked)
    print(report.query_list(asked, truths), flush=True)

    results, wrong = run_rounds(names, left_out, asked, truths, corpus, options)
    command = " ".join(["./dev bench", *("DIR" if argument == options.templates else argument
                                         for argument in sys.argv[1:])])
    figures = "\n\n".join(
        [report.heading(command, workload_line, corpus, options.rounds),
         report.report(results, left_out, corpus, asked, truths)] +
        ([bandwidth_text(results, corpus, asked)] if options.big else []))
    print(figures, flush=True)
    if wrong:
        sys.exit(f"bench: {wrong} answers are wrong or missing; nothing is written")
    if not options.only:
        name = "ten million" if options.big else "peers"
        README.write_text(report.between(README.read_text(), name, figures))
    shutil.rmtree(SCRATCH / "logs")


if __name__ == "__main__":
    main()
