"""Log data is written by attackers. Whatever it holds, the page shows it as text."""

import json

import pytest
import trailsift_program as trailsift
from page import Page
from selenium.common.exceptions import JavascriptException
from selenium.webdriver.support.wait import WebDriverWait

# Each would run alert() or load something, were it ever parsed as markup, script or a URL.
PAYLOADS = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</pre></td></table><script>alert(1)</script>",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'>",
    "<iframe src=javascript:alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<style>@import'//198.51.100.1/x'</style>",
    "<link rel=stylesheet href=//198.51.100.1/x>",
    "<base href=//198.51.100.1/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<form action=javascript:alert(1)><input type=submit autofocus onfocus=alert(1)>",
    "<object data=javascript:alert(1)>",
    "<a href=javascript:alert(1)>click</a>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "\" onmouseover=\"alert(1)\" x=\"",
    "' onfocus='alert(1)' autofocus='",
    "'\"--></style></script><script>alert(1)</script>",
    "{{constructor.constructor('alert(1)')()}}",
    "${alert(1)}",
    "]]><![CDATA[<script>alert(1)</script>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<img src=//198.51.100.1/pixel>",
    "&lt;img src=x onerror=alert(1)&gt;",
    "\\u003cimg src=x onerror=alert(1)\\u003e",
    "safe\u202etxt.exe",
    "\u2066\u2069\u200b\u200f\ufeff hidden",
    "esc\u001b[31m\u0007\u0000\u009b bell",
    "line\nbreak\rreturn\ttab",
    "a" * 3000,
]

# Where an attacker can put text, as paths of a record.
PLACES = [
    "userAgent", "errorMessage", "errorCode", "eventName", "eventSource", "awsRegion", "sourceIPAddress",
    "userIdentity.userName", "userIdentity.type", "userIdentity.arn", "userIdentity.principalId",
    "userIdentity.sessionContext.sessionIssuer.userName", "requestParameters.name", "responseElements.name",
    "additionalEventData.name", "eventType", "eventCategory", "recipientAccountId", "vpcEndpointId",
]


def hostile_record(number, payload):
    """A record with the payload in every place, as a key, and in its id."""
    record = trailsift.record(number, eventID=f"{payload[:200]}#{number}")
    for place in PLACES:
        *parents, leaf = place.split(".")
        target = record
        for parent in parents:
            target = target.setdefault(parent, {})
        target[leaf] = payload
    record["requestParameters"][payload[:100]] = payload
    record["resources"] = [{"ARN": payload, "accountId": payload, "type": payload}]
    return record


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    root = tmp_path_factory.mktemp("hostile")
    trailsift.deliver(root / "logs", [hostile_record(n, payload) for n, payload in enumerate(PAYLOADS)])
    account = trailsift.index(root / "logs", root / "data")
    assert account["indexed"] == len(PAYLOADS)
    with trailsift.Server(root / "data") as running:
        yield running


