"""`trailsift serve` as other HTTP clients see it: urllib and curl."""

import concurrent.futures
import json
import subprocess
import urllib.error
import urllib.parse
import urllib.request

import pytest
import trailsift_program as trailsift


def get(server, path, **parameters):
    query = urllib.parse.urlencode(parameters)
    with urllib.request.urlopen(f"{server.url}{path}?{query}", timeout=30) as response:
        return json.load(response)


def search(server, q, **parameters):
    return get(server, "/2013-01-01/search", **{"q": q, "q.parser": "structured", **parameters})


def curl(*arguments, data=None):
    done = subprocess.run(["curl", "-sS", "-m", "30", *arguments], input=data, capture_output=True, text=True, check=True)
    return done.stdout


def test_json_dialect(server):
    answer = search(server, "_id:'event-0030'", **{"return": "event_name,resources_arn", "facet.aws_region": "{}"})
    assert answer["hits"] == {
        "found": 1,
        "start": 0,
        "hit": [{"id": "event-0030", "fields": {"event_name": "CreateUser", "resources_arn": ["arn:aws:s3:::a", "arn:aws:s3:::b"]}}],
    }
    assert answer["facets"] == {"aws_region": {"buckets": [{"value": "eu-west-1", "count": 1}]}}
    assert set(answer["status"]) == {"rid", "time-ms"}


def test_sdk_dialect(server):
    answer = search(server, "_id:'event-0030'", **{"return": "event_name", "format": "sdk"})
    assert answer["hits"]["hit"] == [{"id": "event-0030", "fields": {"event_name": ["CreateUser"]}}]
    assert set(answer["status"]) == {"rid", "timems"}


def test_uris_of_60_kilobytes(server):
    query = "(or " + " ".join(f"event_name:'{n}'" for n in range(2450)) + " _id:'event-0007')"
    url = f"{server.url}/2013-01-01/search?q.parser=structured&q={urllib.parse.quote(query)}"
    assert 60_000 < len(url) < 65_536
    with urllib.request.urlopen(url, timeout=30) as response:
        assert json.load(response)["hits"]["found"] == 1
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(url + "x" * 10_000, timeout=30)
    assert refused.value.code == 413
    body = json.load(refused.value)
    assert body["__type"] == "#SearchException"
    assert "65536" in body["message"]


def test_curl_with_raw_brackets(server):
    url = f"{server.url}/2013-01-01/search?q.parser=structured&q=event_time:['2021-07-01T00:00:00Z','2021-07-01T01:00:00Z']&facet.event_name={{size:1}}"
    assert json.loads(curl("-g", url))["hits"]["found"] == 2


def test_curl_posts_a_form_that_it_holds_back(server):
    form = "q.parser=structured&q=matchall&size=0&unknown=" + "x" * 1_000_000
    answer = curl("-H", "Expect: 100-continue", "--data", "@-", f"{server.url}/2013-01-01/search", data=form)
    assert json.loads(answer)["hits"]["found"] == 60


def test_curl_sends_chunks(server):
    form = "q.parser=structured&q=matchall&size=0"
    answer = curl("-H", "Transfer-Encoding: chunked", "--data", form, f"{server.url}/2013-01-01/search")
    assert json.loads(answer)["hits"]["found"] == 60


def test_bodies_over_the_limit_are_explained(server):
    form = "q=" + "x" * 3_000_000
    status = curl("-o", "-", "-w", "\n%{http_code}", "--data", "@-", f"{server.url}/2013-01-01/search", data=form)
    body, code = status.rsplit("\n", 1)
    assert code == "413"
    assert "1048576" in json.loads(body)["message"]


def test_many_at_once(server):
    def one(number):
        answer = search(server, f"_id:'event-{number % 60:04}'", **{"return": "_no_fields"})
        return answer["hits"]["hit"] == [{"id": f"event-{number % 60:04}"}]

    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        assert all(pool.map(one, range(500)))


def test_starts_over_a_missing_directory(tmp_path):
    with trailsift.Server(tmp_path / "none") as server:
        assert get(server, "/api/status")["events"] == 0
        assert search(server, "matchall")["hits"]["found"] == 0


def test_refuses_to_be_reached_from_outside_unless_told(tmp_path):
    command = [trailsift.PROGRAM, "serve", "--data", str(tmp_path / "data"), "--listen", "0.0.0.0:0"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode != 0
    assert "--allow-remote" in done.stderr
    with trailsift.Server(tmp_path / "data", "--allow-remote", listen="0.0.0.0:0") as server:
        local = server.url.replace("0.0.0.0", "127.0.0.1")
        assert curl(f"{local}/healthz") == "ok\n"


def test_names_of_other_sites_are_refused(server, tmp_path):
    assert "not allowed" in curl("-H", "Host: rebound.example.net", f"{server.url}/api/status")
    with trailsift.Server(tmp_path / "data", "--allow-host", "logs.example.com") as named:
        assert "generation" in curl("-H", "Host: logs.example.com", f"{named.url}/api/status")
        assert "not allowed" in curl("-H", "Host: rebound.example.net", f"{named.url}/api/status")
