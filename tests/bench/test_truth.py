"""What a query means, the plain pass over the files, and how answers are compared with it."""

import gzip
import json

import pytest

import deliveries
import workload
from deliveries import event_of
from truth import Answer, complaints, truth
from workload import FACETS, During, Is, Leaf, Not, Prefix, Query, Wildcard, Words

NOON = 1717243200  # 2024-06-01T12:00:00Z


def record(number=0, **changes):
    made = {
        "eventID": f"e{number}", "eventTime": f"2024-06-01T12:00:{number % 60:02}Z",
        "eventSource": "ec2.amazonaws.com", "eventName": "CreateTags", "awsRegion": "eu-west-1",
        "sourceIPAddress": "198.51.100.7", "eventType": "AwsApiCall", "readOnly": False,
        "recipientAccountId": "111122223333", "errorCode": None,
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/alice"},
        "requestParameters": {"resourcesSet": {"items": [{"resourceId": "i-0abc"},
                                                         {"resourceId": "i-0def"}]},
                              "role": None, "count": 3, "dry_run": True}}
    return {**made, **changes}


def event(**changes):
    made = record(**changes)
    return event_of(json.dumps(made), made)


@pytest.fixture
def deliver(tmp_path):
    """Writes files of records; returns their directory."""
    def write(*files):
        for number, records in enumerate(files):
            text = json.dumps({"Records": records}, separators=(",", ":"))
            (tmp_path / f"{number}.json.gz").write_bytes(gzip.compress(text.encode()))
        return tmp_path
    return write


@pytest.mark.parametrize("condition, holds", [
    (Is("event_source", "ec2.amazonaws.com"), True),
    (Is("event_source", "ec2"), False),
    (Is("read_only", "false"), True),
    (Is("error_code", "None"), False),
    (Prefix("event_name", "Create"), True),
    (Prefix("event_name", "create"), False),
    (Not(Is("event_name", "CreateTags")), False),
    (Not(Is("error_code", "AccessDenied")), True),
    (Wildcard("user_identity_arn", "arn:aws:iam::*:user/alice"), True),
    (Wildcard("user_identity_arn", "*alice"), True),
    (Wildcard("user_identity_arn", "alice*"), False),
    (Wildcard("error_code", "*"), False),
    (During(NOON, NOON + 1), True),
    (During(NOON - 60, NOON), False),
    (Words("i-0ABC"), True),
    (Words("i-0ab"), False),
    (Words("i-0abc-i"), False),  # Not from one value into the next.
    (Words("amazonaws"), True),
    (Words("amazon"), False),
    (Words("resourceId"), False),  # Names are no values.
    (Words("role"), False),
    (Words("true"), True),
    (Leaf("requestParameters.resourcesSet.items.resourceId", "i-0def"), True),
    (Leaf("requestParameters.resourcesSet.items", "i-0def"), False),
    (Leaf("requestParameters.count", "3"), True),
    (Leaf("requestParameters.dry_run", "true"), True),
    (Leaf("requestParameters.role", "None"), False),
])
def test_a_condition_holds(condition, holds):
    assert condition.holds(event()) is holds


def test_leaves_and_values_are_those_of_the_record():
    flat = deliveries.leaves_of({"a": [{"b": 1.50}, "x", None], "c": {"d": False}, "e": {}})
    assert flat == ["a.b=1.5", "a=x", "c.d=false"]
    assert deliveries.values_of({"a": [{"b": 1.50}, "x", None], "c": {"d": False}}) == [
        "1.5", "x", "false"]


@pytest.mark.parametrize("time, seconds", [
    ("1970-01-01T00:00:00Z", 0), ("2000-02-29T23:59:59Z", 951868799),
    ("2024-03-01T00:00:00Z", 1709251200), ("2024-06-01T12:00:00Z", NOON)])
def test_times_are_seconds_since_1970(time, seconds):
    assert deliveries.seconds(time) == seconds


