"""Elasticsearch's own client, and the requests of Grafana's Elasticsearch data source."""

import collections
import datetime
import functools
import json
import re
import urllib.request

import pytest
from conftest import sample_records
from elasticsearch import BadRequestError, Elasticsearch

RECORDS = sample_records()


@pytest.fixture(scope="module")
def client(server):
    with Elasticsearch(f"{server.url}/elastic") as connected:
        yield connected


def millis(record):
    return int(datetime.datetime.fromisoformat(record["eventTime"]).timestamp() * 1000)


def denied(record):
    return record.get("errorCode") == "AccessDenied"


def user_number(record):
    return int((record["requestParameters"].get("userName") or "user-0").partition("-")[2])


# Each with what it means for a record.
QUERIES = [
    ({"match_all": {}}, lambda r: True),
    ({"match_none": {}}, lambda r: False),
    ({"term": {"event_name": "CreateUser"}}, denied),
    ({"term": {"eventName": {"value": "CreateUser", "boost": 2}}}, denied),
    ({"term": {"event_name.keyword": "createuser"}}, lambda r: False),
    ({"term": {"event_name": {"value": "createuser", "case_insensitive": True}}}, denied),
    ({"term": {"source_ip_address": "198.51.100.0/24"}}, lambda r: True),
    ({"term": {"source_ip_address": "203.0.113.0/24"}}, lambda r: False),
    ({"terms": {"event_source": ["iam.amazonaws.com", "sts.amazonaws.com"]}}, denied),
    ({"terms": {"event_source": []}}, lambda r: False),
    ({"match": {"event_name": "GetObject"}}, lambda r: not denied(r)),
    ({"match": {"error_message": "authorized nonsense"}}, denied),
    ({"match": {"error_message": {"query": "authorized nonsense", "operator": "and"}}},
     lambda r: False),
    ({"match_phrase": {"error_message": "not authorized"}}, denied),
    ({"match_phrase": {"error_message": "authorized not"}}, lambda r: False),
    ({"multi_match": {"query": "key-5", "fields": ["raw^2"]}},
     lambda r: r["requestParameters"].get("key") == "key-5"),
    ({"wildcard": {"event_name": {"value": "Create*"}}}, denied),
    ({"wildcard": {"event_name": {"value": "Create?ser"}}}, denied),
    ({"wildcard": {"event_name": {"value": "Create?"}}}, lambda r: False),
    ({"wildcard": {"event_name": {"wildcard": "*user", "case_insensitive": True}}}, denied),
    ({"prefix": {"event_name": "Get"}}, lambda r: not denied(r)),
    ({"prefix": {"event_name": {"value": "get"}}}, lambda r: False),
    ({"regexp": {"event_name": "Create(User|Role)"}}, denied),
    ({"regexp": {"event_name": "reate"}}, lambda r: False),
    ({"exists": {"field": "errorCode"}}, denied),
    ({"exists": {"field": "requestParameters.userName"}}, denied),
    ({"ids": {"values": ["event-0003", "event-0004", "other"]}},
     lambda r: r["eventID"] in ("event-0003", "event-0004")),
    ({"term": {"requestParameters.userName": "user-9"}}, lambda r: denied(r) and user_number(r) == 9),
    ({"range": {"@timestamp": {"gte": millis(RECORDS[10]), "lt": millis(RECORDS[20]),
                               "format": "epoch_millis"}}},
     lambda r: 10 <= int(r["eventID"][6:]) < 20),
    ({"range": {"eventTime": {"gt": "2021-07-02T00:00:00Z", "lte": "2021-07-02T03:00:00Z"}}},
     lambda r: 25 <= int(r["eventID"][6:]) <= 27),
    ({"range": {"event_time": {"gte": "now-1h"}}}, lambda r: False),
    ({"query_string": {"query": "*", "analyze_wildcard": True}}, lambda r: True),
    ({"query_string": {"query": "event_name:Create* AND error_code:AccessDenied"}}, denied),
    ({"query_string": {"query": "CreateUser GetObject"}}, lambda r: True),
    ({"query_string": {"query": "CreateUser GetObject", "default_operator": "AND"}},
     lambda r: False),
    ({"simple_query_string": {"query": "CreateUser | nonsense"}}, denied),
    ({"constant_score": {"filter": {"term": {"event_name": "CreateUser"}}}}, denied),
    ({"bool": {}}, lambda r: True),
    (functools.reduce(lambda query, _: {"bool": {"filter": [query]}}, range(20), {"match_all": {}}),
     lambda r: True),
    ({"regexp": {"event_name": r"[^P]reate\w+"}}, denied),
    ({"bool": {"must_not": {"term": {"event_name": "CreateUser"}}}}, lambda r: not denied(r)),
    ({"bool": {"must": [{"term": {"event_name": "CreateUser"}}],
               "filter": {"range": {"@timestamp": {"lt": "2021-07-02"}}}}},
     lambda r: denied(r) and r["eventTime"] < "2021-07-02"),
    ({"bool": {"should": [{"term": {"event_name": "CreateUser"}}, {"match_none": {}}]}}, denied),
    ({"bool": {"should": [{"match_none": {}}], "filter": [{"match_all": {}}]}}, lambda r: True),
    ({"bool": {"should": [{"match_none": {}}], "filter": [{"match_all": {}}],
               "minimum_should_match": 1}}, lambda r: False),
    ({"bool": {"should": [{"exists": {"field": "error_code"}}, {"term": {"event_name": "CreateUser"}}],
               "minimum_should_match": 2}}, denied),
]


