"""Where goods are sent is fixed with the approval; another place holds only once the buyer agrees (R3.1)."""

from collections.abc import Iterable

from dingdan.areas import inventory, returns
from dingdan.areas.way_back import store
from dingdan.areas.way_back.events import ReturnAddressAnswered, ReturnAddressFixed, ReturnAddressProposed
from dingdan.areas.way_back.model import PlaceVersion
from dingdan.areas.way_back.reading import places_of
from dingdan.areas.way_back.refusals import NothingProposed, PlaceStands, PlaceUnfit
from dingdan.kernel.address import Address, missing_parts
from dingdan.plumbing.tx import Tx


async def fix(tx: Tx, return_ids: Iterable[int]) -> None:
    """Write down where the goods of approved returns go that are to be sent; what is fixed already stays as it is."""
    held = await returns.hold(tx, return_ids)
    approved = {i: r for i, r in held.items() if r.decision == "approved" and r.send_by is not None}
    found = await inventory.warehouses(tx, {r.warehouse_id for r in approved.values()})
    new = await store.add_places(
        tx, [(i, 1, r.merchant_id, r.order_id, found[r.warehouse_id].return_address) for i, r in approved.items()],
        is_agreed=True,
    )  # fmt: skip
    tx.announce(*(
        ReturnAddressFixed(subject_id=i, merchant_id=approved[i].merchant_id, order_id=approved[i].order_id,
                           place_version=1)
        for i in new
    ))  # fmt: skip


async def propose_address(tx: Tx, return_id: int, address: Address) -> PlaceVersion:
    """Ask the buyer to send the goods elsewhere; until they agree nothing changes.

    Raises returns.ReturnUnknown, PlaceUnfit or PlaceStands.
    """
    missing = missing_parts(address)
    if missing:
        raise PlaceUnfit("address", missing=", ".join(missing))
    held = (await returns.hold(tx, [return_id])).get(return_id)
    if held is None:
        raise returns.ReturnUnknown
    known = (await places_of(tx, [return_id]))[return_id]
    if held.decision != "approved" or held.journey != "at_buyer" or not known or known[-1].is_agreed is None:
        raise PlaceStands
    version = known[-1].version + 1
    await store.add_places(tx, [(return_id, version, held.merchant_id, held.order_id, address)], is_agreed=None)
    tx.announce(ReturnAddressProposed(subject_id=return_id, merchant_id=held.merchant_id, order_id=held.order_id,
                                      place_version=version))  # fmt: skip
    return (await places_of(tx, [return_id]))[return_id][-1]


async def answer_address(tx: Tx, return_id: int, *, is_agreed: bool) -> PlaceVersion:
    """The buyer agrees to the other place, or does not. Raises returns.ReturnUnknown or NothingProposed."""
    held = (await returns.hold(tx, [return_id])).get(return_id)
    if held is None:
        raise returns.ReturnUnknown
    known = (await places_of(tx, [return_id]))[return_id]
    if not known or known[-1].is_agreed is not None:
        raise NothingProposed
    version = known[-1].version
    await store.answer_place(tx, return_id, version, is_agreed=is_agreed)
    tx.announce(ReturnAddressAnswered(subject_id=return_id, merchant_id=held.merchant_id, order_id=held.order_id,
                                      place_version=version, is_agreed=is_agreed))  # fmt: skip
    return (await places_of(tx, [return_id]))[return_id][-1]
