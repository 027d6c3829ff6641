"""Where orders made elsewhere go: to whom the channel names last, if anybody can be found there."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dingdan.areas import addresses, customs, identity, orders
from dingdan.areas.channel_orders import store
from dingdan.areas.channel_orders.lifecycle import ProblemState
from dingdan.areas.channel_orders.model import ChannelOrder, ProblemKind
from dingdan.plumbing.tx import Tx

if TYPE_CHECKING:
    from dingdan.areas.channel_orders.advancing import Stand


ENDED = (orders.OrderState.CANCELLED, orders.OrderState.EXPIRED)
# What is found by looking at who an order is for.
OF_PEOPLE = frozenset({ProblemKind.ADDRESS_UNUSABLE, ProblemKind.IMPORT_LIMIT})


async def readdress(tx: Tx, stand: "Stand") -> None:
    """Send orders where the channel says now, and find addresses that nobody can deliver to."""
    other = {
        order.id: source.contact_id
        for source, order in stand.pairs
        if source.contact_id is not None and source.contact_id != order.contact_id
    }
    sent = await orders.readdress(tx, other) if other else set()
    known = await store.problems(tx, stand.sources)
    doubted = {
        i for i, found in known.items()
        if any(p.state is ProblemState.OPEN and p.kind in OF_PEOPLE for p in found)
    }  # fmt: skip
    asked = {
        source.contact_id: source
        for source, order in stand.pairs
        if source.contact_id is not None and (source.id in stand.written | doubted or order.id in sent)
    }
    if asked:
        await _count_imports(tx, stand, asked)
    for contact_id, contact in (await identity.contacts(tx, asked)).items() if asked else ():
        flaws = addresses.check(contact.address) if contact.address is not None else []
        if flaws:
            told = [{"part": flaw.part, "code": flaw.code} for flaw in flaws]
            stand.note(asked[contact_id], ProblemKind.ADDRESS_UNUSABLE, flaws=told)


async def _count_imports(tx: Tx, stand: "Stand", asked: Mapping[int, ChannelOrder]) -> None:
    """Goods from abroad count for whoever takes them through customs, wherever they were bought."""
    ours = {
        source.order_id: contact_id for contact_id, source in asked.items()
        if source.order_id in stand.ours and stand.ours[source.order_id].currency == customs.CURRENCY
    }  # fmt: skip
    worth = {i: customs.worth(some) for i, some in (await orders.lines(tx, [i for i in ours if i])).items()}
    counts = {i: ours[i] for i, amount in worth.items() if amount and stand.ours[i].state not in ENDED}
    if not counts:
        return
    papers, places = await identity.papers(tx, counts.values()), await identity.countries(tx, counts.values())
    new = [
        customs.NewImport(order_id=i, merchant_id=stand.ours[i].merchant_id, number=number, amount=worth[i])
        for i, contact_id in counts.items() if (number := papers[contact_id][1]) and places.get(contact_id) == "CN"
    ]  # fmt: skip
    too_much = await customs.note_elsewhere(tx, new) if new else set()
    for source in asked.values():
        if source.order_id in too_much:
            stand.note(source, ProblemKind.IMPORT_LIMIT)
