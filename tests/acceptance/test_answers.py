"""Answers over real deliveries, compared with what jq says about the same files."""

import collections
import json
import subprocess
import tempfile

import pytest

from program import assert_clean, event_ids, index, trailsift

# What jq knows of CloudTrail. A leaf is a scalar that is not null and not the empty string; a word
# is found where its alphanumeric pieces stand side by side, whatever the case. "zqz" is a piece of
# its own, so that no phrase reaches from one leaf into the next.
JQ_PRELUDE = r"""
def text_of(f): [f | scalars | select(. != null and . != "") | tostring] | join(" zqz ");
# ASCII alone makes words here: the queries are ASCII, and jq takes a millisecond to build a class
# of Unicode letters. The plain pattern goes first because it is quick.
def finds($pattern): test($pattern; "i") and test("(^|[^0-9a-z])" + $pattern; "i");
def has_phrase($pieces): ($pieces | join("[^0-9a-z]+")) as $pattern
                         | finds($pattern) and finds($pattern + "($|[^0-9a-z])");
def has_prefix($piece): finds($piece);
def number: if type == "number" then . elif type == "string" then (tonumber? // null) else null end;
"""

# Fields whose facets are compared for every query: name, and the values of a record in jq.
FACETS = {
    "event_source": "[.eventSource]",
    "event_name": "[.eventName]",
    "aws_region": "[.awsRegion]",
    "user_identity_type": "[.userIdentity.type]",
    "error_code": "[.errorCode]",
    "read_only": "[.readOnly | select(. != null) | tostring]",
    "resources_type": "[.resources[]?.type]",
    "user_agent": "[.userAgent]",
    "bytes_out": "[.additionalEventData.bytesTransferredOut | number | select(. != null) | tostring]",
}

# Query -> the same condition in jq. ARN and BUCKET become values that occur in the data.
QUERIES = {
    # The ones that the first release was accepted by.
    "matchall": "true",
    "event_source:'s3.amazonaws.com'": '.eventSource == "s3.amazonaws.com"',
    "error_code:'AccessDenied'": '.errorCode == "AccessDenied"',
    "event_time:['2021-07-29T00:00:00Z','2021-07-30T00:00:00Z']":
        '.eventTime >= "2021-07-29T00:00:00Z" and .eventTime <= "2021-07-30T00:00:00Z"',
    "(and (prefix field=event_name 'Get') (not user_identity_type:'AWSService'))":
        '(.eventName // "" | startswith("Get")) and .userIdentity.type != "AWSService"',
    # Fields with several values, paths, subtrees.
    "resources_arn:'ARN'": '[.resources[]?.ARN] | index("ARN") != null',
    "requestParameters.bucketName:'BUCKET'":
        '[.requestParameters.bucketName?] | flatten | index("BUCKET") != null',
    "request_parameters:'BUCKET'": 'text_of(.requestParameters | ..) | has_phrase(BUCKET_PIECES)',
    # Words: one piece, an identifier of several, in any case; phrases; the beginning of a word.
    "'accessdenied'": '$text | has_phrase(["accessdenied"])',
    "user_agent:'S3.Amazonaws.com'": 'text_of(.userAgent) | has_phrase(["s3","amazonaws","com"])',
    "'ARN'": '$text | has_phrase(ARN_PIECES)',
    "'denied root'": '($text | has_phrase(["denied"])) and ($text | has_phrase(["root"]))',
    "user_identity_arn:'assumed-role'": 'text_of(.userIdentity.arn) | has_phrase(["assumed","role"])',
    "(phrase field=error_message 'not authorized to perform')":
        'text_of(.errorMessage) | has_phrase(["not","authorized","to","perform"])',
    "(prefix field=user_agent 'boto')": 'text_of(.userAgent) | has_prefix("boto")',
    # Ranges of text, of numbers, of times; what has a value; booleans.
    "(range field=event_name ['D','F'})": '.eventName >= "D" and .eventName < "F"',
    "bytes_out:[1000,}": '(.additionalEventData.bytesTransferredOut | number) as $n '
                         '| $n != null and $n >= 1000',
    "bytes_out:{0,1000}": '(.additionalEventData.bytesTransferredOut | number) as $n '
                          '| $n != null and $n > 0 and $n < 1000',
    "event_time:{,'2021-07-29T23:30:00Z'}": '.eventTime < "2021-07-29T23:30:00Z"',
    "error_code:{,}": '.errorCode != null and .errorCode != ""',
    "read_only:'false'": '(.readOnly | tostring) == "false"',
    # Operators inside each other.
    "(or event_name:'ConsoleLogin' (and aws_region:'us-east-1' (not (or read_only:'true' "
    "error_code:{,}))))":
        '.eventName == "ConsoleLogin" or (.awsRegion == "us-east-1" and '
        '(((.readOnly | tostring) == "true" or (.errorCode != null and .errorCode != "")) | not))',
    "(and event_source:'s3.amazonaws.com' (or (prefix field=event_name 'Put') "
    "event_name:'DeleteObject') (not source_ip_address:'AWS Internal') 'encrypt*')":
        '.eventSource == "s3.amazonaws.com" and ((.eventName | startswith("Put")) or '
        '.eventName == "DeleteObject") and .sourceIPAddress != "AWS Internal" '
        'and ($text | has_phrase(["encrypt"]))',
    "(not (or matchall event_name:'x'))": "false",
}


