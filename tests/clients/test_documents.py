"""Batches of documents as CloudSearch's clients send them, and as the first program did that
indexed CloudTrail in CloudSearch."""

import gzip
import io
import json
import subprocess
import urllib.error
import urllib.request

import boto3
import pytest
import trailsift_program as trailsift
from clients import boto3_client, node_is_there, run_boto3, run_cli, run_curl, run_node

# How the worker filled the domain's fields; request_id and error_code it left alone.
WORKER_FIELDS = {
    "event_name": ("eventName",),
    "aws_region": ("awsRegion",),
    "event_id": ("eventID",),
    "source_ip_address": ("sourceIPAddress",),
    "user_identity_account_id": ("userIdentity", "accountId"),
    "user_identity_type": ("userIdentity", "type"),
    "user_identity_user_name": ("userIdentity", "userName"),
    "event_source": ("eventSource",),
    "error_message": ("errorMessage",),
    "user_agent": ("userAgent",),
    "user_identity_arn": ("userIdentity", "arn"),
    "event_time": ("eventTime",),
}


def worker_document(record):
    fields = {"raw": json.dumps(record)}
    for field, path in WORKER_FIELDS.items():
        value = record
        for key in path:
            value = (value or {}).get(key)
        if value is not None:
            fields[field] = value
    return {"type": "add", "id": record["eventID"], "fields": fields}


class Worker:
    """Looks its domain up as it starts, and takes what the daemon of a Beanstalk environment posts."""

    def __init__(self, server, objects):
        configuration = boto3.client("cloudsearch", endpoint_url=server.url, region_name="us-east-1",
                                     aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="secret")
        domain = configuration.describe_domains(DomainNames=["cloudtrail-1"])["DomainStatusList"][0]
        assert domain["Created"] and not domain["Deleted"]
        self.objects = objects
        self.client = boto3.client("cloudsearchdomain", endpoint_url="http://" + domain["DocService"]["Endpoint"],
                                   region_name="us-east-1", aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
                                   aws_secret_access_key="secret")

    def post(self, body):
        envelope = json.loads(body)
        if envelope.get("Type") != "Notification":
            return 500, "Unknown message type."
        message = json.loads(envelope["Message"])
        for key in message["s3ObjectKey"]:
            with gzip.open(io.BytesIO(self.objects[message["s3Bucket"], key])) as file:
                records = json.load(file)["Records"]
            batch = json.dumps([worker_document(record) for record in records])
            answer = self.client.upload_documents(documents=batch, contentType="application/json")
            assert answer["status"] == "success"
            assert answer["adds"] == len(records)
        return 200, ""


def worker_records():
    identity = {"type": "IAMUser", "userName": "O'Brien", "accountId": "111122223333",
                "arn": "arn:aws:iam::111122223333:user/O'Brien"}
    return [
        trailsift.record(1, userIdentity=identity, requestParameters={"bucketName": "logs", "größe": [1, 2.5]}),
        trailsift.record(2, errorCode="AccessDenied", errorMessage="not authorized", requestID="R2"),
        trailsift.record(3, userIdentity=None, eventSource="sqs.amazonaws.com"),
    ]


@pytest.fixture
def writable(tmp_path):
    with trailsift.Server(tmp_path / "data", "--push", "documents") as server:
        yield server


def test_the_worker_that_cloudsearch_had(writable):
    records = worker_records()
    log = gzip.compress(json.dumps({"Records": records}).encode())
    worker = Worker(writable, {("trail", "a.json.gz"): log})
    notice = json.dumps({"Type": "Notification",
                         "Message": json.dumps({"s3Bucket": "trail", "s3ObjectKey": ["a.json.gz"]})})
    assert worker.post('{"Type":"SubscriptionConfirmation"}') == (500, "Unknown message type.")
    for _ in range(3):  # The daemon posts again what it does not know to be done.
        assert worker.post(notice) == (200, "")
        answer = worker.client.search(query="matchall", queryParser="structured", sort="event_time asc")
        assert [hit["id"] for hit in answer["hits"]["hit"]] == [record["eventID"] for record in records]
    for record, hit in zip(records, answer["hits"]["hit"], strict=True):
        document = worker_document(record)
        for field, value in document["fields"].items():
            assert hit["fields"][field] == [value]
        assert json.loads(hit["fields"]["raw"][0]) == record
    # What the worker meant to fill and did not.
    assert answer["hits"]["hit"][1]["fields"]["error_code"] == ["AccessDenied"]
    assert answer["hits"]["hit"][1]["fields"]["request_id"] == ["R2"]
    # Words search the text fields, of which raw holds the whole event.
    assert worker.client.search(query="logs O'Brien")["hits"]["found"] == 1
    assert worker.client.search(query="authorized", sort="error_message desc")["hits"]["found"] == 1