@pytest.mark.parametrize("query, holds", QUERIES, ids=lambda it: json.dumps(it)
                         if isinstance(it, dict) else "")
def test_queries_find_what_they_say(client, query, holds):
    wanted = [record["eventID"] for record in reversed(RECORDS) if holds(record)]
    answer = client.search(index="cloudtrail-*", query=query, size=100)
    assert [hit["_id"] for hit in answer["hits"]["hits"]] == wanted
    assert answer["hits"]["total"] == {"value": len(wanted), "relation": "eq"}
    assert client.count(query=query)["count"] == len(wanted)


def test_hits_are_the_records(client):
    hit = client.search(size=1, source=True, fields=["event_name", "@timestamp", "resources_arn"],
                        query={"ids": {"values": ["event-0030"]}})["hits"]["hits"][0]
    assert hit["_source"] == RECORDS[30]
    assert hit["fields"] == {"event_name": ["CreateUser"], "@timestamp": ["2021-07-02T06:00:00Z"],
                             "resources_arn": ["arn:aws:s3:::a", "arn:aws:s3:::b"]}
    assert "_source" not in client.search(size=1, source=False)["hits"]["hits"][0]


@pytest.mark.parametrize("sort", [
    [{"@timestamp": "desc"}],
    [{"@timestamp": {"order": "asc"}}],
    ["event_name", {"@timestamp": {"order": "desc"}}],
    [{"event_name": "desc"}, {"event_time": "asc"}, "_doc"],
    [{"error_code": "asc"}, {"event_id": "desc"}],
])
def test_search_after_goes_through_everything_once(client, sort):
    whole = client.search(sort=sort, size=100)["hits"]["hits"]
    pages, after = [], None
    while True:
        page = client.search(sort=sort, size=7, search_after=after)["hits"]["hits"]
        if not page:
            break
        pages += page
        after = page[-1]["sort"]
    assert [hit["_id"] for hit in pages] == [hit["_id"] for hit in whole]
    assert len({hit["_id"] for hit in pages}) == 60


def test_sort_is_told_with_each_hit(client):
    hits = client.search(size=2, sort=[{"@timestamp": "desc"}, "_doc"])["hits"]["hits"]
    assert [hit["sort"] for hit in hits] == [[millis(RECORDS[59]), "event-0059"],
                                             [millis(RECORDS[58]), "event-0058"]]


EITHER = {"bool": {"should": [{"term": {"event_name": "CreateUser"}}, {"term": {"event_name": "GetObject"}}]}}


def test_hits_are_scored_when_scores_are_asked_for(client):
    plain = client.search(query=EITHER, size=1)["hits"]
    assert (plain["max_score"], plain["hits"][0]["_score"]) == (None, None)
    best = client.search(query=EITHER, size=100, sort=["_score", {"@timestamp": "desc"}])["hits"]
    wanted = sorted(reversed(RECORDS), key=lambda record: not denied(record))
    assert [hit["_id"] for hit in best["hits"]] == [record["eventID"] for record in wanted]
    assert best["max_score"] == best["hits"][0]["_score"] > best["hits"][59]["_score"] > 0
    assert best["hits"][0]["sort"] == [best["max_score"], millis(RECORDS[57])]
    worst = client.search(query=EITHER, size=1, sort=[{"_score": "asc"}])["hits"]
    assert worst["hits"][0]["_id"] == "event-0059"
    newest = client.search(query=EITHER, size=1, sort=[{"@timestamp": "desc"}], track_scores=True)["hits"]
    assert newest["hits"][0]["_score"] == best["hits"][59]["_score"]


