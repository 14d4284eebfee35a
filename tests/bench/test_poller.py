"""What the benchmark of the poller sends, and how it tells what it measured."""

import json

import pytest

import poller
from poller import Account, Run

ACCOUNT = Account(read=105, indexed=100, duplicates=5, rejected=0)


def test_a_message_is_that_of_cloudtrail_in_one_of_sns():
    outer = json.loads(poller.message(["AWSLogs/a.json.gz", "AWSLogs/b.json.gz"]))
    assert outer["Type"] == "Notification"
    assert json.loads(outer["Message"]) == {
        "s3Bucket": poller.BUCKET, "s3ObjectKey": ["AWSLogs/a.json.gz", "AWSLogs/b.json.gz"]}


def test_files_are_announced_in_the_order_of_their_delivery(tmp_path):
    names = ["2_CloudTrail_eu-west-1_20240601T0005Z_B.json.gz",
             "1_CloudTrail_us-east-1_20240601T0000Z_C.json.gz",
             "1_CloudTrail_eu-west-1_20240601T0010Z_A.json.gz"]
    for name in names:
        folder = tmp_path / "AWSLogs" / name[0]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    assert poller.keys_of(tmp_path) == [f"AWSLogs/{names[i][0]}/{names[i]}" for i in (1, 0, 2)]


@pytest.mark.parametrize("count, size, expected", [
    (0, 2, []), (1, 2, [[0]]), (4, 2, [[0, 1], [2, 3]]), (5, 2, [[0, 1], [2, 3], [4]])])
def test_batches_hold_everything_once(count, size, expected):
    assert list(poller.batches(range(count), size)) == expected


def test_medians_and_their_ratios_are_told():
    index = [Run(seconds, 2 * seconds, 10_000_000, 1, ACCOUNT) for seconds in (2, 1, 9)]
    polled = [Run(seconds, 2 * seconds, 20_000_000, 3, ACCOUNT, seconds - 1, 0.5, 0.25)
              for seconds in (3, 1, 9)]
    runs = {"index": index, "poller": polled}
    rows = [[cell.strip() for cell in line.strip("|").split("|")]
            for line in poller.figures(runs, 1000).splitlines()[2:]]
    assert rows == [["`trailsift index DIR`", "2.0", "2.0", "500", "4.0", "10", "1"],
                    ["`trailsift serve`, a queue", "2.0", "3.0", "333", "6.0", "20", "3"]]
    assert poller.ratios(runs, "moto").startswith("The poller: +50 % wall time, +50 % CPU time")


@pytest.mark.parametrize("polled, expected", [
    (ACCOUNT, None),
    (Account(read=110, indexed=100, duplicates=10, rejected=0), None),  # A message came twice.
    (Account(read=105, indexed=99, duplicates=6, rejected=0), "the accounts differ"),
    (Account(read=105, indexed=100, duplicates=4, rejected=1), "the accounts differ"),
    (Account(read=105, indexed=100, duplicates=4, rejected=0), "an account does not add up")])
def test_lost_events_are_told(polled, expected):
    complaint = poller.difference(
        {name: [Run(1, 1, 1, 1, account)] for name, account in (("a", ACCOUNT), ("b", polled))})
    assert complaint is None if expected is None else complaint.startswith(expected)
