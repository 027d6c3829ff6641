"""Keys are looked up for every request: many at once in one look, one after the other without waiting, never from memory."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest

from dingdan.areas import identity
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.surfaces.shared.guards import Keyring
from tests import given
from tests.conftest import MASTER_KEY
from tests.surfaces.conftest import key

pytestmark = pytest.mark.requirement("S-04")


class Counted(Database):
    """A database that counts how often somebody looked."""

    looks = 0

    def connection(self) -> AbstractAsyncContextManager[Any]:
        self.looks += 1
        return super().connection()


@pytest.fixture
async def counted(db: Database) -> AsyncIterator[Counted]:
    found = await Counted(db.url, key=MASTER_KEY, sandbox=True).open()
    try:
        yield found
    finally:
        await found.close()


async def test_a_crowd_is_answered_by_a_few_looks(counted: Counted, db: Database, shop: given.Shop) -> None:
    secret, keyring = await key(db, merchant_id=shop.merchant_id), Keyring(counted)

    found = await asyncio.gather(*(keyring.find(secret) for _ in range(200)), keyring.find("nobody's"))

    assert {one.actor.merchant_id for one in found if one is not None} == {shop.merchant_id}
    assert found[-1] is None
    assert found.count(None) == 1
    assert counted.looks <= 2


async def test_who_comes_alone_is_looked_up_each_time(counted: Counted, db: Database, shop: given.Shop) -> None:
    secret, keyring = await key(db, merchant_id=shop.merchant_id), Keyring(counted)
    for _ in range(5):
        assert await keyring.find(secret)
    assert counted.looks == 5

    (held,) = await _keys(db)
    await do(db, SYSTEM, identity.revoke_key, held)
    assert await keyring.find(secret) is None


async def _keys(db: Database) -> list[int]:
    async with db.connection() as connection:
        return [row["id"] for row in await connection.fetch("SELECT id FROM api_keys")]