@pytest.mark.parametrize("query, score", [
    ({"match_all": {}}, 1),
    ({"match_all": {"boost": 3}}, 3),
    ({"constant_score": {"filter": {"term": {"event_name": "CreateUser"}}, "boost": 2}}, 2),
    ({"terms": {"event_name": ["CreateUser"], "boost": 4}}, 4),
    ({"bool": {"filter": {"term": {"event_name": "CreateUser"}}}}, 0),
    ({"bool": {"must": {"match_all": {}}, "should": {"exists": {"field": "error_code", "boost": 5}},
               "must_not": {"term": {"event_name": "GetObject"}}}}, 6),
    ({"range": {"@timestamp": {"gte": "2021-07-01", "boost": 7}}}, 7),
])
def test_boosts_make_scores(client, query, score):
    assert client.search(query=query, size=1, sort=["_score"])["hits"]["max_score"] == score


def test_pages_follow_scores(client):
    sort, pages, after = ["_score", {"@timestamp": "desc"}, "_doc"], [], None
    whole = client.search(query=EITHER, sort=sort, size=100)["hits"]["hits"]
    while page := client.search(query=EITHER, sort=sort, size=7, search_after=after)["hits"]["hits"]:
        pages += page
        after = page[-1]["sort"]
    assert [hit["_id"] for hit in pages] == [hit["_id"] for hit in whole]
    with pytest.raises(BadRequestError, match="_score"):
        client.search(query=EITHER, sort=["_score", "event_name"])


def aggregate(client, **aggs):
    return client.search(size=0, aggs=aggs)["aggregations"]


def counted(values):
    return sorted(collections.Counter(values).items(), key=lambda it: (-it[1], it[0]))


def test_terms_are_counted(client):
    answer = aggregate(client, names={"terms": {"field": "event_name"}},
                       rare={"terms": {"field": "event_name", "order": {"_count": "asc"}}},
                       last={"terms": {"field": "event_name", "order": [{"_key": "desc"}], "size": 1}},
                       codes={"terms": {"field": "error_code", "missing": "none"}},
                       merged={"terms": {"field": "error_code", "missing": "AccessDenied"}},
                       cut={"terms": {"field": "error_code", "missing": "none", "size": 1}},
                       arns={"terms": {"field": "resources_arn", "size": 1}})
    names = counted(record["eventName"] for record in RECORDS)

    def told(name):
        return [(bucket["key"], bucket["doc_count"]) for bucket in answer[name]["buckets"]]

    assert told("names") == names
    assert told("rare") == names[::-1]
    assert told("last") == [("GetObject", 40)]
    assert answer["last"]["sum_other_doc_count"] == 20
    assert told("codes") == [("none", 40), ("AccessDenied", 20)]
    assert told("merged") == [("AccessDenied", 60)]
    assert told("cut") == [("none", 40)]
    assert answer["cut"]["sum_other_doc_count"] == 20
    assert told("arns") == [("arn:aws:s3:::a", 6)]
    assert answer["arns"]["sum_other_doc_count"] == 6


def test_buckets_have_aggregations_inside(client):
    answer = aggregate(client, days={
        "date_histogram": {"field": "@timestamp", "calendar_interval": "1d"},
        "aggs": {"names": {"terms": {"field": "event_name"},
                           "aggs": {"newest": {"max": {"field": "event_time"}}}}}})
    for bucket in answer["days"]["buckets"]:
        day = bucket["key_as_string"][:10]
        of_day = [record for record in RECORDS if record["eventTime"].startswith(day)]
        assert bucket["doc_count"] == len(of_day)
        assert [(inside["key"], inside["doc_count"], inside["newest"]["value"])
                for inside in bucket["names"]["buckets"]] == [
                    (name, count, max(millis(r) for r in of_day if r["eventName"] == name))
                    for name, count in counted(record["eventName"] for record in of_day)]
    assert [bucket["doc_count"] for bucket in answer["days"]["buckets"]] == [24, 24, 12]


