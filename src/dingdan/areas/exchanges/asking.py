"""A buyer wants something else for goods: an application to returns, and what is wanted instead."""

from collections.abc import Mapping, Sequence

from dingdan.areas import catalog, orders, policies, refunds, returns
from dingdan.areas.exchanges import store
from dingdan.areas.exchanges.events import ExchangeAsked, ExchangeChanged
from dingdan.areas.exchanges.lifecycle import EXCHANGE, ExchangeState
from dingdan.areas.exchanges.model import Ask, Exchange, ExchangeLine, Held, Terms, TermsLine
from dingdan.areas.exchanges.reading import hold, hold_one
from dingdan.areas.exchanges.refusals import ExchangeStateForbids, VariantUnfit, WishUnknown
from dingdan.areas.exchanges.reserving import is_in_stock, take_up
from dingdan.areas.exchanges.rules import pricing
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx

Wishes = Mapping[tuple[int, int], str]


async def ask(tx: Tx, asked: Ask) -> tuple[returns.Applied, list[Exchange]]:
    """Apply to exchange; where the policy alone decides, what is wanted is kept at once.

    Raises what is wrong with the application, WishUnknown, VariantUnfit or catalog.ProductUnknown; then nothing was
    written.
    """
    applied = await returns.apply(tx, asked.application)
    made = {one.id: one for one in applied.returns}
    lines = await returns.lines(tx, made.values())
    offers = await _wanted(tx, asked, lines)
    opened = await open_for(tx, list(made.values()), lines, offers)
    await take_up(tx, {
        i: held for i, held in (await hold(tx, opened)).items() if held.one.decision is returns.Decision.APPROVED
    })  # fmt: skip
    return applied, [held.exchange for held in (await hold(tx, opened)).values()]


async def preview(tx: Tx, asked: Ask) -> tuple[returns.Preview, list[Terms]]:
    """What `ask` would lead to, with what it comes to for each order; nothing is written. Raises what `ask` raises."""
    shown = await returns.preview(tx, asked.application)
    lines = {
        one.order_id: [
            returns.ReturnLine(order_id=one.order_id, return_id=0, line_no=n.line_no, merchant_id=0, product_id=0,
                               quantity=n.quantity, reason="", claimed_unit_price=None)
            for n in one.lines
        ]
        for one in shown.returns if not one.is_cancelled
    }  # fmt: skip
    offers = await _wanted(tx, asked, lines)
    return shown, [await _terms(tx, order_id, some, offers) for order_id, some in lines.items()]


async def change(tx: Tx, exchange_id: int, wishes: Mapping[int, str]) -> Exchange:
    """Take something else {line: SKU} because there is none of what was wanted.

    Raises ExchangeUnknown, ExchangeStateForbids, WishUnknown, VariantUnfit, catalog.ProductUnknown or NoneLeft.
    """
    held = await hold_one(tx, exchange_id)
    exchange = held.exchange
    if exchange.state is not ExchangeState.SHORT:
        raise ExchangeStateForbids(state=str(exchange.state), verb="change")
    lines = (await store.lines_of(tx, [exchange_id]))[exchange_id]
    application = returns.Apply(exchange.merchant_id, "", ())
    of_return = await returns.lines(tx, [held.one])
    wanted = Ask(application, {(exchange.order_id, line_no): sku for line_no, sku in wishes.items()})
    offers = await _wanted(tx, wanted, of_return)
    before = {line.line_no: line.product_id for line in lines}
    products = {
        line.line_no: offers[key].product_id if (key := (line.order_id, line.line_no)) in offers else before[line.line_no]
        for line in of_return[held.one.id] if line.line_no in before
    }  # fmt: skip
    await store.set_lines(tx, exchange_id, [
        ExchangeLine(exchange_id=exchange_id, line_no=line.line_no, merchant_id=exchange.merchant_id,
                     order_id=exchange.order_id, product_id=products[line.line_no], quantity=line.quantity)
        for line in lines
    ])  # fmt: skip
    tx.announce(ExchangeChanged(subject_id=exchange_id, merchant_id=exchange.merchant_id, order_id=exchange.order_id,
                                return_id=exchange.return_id))  # fmt: skip
    await take_up(tx, {exchange_id: held}, must=True)
    return (await hold_one(tx, exchange_id)).exchange


