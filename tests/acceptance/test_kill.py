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


class Moments:
    """Moments within runs, on a machine that is now busy and now not: who came too late for one
    comes earlier to the next."""

    def __init__(self, seconds):
        self.seconds = seconds

    def wait(self, share):
        time.sleep(self.seconds * share)

    def tell(self, was_too_late):
        self.seconds *= 0.7 if was_too_late else 1.05


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
    moments = Moments(seconds * 0.6)
    round_number, known, data, kills = 0, set(), None, 0
    while kills < KILLS:
        if data is None:  # A new directory, with batches of another size.
            data = tmp_path / f"index-{round_number}"
            batch = rng.choice([20, 60, 200, 600])
            round_number, known = round_number + 1, set()
        run = start_index(logs, data, batch)
        moments.wait(rng.random())
        run.kill()
        finished = run.wait() == 0
        moments.tell(finished)
        kills += not finished
        where = f"kill {kills}, batches of {batch}, {len(known)} events known"
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
    if data is not None:
        assert index(logs, data)["indexed"] == EVENTS - len(known)
        assert stats(data)["events"] == EVENTS
        assert_clean(data)


def test_ctrl_c_keeps_what_was_committed(logs, whole_run, tmp_path):
    seconds, all_ids = whole_run
    moments = Moments(seconds)
    interruptions = attempt = 0
    while interruptions < 3:
        data = tmp_path / f"index-{attempt}"
        attempt += 1
        run = start_index(logs, data, 50)
        moments.wait((0.2, 0.4, 0.6)[interruptions])
        run.send_signal(signal.SIGINT)
        printed = run.communicate()[0]
        if run.returncode == -signal.SIGINT:  # Before it listened.
            assert not (data / "manifest").exists()
            moments.tell(was_too_late=False)
            continue
        assert run.returncode in (0, 130)
        moments.tell(was_too_late=run.returncode == 0)
        interruptions += run.returncode == 130
        account = json.loads(printed)
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


def test_a_second_writer_is_refused_by_name(logs, tmp_path):
    data = tmp_path / "index"
    first = start_index(logs, data, 20)
    while not (data / "manifest").exists():
        assert first.poll() is None
    first.send_signal(signal.SIGSTOP)
    second = subprocess.run([PROGRAM, "index", str(logs), "--data", str(data)],
                            capture_output=True, text=True)
    assert first.poll() is None
    first.send_signal(signal.SIGCONT)
    first.communicate()
    assert second.returncode == 1
    assert str(first.pid) in second.stderr, second.stderr
