import os
import socket
import sys
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "support"))

from digest_chain import SigningKey  # noqa: E402
from oracle import Awscli, KeyServer  # noqa: E402


@pytest.fixture(scope="session")
def key():
    return SigningKey()


@pytest.fixture(scope="session")
def foreign_key():
    return SigningKey()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="session")
def s3_server():
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    server.start()
    yield f"http://127.0.0.1:{server._port}"
    server.stop()


@pytest.fixture(scope="session")
def s3(s3_server):
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    return boto3.client(
        "s3",
        endpoint_url=s3_server,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


@pytest.fixture(scope="session")
def key_server(key):
    keys = KeyServer([key])
    yield keys
    keys.close()


@pytest.fixture(scope="session")
def awscli(s3_server, key_server, tmp_path_factory):
    return Awscli(s3_server, key_server.url, tmp_path_factory.mktemp("home"))