def test_calendars_have_zones(client):
    answer = aggregate(client, days={"date_histogram": {
        "field": "@timestamp", "calendar_interval": "day", "time_zone": "America/New_York"}})
    assert [(bucket["key_as_string"], bucket["doc_count"]) for bucket in answer["days"]["buckets"]] \
        == [("2021-06-30T04:00:00Z", 4), ("2021-07-01T04:00:00Z", 24), ("2021-07-02T04:00:00Z", 24),
            ("2021-07-03T04:00:00Z", 8)]


def test_numbers_are_told(client):
    answer = aggregate(client, names={"cardinality": {"field": "event_name"}},
                       codes={"value_count": {"field": "error_code"}},
                       none={"missing": {"field": "error_code"}},
                       first={"min": {"field": "@timestamp"}},
                       bytes={"stats": {"field": "bytes_in"}},
                       denied={"filter": {"term": {"error_code": "AccessDenied"}},
                               "aggs": {"users": {"cardinality": {"field": "event_name"}}}},
                       both={"filters": {"filters": {"a": {"match_all": {}}, "b": {"match_none": {}}}}})
    assert answer["names"]["value"] == 2
    assert answer["codes"]["value"] == 20
    assert answer["none"]["doc_count"] == 40
    assert answer["first"] == {"value": millis(RECORDS[0]), "value_as_string": "2021-07-01T00:00:00Z"}
    assert answer["bytes"] == {"count": 0, "min": None, "max": None, "avg": None, "sum": 0.0}
    assert answer["denied"] == {"doc_count": 20, "users": {"value": 1}}
    assert {name: bucket["doc_count"] for name, bucket in answer["both"]["buckets"].items()} \
        == {"a": 60, "b": 0}


@pytest.mark.parametrize("body, name", [
    ({"query": {"nested": {"path": "a", "query": {"match_all": {}}}}}, "nested"),
    ({"query": {"term": {"event_name": {"value": "a", "fuzziness": 1}}}}, "fuzziness"),
    ({"query": {"bool": {"must": [{"script": {}}]}}}, "script"),
    ({"query": {"range": {"event_time": {"from": 1}}}}, "from"),
    ({"query": {"regexp": {"event_name": "~(Put.*)"}}}, "~"),
    ({"query": {"regexp": {"event_name": "^Put"}}}, "^"),
    ({"suggest": {}}, "suggest"),
    ({"collapse": {"field": "actor"}}, "collapse"),
    ({"aggs": {"a": {"percentiles": {"field": "bytes_in"}}}}, "percentiles"),
    ({"aggs": {"a": {"terms": {"field": "actor", "order": {"b": "asc"}}}}}, "b"),
    ({"aggs": {"a": {"terms": {"field": "event_time"}}}}, "event_time"),
    ({"aggs": {"a": {"max": {"field": "bytes_in"}, "aggs": {"b": {"missing": {"field": "actor"}}}}}},
     "aggs"),
    ({"sort": [{"requestParameters.userName": "asc"}]}, "requestParameters.userName"),
])
def test_what_is_not_supported_is_refused_by_name(client, body, name):
    with pytest.raises(BadRequestError, match=re.escape(f"'{name}'")):
        client.search(body=body)


@pytest.mark.parametrize("body", [
    {"query": {}}, {"query": []}, {"query": {"term": {}}}, {"query": {"term": {"event_name": []}}},
    {"query": {"terms": {"event_name": "a"}}}, {"query": {"bool": {"must": 3}}},
    {"query": {"range": {"event_time": {"gte": "yesterday"}}}},
    {"query": {"range": {"event_time": {"gte": 10 ** 30}}}},
    {"query": {"term": {"no_such_field": 1}}}, {"query": {"regexp": {"event_name": "("}}},
    {"size": -1}, {"size": 10_001}, {"from": "a"}, {"sort": {"event_name": "up"}},
    {"aggs": {"a": {}}}, {"aggs": {"a": {"terms": {}}}}, {"aggs": []},
    {"aggs": {"a": {"date_histogram": {"field": "event_time", "fixed_interval": "0s"}}}},
    {"aggs": {"a": {"date_histogram": {"field": "event_time"}}}},
    {"search_after": [1]}, {"sort": ["event_name"], "search_after": [[1]]},
])
def test_mistakes_are_told(client, body):
    with pytest.raises(BadRequestError):
        client.search(body=body)


