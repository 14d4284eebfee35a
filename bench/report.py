"""The tables of bench/README.md."""

import time

from measure import machine, median, percentile
from peers import peer_class
from workload import in_words

MISSING = "-"


def table(header, rows, words=1):
    """The first so many columns are words, the others numbers."""
    lines = ["| " + " | ".join(row) + " |" for row in [header, *rows]]
    align = "| " + " | ".join(["---"] * words + ["---:"] * (len(header) - words)) + " |"
    return "\n".join([lines[0], align, *lines[1:]])


def between(text, name, figures):
    """The text with the figures between the markers of that name."""
    begin, end = f"<!-- {name}: written by ./dev bench -->", f"<!-- end of {name} -->"
    before, rest = text.split(begin, 1)
    return f"{before}{begin}\n\n{figures}\n\n{end}{rest.split(end, 1)[1]}"


def number(value):
    """Three digits or more."""
    if value < 10:
        return f"{value:.2f}"
    return f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def megabytes(size):
    return f"{size / 1e6:,.0f}"


def title(name):
    peer = peer_class(name)
    return f"{peer.title} {peer.version()}".strip()


def ingest_row(name, rounds, corpus):
    peer = peer_class(name)
    subset = peer.subset if peer.subset and peer.subset < corpus.events else None
    events = subset or corpus.events
    queried = rounds[0].timings
    after = max(one.query_memory for one in rounds)
    memory = [megabytes(after[1]), megabytes(after[2])] if queried else [MISSING, MISSING]
    shown = title(name) + (f" (first {events:,} events)" if subset else "")
    if not peer.ingests:
        return [shown, MISSING, MISSING, MISSING, "0", *memory]
    seconds = median([one.ingest_seconds for one in rounds])
    share = events / corpus.events
    return [shown, f"{events / seconds:,.0f}", f"{corpus.raw_bytes * share / 1e6 / seconds:,.1f}",
            megabytes(max(one.ingest_memory[0] for one in rounds)),
            f"{rounds[-1].disk_bytes / events:,.0f}", *memory]


def ingest_table(results, corpus):
    """`results`: peer's name -> its Rounds."""
    return table(["", "events a second", "MB of JSON a second", "peak memory, MB",
                  "bytes an event on disk", "memory with queries: own, MB", "of files, MB"],
                 [ingest_row(name, rounds, corpus) for name, rounds in results.items()])


def times(rounds, query, attribute="milliseconds"):
    timings = [one.timings.get(query.name) for one in rounds]
    return [run for timing in timings if timing for run in getattr(timing, attribute)]


def cell(name, runs, share):
    return number(percentile(runs, share)) if runs else "-"


def query_table(results, queries, share):
    rows = [[title(name), *(cell(name, times(rounds, query), share) for query in queries)]
            for name, rounds in results.items() if rounds[0].timings]
    for name, rounds in results.items():
        own = [times(rounds, query, "own_milliseconds") for query in queries]
        if any(own) and not peer_class(name).times_itself:
            rows.append([f"{title(name)}, by its own clock",
                         *(cell(name, runs, share) for runs in own)])
    return table(["ms", *(query.name for query in queries)], rows)


def query_list(queries, truths):
    return table(["query", "asks for", "hits"],
                 [[query.name, in_words(query), f"{truths[query.name].count:,}"]
                  for query in queries], words=2)


def peer_list(results, left_out):
    rows = [f"* **{title(name)}**: {peer_class(name).told}." for name in results]
    rows += [f"* **{peer_class(name).title}** is left out: {reason}."
             for name, reason in left_out.items()]
    return "\n".join(rows)


def heading(command, workload_line, corpus, rounds):
    distinct = f"{corpus.events:,} events in {corpus.records:,} records"
    return (f"`{command}`, {time.strftime('%Y-%m-%d')}, {machine()}, {rounds} round"
            f"{'s' if rounds > 1 else ''}. Workload: {workload_line} ({distinct}, "
            f"{corpus.raw_bytes / corpus.records:,.0f} bytes a record).")


def report(results, left_out, corpus, queries, truths):
    """Everything below the heading."""
    return "\n\n".join([
        "Indexing, median of the rounds:", ingest_table(results, corpus),
        "Queries, warm, p50 in ms:", query_table(results, queries, 0.5),
        "p99 in ms:", query_table(results, queries, 0.99),
        query_list(queries, truths), "What each was told to do:", peer_list(results, left_out)])
