"""One peer from generated files to compared answers: the whole way of a round."""

import mmap
import os
import subprocess

import pytest

from peers import PEERS, peer_class
from runner import PeerFailed, run_round, warm_machine
from truth import complaints, survey, truth
from workload import queries


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    directory = tmp_path_factory.mktemp("logs")
    subprocess.run([os.environ["GENERATE_EVENTS_BIN"], "--events", "600", "--days", "10",
                    "--out", directory], check=True, stdout=subprocess.DEVNULL)
    return directory


def test_a_peer_gives_the_true_answers(logs, tmp_path):
    asked = queries(survey(logs))
    corpus, truths = truth(logs, asked)
    assert corpus.events == 600
    done = run_round("sqlite", tmp_path / "sqlite", logs, asked, budget=0)
    for query in asked:
        assert complaints(query, done.timings[query.name].answer, truths[query.name]) == []
    assert done.ingest_seconds > 0
    assert done.disk_bytes > 100_000
    assert done.ingest_memory[0] > 1_000_000


def test_memory_at_hand_grows_with_the_deliveries(tmp_path):
    assert warm_machine(tmp_path) == mmap.PAGESIZE
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(b"x" * 10_000)
    assert warm_machine(tmp_path) == 400_000


def test_a_peer_that_fails_says_why(tmp_path):
    with pytest.raises(PeerFailed, match="no such directory|cannot|No such|not found|Error"):
        run_round("sqlite", tmp_path / "sqlite", 17, [], budget=0)


def test_every_peer_says_what_it_was_told():
    for name in PEERS:
        peer = peer_class(name)
        assert peer.name == name
        assert peer.title and peer.told
