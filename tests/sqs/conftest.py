"""One moto server for all tests here."""

import sys
from pathlib import Path

import pytest

for folder in ("support", "aws", "s3"):
    sys.path.insert(0, str(Path(__file__).parents[1] / folder))

import servers  # noqa: E402


@pytest.fixture(scope="session")
def moto(tmp_path_factory):
    with servers.Moto(tmp_path_factory.mktemp("moto")) as server:
        yield server