@pytest.fixture
def page(browser, server):
    """The page, with a trap for dialogs and requests to other places."""
    browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": """
        window.trapped = [];
        for (const name of ['alert', 'confirm', 'prompt', 'open']) window[name] = () => window.trapped.push(name);
        document.addEventListener('securitypolicyviolation', (e) => window.trapped.push(`${e.violatedDirective} ${e.blockedURI}`));
    """})
    opened = Page(browser, server.url).open()
    opened.console()
    return opened


# What the page itself is made of.
ELEMENTS = {
    "html", "head", "meta", "title", "link", "script", "body", "div", "header", "main", "section", "form", "nav",
    "a", "img", "p", "h2", "h3", "b", "span", "label", "textarea", "input", "button", "details", "summary", "noscript",
    "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "pre", "svg", "g", "rect",
}


def check_harmless(page, server):
    assert page.browser.execute_script("return window.trapped") == []
    assert set(page.element_names()) <= ELEMENTS
    count = "return document.querySelectorAll(arguments[0]).length"
    assert page.browser.execute_script(count, "script") == 1
    assert page.browser.execute_script(count, "img") == 1
    assert page.browser.execute_script(count, "link") == 2
    assert page.browser.execute_script(count, "form") == 1
    handlers = "return [...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames()).filter(n => n.startsWith('on') || n === 'style' || n === 'srcdoc')"
    assert [n for n in page.browser.execute_script(handlers) if n != "style"] == []
    loaded = "return performance.getEntriesByType('resource').map(e => e.name)"
    assert all(name.startswith(server.url + "/") for name in page.browser.execute_script(loaded))
    links = "return [...document.querySelectorAll('a')].map(a => a.href)"
    assert all(link.startswith(server.url + "/") for link in page.browser.execute_script(links))
    assert [line for line in page.console() if "Failed to load resource" not in line] == []


def test_the_trap_would_catch_markup(page):
    with pytest.raises(JavascriptException, match="TrustedHTML"):
        page.browser.execute_script("document.getElementById('message').innerHTML = '<img src=x onerror=alert(1)>'")
    page.browser.execute_script("const i = document.createElement('img'); i.src = '//198.51.100.1/x'; document.body.append(i)")
    WebDriverWait(page.browser, 20).until(lambda browser: len(browser.execute_script("return window.trapped")) == 2)
    with pytest.raises(AssertionError):
        check_harmless(page, None)


def test_lists_and_facets(page, server):
    assert page.text("#count").startswith(f"1–{len(PAYLOADS)} of {len(PAYLOADS)} events")
    assert any("<img src=x onerror=alert(1)>" in cell for row in page.events() for cell in row)
    check_harmless(page, server)


def test_every_event_opened(page, server):
    for number in range(len(PAYLOADS)):
        page.click(page.all(".expand")[number])
        # The rows below move when the event has been loaded; only then is the next one clicked.
        WebDriverWait(page.browser, 20).until(lambda _: len(page.all(".detail .record")) == number + 1)
    check_harmless(page, server)
    for payload, record in zip(reversed(PAYLOADS), page.all(".detail .record")):
        shown = record.get_attribute("textContent")
        if not hides(payload):
            assert json.loads(shown)["userAgent"] == payload


def hides(payload):
    """Whether the page marks characters of the payload, so that its text is no longer the record."""
    return any(ord(c) < 32 or ord(c) in range(0x7F, 0xA0) or ord(c) in (0x200B, 0x200F, 0x202E, 0x2066, 0x2069, 0xFEFF)
               for c in payload)


def test_a_filter_clicked_in_an_event(page, server):
    page.expand(len(PAYLOADS) - 1)
    row = next(row for row in page.all(".fields tr") if row.text.startswith("user_identity_user_name"))
    page.click(row.find_elements("css selector", "button")[0])
    assert page.parameters() == {"f": [f"user_identity_user_name:{PAYLOADS[0]}"]}
    assert "of 1 events" in page.text("#count")
    check_harmless(page, server)


def test_filters_find_exactly_the_value(page, server):
    for payload in PAYLOADS:
        page.open(f=f"user_identity_user_name:{payload}")
        assert page.text("#count").startswith("1–1 of 1 events"), payload
    check_harmless(page, server)


def test_in_the_query_the_title_and_errors(page, server):
    for payload in PAYLOADS:
        page.open(q=payload[:300], f=f"actor:{payload[:300]}", **{"from": payload[:100]})
        assert page.shown("#message"), payload
        check_harmless(page, server)


def test_characters_that_hide_are_marked(page):
    page.ask("(phrase field=user_agent 'safe')")
    cell = page.all("tr.event td")[1]
    assert "\u202e" not in cell.get_attribute("textContent")
    assert "U+202E" in cell.get_attribute("textContent")
    record = page.expand(0)
    assert "\u202e" not in record.get_attribute("textContent")
    assert not page.browser.execute_script("return document.documentElement.outerHTML.includes('\\u202e')")
