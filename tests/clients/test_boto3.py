"""The unmodified CloudSearch client of the AWS SDK for Python against `trailsift serve`."""

import time

import boto3
import botocore
import pytest
import trailsift_program as trailsift
from botocore.config import Config


def make_client(server, **config):
    return boto3.client(
        "cloudsearchdomain",
        endpoint_url=server.url,
        region_name="us-east-1",
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
        aws_secret_access_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        aws_session_token="token",
        config=Config(**config),
    )


@pytest.fixture(scope="module")
def client(server):
    return make_client(server)


def search(client, query="matchall", **parameters):
    return client.search(query=query, queryParser="structured", **parameters)


def ids(answer):
    return [hit["id"] for hit in answer["hits"]["hit"]]


def newest(*numbers):
    return [f"event-{number:04}" for number in numbers]


def test_answers_have_the_types_of_the_model(client):
    answer = search(client, "_id:'event-0030'", returnFields="event_time,event_name,resources_arn,raw")
    assert answer["hits"]["found"] == 1
    assert answer["hits"]["start"] == 0
    assert "cursor" not in answer["hits"]
    assert isinstance(answer["status"]["timems"], int)
    assert answer["status"]["rid"] == answer["ResponseMetadata"]["RequestId"]
    fields = answer["hits"]["hit"][0]["fields"]
    assert fields["event_time"] == ["2021-07-02T06:00:00Z"]
    assert fields["event_name"] == ["CreateUser"]
    assert fields["resources_arn"] == ["arn:aws:s3:::a", "arn:aws:s3:::b"]
    assert '"eventID": "event-0030"' in fields["raw"][0]
    assert "facets" not in answer


def test_newest_come_first_and_pages_follow(client):
    assert ids(search(client, size=3)) == newest(59, 58, 57)
    assert ids(search(client, size=3, start=57)) == newest(2, 1, 0)
    assert ids(search(client, size=0)) == []
    assert search(client, size=0)["hits"]["found"] == 60


def test_sorts(client):
    answer = search(client, sort="aws_region asc,event_time asc", size=3)
    assert ids(answer) == newest(0, 3, 6)
    answer = search(client, sort="error_code desc,_id desc", start=19, size=3)
    assert ids(answer) == newest(0, 59, 58)  # Events without an error come last.


def test_facets(client):
    facet = '{"event_name":{},"aws_region":{"sort":"bucket","size":1},"error_code":{"buckets":["AccessDenied","None"]}}'
    answer = search(client, "event_source:'iam.amazonaws.com'", facet=facet, size=1)
    assert answer["hits"]["found"] == 20
    assert answer["facets"] == {
        "event_name": {"buckets": [{"value": "CreateUser", "count": 20}]},
        "aws_region": {"buckets": [{"value": "eu-west-1", "count": 20}]},
        "error_code": {"buckets": [{"value": "AccessDenied", "count": 20}, {"value": "None", "count": 0}]},
    }


def test_filters_and_options(client):
    answer = search(client, "'authorized user-30'", filterQuery="aws_region:'eu-west-1'")
    assert ids(answer) == newest(30)
    answer = search(client, "'user-30 key-31'", queryOptions="{defaultOperator: 'or'}")
    assert ids(answer) == newest(31, 30)
    answer = search(client, "(range field=event_time {'2021-07-03T08:00:00Z',})", returnFields="_no_fields")
    assert answer["hits"]["hit"] == [{"id": "event-0059"}, {"id": "event-0058"}, {"id": "event-0057"}]


def test_walks_with_a_cursor(client):
    cursor, walked = "initial", []
    while True:
        answer = search(client, cursor=cursor, size=7, sort="event_name asc", returnFields="_no_fields")
        assert answer["hits"]["found"] == 60
        if not answer["hits"]["hit"]:
            break
        walked += ids(answer)
        cursor = answer["hits"]["cursor"]
    creates = [n for n in range(59, -1, -1) if n % 3 == 0]
    gets = [n for n in range(59, -1, -1) if n % 3 != 0]
    assert walked == newest(*creates, *gets)


@pytest.mark.parametrize(
    "parameters, message",
    [
        ({"query": "nosuch:'x'"}, "Syntax error in query: field (nosuch) does not exist."),
        ({"query": "(and"}, "Syntax error in query: "),
        ({"facet": '{"raw":{}}'}, "field (raw) is not facet enabled"),
        ({"sort": "raw desc"}, "field (raw) is not sort enabled"),
        ({"size": 10001}, "expected a number from 0 to 10000 for parameter 'size', got '10001'"),
        ({"start": 1, "cursor": "initial"}, "'start' and 'cursor' are mutually exclusive."),
        ({"cursor": "made up"}, ""),
        ({"query": "a /b/", "queryParser": "lucene"}, "Syntax error in query: expected a word or '\\/'"),
    ],
)
def test_mistakes_are_modelled_exceptions_at_once(client, parameters, message):
    began = time.monotonic()
    with pytest.raises(client.exceptions.SearchException) as raised:
        client.search(**{"query": "matchall", "queryParser": "structured", **parameters})
    response = raised.value.response
    assert response["Error"]["Code"] == "SearchException"
    assert response["Error"]["Message"].startswith(message)
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert response["ResponseMetadata"]["RetryAttempts"] == 0
    assert time.monotonic() - began < 5


def test_the_parser_is_simple_where_none_is_named(client):
    assert ids(client.search(query="user-30 -nothing")) == newest(30)
    assert client.search(query="matchall")["hits"]["found"] == 0


def test_long_queries(client):
    query = "(or " + " ".join(f"event_name:'No{n}'" for n in range(4000)) + " _id:'event-0007')"
    assert len(query) > 60_000
    assert ids(search(client, query)) == newest(7)


def test_requests_without_a_signature(server):
    client = make_client(server, signature_version=botocore.UNSIGNED)
    assert search(client)["hits"]["found"] == 60


def test_new_events_are_seen_without_a_restart(tmp_path):
    with trailsift.Server(tmp_path / "data") as server:
        client = make_client(server)
        assert search(client)["hits"]["found"] == 0
        trailsift.deliver(tmp_path / "logs", [trailsift.record(1)])
        trailsift.index(tmp_path / "logs", tmp_path / "data")
        assert ids(search(client)) == newest(1)
        trailsift.deliver(tmp_path / "logs", [trailsift.record(1), trailsift.record(2)], name="0002")
        trailsift.index(tmp_path / "logs", tmp_path / "data")
        assert ids(search(client)) == newest(2, 1)
