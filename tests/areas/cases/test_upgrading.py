"""Cases of before: what their remedies speak for is known to returns after the upgrade."""

import importlib
import pkgutil

import pytest
from tests import given
from tests.areas.cases import desk

import dingdan.migrations.versions as versions
from dingdan.areas import cases, returns
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do


@pytest.mark.requirement("R2.1")
async def test_what_remedies_of_before_speak_for_is_known_after(db: Database) -> None:
    shop = await given.shop(db, prices={"CUP": 10_00, "RING": 400_00, "HAT": 10_00})
    order_id = await given.delivered_order(db, shop, {"CUP": 3, "RING": 1, "HAT": 1})
    case = await desk.trouble(db, order_id)
    for wanted in (desk.refund(1), desk.reship(1), desk.refund(2), desk.refund(3, amount=1_00)):
        await do(db, desk.ANNA, cases.propose, case.id, wanted)
    async with db.transaction(SYSTEM) as tx:
        before = await returns.taken_units(tx, order_id)
        await tx.execute("DELETE FROM made_good_units")

    name = next(one.name for one in pkgutil.iter_modules(versions.__path__) if one.name.endswith("_asked_for"))
    script = importlib.import_module(f"dingdan.migrations.versions.{name}").MADE_GOOD
    async with db.connection() as connection:
        await connection.execute(script.partition("CREATE TRIGGER")[0])

    async with db.reading(SYSTEM) as tx:
        assert await returns.taken_units(tx, order_id) == before == {1: 2, 2: 1}
