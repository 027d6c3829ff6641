"""What is sent for goods of an order that was put away goes to whoever received those: the archive knows who that was."""

from collections.abc import Iterable, Mapping

from dingdan.areas import cases, identity, orders
from dingdan.areas.archive import keeping, store
from dingdan.kernel import ids
from dingdan.plumbing.tx import Tx


async def refill(tx: Tx, copies: Mapping[int, int]) -> None:
    """Where the snapshot of an order was empty when it was copied {order: from which one}, give it a whole one.

    What was confirmed names the empty one, which stays. Orders with a whole one are left alone, and so are people who
    were forgotten or erased.
    """
    found = await orders.get(tx, {*copies, *copies.values()})
    known = await identity.contacts(tx, {found[i].contact_id for i in copies})
    empty = {i: found[first] for i, first in copies.items() if known[found[i].contact_id].is_erased}
    kept = await store.kept(tx, {order.id for order in empty.values()}) if empty else {}
    keys = await keeping.open_keys(tx, list(kept.values()))
    bundles = await store.bundles(tx, list(keys))
    whole: dict[int, int | None] = {}
    for i, first in sorted(empty.items()):
        if first.id not in keys:
            continue
        people = keeping.people_of(tx, bundles[first.id], keys[first.id])
        if said := people.get("contacts", {}).get(ids.encode("contact", first.contact_id)):
            whole[i] = await identity.refill(tx, found[i].contact_id, said)
    await orders.readdress(tx, {i: contact_id for i, contact_id in whole.items() if contact_id is not None})


async def refill_remedied(tx: Tx, remedy_ids: Iterable[int]) -> None:
    """The same for what was sent to make something good."""
    found = [await cases.get_remedy(tx, i) for i in remedy_ids]
    await refill(tx, {one.replaced_by: one.order_id for one in found if one.replaced_by is not None})