@pytest.fixture(scope="module")
def data(delivered, tmp_path_factory):
    """An index of the deliveries, which is checked to hold each event once."""
    directory = tmp_path_factory.mktemp("answers") / "index"
    account = index(delivered, directory)
    assert account | {"files": 3872, "read": 30477, "indexed": 23981, "duplicates": 6496,
                      "filtered": 0, "rejected": 0} == account
    return directory


def facets_of(query, data, names):
    """{field: ({value: count}, events without a value)}, and found, by trailsift."""
    words = [word for name in names for word in ("--facet", name)]
    answer = json.loads(trailsift("search", query, "--syntax", "structured", "--data", data, "--size", "0",
                                  "--format", "json", "--facet-size", "10000", *words))
    return answer["found"], {
        name: ({bucket["value"]: bucket["count"] for bucket in facet["buckets"]}, facet["missing"])
        for name, facet in answer["facets"].items()}


def pieces_of(text):
    words = "".join(c if c.isalnum() else " " for c in text.lower()).split()
    return json.dumps(words)


class Jq:
    """What jq says of each record: its id, time, facet values, and which queries it answers. Two
    processes, half of the files each. Records that come twice count once."""

    def __init__(self, files, queries, arn, bucket):
        self.queries = list(queries)
        conditions = ", ".join(f"(({condition}) // false)" for condition in queries.values())
        conditions = conditions.replace("ARN_PIECES", pieces_of(arn)).replace(
            "BUCKET_PIECES", pieces_of(bucket)).replace('"ARN"', json.dumps(arn)).replace(
            '"BUCKET"', json.dumps(bucket))
        facets = ", ".join(f"({values} | map(select(. != null and . != \"\")) | unique)"
                           for values in FACETS.values())
        program = JQ_PRELUDE + (
            f".Records[] | text_of(..) as $text | [.eventID, .eventTime, [{facets}], [{conditions}]]")
        half = len(files) // 2
        passes = [self.start(program, files[:half]), self.start(program, files[half:])]
        self.rows = {}
        for jq, rows in passes:
            assert jq.wait() == 0
            rows.seek(0)
            for line in rows:
                event_id, time, values, answers = json.loads(line)
                self.rows.setdefault(event_id, (time, values, answers))

    @staticmethod
    def start(program, files):
        names = tempfile.TemporaryFile()
        names.write(b"\0".join(str(file).encode() for file in files))
        names.seek(0)
        cat = subprocess.Popen(["xargs", "-0", "zcat"], stdin=names, stdout=subprocess.PIPE)
        rows = tempfile.TemporaryFile()
        jq = subprocess.Popen(["jq", "-c", program], stdin=cat.stdout, stdout=rows)
        cat.stdout.close()
        return jq, rows

    def hits(self, query):
        """(id, time, facet values) of each hit, newest first, ties by id."""
        number = self.queries.index(query)
        rows = sorted((event_id, time, values)
                      for event_id, (time, values, answers) in self.rows.items() if answers[number])
        return sorted(rows, key=lambda row: row[1], reverse=True)


