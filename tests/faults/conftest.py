"""One furnished house for all tests of this folder that run in one process; its processes are each test's own."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.house import House, standing


@pytest.fixture(scope="session")
def furnished() -> Iterator[House]:
    """A database with a shop in it, nothing running on it.

    Not in pytest's own folder: every other run closes that to the user that PostgreSQL runs as, and a server that
    was killed could not come back.
    """
    with tempfile.TemporaryDirectory(prefix="dingdan-faults-") as folder, standing(Path(folder)) as house:
        asyncio.run(house.furnish())
        yield house


@pytest.fixture
def house(furnished: House) -> Iterator[House]:
    """The house; what a test started in it ends with the test."""
    yield furnished
    furnished.stop()
    furnished.start_postgres()