async def open_for(
    tx: Tx,
    made: Sequence[returns.Return],
    lines: Mapping[int, Sequence[returns.ReturnLine]],
    offers: Mapping[tuple[int, int], catalog.Offer],
) -> list[int]:
    """Write the exchanges of returns, with what is wanted for each line: what was named, or the same again."""
    new = [
        Exchange(id=tx.mint(), return_id=one.id, order_id=one.order_id, merchant_id=one.merchant_id,
                 state=ExchangeState.ASKED, version=1, sent_order_id=tx.mint(), asked_at=tx.now)
        for one in made
    ]  # fmt: skip
    await store.add(tx, new)
    for exchange in new:
        await store.set_lines(tx, exchange.id, [
            ExchangeLine(
                exchange_id=exchange.id, line_no=line.line_no, merchant_id=line.merchant_id, order_id=line.order_id,
                product_id=offers[key].product_id if (key := (line.order_id, line.line_no)) in offers else line.product_id,
                quantity=line.quantity,
            )
            for line in lines[exchange.return_id]
        ])  # fmt: skip
    tx.announce(*(
        ExchangeAsked(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id, return_id=one.return_id,
                      move=born(EXCHANGE, one.id), units=sum(line.quantity for line in lines[one.return_id]))
        for one in new
    ))  # fmt: skip
    return [one.id for one in new]


async def keep_up(tx: Tx, found: Mapping[int, Held]) -> None:
    """What waits for a yes is wanted for the lines that are asked for by now; what was named for one that stays still is."""
    waiting = {
        i: held for i, held in found.items()
        if held.exchange.state is ExchangeState.ASKED and held.one.resolution is returns.Resolution.EXCHANGE
    }  # fmt: skip
    before = await store.lines_of(tx, waiting)
    lines = await returns.lines(tx, [held.one for held in waiting.values()])
    for i, held in waiting.items():
        if {n.line_no: n.quantity for n in before[i]} == {n.line_no: n.quantity for n in lines[held.one.id]}:
            continue
        named = {n.line_no: n.product_id for n in before[i]}
        await store.set_lines(tx, i, [
            ExchangeLine(exchange_id=i, line_no=n.line_no, merchant_id=n.merchant_id, order_id=n.order_id,
                         product_id=named.get(n.line_no, n.product_id), quantity=n.quantity)
            for n in lines[held.one.id]
        ])  # fmt: skip
        tx.announce(ExchangeChanged(subject_id=i, merchant_id=held.exchange.merchant_id, order_id=held.exchange.order_id,
                                    return_id=held.one.id))  # fmt: skip


async def _wanted(
    tx: Tx, asked: Ask, lines: Mapping[int, Sequence[returns.ReturnLine]]
) -> dict[tuple[int, int], catalog.Offer]:
    """The products that were named, by the line that they are wanted for; everything wrong with them at once."""
    merchant_id = asked.application.merchant_id
    found = await catalog.offers(tx, [(merchant_id, sku) for sku in asked.wishes.values()]) if asked.wishes else {}
    about = {(line.order_id, line.line_no) for some in lines.values() for line in some}
    sold = await orders.get(tx, {order_id for order_id, _ in about})
    goods = {(n.order_id, n.line_no): n for rows in (await orders.lines(tx, sold)).values() for n in rows}
    terms = await policies.by_ids(tx, {order.policy_id for order in sold.values()})
    problems: list[Refusal] = []
    for place, (key, sku) in enumerate(asked.wishes.items()):
        path, offer = f"wanted[{place}]", found.get((merchant_id, sku))
        if key not in about:
            problems.append(WishUnknown(f"{path}.line_no"))
        elif offer is None or not offer.active:
            problems.append(catalog.ProductUnknown(f"{path}.sku", sku=sku))
        else:
            order = sold[key[0]]
            document = terms[order.policy_id].document
            why = pricing.why_unfit(goods[key], offer, document.exchange, currency=order.currency)
            problems += [] if why is None else [VariantUnfit(f"{path}.sku", sku=sku, why=why.en, why_zh=why.zh)]
    refuse_all(problems)
    return {key: found[merchant_id, sku] for key, sku in asked.wishes.items()}


async def _terms(
    tx: Tx, order_id: int, lines: Sequence[returns.ReturnLine], offers: Mapping[tuple[int, int], catalog.Offer]
) -> Terms:
    order = await orders.get_one(tx, order_id)
    sold = {line.line_no: line for line in (await orders.lines(tx, [order_id]))[order_id]}
    asked = [refunds.AskedLine(n.line_no, n.quantity, refunds.Basis.EXCHANGED) for n in lines]
    worth, taxes = await refunds.worth(tx, order_id, asked), await refunds.tax_of(tx, order_id, asked)
    same = await catalog.by_ids(tx, {sold[n.line_no].product_id for n in lines})
    priced = [
        pricing.price(sold[n.line_no], offers.get((order_id, n.line_no)) or same[sold[n.line_no].product_id], n.quantity,
                      worth[n.line_no], tax_paid=taxes[n.line_no], currency=order.currency)
        for n in lines
    ]  # fmt: skip
    return Terms(
        worth=sum(worth.values()), price=sum(one.total for one in priced), currency=order.currency,
        is_in_stock=await is_in_stock(tx, order, [(one.offer, one.quantity) for one in priced]),
        lines=tuple(TermsLine(one.line_no, one.quantity, worth[one.line_no], one.offer, one.total) for one in priced),
    )  # fmt: skip
