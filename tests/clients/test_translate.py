"""What /api/translate writes finds what the query finds: SQL by SQLite, Sigma by a reader of its rules
over parsed YAML, patterns of EventBridge by what EventBridge matches with, structured syntax by CloudSearch's route, curl by a shell."""

import datetime
import ipaddress
import json
import re
import sqlite3
import subprocess
import urllib.parse
import urllib.request

import event_ruler
import pytest
import trailsift_program as trailsift
import yaml

ODD = ["it's", 'a"b', "50%_off", "back\\slash", "star*and?", "$(id)`id`", "line\nbreak", "semi; --x", "\u202ebidi", "\U0001f389", "key: [a, b]", "#x", "null"]


def records():
    made = []
    for number in range(120):
        members = {
            "eventName": ["CreateUser", "createuser", "GetObject", "DeleteTrail"][number % 4],
            "eventSource": ["iam.amazonaws.com", "s3.amazonaws.com"][number % 2],
            "sourceIPAddress": f"198.51.100.{number % 9}" if number % 5 else "s3.amazonaws.com",
            "userAgent": ODD[number % len(ODD)],
            "readOnly": [True, False, "true"][number % 3],
            "userIdentity": {"type": ["IAMUser", "AssumedRole", "AWSService"][number % 3], "userName": ODD[number % len(ODD)], "arn": "arn:aws:iam::111122223333:user/x"},
            "requestParameters": {"bucketName": ODD[number % len(ODD)]},
        }
        if number % 3 == 0:
            members["errorCode"] = ["AccessDenied", "NoSuchKey"][number % 2]
        if number % 6 == 0:
            del members["userAgent"]
        made.append(trailsift.record(number, **members))
    return made


@pytest.fixture(scope="module")
def events():
    return records()


@pytest.fixture(scope="module")
def server(tmp_path_factory, events):
    root = tmp_path_factory.mktemp("translate")
    trailsift.deliver(root / "logs", events)
    assert trailsift.index(root / "logs", root / "data")["indexed"] == len(events)
    with trailsift.Server(root / "data") as running:
        yield running


