"""Checkouts: what was placed at once and is paid at once, over one order or several."""

from datetime import datetime

from dingdan.kernel.money import Money
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import order_views as views
from dingdan.surfaces.api.order_views import OrderView
from dingdan.surfaces.shared.doors import get
from dingdan.surfaces.shared.wire import View, ref


class CheckoutView(View, frozen=True, kw_only=True):
    """A checkout with its orders, those within reach; `total` is theirs, `pay_by` the earliest of theirs."""

    id: str
    total: Money
    placed_at: datetime
    pay_by: datetime
    orders: list[OrderView]


@get("/v1/checkouts/{checkout_id}", permission="order.read")
async def show(tx: Tx, checkout_id: int) -> CheckoutView:
    """One checkout."""
    found = await views.of_checkout(tx, checkout_id)
    return CheckoutView(
        id=ref("checkout", checkout_id),
        total=Money(sum(order.total.amount for order in found), found[0].total.currency),
        placed_at=min(order.placed_at for order in found),
        pay_by=min(order.pay_by for order in found),
        orders=found,
    )


ROUTES = [show]
