"""The hot path: baskets in, orders out, many at once. One bad basket never hurts its neighbours."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dingdan.areas import credit, customs, identity, orders, payments, pricing
from dingdan.areas.placement import alarming, taking
from dingdan.areas.placement.checking import check, mend, suspicions, wrong_codes
from dingdan.areas.placement.events import OrderPlacedOnBehalf
from dingdan.areas.placement.loading import load
from dingdan.areas.placement.model import Basket, Instead, Placed, PlacedOrder, Written
from dingdan.areas.placement.rules import agreeing, wanting
from dingdan.areas.placement.rules.cases import Facts
from dingdan.areas.placement.rules.judging import Verdict, ration, ration_imports
from dingdan.areas.placement.taking import Ready, Taken
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import tries
from dingdan.plumbing.tx import Tx


async def place(
    tx: Tx, baskets: Sequence[Basket], *, instead: Instead | None = None, ids: Sequence[int] | None = None
) -> list[Placed | Refusal]:
    """Turn baskets into orders: a result for each, in their order; a refused basket leaves nothing behind.

    Amounts are computed here, stock is held in this transaction, and the pay-by clock starts. A basket with things of
    several merchants becomes an order for each of them, all or none; `ids` are those of the first orders, where somebody
    has to know them before. A basket that comes `instead` of an order, which has ended and keeps its units until now, is
    judged at that one's terms; of it a refusal is for the caller to raise.
    """
    if not baskets:
        return []
    facts = await load(tx, baskets, is_taking=True, is_again=instead is not None)
    if instead is not None:
        facts = agreeing.in_place_of(facts, instead)
    verdicts = check(baskets, facts)
    ready = _ready(tx, verdicts, tx.mint_many(len(baskets)) if ids is None else ids)
    refused: dict[int, list[Refusal]] = {n: [*v.problems] for n, v in enumerate(verdicts) if v.problems}
    refused |= ration({n: v.case for n, v in enumerate(verdicts) if n not in refused})
    refused |= ration_imports({n: v for n, v in enumerate(verdicts) if n not in refused})
    # Looked for before anything is locked that others wait for.
    people = [one.person for one in ready if one.place not in refused and instead is None]
    recognised = await identity.recognise(tx, people)
    taken = await taking.take(tx, ready, refused, recognised, instead)
    kept = [one for one in ready if one.place not in refused]
    new = await _record(tx, kept, taken, recognised, instead)
    told = await mend(tx, facts, {n: (baskets[n], problems) for n, problems in refused.items()})
    tx.announce(*(_on_behalf(one) for one in kept if one.basket.on_behalf))
    await alarming.note_suspicious(tx, [s for n in refused for s in suspicions(verdicts[n].case)])
    await tries.note(tx, pricing.GUESSES, wrong_codes(tx, verdicts))
    placed = _placed(tx, kept, new, facts)
    return [told[n] if n in told else placed[n] for n in range(len(baskets))]


def _ready(tx: Tx, verdicts: Sequence[Verdict], ids: Sequence[int]) -> list[Ready]:
    """The parts of sound baskets with the ids of what they become, the first part of each with the one it is given."""
    sound = [(n, verdict) for n, verdict in enumerate(verdicts) if not verdict.problems]
    new_ids = iter(tx.mint_many(sum(len(verdict.case.parts) for _, verdict in sound)))
    found = []
    for n, verdict in sound:
        case, checkout_id = verdict.case, next(new_ids)
        for part, quote, promise in zip(case.parts, verdict.quotes or (), verdict.promises, strict=True):
            order_id = ids[n] if part is case.parts[0] else next(new_ids)
            assert part.channel is not None, "a sound basket has its channels"
            assert part.policy is not None, "a sound basket has its policies"
            found.append(Ready(n, order_id, checkout_id, case, part, part.channel, part.policy, quote, promise))
    return found


async def _record(
    tx: Tx, kept: Sequence[Ready], taken: Taken, recognised: identity.Recognised, instead: Instead | None
) -> list[orders.NewOrder]:
    """Write orders down; says as what, in their order."""
    if not kept:
        return []
    fresh = [one for one in kept if one.order_id not in taken.known]
    people = await identity.remember_buyers(tx, [one.person for one in fresh], recognised)
    known = taken.known | {one.order_id: who for one, who in zip(fresh, people, strict=True)}
    new = [
        orders.NewOrder(
            id=one.order_id, merchant_id=one.part.merchant.id, checkout_id=one.checkout_id, channel_id=one.channel.id,
            warehouse_id=taken.warehouse_of[one.order_id], buyer_id=known[one.order_id].buyer_id,
            contact_id=known[one.order_id].contact_id, currency=one.case.currency, goods=one.quote.goods,
            discount=one.quote.discount, freight=one.quote.freight, tax=one.quote.tax, total=one.quote.total,
            policy_id=one.policy.id, policy_hash=one.policy.hash, reference=one.basket.reference,
            pay_by=_pay_by(tx, one, instead), lines=_lines(tx, one), promise=one.promise.basis if one.promise else None,
            replaces=instead.order.id if instead is not None else None,
        )
        for one in kept
    ]  # fmt: skip
    await orders.record(tx, new)
    await pricing.record(tx, {one.order_id: one.quote for one in kept})
    if imported := [found for one in kept if (found := _import(one)) is not None]:
        await customs.note_imports(tx, imported)
    presold = {one.order_id: (one.part.merchant.id, one.quote.deposit) for one in kept if one.quote.deposit}
    if presold:
        await payments.agree_deposits(tx, presold)
    paid = [one.order_id for one in kept if one.quote.total == 0]
    if paid:
        # What coupons and points pay whole owes nothing and waits for nobody.
        await credit.capture(tx, paid)
        await orders.mark_paid(tx, paid)
    return new


def _on_behalf(one: Ready) -> OrderPlacedOnBehalf:
    """That somebody of the house took it down, and of which lines they say that the buyer agreed."""
    confirmed = {
        str(line_no): wish.item.confirmed
        for line_no, wish in enumerate(one.part.wishes, start=1)
        if wish.item.confirmed
    }
    return OrderPlacedOnBehalf(
        subject_id=one.order_id, merchant_id=one.part.merchant.id, order_id=one.order_id, told=len(confirmed),
        confirmed=confirmed,
    )  # fmt: skip


def _import(one: Ready) -> customs.NewImport | None:
    """What an order counts for; None where nobody takes it through customs, or nobody looks at who does."""
    papers, worth = one.basket.identity, wanting.import_of(one.case, one.part, one.quote)
    if papers is None or not worth:
        return None
    return customs.NewImport(
        order_id=one.order_id, merchant_id=one.part.merchant.id, number=papers.number, amount=worth
    )


def _lines(tx: Tx, one: Ready) -> list[orders.OrderLine]:
    ship_by, arrive_by = (one.promise.ship_by, one.promise.arrive_by) if one.promise else (None, None)
    return [
        orders.OrderLine(
            order_id=one.order_id, line_no=line_no, merchant_id=one.part.merchant.id, product_id=wish.offer.product_id,
            sku=wish.offer.sku, title=wish.offer.title, category=wish.offer.category, flags=list(wish.offer.flags),
            quantity=wish.item.quantity, unit_price=priced.unit_price, goods=priced.goods, discount=priced.discount,
            tax=priced.tax, confirmed_text=wish.item.confirmed, confirmed_at=tx.now if wish.item.confirmed else None,
            ship_by=ship_by, arrive_by=arrive_by,
        )
        for line_no, (wish, priced) in enumerate(zip(one.part.wishes, one.quote.lines, strict=True), start=1)
        if wish.offer is not None
    ]  # fmt: skip


def _pay_by(tx: Tx, one: Ready, instead: Instead | None) -> datetime:
    """Whoever changes their mind gets no more time: units are not kept from others for ever."""
    if instead is not None:
        return instead.order.pay_by
    return tx.now + timedelta(minutes=one.part.merchant.settings.pay_within_minutes)


def _placed(tx: Tx, kept: Sequence[Ready], new: Sequence[orders.NewOrder], facts: Facts) -> dict[int, Placed]:
    """What each basket became: {place: its orders}."""
    parts: dict[int, list[tuple[Ready, orders.NewOrder]]] = {}
    for one, written in zip(kept, new, strict=True):
        parts.setdefault(one.place, []).append((one, written))
    found = {}
    for n, mine in parts.items():
        made = tuple(PlacedOrder(order.id, order.merchant_id, order.total, order.pay_by) for _, order in mine)
        first, order = mine[0]
        found[n] = Placed(order.id, sum(o.total for o in made), order.currency, min(o.pay_by for o in made),
                          order.checkout_id, made, _written(tx, first, order, facts))  # fmt: skip
    return found


def _written(tx: Tx, one: Ready, order: orders.NewOrder, facts: Facts) -> Written:
    place = facts.warehouses[order.warehouse_id].code
    return Written(orders.as_recorded(order, tx.now), order.lines, one.channel.code, place, one.policy.code,
                   one.policy.version)  # fmt: skip
