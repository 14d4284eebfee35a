"""One table of requests, and what every client must make of the answers.

Parameters have the names of the AWS SDKs' model. What is expected of an answer is a part of it, in
the shape that the SDKs give it.
"""

import math
import struct

NEWEST = [f"event-{number:04}" for number in range(59, -1, -1)]
STRUCTURED = {"queryParser": "structured"}


def score(found, events=60):
    """What a value that so many of the events have weighs, as text."""
    odds = (events - found + 0.5) / (found + 0.5)
    weight = single(math.log(odds * 0.5 + 1 if odds < 2 else odds))
    return next(text for digits in range(1, 10) if single(float(text := f"{weight:.{digits}g}")) == weight)


def single(number):
    return struct.unpack("f", struct.pack("f", number))[0]


def case(name, operation="search", expect=None, error=None, **parameters):
    return {"name": name, "operation": operation, "parameters": parameters, "expect": expect, "error": error}


CASES = [
    case("simple is the default", query="user-30 -nothing", expect={"found": 1, "ids": ["event-0030"]}),
    case("simple: or, phrase, prefix", query='"user 30" |key-3*', expect={"found": 7}),
    case("simple: matchall is a word", query="matchall", expect={"found": 0, "ids": []}),
    case("structured", query="(and event_name:'CreateUser' (not requestParameters.userName:'user-30'))", **STRUCTURED,
         expect={"found": 19}),
    case("lucene", query="event_name:Create* AND NOT user-30", queryParser="lucene", expect={"found": 19}),
    case("dismax", query="CreateUser -user-30", queryParser="dismax", expect={"found": 19}),
    case("dismax: a percentage of the words", query="CreateUser user-30 user-33", queryParser="dismax",
         queryOptions='{"defaultOperator":"66%"}', expect={"found": 20}),
    case("relaxed options", query="user-30 key-31", queryOptions="{defaultOperator: 'or', fields: ['raw^2']}",
         expect={"ids": ["event-0031", "event-0030"]}),
    case("page", query="matchall", size=3, start=2, **STRUCTURED, expect={"found": 60, "start": 2, "ids": NEWEST[2:5]}),
    case("no hits wanted", query="matchall", size=0, **STRUCTURED, expect={"found": 60, "ids": []}),
    case("sort", query="matchall", sort="aws_region asc,event_time asc", size=2, **STRUCTURED,
         expect={"ids": ["event-0000", "event-0003"]}),
    case("filter", query="matchall", filterQuery="event_time:{,'2021-07-01T02:00:00Z']", **STRUCTURED,
         expect={"found": 3}),
    case("fields are arrays of text", query="_id:'event-0030'", **{"return": "event_name,resources_arn"}, **STRUCTURED,
         expect={"fields": {"event_name": ["CreateUser"], "resources_arn": ["arn:aws:s3:::a", "arn:aws:s3:::b"]}}),
    case("facets", query="matchall", size=0, **STRUCTURED,
         facet='{"event_name":{},"aws_region":{"sort":"bucket","size":1},"error_code":{buckets:["None","AccessDenied"]}}',
         expect={"facets": {
             "event_name": [("GetObject", 40), ("CreateUser", 20)],
             "aws_region": [("eu-west-1", 20)],
             "error_code": [("None", 0), ("AccessDenied", 20)],
         }}),
    case("stats", query="matchall", size=0, stats='{"event_time":{}}', **STRUCTURED,
         expect={"stats": {"event_time": {"count": 60, "missing": 0, "min": "2021-07-01T00:00:00.000Z",
                                          "max": "2021-07-03T11:00:00.000Z"}}}),
    case("highlight", query="authorized", size=1, highlight='{"error_message":{"format":"text"}}',
         expect={"highlights": {"error_message": "not *authorized* to perform iam:CreateUser"}}),
    case("expressions", query="_id:'event-0030'", expr='{"twice":"_time-_time+2*3","again":"twice+1"}',
         sort="again desc", **{"return": "_no_fields,twice,again"}, **STRUCTURED,
         expect={"exprs": {"twice": "6", "again": "7"}}),
    case("characters of every kind", query="'a+b & c=d % é \U0001f600' ", **STRUCTURED, expect={"found": 0}),
    case("suggest", operation="suggest", query="get", suggester="event_name",
         expect={"found": 1, "suggestions": [("GetObject", "event-0059")]}),
    case("an unknown field", query="nosuch:'x'", **STRUCTURED,
         error=("SearchException", "Syntax error in query: field (nosuch) does not exist.")),
    case("a query that ends too soon", query="(and", **STRUCTURED, error=("SearchException", "Syntax error in query: ")),
    case("fuzzy words", query="CreatUsre~2", expect={"found": 20}),
    case("fuzzy words: too far", query="CreatUsre~1", expect={"found": 0}),
    case("fuzzy values", query="event_name:GetObjct~1", queryParser="lucene", expect={"found": 40}),
    case("scores", query="(or event_name:'CreateUser' event_name:'GetObject')", sort="_score desc", size=2,
         **{"return": "_score"}, **STRUCTURED,
         expect={"ids": ["event-0057", "event-0054"], "fields": {"_score": [score(20)]}}),
    case("scores by boost", query="(or event_name:'CreateUser' (term boost=9 field=event_name 'GetObject'))",
         sort="_score desc,event_time desc", size=2, **STRUCTURED, expect={"ids": ["event-0059", "event-0058"]}),
    case("scores in expressions", query="event_name:'CreateUser'", expr='{"points":"_score*1000"}',
         **{"return": "_no_fields,points"}, **STRUCTURED, expect={"exprs": {"points": "687"}}),
    case("filters are not scored", query="matchall", filterQuery="event_name:'CreateUser'", size=1,
         **{"return": "_score"}, **STRUCTURED, expect={"fields": {"_score": ["0.0"]}}),
    case("too large a page", query="a", size=10001, error=("SearchException", "expected a number from 0 to 10000")),
    case("a cursor and a start", query="a", start=1, cursor="initial",
         error=("SearchException", "'start' and 'cursor' are mutually exclusive.")),
    case("a facet of a text", query="a", facet='{"raw":{}}',
         error=("SearchException", "field (raw) is not facet enabled")),
    case("an unknown suggester", operation="suggest", query="a", suggester="nosuch",
         error=("SearchException", "field (nosuch) does not exist.")),
    case("a batch that is none", operation="uploadDocuments", documents="{}", contentType="application/json",
         error=("DocumentServiceException", "expected an array of operations as batch")),
    case("a batch with an operation that is none", operation="uploadDocuments", documents='[{"type":"remove","id":"a"}]',
         contentType="application/json", error=("DocumentServiceException", 'expected "add" or "delete" as type')),
]


def check(expect, answer):
    """Whether an answer in the shape of the SDKs holds what is expected."""
    body = answer.get("hits") or answer["suggest"]
    hits = body.get("hit", [])
    for key, want in expect.items():
        if key in ("found", "start"):
            got = body[key]
        elif key == "ids":
            got = [hit["id"] for hit in hits]
        elif key in ("fields", "highlights", "exprs"):
            got = hits[0][key]
        elif key == "facets":
            got = {name: [(b["value"], b["count"]) for b in facet["buckets"]]
                   for name, facet in answer["facets"].items()}
        elif key == "stats":
            got = answer["stats"]
        else:
            got = [(one["suggestion"], one["id"]) for one in body["suggestions"]]
        assert got == want, key