def test_too_many_buckets_are_refused(client):
    with pytest.raises(Exception, match="illegal_argument"):
        aggregate(client, a={"date_histogram": {"field": "@timestamp", "fixed_interval": "1s"}})


# --- Grafana -------------------------------------------------------------------------------------

RANGE = {"range": {"@timestamp": {"gte": millis(RECORDS[0]), "lte": millis(RECORDS[59]),
                                  "format": "epoch_millis"}}}


def grafana(server, path, body=None):
    request = urllib.request.Request(f"{server.url}/elastic/{path}", body,
                                     {"Content-Type": "application/x-ndjson"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def panel(server, *searches):
    header = {"ignore_unavailable": True, "index": "cloudtrail", "search_type": "query_then_fetch"}
    lines = [json.dumps(line) for search in searches for line in (header, search)]
    answer = grafana(server, "_msearch?max_concurrent_shard_requests=5",
                     "\n".join([*lines, ""]).encode())
    return answer["responses"]


def lucene(text):
    return {"bool": {"filter": [RANGE, {"query_string": {"analyze_wildcard": True, "query": text}}]}}


def test_grafana_finds_the_source_healthy(server):
    assert grafana(server, "_cluster/health?wait_for_status=yellow")["status"] == "green"
    assert grafana(server, "")["version"]["number"].startswith("8.")


def test_grafana_lists_fields(server):
    properties = grafana(server, "cloudtrail/_mapping")["trailsift"]["mappings"]["properties"]
    assert properties["@timestamp"] == {"type": "date"}
    assert properties["event_name"] == {"type": "keyword"}
    assert properties["source_ip_address"] == {"type": "ip"}
    fields = grafana(server, "cloudtrail/_field_caps?fields=event_*")["fields"]
    assert fields["event_source"]["keyword"]["aggregatable"] is True
    assert "actor" not in fields


def test_grafana_draws_logs(server):
    body = {
        "size": 500, "query": lucene("CreateUser"), "script_fields": {},
        "sort": {"@timestamp": {"order": "desc", "unmapped_type": "boolean"}, "_doc": {"order": "desc"}},
        "docvalue_fields": ["@timestamp"],
        "fields": [{"field": "@timestamp", "format": "strict_date_optional_time_nanos"}],
        "highlight": {"fields": {"*": {}}, "pre_tags": ["@HIGHLIGHT@"], "post_tags": ["@/HIGHLIGHT@"],
                      "fragment_size": 2147483647}}
    response, = panel(server, body)
    assert response["status"] == 200
    assert [hit["_source"] for hit in response["hits"]["hits"]] == \
        [record for record in reversed(RECORDS) if denied(record)]
    assert all(set(hit["fields"]) == {"@timestamp"} and len(hit["sort"]) == 2
               for hit in response["hits"]["hits"])


def test_grafana_draws_a_histogram_by_terms(server):
    histogram = {"date_histogram": {
        "field": "@timestamp", "min_doc_count": 0, "fixed_interval": "1h", "format": "epoch_millis",
        "extended_bounds": {"min": millis(RECORDS[0]) - 7200_000, "max": millis(RECORDS[59])}}}
    alone, by_name = panel(
        server, {"size": 0, "query": lucene("*"), "aggs": {"2": histogram}},
        {"size": 0, "query": lucene("*"), "aggs": {"3": {
            "terms": {"field": "event_name", "size": 10, "order": {"_key": "desc"}, "min_doc_count": 1},
            "aggs": {"2": histogram}}}})
    buckets = alone["aggregations"]["2"]["buckets"]
    assert [bucket["doc_count"] for bucket in buckets] == [0, 0, *[1] * 60]
    assert buckets[0]["key_as_string"] == str(buckets[0]["key"])
    names = by_name["aggregations"]["3"]["buckets"]
    assert [bucket["key"] for bucket in names] == ["GetObject", "CreateUser"]
    assert [sum(inside["doc_count"] for inside in bucket["2"]["buckets"]) for bucket in names] == [40, 20]


def test_a_search_that_fails_leaves_the_others(server):
    good, bad = panel(server, {"size": 0, "query": lucene("*")}, {"size": 0, "query": lucene("a:b:(")})
    assert good["hits"]["total"]["value"] == 60
    assert bad["status"] == 400
    assert bad["error"]["type"] == "illegal_argument_exception"
