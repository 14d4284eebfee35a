"""Reads CloudTrail's deliveries, `.json.gz` files of {"Records":[…]}, on every core.

The truth and the peers that are fed from Python share this reader, so that all see the same events.
"""

import dataclasses
import functools
import json
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
PATHS = [tuple(path.split(".")) for path in FIELDS.values()]
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


@dataclasses.dataclass(slots=True)
class Row:
    """What a peer is fed of one event."""

    id: str
    time: int     # Seconds since 1970.
    fields: list  # By POSITION, None when absent.
    values: list  # Every leaf value as text.
    leaves: list  # `path=value` of every leaf value.
    raw: str


def log_files(directory):
    """Every delivered file, in the order of their paths."""
    found = []
    for folder, _, names in os.walk(directory):
        found += [os.path.join(folder, name) for name in names if name.endswith(".json.gz")]
    return sorted(found)


def text_of(value):
    """A leaf value as text, as it stands in JSON without its quotes; None for null."""
    if isinstance(value, str):
        return value
    if value is None:
        return None
    return json.dumps(value)


def field_of(record, path):
    for key in path:
        record = record.get(key) if isinstance(record, dict) else None
    return None if isinstance(record, (dict, list)) else text_of(record)


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


def leaves(value, path=""):
    """Every (path, text) below a value. A path passes through arrays without an index."""
    if isinstance(value, dict):
        for key, child in value.items():
            yield from leaves(child, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for child in value:
            yield from leaves(child, path)
    elif value is not None:
        yield path, text_of(value)


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


def read_events(path):
    with open(path, "rb") as file:
        data = zlib.decompress(file.read(), 31)
    for raw, record in records_of(data):
        yield Event(raw, record, [field_of(record, path) for path in PATHS],
                    seconds(record["eventTime"]))


def flatten(event):
    """The event as a Row."""
    found = list(leaves(event.record))
    return Row(event.id, event.time, event.fields, [text for _, text in found],
               [f"{path}={text}" for path, text in found], event.raw)


def rows_of(paths):
    return [flatten(event) for path in paths for event in read_events(path)]


def cores():
    return len(os.sched_getaffinity(0))


def in_parallel(function, paths, processes=None):
    """function(some of the paths) for all of them, in order, in as many processes as cores."""
    chunks = [paths[i:i + FILES_AT_ONCE] for i in range(0, len(paths), FILES_AT_ONCE)]
    with multiprocessing.get_context("fork").Pool(processes or cores()) as pool:
        yield from pool.imap(function, chunks)


def batches(directory):
    """Lists of Rows, each event once."""
    seen = set()
    for rows in in_parallel(rows_of, log_files(directory)):
        fresh = []
        for row in rows:
            if row.id not in seen:
                seen.add(row.id)
                fresh.append(row)
        yield fresh