def batch_of(*numbers):
    return json.dumps([worker_document(trailsift.record(number)) for number in numbers])


def upload(documents, content_type="application/json"):
    return [{"operation": "uploadDocuments", "parameters": {"documents": documents, "contentType": content_type}}]


@pytest.mark.parametrize("name", ["boto3", "awscli", "js2", "js3", "curl"])
def test_every_client_uploads(writable, tmp_path, name):
    run = {"boto3": run_boto3, "awscli": lambda server, requests: run_cli(server, requests, tmp_path),
           "js2": lambda server, requests: run_node("2", server, requests),
           "js3": lambda server, requests: run_node("3", server, requests), "curl": run_curl}[name]
    if name == "js2" and not node_is_there("aws-sdk") or name == "js3" and not node_is_there("@aws-sdk"):
        pytest.skip("the SDK is not installed: ./dev test installs it")
    xml = ('<batch><add id="event-0009"><field name="event_time">2021-07-01T00:00:00Z</field>'
           '<field name="event_name">A&amp;B</field></add></batch>')
    deletes = json.dumps([{"type": "delete", "id": "event-0003"}, {"type": "delete", "id": "not there"}])
    outcomes = run(writable, upload(batch_of(1, 2, 3)) + upload(batch_of(2, 2)) + upload(xml, "application/xml")
                   + upload(deletes))
    # The answer is of the type of the batch, but the SDKs, which read JSON alone, ask by format=sdk.
    assert [(outcome["answer"]["status"], int(outcome["answer"]["adds"]), int(outcome["answer"]["deletes"]))
            for outcome in outcomes] == [("success", 3, 0), ("success", 2, 0), ("success", 1, 0), ("success", 0, 2)]
    client = boto3_client(writable)
    answer = client.search(query="matchall", queryParser="structured", returnFields="event_name")
    assert [hit["id"] for hit in answer["hits"]["hit"]] == ["event-0002", "event-0001", "event-0009"]
    assert answer["hits"]["hit"][2]["fields"] == {"event_name": ["A&B"]}


def post(server, body, content_type="application/json", *options):
    command = ["curl", "-sS", "-m", "30", "-w", "\n%{http_code}", *options,
               f"{server.url}/2013-01-01/documents/batch", "--data-binary", "@-"]
    command += ["-H", f"Content-Type: {content_type}" if content_type else "Content-Type:"]
    done = subprocess.run(command, input=body, capture_output=True, text=True, check=True)
    body, status = done.stdout.rsplit("\n", 1)
    return int(status), body


def test_documents_without_a_record_are_made_one(writable):
    fields = {"event_time": "2021-07-01T00:00:00Z", "event_name": "Imported", "user_identity_user_name": "alice",
              "bytes_in": 12, "read_only": True, "raw": "a line of some other log"}
    assert post(writable, json.dumps([{"type": "add", "id": "x-1", "fields": fields}]))[0] == 200
    client = boto3_client(writable)
    for query in ("Imported", "other log", "alice"):
        answer = client.search(query=query, returnFields="event_name,bytes_in,read_only,user_identity_user_name")
        assert answer["hits"]["hit"] == [{"id": "x-1", "fields": {
            "event_name": ["Imported"], "bytes_in": ["12"], "read_only": ["true"], "user_identity_user_name": ["alice"]}}]


def test_fields_stand_in_the_record_where_they_belong(writable):
    fields = {"event_time": "2021-07-01T00:00:00Z", "resources_arn": ["arn:a", "arn:b"], "resources_type": "t",
              "request_parameters": json.dumps({"bucketName": "bb", "tags": ["x"]}),
              "response_elements": "some words", "additional_event_data": "more", "raw": "a line"}
    assert post(writable, json.dumps([{"type": "add", "id": "x-2", "fields": fields}]))[0] == 200
    with urllib.request.urlopen(f"{writable.url}/api/events/x-2", timeout=30) as answer:
        record = json.load(answer)
    assert record == {
        "eventID": "x-2", "eventTime": "2021-07-01T00:00:00Z",
        "resources": [{"ARN": "arn:a", "type": "t"}, {"ARN": "arn:b"}],
        "requestParameters": {"bucketName": "bb", "tags": ["x"]}, "responseElements": "some words",
        "additionalEventData": {"value": "more", "raw": "a line"}}


