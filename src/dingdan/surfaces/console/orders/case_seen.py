"""Everything that the page of a case is drawn from, read once."""

import msgspec

from dingdan.areas import cases, fulfilment, identity, orders
from dingdan.plumbing.tx import Tx

# What amounts are in where a case has no order.
NO_ORDER = "CNY"


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A case with everything that its page is drawn from."""

    case: cases.Case
    document: cases.KindDocument
    order: orders.Order | None
    lines: list[orders.OrderLine]
    remedies: list[cases.Remedy]
    claims: list[cases.Claim]
    owners: list[cases.CaseOwner]
    log: list[cases.Said]
    parcels: list[fulfilment.Parcel]
    people: dict[int, str]

    @property
    def currency(self) -> str:
        """What its amounts are in."""
        return self.order.currency if self.order is not None else NO_ORDER


async def look(tx: Tx, case_id: int) -> Seen:
    """A case with what stands around it. Raises CaseUnknown."""
    case = await cases.get_one(tx, case_id)
    order = await orders.get_one(tx, case.order_id) if case.order_id is not None else None
    owners = (await cases.owners(tx, [case_id]))[case_id]
    log = await cases.log(tx, case, with_words=tx.actor.may("order.read_contact"))
    remedies = (await cases.remedies_of(tx, [case_id]))[case_id]
    wanted = {one.staff_id for one in owners if one.staff_id} | {
        said.entry.actor_id for said in log if said.entry.actor_kind == "staff" and said.entry.actor_id
    } | {one.proposed_by for one in remedies if one.proposed_by_kind == "staff" and one.proposed_by}  # fmt: skip
    people = await identity.staff_by_ids(tx, wanted)
    return Seen(
        case=case, document=(await cases.documents(tx, [case]))[case_id], order=order, owners=owners, log=log, remedies=remedies,
        lines=(await orders.lines(tx, [order.id]))[order.id] if order is not None else [],
        claims=(await cases.claims_of(tx, [case_id]))[case_id],
        parcels=await fulfilment.parcels_of(tx, [order.id]) if order is not None else [],
        people={number: one.name for number, one in people.items()},
    )  # fmt: skip
