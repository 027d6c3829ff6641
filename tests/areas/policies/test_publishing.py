"""Versions for ever: published once, found by date, the merchant's own first, and old orders keep theirs."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from dingdan.areas import policies
from dingdan.areas.policies import store
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusals
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at
from dingdan.plumbing.tx import Tx

CN = policies.packs()[0]
NOW = datetime(2026, 11, 23, tzinfo=UTC)
SHOP = 7


def shop(version: str = "1", *, days: int = 30, effective_from: date = date(2026, 1, 1)) -> policies.PolicyDocument:
    """A merchant's own policy."""
    return policies.draft("house", version, zone="Asia/Shanghai", days=days, effective_from=effective_from)


async def facts(db: Database) -> list[str]:
    async with db.reading(SYSTEM) as tx:
        return [row["wire"] for row in await tx.fetch("SELECT wire FROM facts ORDER BY id")]


async def in_force(db: Database, merchant_id: int, code: str, when: datetime = NOW) -> policies.Policy | None:
    async with db.reading(SYSTEM) as tx:
        return (await policies.in_force(tx, [(merchant_id, code)], when)).get((merchant_id, code))


async def test_packs_are_loaded_once_however_often(db: Database) -> None:
    first = await do(db, SYSTEM, policies.load_packs)
    second = await do(db, SYSTEM, policies.load_packs)
    assert [policy.id for policy in first] == [policy.id for policy in second]
    assert await facts(db) == ["policy.drafted", "policy.published"] * 4 + ["policy.began"] * 4


async def test_what_is_read_back_is_what_was_published(db: Database) -> None:
    policy, *_ = await do(db, SYSTEM, policies.load_packs)
    store._documents.clear()
    found = await in_force(db, SHOP, "cn_statutory")
    assert found == policy
    assert policies.hash_of(found.document) == policy.hash
    assert len(policy.hash) == 64


@pytest.mark.requirement("R1.9")
async def test_every_version_stays_and_the_newest_in_force_wins(db: Database) -> None:
    old = await do_at(db, SYSTEM, NOW, policies.publish, SHOP, shop("1", days=30))
    new = await do_at(db, SYSTEM, NOW, policies.publish, SHOP, shop("2", days=15, effective_from=date(2026, 12, 5)))
    assert await in_force(db, SHOP, "house") == old
    assert await in_force(db, SHOP, "house", NOW + timedelta(days=30)) == new
    assert await in_force(db, SHOP, "house", datetime(2025, 12, 31, tzinfo=UTC)) is None
    async with db.reading(SYSTEM) as tx:
        assert (await policies.by_ids(tx, [old.id]))[old.id].document.no_reason.window.days == 30
        assert [policy.version for policy in await policies.versions(tx, SHOP, "house")] == ["2", "1"]


async def test_a_version_begins_at_midnight_in_its_zone(db: Database) -> None:
    policy = await do(db, SYSTEM, policies.publish, SHOP, shop())
    assert policy.effective_from == datetime(2025, 12, 31, 16, tzinfo=UTC)


@pytest.mark.requirement("R1.9")
async def test_a_change_needs_seven_days_notice(db: Database) -> None:
    await do_at(db, SYSTEM, NOW, policies.publish, SHOP, shop("1"))
    with pytest.raises(policies.NoticeTooShort) as refused:
        await do_at(db, SYSTEM, NOW, policies.publish, SHOP, shop("2", effective_from=date(2026, 11, 25)))
    assert refused.value.params["earliest"] == "2026-12-01"
    await do_at(db, SYSTEM, NOW, policies.publish, SHOP, shop("2", effective_from=date(2026, 12, 1)))


@pytest.mark.requirement("R1.9")
async def test_what_was_published_is_never_changed(db: Database) -> None:
    await do(db, SYSTEM, policies.publish, SHOP, shop("1", days=30))
    again = await do(db, SYSTEM, policies.publish, SHOP, shop("1", days=30))
    with pytest.raises(policies.VersionTaken):
        await do(db, SYSTEM, policies.publish, SHOP, shop("1", days=31))
    assert again.document.no_reason.window.days == 30
    assert await facts(db) == ["policy.drafted", "policy.published", "policy.began"]


async def test_a_merchants_own_policy_comes_before_the_pack_of_that_code(db: Database) -> None:
    pack, *_ = await do(db, SYSTEM, policies.load_packs)
    own = await do(db, SYSTEM, policies.publish, SHOP, msgspec.structs.replace(CN, version="own-1"))
    async with db.reading(SYSTEM) as tx:
        found = await policies.in_force(tx, [(SHOP, CN.id), (8, CN.id), (8, "nothing")], NOW)
    assert found == {(SHOP, CN.id): own, (8, CN.id): pack}


async def test_a_merchant_publishes_for_itself_only(db: Database) -> None:
    merchant = Actor(ActorKind.STAFF, 1, "owner", SHOP, frozenset({"policy.write"}))
    await do(db, merchant, policies.publish, SHOP, shop())
    for other in (8, None):
        with pytest.raises(policies.OutOfReach):
            await do(db, merchant, policies.publish, other, shop())


async def test_a_reader_sees_its_own_policies_and_the_packs(db: Database) -> None:
    await do(db, SYSTEM, policies.load_packs)
    await do(db, SYSTEM, policies.publish, SHOP, shop())
    packs = ["cn_statutory", "eu_crd", "uk_ccr", "us_practice"]
    for merchant_id, codes in ((SHOP, [*packs, "house"]), (8, packs)):
        async with db.reading(Actor(ActorKind.KEY, 1, "key", merchant_id)) as tx:
            rows = await tx.fetch("SELECT code FROM policies ORDER BY id")
            assert [row["code"] for row in rows] == codes


@pytest.mark.requirement("R1.2")
async def test_a_policy_below_the_law_is_refused_whole_and_with_every_reason(db: Database) -> None:
    window = msgspec.structs.replace(CN.no_reason.window, days=3)
    no_reason = msgspec.structs.replace(CN.no_reason, window=window, evidence_required=("photo",))
    with pytest.raises(Refusals) as refused:
        await do(db, SYSTEM, policies.publish, SHOP, msgspec.structs.replace(CN, no_reason=no_reason))
    assert {problem.code for problem in refused.value.problems} == {
        "policy.below_statute",
        "policy.evidence_not_allowed",
    }
    assert await facts(db) == []


async def test_two_who_publish_the_same_version_at_once_publish_it_once(db: Database) -> None:
    both = asyncio.Barrier(2)

    async def publish(tx: Tx) -> policies.Policy:
        await both.wait()
        return await policies.publish(tx, SHOP, shop())

    async def act() -> policies.Policy:
        async with db.transaction(SYSTEM) as tx:
            return await publish(tx)

    one, other = await asyncio.gather(act(), act())
    assert one == other
    assert await facts(db) == ["policy.drafted", "policy.published", "policy.began"]
