"""Kinds of trouble as data: those that ship, the platform's, a merchant's; none without owner and playbook."""

from typing import Any

import asyncpg
import msgspec
import pytest
from tests import given
from tests.areas.cases import desk

from dingdan.areas import cases, identity
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.reactions.table import TABLE

pytestmark = pytest.mark.requirement("O6.1")

MINIMUM = {"payment_failed", "address_unclear", "turned_away", "wrong_item", "missing_item"}


def test_what_ships_can_be_looked_after() -> None:
    found = cases.shipped()
    assert set(found) >= MINIMUM
    for kind in found.values():
        document = kind.document
        assert document.owner in identity.STAFF_ROLES, kind.code
        assert set(document.ladder) <= identity.STAFF_ROLES, kind.code
        assert document.playbook, kind.code
        assert set(document.ends_on.values()) <= set(document.closures), kind.code
        assert all(step.zh.strip() and step.en.strip() for step in document.playbook), kind.code


def test_every_fact_that_opens_or_ends_a_case_is_answered_or_still_to_come() -> None:
    answered = {event.wire for event, reactions in TABLE.items() if any(r.__name__ == "follow" for r in reactions)}
    named = {wire for kind in cases.shipped().values() for wire in (*kind.document.opens_on, *kind.document.ends_on)}
    known = {event.wire for event in TABLE}
    assert named & known <= answered


def kind(**more: Any) -> cases.SaveKind:
    """A kind of a platform's own."""
    document = cases.KindDocument(
        title=cases.CaseWords("Customs", "清关异常"), owner="logistics", by_buyer=True,
        playbook=(cases.Step("ask", "Ask customs.", "询问海关。"),), closures=("released", "sent_back"),
    )  # fmt: skip
    wanted = cases.SaveKind(merchant_id=None, code="customs", document=msgspec.structs.replace(document, **more))
    return wanted


@pytest.mark.parametrize("lack", [{"owner": None}, {"playbook": ()}])
async def test_without_owner_or_playbook_it_cannot_be_switched_on(db: Database, lack: dict[str, Any]) -> None:
    wanted = kind(**lack)
    with pytest.raises(cases.KindUnowned):
        await do(db, SYSTEM, cases.save_kind, wanted)
    off = await do(db, SYSTEM, cases.save_kind, msgspec.structs.replace(wanted, is_active=False))
    assert (off.number, off.is_active) == (1, False)
    async with db.connection() as connection:
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute("UPDATE case_kinds SET is_active = true")


async def test_platforms_add_kinds_and_merchants_have_their_own_version(db: Database) -> None:
    shop, other = await given.shop(db), await given.shop(db)
    await do(db, SYSTEM, cases.save_kind, kind())
    mine = await do(db, SYSTEM, cases.save_kind,
                    msgspec.structs.replace(kind(contact_minutes=10), merchant_id=shop.merchant_id))  # fmt: skip
    again = await do(db, SYSTEM, cases.save_kind,
                     msgspec.structs.replace(kind(contact_minutes=10), merchant_id=shop.merchant_id))  # fmt: skip
    assert again == mine
    order_id = await given.paid_order(db, shop)
    made = await desk.trouble(db, order_id, "customs")
    theirs = await desk.trouble(db, await given.paid_order(db, other), "customs")
    assert (made.case_kind_id, theirs.case_kind_id != mine.id) == (mine.id, True)
    assert made.contact_by is not None
    assert theirs.contact_by is not None
    assert made.contact_by - made.opened_at < theirs.contact_by - theirs.opened_at


async def test_a_kind_that_is_switched_off_opens_nothing(db: Database) -> None:
    shop = await given.shop(db)
    off = cases.SaveKind(merchant_id=shop.merchant_id, code="damage", document=cases.shipped()["damage"].document,
                         is_active=False)  # fmt: skip
    await do(db, SYSTEM, cases.save_kind, off)
    order_id = await given.shipped_order(db, shop)
    await desk.scan(db, order_id, "damaged")
    async with db.reading(SYSTEM) as tx:
        assert await cases.of_orders(tx, [order_id]) == []
    with pytest.raises(cases.KindSwitchedOff):
        await desk.trouble(db, order_id, "damage")


async def test_what_nobody_could_follow_is_refused_at_once(db: Database) -> None:
    with pytest.raises(Refusal) as refused:
        await do(db, SYSTEM, cases.save_kind, kind(owner="king", ladder=("queen",), ends_on={"order.paid": "paid"}))
    assert [one.path for one in refused.value.problems] == [
        "document.owner", "document.ladder[0]", "document.ends_on.order.paid",
    ]  # fmt: skip


async def test_terms_and_the_platforms_kinds_are_the_platforms(db: Database) -> None:
    shop = await given.shop(db)
    own = desk.Actor(desk.ActorKind.STAFF, 9, "Own", shop.merchant_id, desk.BOSS_MAY)
    with pytest.raises(cases.KindNotYours):
        await do(db, own, cases.save_kind, kind())
    async with db.reading(SYSTEM) as tx:
        terms = await cases.terms(tx)
    with pytest.raises(cases.KindNotYours):
        await do(db, own, cases.save_terms, terms)
    assert (terms.agent["CNY"], terms.lead["CNY"]) == (50_00, 500_00)
