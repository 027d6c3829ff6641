"""What becomes of goods is decided and done: stock moves, what they bring is booked, and what they lost."""

from collections import Counter
from collections.abc import Sequence
from functools import partial

from dingdan.areas import catalog, identity, inventory, ledger
from dingdan.areas.disposition import store
from dingdan.areas.disposition.events import GoodsDisposed
from dingdan.areas.disposition.model import Decide, Disposition, ReturnedGoods
from dingdan.areas.disposition.promises import DECIDE_BY, STORAGE
from dingdan.areas.disposition.reading import hold, wares
from dingdan.areas.disposition.refusals import GoodsUnknown, UnitsUnfit
from dingdan.areas.disposition.rules.banning import AS_NEW, PRICED, SECOND_HAND, Marked, problems_of
from dingdan.kernel.money import part_of_units
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

# What units were worth when sold, and what their grade says they are worth.
Worth = tuple[int, int]
# Goods, what becomes of some units of them, what those were and are worth, and the product as which they are sold second-hand.
Work = tuple[ReturnedGoods, Decide, Worth, int | None]


async def decide(tx: Tx, decisions: Sequence[Decide]) -> list[Disposition]:
    """Decide about units and do it, many at once or none. Raises everything that speaks against it, with its place:

    GoodsUnknown, UnitsUnfit, NotForThese, NotOurs, NotTheBuyers, Unmarked, NotWiped, NotWitnessed, RecoveredUnfit.
    """
    found = await hold(tx, {one.goods_id for one in decisions})
    known = await wares(tx, found.values())
    marked = await _marked(tx, decisions, found)
    people = await identity.staff_by_ids(tx, {one.witnessed_by for one in decisions if one.witnessed_by is not None})
    asked: Counter[int] = Counter()
    work: list[Work] = []
    problems: list[Refusal] = []
    for place, one in enumerate(decisions):
        goods = found.get(one.goods_id)
        if goods is None:
            problems.append(GoodsUnknown(f"[{place}].goods"))
            continue
        left = goods.open - asked[goods.id]
        asked[goods.id] += one.quantity
        fits = 1 <= one.quantity <= left
        worth = _worth(goods, before=goods.quantity - left, taken=one.quantity) if fits else (0, 0)
        mark = marked.get((goods.merchant_id, one.as_sku or ""))
        wrong = problems_of(
            one, goods, known[goods.id], value=worth[0], marked=mark, by=(str(tx.actor.kind), tx.actor.id),
            staff={i for i, who in people.items() if who.active and who.merchant_id in (None, goods.merchant_id)},
        )  # fmt: skip
        if not fits and not any(isinstance(problem, UnitsUnfit) for problem in wrong):
            wrong.append(UnitsUnfit("quantity", wanted=asked[goods.id], open=goods.open))
        problems += [problem.at(f"[{place}]") for problem in wrong]
        work.append((goods, one, worth, mark.product_id if mark else None))
    refuse_all(problems)
    made = await carry_out(tx, work)
    done = [i for i, goods in found.items() if goods.open == asked[i]]
    await deadlines.call_off(tx, DECIDE_BY, done)
    await deadlines.call_off(tx, STORAGE, done)
    return made


async def carry_out(tx: Tx, work: Sequence[Work]) -> list[Disposition]:
    """Do what was decided about units of locked orders; nothing else moves stock that came back.

    Clocks are the caller's: what is decided with the inspection never had any.
    """
    made = [
        _disposition(tx, i, goods, asked, worth=worth, sold_as=sold_as)
        for i, (goods, asked, worth, sold_as) in zip(tx.mint_many(len(work)), work, strict=True)
    ]  # fmt: skip
    if not made:
        return []
    await inventory.dispose(tx, [
        inventory.Disposal(goods.merchant_id, goods.warehouse_id, goods.product_id, asked.quantity, goods.order_id,
                           goods.line_no, goods.return_id, asked.kind, done.sold_as)
        for (goods, asked, _, _), done in zip(work, made, strict=True)
    ])  # fmt: skip
    await store.add_dispositions(tx, made)
    currencies = {goods.id: goods.currency for goods, _, _, _ in work}
    await ledger.post(tx, [_posting(one, currencies[one.goods_id]) for one in made if one.is_ours and one.value])
    left = {goods.id: goods.open for goods, _, _, _ in work}
    for one, (goods, _, _, _) in zip(made, work, strict=True):
        left[goods.id] -= one.quantity
        tx.announce(GoodsDisposed(
            subject_id=goods.id, merchant_id=goods.merchant_id, order_id=goods.order_id, return_id=goods.return_id,
            disposition_id=one.id, kind=one.kind, units=one.quantity, left=left[goods.id],
        ))  # fmt: skip
    return made


async def _marked(
    tx: Tx, decisions: Sequence[Decide], found: dict[int, ReturnedGoods]
) -> dict[tuple[int, str], Marked]:
    wanted = [(found[one.goods_id].merchant_id, one.as_sku) for one in decisions
              if one.as_sku is not None and one.goods_id in found]  # fmt: skip
    offers = await catalog.offers(tx, wanted) if wanted else {}
    return {key: Marked(offer.product_id, tuple(offer.flags)) for key, offer in offers.items()}


def _disposition(
    tx: Tx, disposition_id: int, goods: ReturnedGoods, asked: Decide, *, worth: Worth, sold_as: int | None
) -> Disposition:
    value, by_grade = worth
    # Of a few minor units over many pieces the parts may round past each other.
    recovered = min(by_grade, value) if asked.recovered is None else asked.recovered
    return Disposition(
        id=disposition_id, merchant_id=goods.merchant_id, order_id=goods.order_id, goods_id=goods.id, kind=asked.kind,
        quantity=asked.quantity, is_ours=goods.is_ours, value=value,
        recovered=recovered if asked.kind in AS_NEW | PRICED else 0,
        sold_as=sold_as if asked.kind in SECOND_HAND else None,
        is_wiped=asked.is_wiped, witnessed_by=asked.witnessed_by if asked.kind == "scrap" else None,
        certificate=asked.certificate if asked.kind == "scrap" else None, note=asked.note, at=tx.now,
        decided_by_kind=str(tx.actor.kind), decided_by=tx.actor.id,
    )  # fmt: skip


def _worth(goods: ReturnedGoods, *, before: int, taken: int) -> Worth:
    """What the buyer had paid for these units, and what they are worth; decision by decision both sum to those of all."""
    part = partial(part_of_units, units=goods.quantity, before=before, taken=taken)
    return part(goods.value), part(goods.book_value)


def _posting(one: Disposition, currency: str) -> ledger.Posting:
    """What goods were worth when sold is parted into what they bring and what is written down (R5.4)."""
    legs = (("goods_recovered", one.recovered), ("goods_written_down", one.value - one.recovered),
            ("goods_returned", -one.value))  # fmt: skip
    return ledger.Posting(one.merchant_id, "disposition", one.id, one.order_id, currency,
                          tuple((account, amount) for account, amount in legs if amount))  # fmt: skip
