"""What came without an order, a parcel that nobody announced or a word on the telephone, finds the order it is about."""

from dingdan.areas import identity, orders
from dingdan.areas.cases import store
from dingdan.areas.cases.cataloguing import documents
from dingdan.areas.cases.events import CaseAttached
from dingdan.areas.cases.lifecycle import UNENDED
from dingdan.areas.cases.model import Case
from dingdan.areas.cases.reading import MOST_ENTRIES, get_one
from dingdan.areas.cases.refusals import CaseHasOrder, CaseOpenAlready, CaseStateForbids
from dingdan.kernel.ids import encode
from dingdan.plumbing.tx import Tx


async def attach(tx: Tx, case_id: int, order_id: int) -> Case:
    """Say which order an open case is about, once: from now on it is that order's, for its buyer and in its archive.

    What was written down before there was a buyer is repeated in the buyer's seal. Raises CaseUnknown, OrderUnknown,
    CaseStateForbids, CaseHasOrder or CaseOpenAlready.
    """
    order = await orders.lock_one(tx, order_id)
    await get_one(tx, case_id)
    (case,) = await store.lock(tx, [case_id])
    if order.merchant_id != case.merchant_id:
        raise orders.OrderUnknown("order")
    if case.order_id is not None:
        raise CaseHasOrder(order=encode("order", case.order_id))
    if case.state not in UNENDED:
        raise CaseStateForbids(state=str(case.state), verb="attach")
    known = await store.open_about(tx, [(order_id, case.kind)])
    if known:
        raise CaseOpenAlready("order", case=encode("case", known[order_id, case.kind]))
    document = (await documents(tx, [case]))[case_id]
    said = [str(one.data["note"]) for one in await store.entries(tx, case_id, MOST_ENTRIES) if "note" in one.data]
    (words,) = await identity.seal(tx, [(order.buyer_id, "\n".join(said).encode())])
    await store.attach(tx, case_id, order_id=order_id, buyer_id=order.buyer_id)
    if document.blocks_completion:
        await orders.object(tx, [orders.Objection(order_id, "case", case_id, case.kind)])
    if document.holds_order and "hold" in orders.actions(order):
        await orders.hold(tx, order_id, reason=case.kind)
    entry = {"order": encode("order", order_id)}
    await store.add_entries(tx, [(case_id, case.merchant_id, "attached", entry, words if said else None, ())])
    tx.announce(CaseAttached(subject_id=case_id, merchant_id=case.merchant_id, order_id=order_id, kind=case.kind,
                             is_told=document.tells_buyer))  # fmt: skip
    return await get_one(tx, case_id)
