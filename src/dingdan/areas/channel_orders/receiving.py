"""Where orders made elsewhere go: to whom the channel names last, if anybody can be found there."""

from typing import TYPE_CHECKING

from dingdan.areas import addresses, identity, orders
from dingdan.areas.channel_orders import store
from dingdan.areas.channel_orders.lifecycle import ProblemState
from dingdan.areas.channel_orders.model import ProblemKind
from dingdan.plumbing.tx import Tx

if TYPE_CHECKING:
    from dingdan.areas.channel_orders.advancing import Stand


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
        if any(p.state is ProblemState.OPEN and p.kind is ProblemKind.ADDRESS_UNUSABLE for p in found)
    }  # fmt: skip
    asked = {
        source.contact_id: source
        for source, order in stand.pairs
        if source.contact_id is not None and (source.id in stand.written | doubted or order.id in sent)
    }
    for contact_id, contact in (await identity.contacts(tx, asked)).items() if asked else ():
        flaws = addresses.check(contact.address) if contact.address is not None else []
        if flaws:
            told = [{"part": flaw.part, "code": flaw.code} for flaw in flaws]
            stand.note(asked[contact_id], ProblemKind.ADDRESS_UNUSABLE, flaws=told)
