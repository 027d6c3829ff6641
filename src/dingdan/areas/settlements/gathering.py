"""Gathering all that an order's lines in its merchant's account depend on, from the areas that know it."""

from collections.abc import Iterable, Mapping, Sequence

from dingdan.areas import cases, credit, orders, payments, pricing, refunds
from dingdan.areas.settlements.rules.owing import Back, Book, Sold, Tender
from dingdan.plumbing.tx import Tx

# These were asked for and are not owed (yet).
NOT_OWED = frozenset({refunds.RefundState.REQUESTED, refunds.RefundState.REFUSED})


async def books(tx: Tx, found: Mapping[int, orders.Order]) -> dict[int, Book]:
    """One book for each of these locked orders; one that ended with its deposit alone sold nothing."""
    if not found:
        return {}
    sold = await _sold(tx, [i for i, order in found.items() if order.completed_at is not None])
    ways = await _ways(tx, found)
    paid = await payments.captured(tx, found)
    back = await _refunds(tx, found, ways)
    by_hand, borne, recovered = await _troubles(tx, found)
    return {
        i: Book(
            order_id=i,
            lines=sold.get(i, ()),
            paid=tuple(_tender(ways[one.payment_id], one.amount) for one in paid[i] if one.payment_id in ways),
            refunds=tuple(back[i]),
            by_hand=by_hand[i],
            borne=borne[i],
            recovered=recovered[i],
        )
        for i in found
    }


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
        sold[i] = tuple(Sold(line.line_no, line.category, line.net, given.pop(line.line_no, 0)) for line in lines[i])
        sold[i] += tuple(Sold(0, "", 0, amount) for amount in given.values())
    return sold


def _tender(way: Tender, amount: int) -> Tender:
    return Tender(amount, is_credit=way.is_credit, is_own=way.is_own)


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


async def _refunds(tx: Tx, found: Mapping[int, orders.Order], ways: Mapping[int, Tender]) -> dict[int, list[Back]]:
    asked = await refunds.of_orders(tx, found)
    owed = {
        one.id: one for some in asked.values() for one in some
        if one.state not in NOT_OWED and one.cause is not refunds.Cause.EXCESS
    }  # fmt: skip
    parts, tenders = await refunds.parts(tx, owed), await refunds.tenders(tx, owed)
    back: dict[int, list[Back]] = {i: [] for i in found}
    for one in owed.values():
        goods: dict[int, int] = {}
        for part in parts[one.id]:
            if part.component == "goods":
                goods[part.line_no] = goods.get(part.line_no, 0) + part.amount
        through = tuple(_tender(ways[t.payment_id], t.amount) for t in tenders[one.id] if t.payment_id in ways)
        if through:
            back[one.order_id].append(Back(one.id, goods, through))
    return back


Amounts = dict[int, dict[int, int]]


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
