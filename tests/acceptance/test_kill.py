"""What a run leaves that is killed or interrupted: a clean index with everything committed."""

import json
import os
import random
import signal
import subprocess
import time

import pytest

from program import PROGRAM, assert_clean, event_ids, generate_events, index, stats, trailsift

EVENTS = 2_000
KILLS = 50
SEED = int(os.environ.get("TRAILSIFT_SEED", "20260730"))


def start_index(logs, data, batch):
    return subprocess.Popen([PROGRAM, "index", str(logs), "--data", str(data), "--json",
                             "--batch", str(batch)], stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, text=True)


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    return generate_events(tmp_path_factory.mktemp("generated") / "logs", EVENTS, seed=7)


@pytest.fixture(scope="module")
def whole_run(logs, tmp_path_factory):
    """(seconds, ids) of a run that nobody disturbs."""
    data = tmp_path_factory.mktemp("whole") / "index"
    begin = time.monotonic()
    run = start_index(logs, data, 50)
    account = json.loads(run.communicate()[0])
    seconds = time.monotonic() - begin
    assert account["indexed"] == EVENTS
    return seconds, set(event_ids("matchall", data))


def delivery_totals(data):
    """The sums of the ledger; every row of it adds up."""
    answer = json.loads(trailsift("deliveries", "--data", data, "--limit", "100000", "--json"))
    for row in [*answer["deliveries"], answer["totals"]]:
        assert row["read"] == (row["indexed"] + row["duplicates"] + row["filtered"] +
                               row["rejected"]), row
    assert answer["total"] == len(answer["deliveries"])
    return answer["totals"]


def test_kill_9_loses_nothing_that_was_committed(logs, whole_run, tmp_path):
    seconds, all_ids = whole_run
    print(f"seed {SEED}; TRAILSIFT_SEED={SEED} repeats this")
    rng = random.Random(SEED)
    round_number, known, data, unfinished = 0, set(), None, 0
    for kill in range(KILLS):
        if data is None:  # A new directory, with batches of another size.
            data = tmp_path / f"index-{round_number}"
            batch = rng.choice([20, 60, 200, 600])
            round_number, known = round_number + 1, set()
        run = start_index(logs, data, batch)
        time.sleep(rng.uniform(0, seconds * 0.6))
        run.kill()
        finished = run.wait() == 0
        unfinished += not finished
        where = f"kill {kill}, batches of {batch}, {len(known)} events known"
        if not (data / "manifest").exists():
            assert not known, where
            continue
        assert_clean(data)
        ids = set(event_ids("matchall", data))
        assert stats(data)["events"] == len(ids), where
        assert known <= ids <= all_ids, where
        # Rows come after the events: a delivery may lack one, but none is wrong.
        assert delivery_totals(data)["indexed"] <= len(ids), where
        known = ids
        if finished or len(known) == EVENTS or rng.random() < 0.15:
            account = index(logs, data)
            assert account["indexed"] == EVENTS - len(known), where
            assert set(event_ids("matchall", data)) == all_ids, where
            assert_clean(data)
            data = None
    assert unfinished > KILLS / 2, "most runs were over before they were killed"
    if data is not None:
        assert index(logs, data)["indexed"] == EVENTS - len(known)
        assert stats(data)["events"] == EVENTS
        assert_clean(data)


def test_ctrl_c_keeps_what_was_committed(logs, whole_run, tmp_path):
    seconds, all_ids = whole_run
    interrupted = 0
    for attempt, share in enumerate((0.2, 0.4, 0.6)):
        data = tmp_path / f"index-{attempt}"
        run = start_index(logs, data, 50)
        time.sleep(seconds * share)
        run.send_signal(signal.SIGINT)
        account = json.loads(run.communicate()[0])
        assert run.returncode in (0, 130)
        interrupted += run.returncode == 130
        assert stats(data)["events"] == account["indexed"]
        totals = delivery_totals(data)
        for what in ("read", "indexed", "duplicates", "filtered", "rejected"):
            assert totals[what] == account[what]
        assert account["read"] == (account["indexed"] + account["duplicates"] +
                                   account["filtered"] + account["rejected"])
        assert_clean(data)
        rest = index(logs, data)
        assert account["indexed"] + rest["indexed"] == EVENTS
        assert set(event_ids("matchall", data)) == all_ids
        assert_clean(data)
    assert interrupted >= 1, "every run was over before it was interrupted"


def test_a_second_writer_is_refused_by_name(logs, tmp_path):
    data = tmp_path / "index"
    first = start_index(logs, data, 20)
    while not (data / "manifest").exists():
        assert first.poll() is None
    second = subprocess.run([PROGRAM, "index", str(logs), "--data", str(data)],
                            capture_output=True, text=True)
    still_running = first.poll() is None
    first.communicate()
    assert still_running
    assert second.returncode == 1
    assert str(first.pid) in second.stderr, second.stderr
