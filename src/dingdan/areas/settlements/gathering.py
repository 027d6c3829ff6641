"""Gathering all that an order's lines in its merchant's account depend on, from the areas that know it."""

from collections.abc import Iterable, Mapping, Sequence

from dingdan.areas import cases, credit, exchanges, orders, payments, pricing, refunds, returns
from dingdan.areas.settlements.model import LineKind, Unpaid
from dingdan.areas.settlements.rules.owing import Back, Book, Sold, Tender
from dingdan.kernel.money import part_of_units
from dingdan.plumbing.tx import Tx

ENDED = frozenset({orders.OrderState.CANCELLED, orders.OrderState.EXPIRED})


Amounts = dict[int, dict[int, int]]


async def books(tx: Tx, found: Mapping[int, orders.Order]) -> dict[int, Book]:
    """One book for each of these locked orders; one that ended with its deposit alone sold nothing.

    Of one that ended the money went back, and nothing is left of it but what was made good; and, where it was to go out for
    goods that came back, what of their money a refund would not have brought either.
    """
    if not found:
        return {}
    ended = {i for i, order in found.items() if order.state in ENDED}
    ended -= (await payments.deposits(tx, ended)).keys()
    instead = await exchanges.sent_instead(tx, found)
    sold = await _sold(tx, [i for i, order in found.items() if order.completed_at is not None])
    ways = await _ways(tx, found)
    paid = await payments.captured(tx, found)
    came_for = await payments.orders_of(tx, ways)
    back, penalties = await _refunds(tx, found, ways, came_for)
    came = await _returned(tx, {i: sold.get(i, ()) for i in found})
    by_hand, borne, recovered = await _troubles(tx, found)
    elsewhere = await _elsewhere(tx, found)
    return {
        i: Book(
            order_id=i,
            lines=sold.get(i, ()),
            paid=()
            if i in ended - instead
            else tuple(
                _tender(ways[one.payment_id], one.amount, is_carried=i not in came_for[one.payment_id])
                for one in paid[i]
                if one.payment_id in ways
            ),
            refunds=() if i in ended - instead else tuple(back[i]),
            returned=came[i],
            penalties=penalties[i],
            is_cancelled=i in ended and i not in elsewhere,
            is_instead=i in instead,
            by_hand=by_hand[i],
            borne=borne[i],
            recovered=recovered[i],
        )
        for i in found
    }


async def paid_with_cards(tx: Tx, lines: Sequence[Unpaid]) -> int:
    """What of these lines buyers paid with cards of the platform, less what goes back onto them."""
    sold = {line.subject_id for line in lines if line.kind is LineKind.SALE}
    given = {line.subject_id for line in lines if line.kind is LineKind.REFUND}
    ways = await _ways(tx, {line.order_id for line in lines if line.order_id is not None})
    cards = {payment_id for payment_id, way in ways.items() if way.is_credit and not way.is_own}
    if not cards:
        return 0
    came = [one for some in (await payments.captured(tx, sold)).values() for one in some]
    went = [one for some in (await refunds.tenders(tx, given)).values() for one in some]
    came_in = sum(one.amount for one in came if one.payment_id in cards)
    return came_in - sum(one.amount for one in went if one.payment_id in cards)


async def _sold(tx: Tx, order_ids: Sequence[int]) -> dict[int, tuple[Sold, ...]]:
    """The lines of orders with what the platform gave towards each; line 0 where it gave something off the carriage."""
    lines, layers = await orders.lines(tx, order_ids), await pricing.layers(tx, order_ids)
    sold: dict[int, tuple[Sold, ...]] = {}
    for i in order_ids:
        given: dict[int, int] = {}
        for one in layers[i]:
            if one.layer.funder == "platform" and one.layer.effect == "off":
                for line_no, amount, _ in one.shares:
                    given[line_no] = given.get(line_no, 0) + amount
            elif one.layer.funder == "platform" and one.layer.effect == "freight_off":
                given[0] = given.get(0, 0) + one.layer.amount
        sold[i] = tuple(_line(line, given.pop(line.line_no, 0)) for line in lines[i])
        sold[i] += tuple(Sold(0, "", 0, amount) for amount in given.values())
    return sold


def _line(line: orders.OrderLine, subsidy: int) -> Sold:
    """Of units that were cancelled the price went back as a refund; where nothing was paid for them, nothing is owed."""
    if not line.net and subsidy:
        subsidy = part_of_units(subsidy, line.quantity, before=0, taken=line.left)
    return Sold(line.line_no, line.category, line.net, subsidy, units=line.left)


async def _returned(tx: Tx, sold: Mapping[int, Sequence[Sold]]) -> dict[int, dict[int, dict[int, int]]]:
    """Units that came back for good in returns that nothing was refunded for, of lines that the platform paid whole."""
    came: dict[int, dict[int, dict[int, int]]] = {i: {} for i in sold}
    given = {
        i: {one.line_no for one in some if one.line_no and not one.net and one.subsidy} for i, some in sold.items()
    }
    wanted = [i for i, some in given.items() if some]
    over = [
        one for one in (await returns.of_orders(tx, wanted) if wanted else [])
        if one.settled_at is not None and one.refund_id is None
    ]  # fmt: skip
    for some in (await returns.lines(tx, over) if over else {}).values():
        for line in some:
            units = line.accepted + line.lost
            if units and line.line_no in given[line.order_id]:
                came[line.order_id].setdefault(line.return_id, {})[line.line_no] = units
    return came


