"""Writing new orders down."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from dingdan.areas.orders import store
from dingdan.areas.orders.events import OrderPlaced
from dingdan.areas.orders.lifecycle import ORDER
from dingdan.areas.orders.model import NewOrder, Order
from dingdan.areas.orders.promises import PAY_BY
from dingdan.plumbing import deadlines
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx


async def record(tx: Tx, new: Sequence[NewOrder]) -> None:
    """Write orders whose stock is held and whose amounts are decided; their pay-by clocks start."""
    await store.add(tx, new)
    await deadlines.schedule(tx, PAY_BY, [deadlines.Due(o.id, o.merchant_id, o.pay_by) for o in new], are_new=True)
    tx.announce(*(
        OrderPlaced(subject_id=o.id, merchant_id=o.merchant_id, order_id=o.id, move=born(ORDER, o.id),
                    buyer_id=o.buyer_id, channel_id=o.channel_id, total=o.total, currency=o.currency,
                    lines=len(o.lines))
        for o in new
    ))  # fmt: skip


def as_recorded(new: NewOrder, at: datetime) -> Order:
    """An order that was written down at this moment, as reading it would give it."""
    return Order(
        id=new.id, merchant_id=new.merchant_id, checkout_id=new.checkout_id, channel_id=new.channel_id,
        warehouse_id=new.warehouse_id, buyer_id=new.buyer_id, contact_id=new.contact_id, state=ORDER.initial, version=1,
        currency=new.currency, goods=new.goods, discount=new.discount, freight=new.freight, tax=new.tax, total=new.total,
        refunded=0, policy_id=new.policy_id, policy_hash=new.policy_hash, reference=new.reference, placed_at=at,
        pay_by=new.pay_by, paid_at=None, dispatch_locked_at=None, under_review_since=None, snagged_since=None,
        short_since=None, shipped_at=None, delivered_at=None, received_at=None, completed_at=None, cancelled_at=None,
        cancel_reason=None, replaces=new.replaces, first_order_id=new.first_order_id,
    )  # fmt: skip


async def put_off_payment(tx: Tx, until: Mapping[int, datetime]) -> None:
    """Give orders more time to be paid: {order: until when}. The caller holds them."""
    if until:
        await store.wait_until(tx, until)


async def claim_references(tx: Tx, wanted: Sequence[tuple[int, str, int]]) -> dict[int, int]:
    """Give orders (merchant, reference, order) their shop's number; {order: the order that has it already}."""
    return await store.claim_references(tx, wanted) if wanted else {}


async def drop_references(tx: Tx, given: Sequence[tuple[int, str, int]]) -> None:
    """Free the references (merchant, reference, order) of orders that did not come to be."""
    if given:
        await store.drop_references(tx, given)
