"""Every case of cases.py through every client."""

import pytest
from cases import CASES, check
from clients import node_is_there, run_boto3, run_cli, run_curl, run_node

CLIENTS = {
    "boto3": lambda server, requests, directory: run_boto3(server, requests),
    "awscli": run_cli,
    "js2": lambda server, requests, directory: run_node("2", server, requests),
    "js3": lambda server, requests, directory: run_node("3", server, requests),
    "curl": lambda server, requests, directory: run_curl(server, requests),
}
PACKAGES = {"js2": "aws-sdk", "js3": "@aws-sdk/client-cloudsearch-domain"}


@pytest.fixture(scope="module", params=CLIENTS)
def outcomes(request, open_server, tmp_path_factory):
    """What became of each case, by its name: a client that has to be started is started once."""
    package = PACKAGES.get(request.param)
    if package and not node_is_there(package):
        pytest.skip(f"{package} is not installed: ./dev test installs it")
    run = CLIENTS[request.param](open_server, CASES, tmp_path_factory.mktemp("client"))
    assert len(run) == len(CASES)
    return {case["name"]: outcome for case, outcome in zip(CASES, run, strict=True)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"].replace(" ", "_"))
def test_case(outcomes, case):
    outcome = outcomes[case["name"]]
    if case["error"] is None:
        assert "answer" in outcome, outcome
        check(case["expect"], outcome["answer"])
        return
    assert "error" in outcome, outcome
    name, message = case["error"]
    assert outcome["error"]["name"] == name
    assert outcome["error"]["status"] == 400
    assert outcome["error"]["message"].startswith(message)
