import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "support"))
sys.path.insert(0, str(Path(__file__).parent))

import trailsift_program as trailsift  # noqa: E402


def sample_records():
    """60 events; every third is a denied CreateUser in eu-west-1, every tenth has two resources."""
    records = []
    for number in range(60):
        members = {"requestParameters": {"bucketName": "logs", "key": f"key-{number}"}}
        if number % 3 == 0:
            members = {
                "eventSource": "iam.amazonaws.com",
                "eventName": "CreateUser",
                "awsRegion": "eu-west-1",
                "errorCode": "AccessDenied",
                "errorMessage": "not authorized to perform iam:CreateUser",
                "requestParameters": {"userName": f"user-{number}"},
            }
        if number % 10 == 0:
            members["resources"] = [{"ARN": "arn:aws:s3:::a"}, {"ARN": "arn:aws:s3:::b"}]
        records.append(trailsift.record(number, **members))
    return records


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A server over sample_records()."""
    root = tmp_path_factory.mktemp("clients")
    trailsift.deliver(root / "logs", sample_records())
    account = trailsift.index(root / "logs", root / "data")
    assert account["indexed"] == 60
    with trailsift.Server(root / "data") as running:
        yield running


@pytest.fixture(scope="session")
def open_server(tmp_path_factory):
    """The same, which takes documents."""
    root = tmp_path_factory.mktemp("open")
    trailsift.deliver(root / "logs", sample_records())
    assert trailsift.index(root / "logs", root / "data")["indexed"] == 60
    with trailsift.Server(root / "data", "--push", "documents") as running:
        yield running