@pytest.fixture(scope="module")
def names(data):
    """Values for ARN and BUCKET: frequent ones, but far from being in every event."""
    found, facets = facets_of("matchall", data, ["resources_arn"])
    counts = {arn: count for arn, count in facets["resources_arn"][0].items() if count < found / 10}
    by_count = sorted(counts, key=counts.get)
    buckets = [arn.rsplit(":", 1)[1] for arn in by_count
               if arn.startswith("arn:aws:s3:::") and "/" not in arn]
    return {"ARN": by_count[-1], "BUCKET": buckets[-1]}


@pytest.fixture(scope="module")
def jq(delivered, names):
    files = sorted(delivered.rglob("*.json.gz"))
    return Jq(files, QUERIES, names["ARN"], names["BUCKET"])


@pytest.mark.parametrize("template", QUERIES)
def test_answer_is_what_jq_says(template, data, jq, names):
    query = template.replace("ARN", names["ARN"]).replace("BUCKET", names["BUCKET"])
    hits = jq.hits(template)
    assert event_ids(query, data) == [event_id for event_id, _, _ in hits]

    found, facets = facets_of(query, data, FACETS)
    assert found == len(hits)
    for number, name in enumerate(FACETS):
        counts = collections.Counter(value for _, _, values in hits for value in values[number])
        missing = sum(1 for _, _, values in hits if not values[number])
        assert facets[name] == (dict(counts), missing), name


def test_queries_are_not_all_trivial(jq):
    """Guards the comparison itself: most queries must have hits, and none but matchall all."""
    counts = {query: len(jq.hits(query)) for query in QUERIES}
    empty = [query for query, count in counts.items() if count == 0]
    assert len(empty) <= 4, empty
    assert [query for query, count in counts.items() if count == len(jq.rows)] == ["matchall"]


def test_indexing_again_adds_nothing(data, delivered):
    account = index(delivered, data)
    assert (account["indexed"], account["duplicates"], account["read"]) == (0, 30477, 30477)
    assert_clean(data)


def test_original_records_come_back(data, delivered, jq):
    """ndjson gives each record's own bytes: jq sees the same values as in the delivered file."""
    out = trailsift("search", "event_name:Get*", "--data", data, "--size", "all",
                    "--format", "ndjson")
    records = {record["eventID"]: record for record in map(json.loads, out.splitlines())}
    assert records
    files = sorted(delivered.rglob("*.json.gz"))
    cat = subprocess.run(["xargs", "-0", "zcat"], input=b"\0".join(str(f).encode() for f in files),
                         capture_output=True, check=True)
    decoder = json.JSONDecoder()
    seen, position, text = {}, 0, cat.stdout.decode()
    while position < len(text):
        document, position = decoder.raw_decode(text, position)
        for record in document["Records"]:
            seen[record["eventID"]] = record
        while position < len(text) and text[position].isspace():
            position += 1
    assert all(seen[event_id] == record for event_id, record in records.items())


def test_every_record_of_the_collections_is_accounted_for(collections, tmp_path):
    """read = indexed + duplicates + rejected, and each rejected one is listed with its reason."""
    for file in collections:
        data = tmp_path / file.name
        account = index(file, data)
        lines = subprocess.run(["zcat", file], capture_output=True, check=True).stdout
        assert account["read"] == lines.count(b"\n") + (0 if lines.endswith(b"\n") else 1)
        assert account["read"] == (account["indexed"] + account["duplicates"] +
                                   account["filtered"] + account["rejected"])
        usable = subprocess.run(
            ["jq", "-r", r"""
               select((.eventID | type) == "string" and (.eventTime | type) == "string")
               | select(.eventTime | test("^\\d{4}(-\\d\\d){2}T\\d\\d(:\\d\\d){2}([.]\\d+)?(Z|[+-]\\d\\d:\\d\\d)$"))
               | .eventID"""],
            input=lines, capture_output=True, check=True).stdout.decode().splitlines()
        assert account["indexed"] == len(set(usable)), file.name
        assert account["indexed"] + account["duplicates"] == len(usable), file.name
        listed = trailsift("quarantine", "list", "--data", data, "--json").splitlines()
        assert len(listed) == account["rejected"], file.name
        assert all(json.loads(line)["reason"] for line in listed)
        assert_clean(data)
