"""The page in a real browser: searching, facets, events, states."""

import json
import urllib.request

import pytest
import trailsift_program as trailsift
from page import Page


def records():
    """120 events: every fourth a denied CreateUser by mallory, the others GetObject by alice."""
    out = []
    for number in range(120):
        name = "mallory" if number % 4 == 0 else "alice"
        members = {
            "userIdentity": {"type": "IAMUser", "userName": name, "accountId": "111122223333",
                             "arn": f"arn:aws:iam::111122223333:user/{name}"},
            "requestParameters": {"large": 12345678901234567890, "name": f"thing-{number}"},
        }
        if name == "mallory":
            members |= {"eventSource": "iam.amazonaws.com", "eventName": "CreateUser", "awsRegion": "eu-west-1",
                        "errorCode": "AccessDenied", "errorMessage": "not authorized"}
        out.append(trailsift.record(number, **members))
    return out


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    root = tmp_path_factory.mktemp("page")
    trailsift.deliver(root / "logs", records())
    trailsift.index(root / "logs", root / "data")
    with trailsift.Server(root / "data") as running:
        yield running


@pytest.fixture
def page(browser, server):
    """The page; at the end, nothing may have been complained about that a test did not expect."""
    opened = Page(browser, server.url).open()
    opened.console()
    yield opened
    assert opened.console() == []


def test_shows_the_newest_events_first(page):
    assert page.text("#count").startswith("1–50 of 120 events")
    events = page.events()
    assert len(events) == 50
    assert events[0] == ["2021-07-05 23:00:00", "alice", "GetObject", "s3.amazonaws.com", "us-east-1", "198.51.100.7", "ok"]
    assert events[3] == ["2021-07-05 20:00:00", "mallory", "CreateUser", "iam.amazonaws.com", "eu-west-1", "198.51.100.7", "AccessDenied"]
    assert "failed" in page.all("tr.event")[3].get_attribute("class")
    assert page.text("#store") == "120 events, 2021-07-01 to 2021-07-05"
    assert len(page.all("g.bar")) > 1


def test_searches_and_keeps_the_query_in_the_url(page):
    page.ask("(and event_name:'CreateUser' 'thing-8')")
    assert page.text("#count").startswith("1–1 of 1 events")
    assert page.parameters() == {"q": ["(and event_name:'CreateUser' 'thing-8')"]}
    page.browser.refresh()
    page.settle()
    assert page.one("#query").get_attribute("value") == "(and event_name:'CreateUser' 'thing-8')"
    assert page.text("#count").startswith("1–1 of 1 events")
    page.browser.back()
    page.settle()
    assert page.text("#count").startswith("1–50 of 120 events")


def test_examples_fill_the_query(page):
    page.click(page.all("#examples button")[0])
    assert page.one("#query").get_attribute("value") == "event_outcome:'failure'"
    assert page.text("#count").startswith("1–30 of 30 events")


def test_a_facet_adds_and_removes_a_filter(page):
    assert page.facet("actor", "mallory").text.split("\n") == ["mallory", "30"]
    page.click(page.facet("actor", "mallory"))
    assert page.text("#count").startswith("1–30 of 30 events")
    assert page.parameters() == {"f": ["actor:mallory"]}
    page.click(page.facet("aws_region", "eu-west-1"))
    assert [chip.text for chip in page.all(".chip")] == ["actor mallory ×", "aws_region eu-west-1 ×"]
    page.click(page.all(".chip")[0])
    assert page.parameters() == {"f": ["aws_region:eu-west-1"]}
    page.click(page.facet("aws_region", "eu-west-1"))
    assert page.text("#count").startswith("1–50 of 120 events")


def test_pages(page):
    assert not page.one(".pages button").is_enabled()
    page.click(page.one("#next"))
    assert page.text("#count").startswith("51–100 of 120 events")
    page.click(page.one("#next"))
    assert page.text("#count").startswith("101–120 of 120 events")
    assert not page.one("#next").is_enabled()
    assert page.events()[-1][0] == "2021-07-01 00:00:00"
    page.click(page.one(".pages button"))
    assert page.text("#count").startswith("51–100 of 120 events")