async def _elsewhere(tx: Tx, found: Iterable[int]) -> set[int]:
    """Those of these orders whose money a sales channel took."""
    paying = await payments.of_orders(tx, found)
    return {i for i, some in paying.items() if any(one.provider.startswith("channel:") for one in some)}


def _tender(way: Tender, amount: int, *, is_carried: bool) -> Tender:
    return Tender(amount, is_credit=way.is_credit, is_own=way.is_own, is_carried=is_carried)


async def _ways(tx: Tx, found: Iterable[int]) -> dict[int, Tender]:
    """How each payment came here; what a sales channel took and keeps is none of ours and is left out."""
    paying = [one for some in (await payments.of_orders(tx, found)).values() for one in some]
    purses = await credit.get(tx, {one.purse_id for one in paying if one.purse_id is not None})
    return {
        one.id: Tender(
            0, is_credit=one.is_credit, is_own=one.purse_id in purses and purses[one.purse_id].merchant_id is not None
        )
        for one in paying if not one.provider.startswith("channel:")
    }  # fmt: skip


async def _refunds(
    tx: Tx, found: Mapping[int, orders.Order], ways: Mapping[int, Tender], came_for: Mapping[int, Sequence[int]]
) -> tuple[dict[int, list[Back]], Amounts]:
    """What went back of what was paid, and penalties that were paid on top of it, by order."""
    asked = await refunds.of_orders(tx, found)
    owed = {
        one.id: one for some in asked.values() for one in some
        if one.approved_at is not None and one.cause is not refunds.Cause.EXCESS
    }  # fmt: skip
    parts, tenders = await refunds.parts(tx, owed), await refunds.tenders(tx, owed)
    back: dict[int, list[Back]] = {i: [] for i in found}
    penalties: Amounts = {i: {} for i in found}
    carried: list[tuple[int, int, int, Tender]] = []
    for one in owed.values():
        if one.cause is refunds.Cause.PENALTY:
            penalties[one.order_id][one.id] = one.amount
        goods: dict[int, int] = {}
        units: dict[int, int] = {}
        for part in parts[one.id]:
            if part.component == "goods":
                goods[part.line_no] = goods.get(part.line_no, 0) + part.amount
                units[part.line_no] = units.get(part.line_no, 0) + part.quantity
        is_carried = one.cause is refunds.Cause.EXCHANGE
        through = tuple(
            _tender(ways[t.payment_id], t.amount, is_carried=is_carried or one.order_id not in came_for[t.payment_id])
            for t in tenders.get(one.id, ()) if t.payment_id in ways
        )  # fmt: skip
        if through:
            back[one.order_id].append(Back(one.id, goods, through, units))
        if not is_carried:
            carried += [
                (one.order_id, one.id, t.payment_id, _tender(ways[t.payment_id], t.amount, is_carried=False))
                for t in tenders.get(one.id, ()) if t.payment_id in ways and one.order_id not in came_for[t.payment_id]
            ]  # fmt: skip
    await _elsewhere_back(tx, carried, back)
    return back, penalties


async def _elsewhere_back(
    tx: Tx, carried: Sequence[tuple[int, int, int, Tender]], back: Mapping[int, list[Back]]
) -> None:
    """Money of one order that went back from another one, to which it was carried over, goes back for that order's fees."""
    firsts = await payments.first_orders(tx, [(order_id, i) for order_id, _, i, _ in carried]) if carried else {}
    found: dict[tuple[int, int], list[Tender]] = {}
    for order_id, refund_id, i, tender in carried:
        found.setdefault((firsts[order_id, i], refund_id), []).append(tender)
    for (first, refund_id), some in found.items():
        if first in back:
            back[first].append(Back(refund_id, {}, tuple(some), is_elsewhere=True))


async def _troubles(tx: Tx, found: Mapping[int, orders.Order]) -> tuple[Amounts, Amounts, Amounts]:
    """By order: remedies paid by hand, worth of those that the platform bears, and what carriers paid by claim."""
    by_hand: Amounts = {i: {} for i in found}
    borne: Amounts = {i: {} for i in found}
    recovered: Amounts = {i: {} for i in found}
    troubled = {case.id: case for case in await cases.of_orders(tx, list(found))}
    for case_id, some in (await cases.remedies_of(tx, list(troubled))).items():
        is_platforms = troubled[case_id].ended_at is not None and troubled[case_id].liable is cases.Liable.PLATFORM
        for one in some:
            if one.executed_at is None or one.order_id not in found:
                continue
            if one.terms.get("form") == "money":
                by_hand[one.order_id][one.id] = one.amount
            if is_platforms:
                borne[one.order_id][one.id] = one.amount
    for claims in (await cases.claims_of(tx, list(troubled))).values():
        for claim in claims:
            if claim.recovered and claim.order_id in found:
                recovered[claim.order_id][claim.id] = claim.recovered
    return by_hand, borne, recovered
