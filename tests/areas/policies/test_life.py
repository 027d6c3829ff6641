"""A version's life: drafted on top of another, announced in time, in force by the clock, superseded, or taken back."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
from msgspec.structs import replace

from dingdan.areas import policies
from dingdan.areas.policies import EditionState, store
from dingdan.areas.policies.rules.merging import merge
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Refusals
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at

CN = policies.packs()[0]
BASE = f"cn_statutory@{CN.version}"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
SHOP = 7


def changes(days: int = 15, effective_from: str = "2026-01-01", **more: Any) -> dict[str, Any]:
    """A shop that promises more days than the law."""
    return {
        "name": {"en": f"{days} days", "zh": f"{days}天"}, "effective_from": effective_from,
        "no_reason": {"window": {"days": days}}, **more,
    }  # fmt: skip


async def draft(
    db: Database, label: str = "1", given: dict[str, Any] | None = None, *, at: datetime = NOW, **how: Any
) -> Any:
    """A draft on top of the Chinese pack."""
    wanted = {"extends": BASE, "given": given or changes()} | how
    return await do_at(db, SYSTEM, at, policies.save_draft, SHOP, "house", label, **wanted)


async def states(db: Database) -> dict[str, str]:
    async with db.reading(SYSTEM) as tx:
        return {one.label: str(one.state) for one in await policies.history(tx, SHOP, "house", Page())}


@pytest.fixture
async def packs(db: Database) -> None:
    """The packs to extend."""
    await do_at(db, SYSTEM, NOW, policies.load_packs)


def test_maps_merge_lists_are_replaced_and_named_ones_join() -> None:
    base = {"a": {"b": 1, "c": 2}, "list": [1, 2], "sources": [{"short": "CPL", "n": 1}, {"short": "ECL", "n": 1}]}
    on_top = {"a": {"c": 3, "b": None}, "list": [3], "sources": [{"short": "Own", "n": 2}, {"short": "CPL", "n": 2}]}
    assert merge(base, on_top) == {
        "a": {"c": 3}, "list": [3],
        "sources": [{"short": "Own", "n": 2}, {"short": "CPL", "n": 2}, {"short": "ECL", "n": 1}],
    }  # fmt: skip


OWN_RULE = {"code": "SHOP_SHOES", "goods": {"categories": ["shoes"]}, "window": {"days": 60, "rule": "SHOP_SHOES"}}


@pytest.mark.requirement("R1.9")
async def test_conditions_of_a_shop_stand_beside_those_of_the_law(db: Database, packs: None) -> None:
    words = {"SHOP_SHOES": {"article": "Ours", "en": "Shoes: sixty days.", "zh": "鞋类六十天。"}}
    _, document, problems = await draft(db, given=changes(conditions=[OWN_RULE], rules=words))
    assert problems == []
    assert [one.code for one in document.conditions] == ["SHOP_SHOES", *(one.code for one in CN.conditions)]


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"send_back_days": 10, "no_reason": {"window": {"days": 15}}},
        {"gifts": None, "refund": {"balance": None}},
        {"conditions": [OWN_RULE]},
        {"conditions": [*policies.as_json(CN)["conditions"][::-1], OWN_RULE]},
        {"conditions": [policies.as_json(CN)["conditions"][0] | {"kinds": ["transport"]}]},
    ],
)
def test_what_was_written_on_top_is_found_again(written: dict[str, Any]) -> None:
    base = policies.as_json(CN)
    mine = {"id": "house", "version": "2", "effective_from": "2027-01-01", "name": {"en": "Ours", "zh": "本店"}}
    whole = merge(base, mine | written)
    found = policies.on_top_of(CN, whole)
    assert merge(base, found) == whole
    assert set(found) == set(mine) | set(written)


@pytest.mark.requirement("R1.9")
async def test_a_policy_on_top_of_a_pack_is_stored_whole(db: Database, packs: None) -> None:
    edition, document, problems = await draft(db)
    assert (edition.state, problems) == (EditionState.DRAFT, [])
    policy = await do_at(db, SYSTEM, NOW, policies.announce, edition.id)
    assert policy.id == edition.id
    assert policy.document == document
    assert (document.extends, document.extends_hash) == (BASE, policies.hash_of(CN))
    assert document.no_reason.window.days == 15
    assert document.no_reason.window.roll_rest_day
    assert document.rules == CN.rules
    assert await states(db) == {"1": "in_force"}


async def test_what_the_law_says_is_not_reworded_and_its_place_not_changed(db: Database, packs: None) -> None:
    mine = {"CN_REFUND": {"article": "CPL 25(3)", "en": "In a year.", "zh": "一年。"}}
    with pytest.raises(Refusals) as refused:
        await draft(db, given=changes(rules=mine, jurisdiction="other") | {"name": "x"})
    assert {problem.code for problem in refused.value.problems} == {"policy.law_reworded", "policy.field_unusable"}
    with pytest.raises(policies.FieldUnusable) as missing:
        await draft(db, given={key: value for key, value in changes().items() if key != "effective_from"})
    assert missing.value.path == "effective_from"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"no_reason": {"window": {"days": "many"}}}, "no_reason.window.days"),
        ({"no_reason": None}, ""),
        ({"applies_to": []}, "applies_to"),
        ({"send_back_dayz": 3}, ""),
    ],
)
async def test_what_is_no_policy_is_refused_at_its_place(
    db: Database, packs: None, given: dict[str, Any], path: str
) -> None:
    with pytest.raises(policies.DocumentUnreadable) as refused:
        await draft(db, given=changes() | given)
    assert refused.value.path == path
    assert await states(db) == {}


async def test_a_draft_may_be_wrong_and_says_in_what_but_is_not_announced(db: Database, packs: None) -> None:
    edition, _, problems = await draft(db, given=changes(days=3))
    assert [problem.path for problem in problems] == ["no_reason.window.days"]
    with pytest.raises(policies.BelowStatute):
        await do_at(db, SYSTEM, NOW, policies.announce, edition.id)
    again, _, sound = await draft(db)
    assert (again.id, sound) == (edition.id, [])


async def test_a_base_that_nobody_published_is_no_base(db: Database, packs: None) -> None:
    for base in ("cn_statutory@1999", "nothing@1", "house@1"):
        with pytest.raises(policies.BaseUnknown):
            await draft(db, extends=base)
    claimed = replace(CN, id="house", version="1", extends=BASE, extends_hash="0" * 64)
    with pytest.raises(policies.BaseUnknown):
        await do_at(db, SYSTEM, NOW, policies.publish, SHOP, claimed)


@pytest.mark.requirement("R1.9")
async def test_a_change_is_announced_seven_days_ahead_and_begins_by_itself(db: Database, packs: None) -> None:
    first, *_ = await draft(db)
    await do_at(db, SYSTEM, NOW, policies.announce, first.id)
    soon, *_ = await draft(db, "2", changes(days=10, effective_from="2026-11-29"))
    with pytest.raises(policies.NoticeTooShort):
        await do_at(db, SYSTEM, NOW, policies.announce, soon.id)
    await draft(db, "2", changes(days=10, effective_from="2026-12-05"))
    await do_at(db, SYSTEM, NOW, policies.announce, soon.id)
    assert await states(db) == {"1": "in_force", "2": "announced"}
    async with db.reading(SYSTEM) as tx:
        assert [one.kind for one in await deadlines.of_subjects(tx, [soon.id])] == ["policy.start"]
        [before] = (await policies.in_force(tx, [(SHOP, "house")], NOW)).values()
        coming = await store.upcoming(tx, SHOP, "house", NOW)
        assert coming is not None
        assert coming.id == soon.id
        [after] = (await policies.in_force(tx, [(SHOP, "house")], datetime(2026, 12, 6, tzinfo=UTC))).values()
    assert (before.id, after.id) == (first.id, soon.id)
    await do_at(db, SYSTEM, datetime(2026, 12, 5, tzinfo=UTC), policies.start, [soon.id, first.id])
    assert await states(db) == {"1": "superseded", "2": "in_force"}
    await do_at(db, SYSTEM, datetime(2026, 12, 6, tzinfo=UTC), policies.start, [soon.id])
    assert await states(db) == {"1": "superseded", "2": "in_force"}


async def test_of_two_that_begin_late_the_later_one_stays(db: Database, packs: None) -> None:
    for label, day in (("1", "2026-01-01"), ("2", "2026-12-10"), ("3", "2026-12-05")):
        edition, *_ = await draft(db, label, changes(effective_from=day))
        await do_at(db, SYSTEM, NOW, policies.announce, edition.id)
    async with db.reading(SYSTEM) as tx:
        ids = {one.label: one.id for one in await policies.history(tx, SHOP, "house", Page())}
    late = datetime(2026, 12, 20, tzinfo=UTC)
    await do_at(db, SYSTEM, late, policies.start, [ids["2"]])
    await do_at(db, SYSTEM, late, policies.start, [ids["3"]])
    assert await states(db) == {"1": "superseded", "2": "in_force", "3": "superseded"}


async def test_what_applies_to_nobody_yet_can_be_taken_back_and_binds_nobody(db: Database, packs: None) -> None:
    first, *_ = await draft(db)
    await do_at(db, SYSTEM, NOW, policies.announce, first.id)
    second, *_ = await draft(db, "2", changes(effective_from="2026-12-05"))
    await do_at(db, SYSTEM, NOW, policies.announce, second.id)
    await do_at(db, SYSTEM, NOW, policies.withdraw, second.id)
    assert await states(db) == {"1": "in_force", "2": "withdrawn"}
    async with db.reading(SYSTEM) as tx:
        [stays] = (await policies.in_force(tx, [(SHOP, "house")], datetime(2027, 1, 1, tzinfo=UTC))).values()
        assert await deadlines.of_subjects(tx, [second.id]) == []
    assert stays.id == first.id
    with pytest.raises(policies.NotADraft):
        await do_at(db, SYSTEM, NOW, policies.withdraw, first.id)
    with pytest.raises(policies.NotADraft):
        await draft(db, "2")


@pytest.mark.requirement("R1.9")
async def test_what_was_announced_cannot_be_changed_not_even_by_hand(db: Database, packs: None) -> None:
    edition, *_ = await draft(db)
    await do_at(db, SYSTEM, NOW, policies.announce, edition.id)
    with pytest.raises(policies.NotADraft):
        await draft(db, given=changes(days=30))
    async with db.connection() as connection:
        for statement in ("UPDATE policies SET document = '{}'", "DELETE FROM policies"):
            with pytest.raises(asyncpg.PostgresError, match="history"):
                await connection.execute(statement)


async def test_a_newer_pack_applies_when_it_has_been_announced_long_enough(db: Database) -> None:
    old = replace(CN, version="2025.1")
    await do_at(db, SYSTEM, NOW, policies.publish, None, old)
    policy = await do_at(db, SYSTEM, NOW, policies.publish, None, CN, late=True)
    assert policy.effective_from == datetime(2026, 11, 30, 16, tzinfo=UTC)
    again = await do_at(db, SYSTEM, NOW + timedelta(days=1), policies.publish, None, CN, late=True)
    assert again == policy


async def test_two_who_announce_one_draft_announce_it_once(db: Database, packs: None) -> None:
    edition, *_ = await draft(db)
    answers = await asyncio.gather(
        *(do(db, SYSTEM, policies.announce, edition.id) for _ in range(2)), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["NotADraft", "Policy"]


async def test_of_two_first_versions_at_once_one_applies_and_the_other_is_a_change(db: Database, packs: None) -> None:
    made = [await draft(db, label) for label in ("1", "2")]
    answers = await asyncio.gather(
        *(do(db, SYSTEM, policies.announce, edition.id) for edition, _, _ in made), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["NoticeTooShort", "Policy"]
    assert sorted((await states(db)).values()) == ["draft", "in_force"]


async def test_drafts_are_seen_by_their_own_only(db: Database, packs: None) -> None:
    theirs, *_ = await draft(db)
    platforms, *_ = await do_at(
        db,
        SYSTEM,
        NOW,
        policies.save_draft,
        None,
        "house",
        "1",
        extends=BASE,
        given=changes(effective_from="2027-01-01"),
    )
    for merchant_id, seen in ((SHOP, {theirs.id}), (8, set())):
        async with db.reading(Actor(ActorKind.KEY, 1, "key", merchant_id)) as tx:
            rows = await tx.fetch("SELECT id FROM policy_editions WHERE state = 'draft'")
            assert {row["id"] for row in rows} == seen
            with pytest.raises(policies.PolicyUnknown):
                await policies.edition(tx, platforms.id)


@pytest.mark.requirement("R1.1")
async def test_a_region_has_its_own_policy(db: Database, packs: None) -> None:
    regions = {"EU": "eu_crd", "GB": "uk_ccr", "FR": "nothing"}
    edition, *_ = await draft(db, given=changes(regions=regions))
    await do_at(db, SYSTEM, NOW, policies.announce, edition.id)
    async with db.reading(SYSTEM) as tx:
        found = await policies.for_buyers(tx, [(SHOP, "house")], NOW)
    bound = {
        country: policies.for_country(found, SHOP, "house", country)
        for country in ("DE", "gb", "FR", "CN", "")
    }  # fmt: skip
    assert {country: one.code for country, one in bound.items() if one} == {
        "DE": "eu_crd", "gb": "uk_ccr", "FR": "eu_crd", "CN": "house", "": "house",
    }  # fmt: skip