def test_records_keep_their_own_bytes():
    delivered = '{"Records":[{"a": 1.0,\n "b":"\\u00e9/\\/"}, {"a":[]}]}'
    assert list(deliveries.records_of(delivered.encode())) == [
        ('{"a": 1.0,\n "b":"\\u00e9/\\/"}', {"a": 1.0, "b": "é//"}), ('{"a":[]}', {"a": []})]


def test_lists_are_gathered_until_they_are_long_enough():
    assert list(deliveries.gathered([[1], [2, 3], [4], []], 3)) == [[1, 2, 3], [4]]
    assert list(deliveries.gathered([[1], [2]], 2)) == [[1, 2]]
    assert list(deliveries.gathered([], 2)) == []


def test_the_truth_counts_each_event_once(deliver):
    first = [record(number) for number in range(70)]
    logs = deliver(first, first[:5], [record(90, errorCode="AccessDenied")])
    asked = [Query("all", facets=True, histogram=True),
             Query("failed", (Is("error_code", "AccessDenied"),), newest=50)]
    corpus, truths = truth(logs, asked)
    assert (corpus.events, corpus.records) == (71, 76)
    assert truths["all"].count == 71
    assert truths["all"].facets["event_name"] == {"CreateTags": 71}
    assert truths["all"].facets["error_code"] == {"AccessDenied": 1}
    assert truths["all"].histogram == {NOON: 71}
    assert [event_id for _, event_id, _ in truths["failed"].newest] == ["e90"]


QUERY = Query("some", (Prefix("event_name", "Create"),), newest=2, facets=True, histogram=True)


@pytest.fixture
def true_and_right(deliver):
    """The truth, and an answer that has nothing wrong."""
    records = [record(number) for number in range(3)] + [record(62)]  # The seconds 0, 1, 2 and 2.
    _, truths = truth(deliver(records), [QUERY])
    newest = [(made["eventID"], json.dumps(made, separators=(",", ":")))
              for made in (records[3], records[2])]
    facets = {field: dict(truths["some"].facets[field]) for field in FACETS}
    return truths["some"], Answer(4, newest, facets, {NOON: 4})


def test_a_right_answer_has_no_complaints(true_and_right):
    true, right = true_and_right
    assert complaints(QUERY, right, true) == []
    right.newest.reverse()  # They are of the same second.
    assert complaints(QUERY, right, true) == []


@pytest.mark.parametrize("damage, complaint", [
    (lambda answer: setattr(answer, "count", 5), "expected 4 hits, got 5"),
    (lambda answer: setattr(answer, "histogram", {}), "expected the histogram"),
    (lambda answer: answer.newest.pop(), "expected 2 different events, got 1"),
    (lambda answer: answer.newest.__setitem__(1, answer.newest[0]), "expected 2 different events"),
    (lambda answer: answer.newest.__setitem__(1, ("e1", "{}")), "e1 is not among the newest"),
    (lambda answer: answer.newest.__setitem__(1, ("e2", "{}")), "the record of e2 is not the"),
    (lambda answer: answer.facets["aws_region"].clear(), "expected the facet aws_region"),
    (lambda answer: answer.facets["aws_region"].update({"eu-west-1": 3}), "expected the facet"),
])
def test_a_wrong_answer_is_complained_about(true_and_right, damage, complaint):
    true, answer = true_and_right
    damage(answer)
    assert complaint in "\n".join(complaints(QUERY, answer, true))


def test_facet_values_of_equal_count_may_come_in_any_order(deliver):
    records = [record(number, awsRegion=f"r{number}") for number in range(12)]
    asked = Query("all", facets=True)
    _, truths = truth(deliver(records), [asked])
    facets = {field: dict(truths["all"].facets[field]) for field in FACETS}
    facets["aws_region"] = {f"r{number}": 1 for number in range(2, 12)}
    assert complaints(asked, Answer(12, None, facets), truths["all"]) == []
    facets["aws_region"]["r2"] = 2
    assert complaints(asked, Answer(12, None, facets), truths["all"]) != []


def test_every_query_can_be_told_to_people():
    examples = workload.Examples("s", "e", "a", "i-0abc", "requestParameters.x", "v", "*", 86_400)
    for query in workload.queries(examples):
        assert "count" in workload.in_words(query)
