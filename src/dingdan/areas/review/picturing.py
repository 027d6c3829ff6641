"""What triggers look at, loaded for many orders at once: a constant number of queries, and only what is needed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from dingdan.areas import identity, inventory, orders
from dingdan.areas.review.model import AddressCluster, LinePicture, Picture, Rule
from dingdan.areas.review.rules.triggers import needs
from dingdan.plumbing.tx import Tx

# How far back a product's usual price is looked for.
PRICE_HISTORY = timedelta(days=30)


async def picture(tx: Tx, found: Mapping[int, orders.Order], rules: Collection[Rule]) -> dict[int, Picture]:
    """Each order as it was when it was paid, with all that these rules look at; stock is as it is now."""
    triggers = [rule.document.trigger for rule in rules]
    wanted = needs(triggers)
    lines = await orders.lines(tx, found)
    on_hand = await _stock(tx, found, lines) if "stock" in wanted else {}
    usual = await _prices(tx, found, lines) if "prices" in wanted else {}
    habits = await orders.habits(tx, found) if "habits" in wanted else {}
    contacts = [order.contact_id for order in found.values()]
    hours = max((one.within_hours for one in triggers if isinstance(one, AddressCluster)), default=1)
    known = await identity.standing(tx, contacts, within=timedelta(hours=hours)) if "people" in wanted else {}
    wrote = await identity.contacts(tx, contacts) if "remarks" in wanted else {}
    return {
        order_id: _picture(
            order,
            tuple(_line(line, order, on_hand, usual) for line in lines[order_id]),
            habits.get(order_id),
            known.get(order.contact_id),
            has_remark=order.contact_id in wrote and bool(wrote[order.contact_id].remark.strip()),
        )
        for order_id, order in found.items()
    }


def _line(
    line: orders.OrderLine,
    order: orders.Order,
    on_hand: Mapping[tuple[int, int], int],
    usual: Mapping[tuple[int, str], int],
) -> LinePicture:
    return LinePicture(
        sku=line.sku, flags=frozenset(line.flags), quantity=line.quantity, unit_price=line.unit_price,
        on_hand=on_hand.get((order.warehouse_id, line.product_id)),
        usual_price=usual.get((line.product_id, order.currency)),
    )  # fmt: skip


def _picture(
    order: orders.Order,
    lines: tuple[LinePicture, ...],
    habits: orders.Habits | None,
    known: identity.Standing | None,
    *,
    has_remark: bool,
) -> Picture:
    return Picture(
        order_id=order.id, currency=order.currency, total=order.total, goods=order.goods, discount=order.discount,
        placed_at=order.placed_at, lines=lines, has_remark=has_remark,
        usual_total=habits.usual_total if habits else None,
        earlier_orders=habits.earlier_orders if habits else 0,
        recent_orders=habits.recent if habits else (),
        buyer_since=known.buyer_since if known else None,
        at_address=known.at_address if known else (),
        at_device=known.at_device if known else (),
    )  # fmt: skip


Lines = Mapping[int, Sequence[orders.OrderLine]]


async def _stock(tx: Tx, found: Mapping[int, orders.Order], lines: Lines) -> dict[tuple[int, int], int]:
    keys = {(found[order_id].warehouse_id, line.product_id) for order_id, held in lines.items() for line in held}
    return await inventory.on_hand(tx, keys)


async def _prices(tx: Tx, found: Mapping[int, orders.Order], lines: Lines) -> dict[tuple[int, str], int]:
    """What products usually sold for before the first of these orders was placed."""
    keys = {(line.product_id, found[order_id].currency) for order_id, held in lines.items() for line in held}
    since = min((order.placed_at for order in found.values()), default=tx.now) - PRICE_HISTORY
    return await orders.usual_prices(tx, keys, since=since, before_id=min(found, default=0))
