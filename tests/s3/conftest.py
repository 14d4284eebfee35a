import sys
from pathlib import Path

import pytest

for folder in ("aws", "support", "s3"):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / folder))

import servers  # noqa: E402


@pytest.fixture(scope="session")
def moto(tmp_path_factory):
    with servers.Moto(tmp_path_factory.mktemp("moto")) as running:
        yield running


@pytest.fixture(scope="session")
def s3proxy(tmp_path_factory):
    with servers.S3Proxy(tmp_path_factory.mktemp("s3proxy")) as running:
        yield running
