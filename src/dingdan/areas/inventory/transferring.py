"""Goods go from one warehouse to another in two steps; in between they are on their way and nobody's to sell."""

from collections import Counter
from collections.abc import Sequence

from dingdan.areas.inventory import store
from dingdan.areas.inventory.events import TransferArrived, TransferReceived, TransferSent
from dingdan.areas.inventory.lifecycle import TRANSFER, TransferState
from dingdan.areas.inventory.model import Arrived, SendTransfer, Transfer, TransferLine
from dingdan.areas.inventory.moving import MAX_UNITS
from dingdan.areas.inventory.refusals import (
    FieldUnfit,
    NotInTransfer,
    TooFewUnits,
    TransferUnknown,
    WarehouseUnknown,
)
from dingdan.areas.inventory.store import Change, Movement
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx


async def send_transfer(tx: Tx, wanted: SendTransfer) -> Transfer:
    """Units that nobody was promised leave a shelf and are on their way to another warehouse.

    Raises WarehouseUnknown, FieldUnfit or TooFewUnits, all at once.
    """
    if not tx.actor.reaches(wanted.merchant_id):
        raise WarehouseUnknown("from", code="-")
    problems: list[Refusal] = []
    if wanted.from_id == wanted.to_id:
        problems.append(FieldUnfit("to", field="to", why="another warehouse", why_zh="须为另一个仓库"))
    if not wanted.lines:
        problems.append(FieldUnfit("lines", field="lines", why="at least one", why_zh="至少一项"))
    units: Counter[int] = Counter()
    for place, (product_id, quantity) in enumerate(wanted.lines):
        if not 1 <= quantity <= MAX_UNITS:
            problems.append(FieldUnfit(f"lines[{place}].quantity", field="quantity", why="1 unit or more",
                                       why_zh="至少一件"))  # fmt: skip
        units[product_id] += quantity
    places = (wanted.from_id, wanted.to_id)
    await store.add_rows(tx, [(place, product_id, wanted.merchant_id) for place in places for product_id in units])
    levels = await store.lock_levels(tx, [(place, product_id) for place in places for product_id in units])
    for place, (product_id, _) in enumerate(wanted.lines):
        row = levels[wanted.from_id, product_id]
        there = max(0, row["on_hand"] - row["reserved"] - row["held"])
        if there < units[product_id]:
            problems.append(TooFewUnits(f"lines[{place}].quantity", there=there, wanted=units[product_id]))
    refuse_all(problems)
    lines = tuple(TransferLine(product_id, quantity) for product_id, quantity in sorted(units.items()))
    transfer = Transfer(id=tx.mint(), merchant_id=wanted.merchant_id, from_id=wanted.from_id, to_id=wanted.to_id,
                        state=TransferState.SENT, version=1, sent_at=tx.now, arrived_at=None, lines=lines)  # fmt: skip
    await store.change_stock(tx, [
        change for line in lines for change in (
            Change(warehouse_id=wanted.from_id, product_id=line.product_id, on_hand=-line.quantity),
            Change(warehouse_id=wanted.to_id, product_id=line.product_id, in_transit=line.quantity),
        )
    ])  # fmt: skip
    await store.add_movements(tx, [
        Movement(merchant_id=wanted.merchant_id, warehouse_id=place, product_id=line.product_id, bucket=bucket,
                 quantity=sign * line.quantity, reason="transfer_out", cause_id=transfer.id)
        for line in lines
        for place, bucket, sign in ((wanted.from_id, "on_hand", -1), (wanted.to_id, "in_transit", 1))
    ])  # fmt: skip
    await store.add_transfer(tx, transfer)
    tx.announce(TransferSent(subject_id=transfer.id, merchant_id=transfer.merchant_id, from_id=transfer.from_id,
                             to_id=transfer.to_id, units=sum(units.values()), move=born(TRANSFER, transfer.id)))  # fmt: skip
    return transfer


async def receive_transfer(tx: Tx, transfer_id: int, arrivals: Sequence[Arrived] | None = None) -> Transfer:
    """Units came in and are for sale, or will not come; without `arrivals` all that is on its way came.

    When none is left on its way the transfer has arrived. Raises TransferUnknown or NotInTransfer, all at once.
    """
    transfer = await store.lock_transfer(tx, transfer_id)
    if transfer is None or not tx.actor.reaches(transfer.merchant_id):
        raise TransferUnknown("path.transfer_id")
    open_ = {line.product_id: line.open for line in transfer.lines}
    if arrivals is None:
        arrivals = [Arrived(product_id, units) for product_id, units in open_.items() if units]
    came: Counter[int] = Counter()
    lost: Counter[int] = Counter()
    problems: list[Refusal] = []
    for place, one in enumerate(arrivals):
        came[one.product_id] += one.arrived
        lost[one.product_id] += one.missing
        named = came[one.product_id] + lost[one.product_id]
        if one.arrived < 0 or one.missing < 0 or named > open_.get(one.product_id, 0) or named == 0:
            problems.append(NotInTransfer(f"lines[{place}]", open=open_.get(one.product_id, 0), named=named))
    if not arrivals:
        problems.append(NotInTransfer("lines", open=0, named=0))
    refuse_all(problems)
    await store.change_stock(tx, [
        Change(warehouse_id=transfer.to_id, product_id=p, on_hand=came[p], in_transit=-came[p] - lost[p]) for p in came
    ])  # fmt: skip
    await store.add_movements(tx, [
        Movement(merchant_id=transfer.merchant_id, warehouse_id=transfer.to_id, product_id=p, bucket=bucket,
                 quantity=units, reason=reason, cause_id=transfer.id)
        for p in came
        for bucket, units, reason in (
            ("in_transit", -came[p], "transfer_in"), ("on_hand", came[p], "transfer_in"),
            ("in_transit", -lost[p], "write_off"),
        ) if units
    ])  # fmt: skip
    await store.add_arrived(tx, transfer_id, [(p, came[p], lost[p]) for p in came])
    tx.announce(TransferReceived(subject_id=transfer_id, merchant_id=transfer.merchant_id, arrived=came.total(),
                                 missing=lost.total()))  # fmt: skip
    if sum(open_.values()) == came.total() + lost.total():
        moved = await store.move_transfers(tx, "arrive", [transfer_id], arrived_at=tx.now)
        tx.announce(TransferArrived(subject_id=transfer_id, merchant_id=transfer.merchant_id, move=moved[transfer_id]))
    (after,) = await store.transfers(tx, [transfer_id])
    return after
