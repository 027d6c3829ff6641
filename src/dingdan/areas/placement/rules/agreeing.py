"""An order as a basket again, at the terms that were agreed, and what placing says about it in the words of a change."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from dingdan.areas import addresses, carriers, catalog, identity, inventory, orders, policies, pricing
from dingdan.areas.placement.model import Basket, Buyer, Instead, Item
from dingdan.areas.placement.refusals import DepositIsPaid
from dingdan.areas.placement.rules.cases import Case, Facts, Part, case_of
from dingdan.areas.placement.rules.checks import ADDRESS_CHECKS
from dingdan.areas.placement.rules.judging import Verdict
from dingdan.kernel import ids
from dingdan.kernel.address import Address
from dingdan.kernel.refusal import Action, Operation, Refusal, Solution, Text


def basket_of(
    order: orders.Order,
    lines: Sequence[orders.OrderLine],
    quantities: Mapping[int, int],
    *,
    channel: str,
    contact: identity.Contact,
    ship_to: Address,
) -> Basket:
    """The basket that an order came from, with these quantities by line number; what is at none is left out.

    Of whoever bought it holds the shop's own id only, so that no way out tells more.
    """
    return Basket(
        merchant_id=order.merchant_id, channel=channel, buyer=Buyer(contact.ref), ship_to=ship_to,
        items=tuple(
            Item(line.sku, quantities[line.line_no], line.confirmed_text)
            for line in lines if quantities[line.line_no]
        ),
        currency=order.currency, reference=order.reference,
    )  # fmt: skip


def as_agreed(facts: Facts, lines: Sequence[orders.OrderLine], quantities: Mapping[int, int], currency: str) -> Facts:
    """The same with the unit prices of the order. What the buyer has already, they may have: whether a product is still

    sold, and whether its price is doubted, counts only for lines that grow.
    """
    offers = dict(facts.offers)
    for line in lines:
        key = (line.merchant_id, line.sku)
        offer = offers.get(key) or _offer(line)
        offer = msgspec.structs.replace(offer, prices={**offer.prices, currency: line.unit_price})
        if quantities[line.line_no] <= line.left:
            offer = msgspec.structs.replace(offer, active=True, is_paused=False, usual={}, floors={})
        offers[key] = offer
    return msgspec.structs.replace(facts, offers=offers)


def _offer(line: orders.OrderLine) -> catalog.Offer:
    """What is not in the catalogue any more, as it was sold."""
    return catalog.Offer(line.product_id, line.merchant_id, line.sku, line.title, line.category, tuple(line.flags),
                         active=False, prices={})  # fmt: skip


def in_place_of(facts: Facts, instead: Instead) -> Facts:
    """The same at the terms of the order whose place is taken: its unit prices and its policy."""
    return under(as_agreed(facts, instead.lines, instead.quantities, instead.order.currency), instead.policy)


def under(facts: Facts, policy: policies.Policy) -> Facts:
    """The same with the policy that an order is bound to in the place of the one in force."""
    held = {(merchant.id, merchant.policy): policy for merchant in facts.merchants.values()}
    return msgspec.structs.replace(facts, policies=held)


def served_from(facts: Facts, place: int) -> Facts:
    """The same where only one warehouse serves, whatever serves the channel now; and the merchant, open or closed."""
    return msgspec.structs.replace(
        facts,
        merchants={i: msgspec.structs.replace(one, active=True) for i, one in facts.merchants.items()},
        channels={
            key: msgspec.structs.replace(one, warehouse_id=place, warehouse_ids=())
            for key, one in facts.channels.items()
        },
    )


def places_around(facts: Facts, ship_to: Address | None) -> tuple[int, ...]:
    """Every warehouse of the channel, nearest first."""
    places = tuple(dict.fromkeys(place for channel in facts.channels.values() for place in channel.served_from))
    known = [facts.warehouses[place] for place in places if place in facts.warehouses]
    return (inventory.nearest(known, ship_to) if ship_to is not None else ()) or places


def papers(name: str, number: str) -> addresses.Identity | None:
    """Papers for customs, where any were shown."""
    return addresses.Identity(name, number) if name or number else None


def judge_address(basket: Basket, facts: Facts) -> Verdict:
    """What stands against sending these goods there, and nothing else."""
    case = case_of(basket, facts)
    return Verdict(case, tuple(problem for check in ADDRESS_CHECKS for problem in check(case)), None)


def is_reached(verdicts: Iterable[Verdict]) -> bool:
    """Whether a way leads to an address from everywhere that something comes from."""
    return not any(isinstance(one, carriers.Undeliverable) for verdict in verdicts for one in verdict.problems)


class Worth(msgspec.Struct, frozen=True):
    """What the buyer pays for the goods of each line, before points in all, and for carriage and tax on top.

    `is_carried_free`: promotions pay the carriage. `way` is the part of the freight that its way costs on top of it.
    """

    nets: tuple[int, ...]
    worth: int
    freight: int
    tax: int
    is_carried_free: bool
    way: pricing.Way = pricing.ORDINARY_WAY


def costs_more(ask: pricing.Ask, former: pricing.Ask, terms: pricing.Terms, paid: Worth) -> int:
    """What carriage and tax come to more at an address than at the former one, at the tariffs of today, and than was

    paid; 0 for less. Carriage that a promotion paid whole costs the buyer nothing at the other address either, but what
    a dearer way costs on top of it.
    """
    free, former = paid.is_carried_free, msgspec.structs.replace(former, way=paid.way)
    freight, tax = pricing.added(ask, terms, paid.nets, worth=paid.worth, is_carried_free=free)
    freight_before, tax_before = pricing.added(former, terms, paid.nets, worth=paid.worth, is_carried_free=free)
    more = freight - max(freight_before, paid.freight)
    return max(0, (max(0, more) if free else more) + tax - max(tax_before, paid.tax))


def worth_of(order: orders.Order, lines: Sequence[orders.OrderLine], layers: Sequence[pricing.Charged]) -> Worth:
    """The same of an order as it stands; units that were cancelled do not count."""
    nets = tuple(line.net * line.left // line.quantity for line in lines if line.left)
    points = sum(one.layer.amount for one in layers if one.layer.kind == "points")
    way = pricing.way_of(layers)
    is_free = order.freight == way.fee and any(one.layer.effect == "freight_off" for one in layers)
    return Worth(nets, sum(nets) + points, order.freight, order.tax, is_free, way)


def coupons_of(layers: Sequence[pricing.Charged]) -> tuple[tuple[str, ...], int]:
    """The codes and the points that went into the price of an order."""
    codes = dict.fromkeys(one.layer.code for one in layers if one.layer.code is not None)
    return tuple(codes), sum(one.layer.points for one in layers)


def only_part(case: Case) -> Part:
    """The one part of a basket that was one order."""
    (part,) = case.parts
    return part


def channel_with(channels: Iterable[inventory.Channel], channel_id: int) -> inventory.Channel:
    """The channel that an order came through."""
    return next(one for one in channels if one.id == channel_id)


_LINE = re.compile(r"lines\[(\d+)\]")
_STEP = re.compile(r"/lines/(\d+)(/quantity)?")


def in_change(
    problem: Refusal, sold: Sequence[int], asked: Sequence[int], last: Solution, *, tells: bool
) -> list[Refusal]:
    """Problems of the basket whose lines are `sold`, as problems of a request that names the lines `asked`.

    Ways out that the request cannot express are left out, and with `tells` false those that say who bought; the last
    one is always there.
    """
    return [_one(one, sold, asked, last, tells=tells) for one in problem.problems]


def _one(problem: Refusal, sold: Sequence[int], asked: Sequence[int], last: Solution, *, tells: bool) -> Refusal:
    found = _LINE.match(problem.path)
    path = problem.path
    if found is not None:
        line_no = sold[int(found[1])]
        path = f"lines[{asked.index(line_no)}].quantity" if line_no in asked else "lines"
    ways = [way for one in problem.solutions if (way := _way(one, sold, asked, tells=tells)) is not None]
    return type(problem)(path, **problem.params).with_solutions(*ways, last)


def _way(way: Solution, sold: Sequence[int], asked: Sequence[int], *, tells: bool) -> Solution | None:
    if way.patch is None:
        return way if tells else None
    steps = [_step(step, sold, asked) for step in way.patch]
    known = tuple(step for step in steps if step is not None)
    if len(known) < len(steps):
        return None
    return Solution(way.kind, way.label, known, params=way.params)


def _step(step: Operation, sold: Sequence[int], asked: Sequence[int]) -> Operation | None:
    """The same step; another quantity of a line that the request does not name is added to it."""
    if step.path == "/expected_total":
        return step
    found = _STEP.fullmatch(step.path)
    is_drop = step.op == "remove" and found is not None and found[2] is None
    if found is None or not (is_drop or found[2]):
        return None
    line_no, units = sold[int(found[1])], 0 if is_drop else step.value
    if line_no in asked:
        return Operation("replace", f"/lines/{asked.index(line_no)}/quantity", units)
    return Operation("add", "/lines/-", {"line_no": line_no, "quantity": units})


def paid_already(
    order: orders.Order, lines: Sequence[orders.OrderLine], wanted: Mapping[int, int], channel: str
) -> Refusal:
    """The refusal to change what is paid, with what is done instead: cancel units, and ask for more in another order."""
    return orders.PaidAlready().with_solutions(*_instead(order, lines, wanted, channel))


def coupon_shared(
    order: orders.Order,
    lines: Sequence[orders.OrderLine],
    wanted: Mapping[int, int],
    channel: str,
    ways: Sequence[Solution],
) -> Refusal:
    """The refusal to price one order of a checkout anew alone: more is ordered apart, or all that share are ended."""
    more = [way for way in _instead(order, lines, wanted, channel) if way.kind == "order_more"]
    return pricing.CouponShared().with_solutions(*more, *ways)


def deposit_paid(
    order: orders.Order, lines: Sequence[orders.OrderLine], wanted: Mapping[int, int], channel: str, last: Solution
) -> Refusal:
    """The refusal to change what a deposit was paid for; more is ordered apart, and fewer units are not to be had."""
    ways = [way for way in _instead(order, lines, wanted, channel) if way.kind == "order_more"]
    return DepositIsPaid().with_solutions(*ways or [last])


def _instead(
    order: orders.Order, lines: Sequence[orders.OrderLine], wanted: Mapping[int, int], channel: str
) -> Iterator[Solution]:
    change = [(line, wanted[line.line_no] - line.left) for line in lines if line.line_no in wanted]
    fewer = [{"line_no": line.line_no, "quantity": -n} for line, n in change if n < 0]
    more = [{"sku": line.sku, "quantity": n} for line, n in change if n > 0]
    if fewer:
        label = Text("Cancel the units that are too many", "取消多余的件数")
        href = f"/v1/orders/{ids.encode('order', order.id)}/cancel"
        yield Solution("cancel_units", label, action=Action("POST", href, {"lines": fewer}))
    if more:
        label = Text("Order what is missing in another order", "将增加的商品另行下单")
        body = {"merchant": ids.encode("merchant", order.merchant_id), "channel": channel, "lines": more}
        yield Solution("order_more", label, action=Action("POST", "/v1/quotes", body))
