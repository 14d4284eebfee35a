"""A plain pass over the delivered files: what the peers' answers are compared with."""

import collections
import dataclasses
import functools
import hashlib
import re

from deliveries import POSITION, in_parallel, leaves_of, log_files, read_events
from workload import DAY, FACETS, FACET_SIZE, HOUR, Examples

INSTANCE = re.compile(r"\bi-(?:[0-9a-f]{17}|[0-9a-f]{8})\b")
LEAF_PATHS = ["requestParameters.bucketName", "requestParameters.roleArn",
              "requestParameters.userName"]
SURVEYED_FILES = 2000


@dataclasses.dataclass
class Answer:
    """What a peer answers to a query, and what is true. Not asked for: None."""

    count: int
    newest: list | None = None  # (event id, original record), newest first.
    facets: dict | None = None  # field -> {value: count}
    histogram: dict | None = None  # Beginning of the hour in seconds -> count; no hour without one.


@dataclasses.dataclass
class Truth:
    """The whole truth about one query: every value of the facets, every event that may be among
    the newest (events of one second have no order)."""

    count: int = 0
    facets: dict = dataclasses.field(default_factory=dict)
    histogram: dict = dataclasses.field(default_factory=collections.Counter)
    newest: list = dataclasses.field(default_factory=list)  # (time, id, digest of the record)


@dataclasses.dataclass
class Corpus:
    """The whole workload."""

    events: int = 0
    records: int = 0  # Deliveries; some events are delivered twice.
    raw_bytes: int = 0  # Of the records that are delivered.
    distinct: dict = dataclasses.field(default_factory=dict)  # Facet field -> distinct values.


def digest(raw):
    return hashlib.blake2b(raw.encode(), digest_size=8).digest()


# --- values to ask for ---------------------------------------------------------------------------

