"""Tables, percentiles and the places in bench/README.md that they are written to."""

import pathlib

import pytest

import report
from measure import median, percentile
from runner import Round, Timing
from truth import Answer, Corpus
from workload import Query

README = pathlib.Path(__file__).resolve().parent.parent.parent / "bench" / "README.md"
CORPUS = Corpus(events=1000, records=1050, raw_bytes=2_000_000)


@pytest.mark.parametrize("values, share, expected", [
    ([5], 0.5, 5), ([3, 1, 2], 0.5, 2), ([4, 3, 2, 1], 0.5, 2), (range(1, 101), 0.99, 99),
    (range(1, 102), 0.99, 100), ([1, 2], 0.99, 2)])
def test_a_percentile_is_one_of_the_values(values, share, expected):
    assert percentile(values, share) == expected


def test_the_median_is_the_lower_of_two():
    assert median([2, 1]) == 1


@pytest.mark.parametrize("value, text", [
    (0.123, "0.12"), (9.994, "9.99"), (12.34, "12.3"), (123.4, "123"), (12345.6, "12,346")])
def test_numbers_have_three_digits_or_more(value, text):
    assert report.number(value) == text


def test_figures_replace_those_between_their_markers():
    text = ("a\n<!-- peers: written by ./dev bench -->\nold\n<!-- end of peers -->\nb\n"
            "<!-- ten million: written by ./dev bench -->\nkept\n<!-- end of ten million -->\n")
    assert report.between(text, "peers", "new") == text.replace("\nold\n", "\n\nnew\n\n")


@pytest.mark.parametrize("name", ["peers", "poller", "ten million"])
def test_the_page_has_the_markers(name):
    assert "\nnew\n" in report.between(README.read_text(), name, "new")


def made_round(seconds, milliseconds):
    return Round(seconds, (50_000_000, 0, 0), 700_000, (0, 20_000_000, 30_000_000),
                 {"q": Timing(milliseconds, [], Answer(1)), "other": None})


def test_a_row_has_the_median_of_the_rounds():
    rounds = [made_round(seconds, [1.0]) for seconds in (4, 1, 2)]
    assert report.ingest_row("trailsift", rounds, CORPUS) == [
        "Trailsift", "500", "1.0", "50", "700", "20", "30"]


def test_runs_of_all_rounds_count_and_what_cannot_be_asked_is_named():
    results = {"trailsift": [made_round(1, [1.0, 2.0]), made_round(1, [9.0])]}
    shown = report.query_table(results, [Query("q"), Query("other")], 0.5).splitlines()
    assert shown[-1] == "| Trailsift | 2.00 | - |"


def test_who_is_left_out_is_named_with_the_reason():
    assert report.peer_list({}, {"ripgrep": "`rg` is not installed"}) == (
        "* **ripgrep over the files** is left out: `rg` is not installed.")