GOOD = {"event_time": "2021-07-01T00:00:00Z"}


@pytest.mark.parametrize("operation, message", [
    ({"type": "delete", "id": ""}, "expected a document id of 1 to 128 characters"),
    ({"type": "add", "id": "a", "fields": {"nosuch": "x"}}, "Field 'nosuch' does not exist in domain configuration"),
    ({"type": "add", "id": "a", "fields": {}}, "expected at least one field (near operation with index 2; document_id 'a')"),
    ({"type": "add", "id": "a"}, "expected an object as 'fields'"),
    ({"type": "add", "id": "", "fields": GOOD}, "expected a document id of 1 to 128 characters"),
    ({"type": "add", "id": "a" * 129, "fields": GOOD}, "expected a document id of 1 to 128 characters"),
    ({"type": "add", "fields": GOOD}, "expected an id of text"),
    ({"type": "put", "id": "a", "fields": GOOD}, 'expected "add" or "delete" as type, got \'put\''),
    ({"type": "add", "id": "a", "fields": {"raw": None}}, "Validation error for field 'raw': expected text"),
    ({"type": "add", "id": "a", "fields": {"raw": []}}, "Validation error for field 'raw': expected a value, got an empty array"),
    ({"type": "add", "id": "a", "fields": {"raw": {}}}, "Validation error for field 'raw': expected text"),
    ({"type": "add", "id": "a", "fields": {"raw": "x\u0001"}}, "Validation error for field 'raw': Illegal Unicode character"),
    ({"type": "add", "id": "a", "fields": {"event_name": "x"}}, "expected the event's record as 'raw', or an 'event_time'"),
    ({"type": "add", "id": "a", "fields": {**GOOD, "event_name": "x", "eventName": "y"}},
     "expected field 'event_name' once, got 'event_name' and 'eventName'"),
    ({"type": "add", "id": "a", "fields": {**GOOD, "event_name": ["x", "y"]}},
     "expected one value for field 'event_name', got 2"),
    ({"type": "add", "id": "a", "fields": {**GOOD, "raw": ["x", "y"]}}, "expected one value for field 'raw', got 2"),
    ({"type": "add", "id": "a", "fields": {**GOOD, "event_id": "b"}},
     "expected the document's id as event_id, got 'b'"),
    ({"type": "add", "id": "a", "fields": {**GOOD, "bytes_in": "x"}}, "Validation error for field 'bytes_in': expected a value of type integer"),
    ({"type": "add", "id": "a", "fields": {"raw": json.dumps(trailsift.record(1))}}, "expected the record in 'raw' to have the document's id"),
    ({"type": "add", "id": "a", "fields": {"raw": "x" * 1_100_000}}, "the document passes the limit of 1 MB"),
    ("add", "expected an object as operation (near operation with index 2)"),
])
def test_a_batch_is_taken_as_a_whole_or_not_at_all(writable, operation, message):
    good = worker_document(trailsift.record(7))
    status, body = post(writable, json.dumps([good, operation]))
    answer = json.loads(body)
    assert (status, answer["status"], answer["adds"], answer["deletes"]) == (400, "error", 0, 0)
    assert answer["__type"] == "#DocumentServiceException"
    assert answer["message"].startswith(message)
    assert answer["errors"] == [{"message": "[*Deprecated*: Use the outer message field] " + answer["message"]}]
    assert boto3_client(writable).search(query="matchall", queryParser="structured")["hits"]["found"] == 0


@pytest.mark.parametrize("body, content_type, options, status, message", [
    ("[]", "application/json", [], 400, "expected at least one operation, got none"),
    ("[", "application/json", [], 400, "cannot read the batch as JSON: "),
    ("[" * 1_000_000, "application/json", [], 400, "cannot read the batch as JSON: "),
    ("<batch/>", "application/xml", [], 400, "expected at least one operation, got none"),
    ("<batch><x/></batch>", "application/xml", [], 400, "expected <add> or <delete>"),
    ("<batch", "application/xml", [], 400, "cannot read the batch as XML"),
    ("[]", None, [], 400, "The Content-Type header is missing."),
    ("[]", "text/csv", [], 415, "expected application/json or application/xml as Content-Type"),
    ("[]", "application/json; charset=utf-16", [], 415, "expected the charset UTF-8"),
    ("[]", "application/json", ["-H", "Accept: text/html"], 406, "expected application/json or application/xml as Accept"),
    ("[" + " " * 6_000_000 + "]", "application/json", [], 413, "The Content-Length is too long"),
])
def test_what_is_no_batch(writable, body, content_type, options, status, message):
    got, text = post(writable, body, content_type, *options)
    assert got == status, text
    assert json.loads(text)["message"].startswith(message)
    assert json.loads(text)["__type"] == "#DocumentServiceException"


