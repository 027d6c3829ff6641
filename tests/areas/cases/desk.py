"""A desk for trouble: people with so much to say each, and orders in trouble."""

from datetime import timedelta
from typing import Any

from tests import given

from dingdan.areas import cases, fulfilment, identity
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

HOUR = timedelta(hours=1)
AGENT_MAY = frozenset({"case.work", "case.read"})
LEAD_MAY = AGENT_MAY | {"case.lead"}
BOSS_MAY = LEAD_MAY | {"case.manage"}
ANNA = Actor(ActorKind.STAFF, 901, "Anna", permissions=AGENT_MAY)
BELA = Actor(ActorKind.STAFF, 902, "Bela", permissions=AGENT_MAY)
LEA = Actor(ActorKind.STAFF, 903, "Lea", permissions=LEAD_MAY)
LUC = Actor(ActorKind.STAFF, 904, "Luc", permissions=LEAD_MAY)
MARA = Actor(ActorKind.STAFF, 905, "Mara", permissions=BOSS_MAY)
MILO = Actor(ActorKind.STAFF, 906, "Milo", permissions=BOSS_MAY)


async def hire(db: Database, shop: given.Shop | None, login: str, *roles: str, **more: Any) -> int:
    """Somebody of the seller's staff, or without a shop of the platform's."""
    saved = identity.SaveStaff(shop.merchant_id if shop else None, login, login.title(), roles, **more)
    return (await do(db, SYSTEM, identity.save_staff, saved)).id


async def trouble(db: Database, order_id: int, kind: str = "missing_item", by: Actor = ANNA) -> cases.Case:
    """A case that somebody opened about an order."""
    return await do(db, by, cases.open_by_hand, cases.OpenCase(kind=kind, order_id=order_id), source="staff")


async def owner(db: Database, case_id: int) -> cases.CaseOwner:
    """Who answers for a case now."""
    async with db.reading(SYSTEM) as tx:
        return (await cases.owners(tx, [case_id]))[case_id][-1]


async def as_it_stands(db: Database, case_id: int) -> cases.Case:
    """A case as it stands."""
    async with db.reading(SYSTEM) as tx:
        return await cases.get_one(tx, case_id)


async def scan(db: Database, order_id: int, code: str) -> None:
    """The carrier says something of an order's parcel, and what follows follows."""
    async with db.transaction(SYSTEM) as tx:
        (parcel,) = await fulfilment.parcels_of(tx, [order_id])
        await fulfilment.scan(tx, [
            fulfilment.Scan(carrier=parcel.carrier, tracking_number=parcel.tracking_number, event_id=f"e-{code}",
                            code=code, at=tx.now)
        ])  # fmt: skip
    await given.settle(db)


def refund(line_no: int = 1, units: int = 1, **more: Any) -> cases.Propose:
    """Units of a line back in money."""
    return cases.Propose(kind=cases.RemedyKind.REFUND, lines=(cases.RemedyLine(line_no, units),), **more)


def reship(line_no: int = 1, units: int = 1) -> cases.Propose:
    """Units of a line sent again."""
    return cases.Propose(kind=cases.RemedyKind.RESHIP, lines=(cases.RemedyLine(line_no, units),))


def compensation(amount: int, form: cases.CompensationForm = "balance", **more: Any) -> cases.Propose:
    """Something on top."""
    return cases.Propose(kind=cases.RemedyKind.COMPENSATION, amount=amount, form=form, **more)
