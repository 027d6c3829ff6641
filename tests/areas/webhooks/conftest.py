"""A shop, and a receiver on this machine that its events may be sent to."""

from collections.abc import AsyncIterator

import pytest
from tests import given
from tests.areas.webhooks.receiver import Receiver, listening

from dingdan.plumbing.database import Database
from dingdan.plumbing.targets import Targets


@pytest.fixture
async def receiver(db: Database) -> AsyncIterator[Receiver]:
    """A receiver; this house may call it."""
    db.targets = Targets(loopback=True)
    async with listening() as one:
        yield one


@pytest.fixture
async def shop(db: Database) -> given.Shop:
    """A shop with things to sell."""
    return await given.shop(db)