def test_answers_are_of_the_type_that_is_asked_for(writable):
    status, body = post(writable, batch_of(1), "application/json; charset=UTF-8", "-H", "Accept: application/xml")
    assert (status, body) == (200, '<response status="success" adds="1" deletes="0"/>')
    operation = {**worker_document(trailsift.record(1)), "lang": "en", "version": 1}
    warning = "\"add\" has unknown attribute(s): ['lang', 'version'] (near operation with index 1; document_id event-0001)"
    status, body = post(writable, json.dumps([operation]), "application/json", "-H", "Transfer-Encoding: chunked")
    assert json.loads(body) == {"status": "success", "adds": 1, "deletes": 0, "warnings": [{"message": warning}]}


def test_nothing_is_taken_where_the_route_is_closed(server):
    status, body = post(server, batch_of(1))
    assert status == 403
    assert json.loads(body)["__type"] == "#DocumentServiceException"


def found(server, query="matchall"):
    answer = boto3_client(server).search(query=query, queryParser="structured", sort="event_time asc",
                                         facet='{"event_name":{}}', returnFields="event_name")
    hits = answer["hits"]
    assert sum(bucket["count"] for bucket in answer["facets"]["event_name"]["buckets"]) == hits["found"] == len(hits["hit"])
    return [hit["id"] for hit in hits["hit"]]


def test_what_is_deleted_is_gone_and_comes_back_only_when_it_is_added(writable):
    assert post(writable, batch_of(1, 2, 3, 4))[0] == 200
    xml = '<batch><delete id="event-0002"/><delete id="event-0009"/></batch>'
    assert post(writable, xml, "application/xml") == (200, '<response status="success" adds="0" deletes="2"/>')
    assert found(writable) == ["event-0001", "event-0003", "event-0004"]
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"{writable.url}/api/events/event-0002", timeout=30)
    assert error.value.code == 404
    with urllib.request.urlopen(f"{writable.url}/api/status", timeout=30) as answer:
        assert json.load(answer)["events"] == 3
    # The last operation on an id counts, and another batch may add what one deleted.
    both = [{"type": "delete", "id": "event-0003"}, worker_document(trailsift.record(3)),
            worker_document(trailsift.record(4)), {"type": "delete", "id": "event-0004"}]
    assert json.loads(post(writable, json.dumps(both))[1]) == {"status": "success", "adds": 2, "deletes": 2}
    assert found(writable) == ["event-0001", "event-0003"]
    changed = worker_document(trailsift.record(2, eventName="Changed"))
    assert post(writable, json.dumps([changed]))[0] == 200
    assert found(writable) == ["event-0001", "event-0002", "event-0003"]
    assert found(writable, "event_name:'Changed'") == ["event-0002"]


def test_a_delivery_does_not_bring_back_what_was_deleted(tmp_path):
    data = tmp_path / "data"
    file = json.dumps({"Records": [trailsift.record(1), trailsift.record(2)]}).encode()

    def deliver(server):
        request = urllib.request.Request(f"{server.url}/ingest", data=file)
        with urllib.request.urlopen(request, timeout=30) as answer:
            account = json.load(answer)
        return account["indexed"], account["duplicates"]

    with trailsift.Server(data, "--push", "documents", "--push", "ingest") as server:
        assert deliver(server) == (2, 0)
        assert post(server, '[{"type":"delete","id":"event-0001"}]')[0] == 200
        assert deliver(server) == (0, 2)
        assert found(server) == ["event-0002"]
    with trailsift.Server(data, "--push", "documents", "--push", "ingest") as server:
        assert deliver(server) == (0, 2)
        assert found(server) == ["event-0002"]
    check = subprocess.run([trailsift.PROGRAM, "check", "--data", data], capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stdout + check.stderr
