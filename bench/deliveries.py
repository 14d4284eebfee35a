"""Reads CloudTrail's deliveries, `.json.gz` files of {"Records":[…]}, on every core.

The truth and the peers that are fed from Python share this reader, so that all see the same events.
"""

import collections
import dataclasses
import functools
import itertools
import json
import marshal
import multiprocessing
import os
import zlib

try:
    import orjson
except ImportError:  # The tests need no speed.
    orjson = None

# The exact fields of the benchmark: a name, and where its value stands in a record.
FIELDS = {
    "event_id": "eventID",
    "event_name": "eventName",
    "event_source": "eventSource",
    "aws_region": "awsRegion",
    "source_ip_address": "sourceIPAddress",
    "user_agent": "userAgent",
    "error_code": "errorCode",
    "error_message": "errorMessage",
    "event_type": "eventType",
    "event_category": "eventCategory",
    "event_version": "eventVersion",
    "read_only": "readOnly",
    "management_event": "managementEvent",
    "recipient_account_id": "recipientAccountId",
    "request_id": "requestID",
    "user_identity_type": "userIdentity.type",
    "user_identity_arn": "userIdentity.arn",
    "user_identity_account_id": "userIdentity.accountId",
    "user_identity_principal_id": "userIdentity.principalId",
    "user_identity_access_key_id": "userIdentity.accessKeyId",
    "user_identity_user_name": "userIdentity.userName",
    "session_issuer_arn": "userIdentity.sessionContext.sessionIssuer.arn",
}
PATHS = [path.split(".") for path in FIELDS.values()]
POSITION = {name: position for position, name in enumerate(FIELDS)}

FILES_AT_ONCE = 64


@dataclasses.dataclass(slots=True)
class Event:
    """One record: its own bytes as text, parsed, and its exact fields by POSITION (None: absent)."""

    raw: str
    record: dict
    fields: list
    time: int  # Seconds since 1970.

    @property
    def id(self):
        return self.fields[0]


def log_files(directory):
    """Every delivered file, in the order of their paths."""
    found = []
    for folder, _, names in os.walk(directory):
        found += [os.path.join(folder, name) for name in names if name.endswith(".json.gz")]
    return sorted(found)


def text_of(value):
    """A leaf value that is not null as text, as it stands in JSON without its quotes."""
    if type(value) is str:
        return value
    if value is True:
        return "true"
    return "false" if value is False else json.dumps(value)


def fields_of(record):
    """The exact fields by POSITION."""
    values = []
    for path in PATHS:
        value = record
        for key in path:
            value = value.get(key) if type(value) is dict else None
        if value is not None and type(value) is not str:
            value = None if type(value) in (dict, list) else text_of(value)
        values.append(value)
    return values


@functools.lru_cache(maxsize=10_000)
def day_seconds(day):
    year, month, date = map(int, day.split("-"))
    month_of = (month - 3) % 12  # From March on, so that leap days come last.
    year -= month <= 2
    days = 365 * year + year // 4 - year // 100 + year // 400 + (153 * month_of + 2) // 5 + date
    return (days - 719_469) * 86_400


def seconds(time):
    """2024-06-30T12:34:56Z as seconds since 1970."""
    return (day_seconds(time[:10])
            + int(time[11:13]) * 3600 + int(time[14:16]) * 60 + int(time[17:19]))


def add_values(value, found):
    """Appends every leaf value below `value`, as text. (Called for every leaf: must be quick.)"""
    for child in value.values() if type(value) is dict else value:
        if type(child) is str:
            found.append(child)
        elif type(child) in (dict, list):
            add_values(child, found)
        elif child is not None:
            found.append(text_of(child))


def values_of(record):
    found = []
    add_values(record, found)
    return found


def add_leaves(value, path, found):
    """Appends every `path=text` below `value`. A path passes through arrays without an index."""
    for key, child in value.items() if type(value) is dict else ((None, item) for item in value):
        below = path if key is None else f"{path}.{key}" if path else key
        if type(child) in (dict, list):
            add_leaves(child, below, found)
        elif child is not None:
            found.append(f"{below}={text_of(child)}")


def leaves_of(record):
    found = []
    add_leaves(record, "", found)
    return found


def records_of(data):
    """Every (text, parsed) record of an unpacked file. The text is exactly what was delivered."""
    if orjson:
        records = orjson.loads(data)["Records"]
        texts = [orjson.dumps(record) for record in records]
        if b'{"Records":[%b]}' % b",".join(texts) == data:
            return zip([text.decode() for text in texts], records)
    return sliced_records(data.decode())


def sliced_records(text):
    """The same for files in which the records are not written as orjson would write them."""
    decoder = json.JSONDecoder()
    at = text.index("[", text.index('"Records"')) + 1
    while True:
        while text[at] in " \t\r\n,":
            at += 1
        if text[at] == "]":
            return
        record, end = decoder.raw_decode(text, at)
        yield text[at:end], record
        at = end


def event_of(raw, record):
    return Event(raw, record, fields_of(record), seconds(record["eventTime"]))


def read_events(path):
    with open(path, "rb") as file:
        data = zlib.decompress(file.read(), 31)
    for raw, record in records_of(data):
        yield event_of(raw, record)


def cores():
    return len(os.sched_getaffinity(0))


def in_parallel(function, paths):
    """function(some of the paths) for all of them, in order, in as many processes as cores. They
    are never far ahead of what is taken, so memory stays flat when that is slow."""
    chunks = iter([paths[i:i + FILES_AT_ONCE] for i in range(0, len(paths), FILES_AT_ONCE)])
    with multiprocessing.get_context("fork").Pool(cores()) as pool:
        ahead = collections.deque(pool.apply_async(function, [chunk])
                                  for chunk in itertools.islice(chunks, 2 * cores()))
        while ahead:
            done = ahead.popleft().get()
            ahead.extend(pool.apply_async(function, [chunk])
                         for chunk in itertools.islice(chunks, 1))
            yield done


def shape_files(paths, shape):
    return marshal.dumps([(event.id, shape(event))
                          for path in paths for event in read_events(path)])


def shaped(directory, shape):
    """Lists of shape(event), each event once. `shape` is called in the processes that read and
    returns plain data, which is handed over by the quickest means there is."""
    seen = set()
    for packed in in_parallel(functools.partial(shape_files, shape=shape), log_files(directory)):
        fresh = []
        for event_id, shaped_event in marshal.loads(packed):
            if event_id not in seen:
                seen.add(event_id)
                fresh.append(shaped_event)
        yield fresh


def gathered(lists, size):
    """The items of some lists, in lists of at least so many, but for the last."""
    pending = []
    for items in lists:
        pending += items
        if len(pending) >= size:
            yield pending
            pending = []
    if pending:
        yield pending
