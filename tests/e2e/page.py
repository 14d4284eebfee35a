"""The search page as a person uses it."""

import json
import urllib.parse

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait


class Page:
    def __init__(self, browser, url):
        self.browser = browser
        self.url = url

    def open(self, **parameters):
        query = urllib.parse.urlencode(parameters, doseq=True)
        self.browser.get(f"{self.url}/?{query}" if query else f"{self.url}/")
        return self.settle()

    def settle(self):
        """Waits until the page has shown the answer to its last search."""
        WebDriverWait(self.browser, 20).until(
            lambda browser: browser.execute_script(
                "return document.readyState === 'complete' && !document.body.hasAttribute('aria-busy')"
                " && (document.getElementById('count') || !document.getElementById('message').hidden)"))
        return self

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def text(self, selector):
        return self.one(selector).text

    def shown(self, selector):
        return self.one(selector).is_displayed()

    def ask(self, query):
        box = self.one("#query")
        box.clear()
        box.send_keys(query, Keys.ENTER)
        return self.settle()

    def click(self, element):
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        element.click()
        return self.settle()

    def facet(self, field, value):
        for button in self.all(f".facet[data-field='{field}'] .facet-value"):
            if button.find_element(By.CSS_SELECTOR, ".value").text == value:
                return button
        raise AssertionError(f"no {value} in the facet {field}")

    def expand(self, number):
        """Opens the event in row `number` and returns its detail."""
        self.click(self.all(".expand")[number])
        return WebDriverWait(self.browser, 20).until(
            lambda _: next(iter(self.all(".detail .record")), None))

    def events(self):
        return [[cell.text for cell in row.find_elements(By.CSS_SELECTOR, "td")] for row in self.all("tr.event")]

    def parameters(self):
        return urllib.parse.parse_qs(urllib.parse.urlsplit(self.browser.current_url).query)

    def console(self):
        """What the browser complained about since the last call."""
        return [entry["message"] for entry in self.browser.get_log("browser")]

    def element_names(self):
        return json.loads(self.browser.execute_script(
            "return JSON.stringify([...new Set([...document.querySelectorAll('*')].map(e => e.tagName.toLowerCase()))].sort())"))