def post(server, path, **members):
    request = urllib.request.Request(f"{server.url}{path}", json.dumps(members).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def ids(answer):
    return sorted(hit["id"] for hit in answer["hits"])


def kql_text(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


QUERIES = [
    "eventName:CreateUser",
    "eventName == CreateUser",
    "not eventName == CreateUser",
    "eventName:Create* and not errorCode:*",
    "eventName == *User or eventName:delete*",
    "errorCode:(AccessDenied or NoSuchKey) and eventName == (GetObject or DeleteTrail)",
    "not errorCode:AccessDenied",
    "not (errorCode:* and userIdentity.type:IAMUser)",
    "readOnly:true",
    "not readOnly:true",
    "userAgent:*",
    "not userAgent:*",
    "sourceIPAddress:198.51.100.0/30",
    "not sourceIPAddress:198.51.100.3",
    "userIdentity.type:A* and eventSource:*s3*",
    "not eventName == DeleteTrail and (errorCode:* or not readOnly:false)",
] + [f"userIdentity.userName == {kql_text(odd)}" for odd in ODD] + [f"not userIdentity.userName: {kql_text(odd)}" for odd in ODD if odd.isascii()]

COLUMNS = ["eventName", "eventSource", "eventTime", "sourceIPAddress", "userAgent", "readOnly", "errorCode"]


def text_of(value):
    return None if value is None else value if isinstance(value, str) else json.dumps(value)


def database(events):
    """The columns as Athena has them; those of structs with _ for their points."""
    base = sqlite3.connect(":memory:")
    base.execute("PRAGMA case_sensitive_like = ON")
    base.create_function("from_iso8601_timestamp", 1, lambda text: datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())
    base.create_function("ipaddress_or_null", 1, lambda text: text if is_address(text) else None)
    base.create_function("contains", 2, lambda network, text: None if text is None else int(ipaddress.ip_address(text) in ipaddress.ip_network(network)))
    names = [name.lower() for name in COLUMNS] + ["useridentity_type", "useridentity_username", "useridentity_arn", "eventid"]
    base.execute(f"CREATE TABLE cloudtrail_logs ({', '.join(names)})")
    for event in events:
        who = event["userIdentity"]
        row = [text_of(event.get(name)) for name in COLUMNS] + [who["type"], who["userName"], who["arn"], event["eventID"]]
        base.execute(f"INSERT INTO cloudtrail_logs VALUES ({', '.join('?' * len(row))})", row)
    return base


def is_address(text):
    try:
        ipaddress.ip_address(text)
        return True
    except ValueError:
        return False


def as_sqlite(sql):
    """SQLite has neither structs nor addresses. Literals stay as they are."""
    parts = re.split(r"('(?:[^']|'')*')", sql)
    for at in range(0, len(parts), 2):
        parts[at] = re.sub(r"useridentity\.(\w+)", r"useridentity_\1", parts[at])
        parts[at] = re.sub(r"try_cast\((\w+) AS ipaddress\)", r"ipaddress_or_null(\1)", parts[at])
        parts[at] = parts[at].replace("SELECT *", "SELECT eventid")
    return "".join(parts)


def value_at(event, path):
    for name in path.split("."):
        event = event.get(name) if isinstance(event, dict) else None
    return text_of(event)


def pattern_of(value):
    """A Sigma value as a regular expression: * and ? unless a backslash is before them."""
    out, at = "", 0
    while at < len(value):
        if value[at] == "\\" and at + 1 < len(value) and value[at + 1] in "\\*?":
            at += 1
            out += re.escape(value[at])
        elif value[at] in "*?":
            out += {"*": ".*", "?": "."}[value[at]]
        else:
            out += re.escape(value[at])
        at += 1
    return out


def row_matches(event, key, wanted):
    path, *modifiers = key.split("|")
    value = value_at(event, path)
    if "exists" in modifiers:
        return (value is not None) == wanted
    if value is None:
        return False
    wanted = wanted if isinstance(wanted, list) else [wanted]
    if "cidr" in modifiers:
        return is_address(value) and any(ipaddress.ip_address(value) in ipaddress.ip_network(net) for net in wanted)
    end = ".*" if "startswith" in modifiers else ""
    flags = re.DOTALL | (0 if "cased" in modifiers else re.IGNORECASE)
    assert set(modifiers) <= {"cased", "startswith"}, modifiers
    return any(re.fullmatch(pattern_of(str(one)) + end, value, flags) for one in wanted)


def sigma_ids(text, events):
    rule = yaml.safe_load(text)
    assert rule["logsource"] == {"product": "aws", "service": "cloudtrail"}
    detection = dict(rule["detection"])
    condition = detection.pop("condition")
    assert re.fullmatch(r"(?:selection\d+|and|or|not|[() ])+", condition), condition
    found = []
    for event in events:
        results = {name: all(row_matches(event, key, value) for key, value in rows.items()) for name, rows in detection.items()}
        if eval(condition, {"__builtins__": {}}, results):  # noqa: S307: checked above
            found.append(event["eventID"])
    return sorted(found)


def ruled_ids(pattern, events):
    return sorted(event["eventID"] for event in events if event_ruler.matches(pattern, event))


@pytest.mark.parametrize("query", QUERIES)
def test_translations_find_the_same(server, events, query):
    wanted = ids(post(server, "/api/search", q=query, size=1000, columns="none"))
    told = post(server, "/api/translate", q=query)
    sql = told["athena_sql"]["text"]
    assert sorted(row[0] for row in database(events).execute(as_sqlite(sql))) == wanted, sql
    assert sigma_ids(told["sigma"]["text"], events) == wanted, told["sigma"]["text"]
    if "text" in told["eventbridge"]:
        assert ruled_ids(told["eventbridge"]["text"], events) == wanted, told["eventbridge"]["text"]
    else:
        assert "has nothing for" in told["eventbridge"]["error"]
    assert ids(post(server, "/api/search", q=told["kql"]["text"], size=1000, columns="none")) == wanted
    if "text" in told["structured"]:
        text = told["structured"]["text"]
        assert ids(post(server, "/api/search", q=text, syntax="structured", size=1000, columns="none")) == wanted, text
    else:
        assert "has nothing for" in told["structured"]["error"]
    shown = subprocess.run(["sh", "-c", told["curl"]["text"]], capture_output=True, text=True, check=True).stdout
    assert json.loads(shown)["total"] == len(wanted)


def test_the_queries_tell_something(server, events):
    """Of the queries some find a few, and other languages can say a good part of them."""
    counts = [post(server, "/api/search", q=query, size=0)["total"] for query in QUERIES]
    assert sum(0 < count < len(events) for count in counts) > len(QUERIES) * 0.8
    told = [post(server, "/api/translate", q=query) for query in QUERIES]
    assert sum("text" in one["structured"] for one in told) > 15
    assert sum("text" in one["eventbridge"] for one in told) > 30


def test_times_are_conditions(server, events):
    whole = post(server, "/api/search", size=1000, columns="none")["hits"]
    middle = whole[60]["time"]
    far = {"from": middle[:19], "zone": "-02:00"}
    for members in [{"from": middle}, {"to": middle}, {"from": middle, "to": whole[3]["time"]}, far]:
        wanted = ids(post(server, "/api/search", q="eventName:*", size=1000, columns="none", **members))
        assert 0 < len(wanted) < len(events)
        told = post(server, "/api/translate", q="eventName:*", **members)
        assert sorted(row[0] for row in database(events).execute(as_sqlite(told["athena_sql"]["text"]))) == wanted
        for syntax in ["kql", "structured"]:
            assert ids(post(server, "/api/search", q=told[syntax]["text"], syntax=syntax, size=1000, columns="none")) == wanted
        shown = subprocess.run(["sh", "-c", told["curl"]["text"]], capture_output=True, text=True, check=True).stdout
        assert json.loads(shown)["total"] == len(wanted)


@pytest.mark.parametrize("query", ["eventSource:[a to j]", "eventName:{C to DeleteTrail]", "not userAgent >= \"it's\""])
def test_sql_orders_as_the_query_does(server, events, query):
    wanted = ids(post(server, "/api/search", q=query, size=1000, columns="none"))
    told = post(server, "/api/translate", q=query)
    assert sorted(row[0] for row in database(events).execute(as_sqlite(told["athena_sql"]["text"]))) == wanted
    assert 0 < len(wanted) < len(events)
    assert "an order of" in told["sigma"]["error"]


def test_filters_come_along(server, events):
    filters = [{"field": "eventName", "include": ["CreateUser"]}, {"query": "not errorCode:*"}]
    wanted = ids(post(server, "/api/search", filters=filters, size=1000, columns="none"))
    told = post(server, "/api/translate", filters=filters)
    assert sorted(row[0] for row in database(events).execute(as_sqlite(told["athena_sql"]["text"]))) == wanted
    shown = subprocess.run(["sh", "-c", told["curl"]["text"]], capture_output=True, text=True, check=True).stdout
    assert json.loads(shown)["total"] == len(wanted) > 0


def test_what_cannot_be_said_is_an_error(server):
    told = post(server, "/api/translate", q="actor:alice and reports")
    assert "text" in told["kql"]
    for name, part in [("athena_sql", "the field 'actor'"), ("sigma", "the field 'actor'"), ("structured", "case does not count")]:
        assert part in told[name]["error"], told[name]


def test_get_takes_parameters(server):
    query = urllib.parse.urlencode({"q": "eventName == CreateUser"})
    with urllib.request.urlopen(f"{server.url}/api/translate?{query}", timeout=30) as answer:
        assert json.load(answer)["structured"]["text"] == "event_name:'CreateUser'"


PATTERN_QUERIES = [
    "*",
    "eventName == C*e*r",
    "eventName == *et*",
    "eventName:*USER",
    "eventName == Get* or errorCode:* or userIdentity.type:IAMUser",
    "(eventName == CreateUser or readOnly:false) and (errorCode:* or userIdentity.type:IAMUser)",
    "errorCode:* and not errorCode:AccessDenied",
    "errorCode:* and not errorCode:AccessDenied and not errorCode:SlowDown",
    "not eventName:(createuser or GetObject)",
    "not eventName == Create* and not eventName == Get*",
    "not eventName == *User",
    "not eventName == C*U*",
    "not (readOnly:false and errorCode:*)",
    "additionalEventData.bytesTransferredIn > 10",
    "not additionalEventData.bytesTransferredIn > 10",
    "additionalEventData.bytesTransferredIn:[10 to 40]",
    "not additionalEventData.bytesTransferredIn:{10 to 40]",
    "additionalEventData.bytesTransferredIn:20",
    "not additionalEventData.bytesTransferredIn:20",
    "requestParameters.maxResults:5",
    "requestParameters.names == b",
    "requestParameters.flag:true",
    "requestParameters.tags.key == x",
    "not requestParameters.names:*",
    "resources.ARN == arn:aws:s3:::x*",
    "sourceIPAddress:198.51.100.1",
    "sourceIPAddress:198.51.100.1/32",
    "sourceIPAddress:2001:db8::/32",
    "requestParameters.path == a\\*\\\\b*",
]


@pytest.fixture(scope="module")
def shaped_events():
    """Numbers, lists, lists of objects, addresses of IPv6, and characters that patterns use."""
    made = []
    for number in range(60):
        parameters = {"maxResults": [5, "5", 50][number % 3], "names": [["a", "b"], ["c"], [], "b"][number % 4],
                      "flag": [True, "true", False][number % 3], "path": ["a*\\b", "a*\\bc", "ab", "xa*\\b"][number % 4],
                      "tags": [{"key": "env", "value": "prod"}, {"key": ["x", "env"][number % 2], "value": "y"}]}
        members = {
            "eventName": ["CreateUser", "createuser", "GetObject", "DeleteTrail"][number % 4],
            "sourceIPAddress": ["2001:db8::1", "2001:0DB8:0::0:1", "2001:db9::1", "198.51.100.1"][number % 4],
            "readOnly": number % 2 == 0, "requestParameters": parameters,
            "userIdentity": {"type": ["IAMUser", "AssumedRole"][number % 2]},
            "resources": [{"ARN": f"arn:aws:s3:::{name}"} for name in (["x1", "y"] if number % 5 else ["y"])],
        }
        if number % 3:
            members["additionalEventData"] = {"bytesTransferredIn": number}
        if number % 4 == 1:
            members["errorCode"] = ["AccessDenied", "NoSuchKey"][number % 8 // 4]
        made.append(trailsift.record(number, **members))
    return made


@pytest.fixture(scope="module")
def shaped_server(tmp_path_factory, shaped_events):
    root = tmp_path_factory.mktemp("patterns")
    trailsift.deliver(root / "logs", shaped_events)
    trailsift.index(root / "logs", root / "data")
    with trailsift.Server(root / "data") as running:
        yield running


@pytest.mark.parametrize("query", PATTERN_QUERIES)
def test_patterns_of_eventbridge_find_the_same(shaped_server, shaped_events, query):
    wanted = ids(post(shaped_server, "/api/search", q=query, size=1000, columns="none"))
    pattern = post(shaped_server, "/api/translate", q=query)["eventbridge"]["text"]
    assert ruled_ids(pattern, shaped_events) == wanted, pattern
    assert query == "*" or 0 < len(wanted) < len(shaped_events)
