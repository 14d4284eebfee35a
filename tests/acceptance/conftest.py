import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from program import ROOT  # noqa: E402


@pytest.fixture(scope="session")
def delivered():
    """The real deliveries, which lie beside the project where they exist at all."""
    directory = ROOT.parent / "shared" / "data" / "delivered"
    if not directory.is_dir():
        pytest.skip(f"no real data: {directory} does not exist")
    return directory


@pytest.fixture(scope="session")
def collections():
    """Small collections of real records, one bare record a line."""
    files = sorted((ROOT.parent / "shared" / "data").glob("*.ndjson.gz"))
    if not files:
        pytest.skip(f"no real data: {ROOT.parent}/shared/data has no .ndjson.gz files")
    return files
