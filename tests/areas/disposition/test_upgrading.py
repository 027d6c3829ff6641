"""A shop that took goods back before: what was decided stays decided, what lay in quarantine waits for a decision."""

import importlib
import pkgutil

import pytest
from tests import given
from tests.areas.returns import bench, road
from tests.areas.returns.road import fine

import dingdan.migrations.versions as versions
from dingdan.areas import disposition, returns, way_back
from dingdan.areas.disposition import Decide
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

# What the tables were before: an inspection said where the goods go, and that was all.
BEFORE = """
SET session_replication_role = replica;
DELETE FROM entries WHERE posting_id IN (SELECT id FROM postings WHERE source = 'disposition');
DELETE FROM postings WHERE source = 'disposition';
DELETE FROM dispositions;
DELETE FROM returned_goods;
DELETE FROM facts WHERE subject = 'goods';
DELETE FROM attestations;
UPDATE attestation_watch SET verified = 0, verified_to = 0, hash = decode(repeat('00', 32), 'hex'), again = 0;
DELETE FROM return_addresses;
DELETE FROM deadlines WHERE kind = 'goods.decide_by';
UPDATE return_lines SET fault = 'review';
SET session_replication_role = DEFAULT;
"""


@pytest.mark.requirement("R5.4")
async def test_goods_of_before_are_decided_about_after(db: Database) -> None:
    shop = await given.shop(db, stock=10)
    (goods,) = await bench.looked_at(db, shop, fine(1, disposition="quarantine"))
    done, waiting = await bench.returning(db, shop), await bench.returning(db, shop, reason="QUALITY_DEFECT")
    await road.received(db, done)
    await road.inspected(db, done, fine(1))
    await given.settle(db)

    name = next(one.name for one in pkgutil.iter_modules(versions.__path__) if one.name.endswith("_the_way_back"))
    script = importlib.import_module(f"dingdan.migrations.versions.{name}").OVER
    async with db.connection() as connection:
        await connection.execute(BEFORE)
        await connection.execute(script)

    async with db.transaction(SYSTEM) as tx:
        (left,) = (await disposition.of_returns(tx, [goods.return_id]))[goods.return_id]
        (gone,) = (await disposition.of_returns(tx, [done.id]))[done.id]
        (line,) = (await returns.lines(tx, [waiting]))[waiting.id]
        plan = await way_back.plan(tx, waiting.id)
    assert [(one.open, one.is_ours, one.wanted) for one in (left, gone)] == [
        (1, True, "quarantine"),
        (0, True, "restock"),
    ]
    assert (line.fault, plan.address) == ("seller", given.ADDRESS)
    (made,) = await do(db, SYSTEM, disposition.decide, [Decide(goods_id=left.id, kind="restock", quantity=1)])
    assert made.recovered == 0