def survey(directory):
    """Examples from the data: evenly spread files, and always the same for the same files."""
    files = log_files(directory)
    chosen = files[::max(1, len(files) // SURVEYED_FILES)]
    counts, instances, last = collections.Counter(), [], 0
    for part, found, time in in_parallel(survey_files, chosen):
        counts.update(part)
        instances += found
        last = max(last, time)

    def most_frequent(*kind, where=lambda value: True):
        found = [(-count, key[-1]) for key, count in counts.items()
                 if key[:-1] == kind and where(key[-1])]
        if not found:
            raise SystemExit(f"bench: no event has a value for {' '.join(kind)}")
        return min(found)[1]

    error = most_frequent("error")
    account = most_frequent("failed", error)
    leaf_path = next((path for path in LEAF_PATHS if any(key[:2] == ("leaf", path)
                                                         for key in counts)), LEAF_PATHS[0])
    return Examples(
        source=most_frequent("source"), error=error, account=account,
        instance=max(instances, default=(0, "", "i-0123456789abcdef0"))[2],
        leaf_path=leaf_path, leaf_value=most_frequent("leaf", leaf_path),
        actor_pattern=re.sub(r"\d{12}", "*", most_frequent(
            "actor", where=lambda arn: re.search(r":\d{12}:.", arn))),
        last_day=last // DAY * DAY)


def survey_files(paths):
    counts, instances, last = collections.Counter(), [], 0
    for event in (event for path in paths for event in read_events(path)):
        value = lambda name: event.fields[POSITION[name]]  # noqa: E731
        last = max(last, event.time)
        counts["source", value("event_source")] += 1
        if value("user_identity_arn"):
            counts["actor", value("user_identity_arn")] += 1
        if value("error_code"):
            counts["error", value("error_code")] += 1
            counts["failed", value("error_code"), value("recipient_account_id") or ""] += 1
        for leaf in leaves_of({"requestParameters": event.record.get("requestParameters")}):
            path, _, text = leaf.partition("=")
            if path in LEAF_PATHS:
                counts["leaf", path, text] += 1
        found = INSTANCE.search(event.raw)
        if found:
            instances.append((event.time, event.id, found[0]))
    return counts, instances[-1:] and [max(instances)], last


# --- the pass ------------------------------------------------------------------------------------

def truth(directory, queries):
    """The corpus and, for each query by name, the Truth."""
    corpus, truths = Corpus(), {query.name: Truth() for query in queries}
    seen, combinations = set(), collections.Counter()
    judge = functools.partial(judge_files, queries=queries)
    for raw_bytes, judged in in_parallel(judge, log_files(directory)):
        corpus.raw_bytes += raw_bytes
        corpus.records += len(judged)
        for event_id, time, matched, facets, event_digest in judged:
            if event_id in seen:
                continue
            seen.add(event_id)
            combinations[matched, facets] += 1
            for i in matched:
                truths[queries[i].name].count += 1
                if queries[i].histogram:
                    truths[queries[i].name].histogram[time // HOUR * HOUR] += 1
                if queries[i].newest:
                    keep_newest(truths[queries[i].name].newest, (time, event_id, event_digest),
                                queries[i].newest)
    corpus.events = len(seen)
    count_facets(queries, combinations, truths)
    everything = collections.defaultdict(set)
    for _, facets in combinations:
        for field, value in zip(FACETS, facets):
            everything[field].add(value)
    corpus.distinct = {field: len(values) for field, values in everything.items()}
    for query in queries:
        keep_newest(truths[query.name].newest, None, query.newest)
    return corpus, truths


def judge_files(paths, queries):
    """(bytes, (id, time, numbers of the queries it matches, facet values, digest) an event)."""
    judged, raw_bytes = [], 0
    for event in (event for path in paths for event in read_events(path)):
        raw_bytes += len(event.raw.encode())
        matched = tuple(i for i, query in enumerate(queries)
                        if all(condition.holds(event) for condition in query.where))
        wanted = any(queries[i].newest for i in matched)
        judged.append((event.id, event.time, matched,
                       tuple(event.fields[POSITION[field]] for field in FACETS),
                       digest(event.raw) if wanted else None))
    return raw_bytes, judged


def keep_newest(newest, event, size):
    """Adds an event; now and then, and for None, drops those that cannot be among the newest."""
    if event is not None:
        newest.append(event)
        if len(newest) < 100 * (size + 1):
            return
    newest.sort(reverse=True)
    if len(newest) > size > 0:
        oldest = newest[size - 1][0]
        while newest[-1][0] < oldest:
            newest.pop()


def count_facets(queries, combinations, truths):
    for query in queries:
        truths[query.name].facets = {field: collections.Counter() for field in FACETS}
    for (matched, facets), count in combinations.items():
        for i in matched:
            if queries[i].facets:
                counters = truths[queries[i].name].facets
                for field, value in zip(FACETS, facets):
                    if value is not None:
                        counters[field][value] += count


# --- comparing -----------------------------------------------------------------------------------

def complaints(query, answer, true):
    """What is wrong with an answer, as sentences; none when it is right."""
    wrong = []
    if answer.count != true.count:
        wrong.append(f"expected {true.count} hits, got {answer.count}")
    if query.newest:
        wrong += newest_complaints(answer.newest or [], true, query.newest)
    if query.facets:
        for field in FACETS:
            wrong += facet_complaints(field, (answer.facets or {}).get(field, {}),
                                      true.facets[field])
    if query.histogram and dict(answer.histogram or {}) != dict(true.histogram):
        wrong.append(f"expected the histogram {dict(true.histogram)}, got {answer.histogram}")
    return wrong


def newest_complaints(newest, true, size):
    known = {event_id: (time, event_digest) for time, event_id, event_digest in true.newest}
    wrong = [f"{event_id} is not among the newest" for event_id, _ in newest
             if event_id not in known]
    times = [known[event_id][0] for event_id, _ in newest if event_id in known]
    if len({event_id for event_id, _ in newest}) != min(size, true.count):
        wrong.append(f"expected {min(size, true.count)} different events, got {len(newest)}")
    if times != [time for time, _, _ in true.newest[:len(times)]]:
        wrong.append("the events are not the newest, newest first")
    wrong += [f"the record of {event_id} is not the original: {raw[:80]!r}"
              for event_id, raw in newest if event_id in known and digest(raw) != known[event_id][1]]
    return wrong[:3]


def facet_complaints(field, got, true):
    """Values of equal count have no order, so any of them may be the last."""
    expected = sorted(true.values(), reverse=True)[:FACET_SIZE]
    if sorted(got.values(), reverse=True) == expected and all(
            true.get(value) == count for value, count in got.items()):
        return []
    return [f"expected the facet {field} {dict(true.most_common(FACET_SIZE))}, got {got}"]