def test_an_event_opens_with_its_fields_and_its_record(page, server):
    record = page.expand(3)
    text = record.text
    assert json.loads(text)["eventID"] == "event-0116"
    assert '"large": 12345678901234567890' in text  # Not rounded on the way.
    assert any(row.text.startswith("error_code AccessDenied") for row in page.all(".fields tr"))
    with urllib.request.urlopen(page.one(".detail a").get_attribute("href")) as response:
        assert json.load(response) == records()[116]
    page.click(page.all(".expand")[3])
    assert page.all(".detail") == []


def test_a_field_of_an_event_becomes_a_filter(page):
    page.expand(3)
    row = next(row for row in page.all(".fields tr") if row.text.startswith("user_identity_user_name"))
    page.click(row.find_elements("css selector", "button")[1])
    assert page.text("#count").startswith("1–50 of 90 events")
    assert page.parameters() == {"f": ["-user_identity_user_name:mallory"]}


@pytest.mark.parametrize("field", ["error_message", "user_agent", "event_time", "read_only", "raw"])
def test_every_kind_of_field_can_be_a_filter(page, field):
    value = {"error_message": "not authorized", "user_agent": "aws-cli/2.2", "event_time": "2021-07-05T20:00:00Z",
             "read_only": "true", "raw": "thing-116"}[field]
    page.open(f=f"{field}:{value}")
    found = {"error_message": "1–30 of 30 events", "user_agent": "1–50 of 120 events", "event_time": "1–1 of 1 events",
             "read_only": "No events", "raw": "1–1 of 1 events"}[field]
    assert page.text("#count").startswith(found) or (found == "No events" and page.shown("#message"))


def test_the_time_range_narrows(page):
    page.one("#from").send_keys("2021-07-02")
    page.one("#to").send_keys("2021-07-02T06:00:00Z", "\n")
    page.settle()
    assert page.text("#count").startswith("1–6 of 6 events")
    page.open()
    page.click(page.all("g.bar")[0].find_element("css selector", ".bar-count"))
    assert set(page.parameters()) == {"from", "to"}
    assert page.text("#count").startswith("1–3 of 3 events")


def test_a_mistake_is_shown_with_a_caret(page):
    page.ask("(and event_nam:'é')")
    assert page.text(".error-text") == (
        "Syntax error in query: field (event_nam) does not exist. Did you mean 'event_name' or 'insight_event_name'?")
    assert page.one(".caret").get_attribute("textContent") == "(and event_nam:'é')\n     ^^^^^^^^^"
    assert not page.shown("#columns")
    assert any("400" in line for line in page.console())  # The browser tells of every status of that kind.


def test_a_mistake_after_other_letters_is_shown_where_it_is(page):
    page.ask("(and 'éü€' oops:1)")
    assert page.one(".caret").get_attribute("textContent") == "(and 'éü€' oops:1)\n           ^^^^"
    page.console()


def test_no_hits_are_said(page):
    page.ask("event_name:'Nothing'")
    assert "No events match" in page.text("#message")
    page.ask("matchall")
    assert not page.shown("#message")


def test_an_empty_store_says_how_to_fill_it(browser, tmp_path):
    with trailsift.Server(tmp_path / "data") as server:
        page = Page(browser, server.url).open()
        assert "Nothing is indexed yet" in page.text("#message")
        assert "trailsift index logs --data DIR" in page.text("#message")
        trailsift.deliver(tmp_path / "logs", records()[:3])
        trailsift.index(tmp_path / "logs", tmp_path / "data")
        page.click(page.one(".primary"))
        assert page.text("#count").startswith("1–3 of 3 events")
        assert page.console() == []


def test_a_server_that_went_away_is_said(browser, tmp_path):
    with trailsift.Server(tmp_path / "data") as server:
        page = Page(browser, server.url).open()
    page.click(page.one(".primary"))
    assert "The server does not answer" in page.text("#message")
    page.console()


def test_the_keyboard_suffices(page):
    page.one("body").send_keys("/")
    assert page.browser.switch_to.active_element == page.one("#query")
    page.all(".expand")[0].send_keys("\n")
    assert page.all(".expand")[0].get_attribute("aria-expanded") == "true"


@pytest.mark.parametrize("width", [360, 800, 1400])
def test_nothing_is_wider_than_the_window(page, width):
    page.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                 {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
    try:
        page.open()
        page.expand(3)
        assert page.browser.execute_script("return document.documentElement.scrollWidth") <= width
    finally:
        page.browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
