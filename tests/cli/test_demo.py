"""The demo's shops can be ordered from."""

import itertools

import pytest
from tests import given

from dingdan.areas import addresses, carriers, evidence
from dingdan.cli.demo import lanes, pictures
from dingdan.cli.demo.shops import BUYERS, SHOPS
from dingdan.cli.demo.tales import TALES
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import files
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do


@pytest.mark.requirement("O1.5")
def test_the_demos_people_live_where_parcels_arrive() -> None:
    assert [ref for ref, address in BUYERS if addresses.check(address)] == []
    assert [tale.name for tale in TALES if addresses.check(tale.home)] == []


@pytest.mark.requirement("issue 5: evidence")
def test_no_picture_of_the_demo_looks_like_another() -> None:
    marks = [files.draw_anew(pictures.draw(what)).likeness for what in pictures.THINGS]
    assert [evidence.comparable(mark) for mark in marks].count(None) == 0
    assert min((a ^ b).bit_count() for a, b in itertools.combinations(marks, 2)) > evidence.MOST_UNLIKE


@pytest.mark.requirement("O1.10")
async def test_the_demo_promises_something_to_all_of_its_buyers(db: Database) -> None:
    shop = await given.shop(db)
    await do(db, SYSTEM, lanes.open_lanes, shop.merchant_id, shop.warehouse_id, SHOPS[0].address)
    regions = [addresses.region_of(address) for _, address in BUYERS]
    keys = [carriers.LaneKey(shop.merchant_id, region.country, region.code) for region in regions]
    ask = carriers.Ask(warehouse_id=shop.warehouse_id, zone="Asia/Shanghai", country="CN")
    async with db.transaction(SYSTEM) as tx:
        found = await carriers.lanes_for(tx, keys)
        made = [carriers.promise(found[key], ask, tx.now) for key in keys]

    assert {one.basis["lane"] for one in made if isinstance(one, carriers.Promise)} == {"home", "all", "far-65"}
    assert len([one for one in made if isinstance(one, carriers.Promise)]) == len(BUYERS)
