"""What is to be done about a case: proposed by one, granted by whose authority reaches so far, taken by the buyer."""

from collections.abc import Sequence
from typing import Any

import msgspec

from dingdan.areas import catalog, orders, policies, pricing, refunds, returns
from dingdan.areas.cases import store
from dingdan.areas.cases.cataloguing import documents
from dingdan.areas.cases.closing import close, drop
from dingdan.areas.cases.events import RemedyApproved, RemedyDeclined, RemedyProposed
from dingdan.areas.cases.executing import execute, standing_of
from dingdan.areas.cases.lifecycle import REMEDY, UNENDED
from dingdan.areas.cases.model import Budget, Case, CaseTerms, Liable, Propose, Remedy, RemedyKind, RemedyLine
from dingdan.areas.cases.opening import open_ruled
from dingdan.areas.cases.reading import Held, get_remedy, hold_one
from dingdan.areas.cases.refusals import (
    BudgetSpent,
    CaseHasNoOrder,
    CaseStateForbids,
    DamagesGranted,
    DearerThanBought,
    NotLeftYet,
    NotYoursToAnswer,
    RemedyStateForbids,
    RemedyUnfit,
)
from dingdan.areas.cases.rules import authority, remedying
from dingdan.kernel.money import MAX_AMOUNT, Money
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx

# How the case of a ruling ends.
CARRIED_OUT = "carried_out"


async def propose(tx: Tx, case_id: int, wanted: Propose) -> Remedy:
    """Propose a remedy; within the proposer's own authority it is granted in the same step.

    Raises CaseUnknown, CaseStateForbids, CaseHasNoOrder, RemedyNotOfKind, or everything that is wrong with it at once:
    RemedyUnfit, UnitsMadeGood, NotLeftYet, DearerThanBought, DamagesGranted, BudgetSpent, and what refunds refuse.
    """
    held = await hold_one(tx, case_id)
    return await _propose(tx, held, wanted, alone=None)


async def carry_out(tx: Tx, order: orders.Order, wanted: Sequence[Propose], *, liable: Liable | None) -> Case:
    """Do what an arbitrator ruled about a locked order, all of it or nothing, by a case that opens and closes in one step.

    Whatever it comes to: who may rule so much was decided there. Raises as `propose`.
    """
    case = await open_ruled(tx, order)
    for one in wanted:
        await _propose(tx, await hold_one(tx, case.id), one, alone=MAX_AMOUNT)
    return await close(tx, case.id, closure=CARRIED_OUT, liable=liable)


async def approve(tx: Tx, remedy_id: int) -> Remedy:
    """Grant what somebody else proposed. Raises RemedyUnknown, RemedyStateForbids, SameHand, BeyondAuthority or BudgetSpent."""
    held, remedy = await _hold(tx, remedy_id, "approve")
    _, terms = await store.terms(tx)
    authority.decide_approval(remedy, tx.actor, terms)
    await _grant(tx, held, remedy)
    return await get_remedy(tx, remedy_id)


async def refuse(tx: Tx, remedy_id: int, *, reason: str) -> Remedy:
    """Do not grant it, or take it back before it was carried out. Raises RemedyUnknown or RemedyStateForbids."""
    _, remedy = await _hold(tx, remedy_id, "refuse")
    await drop(tx, [remedy], reason=reason)
    return await get_remedy(tx, remedy_id)


async def accept(tx: Tx, remedy_id: int) -> Remedy:
    """The buyer takes it, and it is carried out. Raises RemedyUnknown, RemedyStateForbids or NotYoursToAnswer."""
    held, remedy = await _offered(tx, remedy_id, "execute")
    await execute(tx, held, msgspec.structs.replace(remedy, consented_at=tx.now))
    return await get_remedy(tx, remedy_id)


async def decline(tx: Tx, remedy_id: int) -> Remedy:
    """The buyer wants something else. Raises RemedyUnknown, RemedyStateForbids or NotYoursToAnswer."""
    _, remedy = await _offered(tx, remedy_id, "decline")
    moved = await store.move_remedies(tx, "decline", [remedy_id])
    await returns.free_units(tx, moved)
    if remedy.budgeted:
        await store.take_budget(tx, remedy.order_id, -remedy.budgeted)
    tx.announce(RemedyDeclined(subject_id=remedy_id, merchant_id=remedy.merchant_id, order_id=remedy.order_id,
                               move=moved[remedy_id], case_id=remedy.case_id))  # fmt: skip
    return await get_remedy(tx, remedy_id)


async def pay(tx: Tx, remedy_id: int, *, receipt: str) -> Remedy:
    """Money was paid by hand, beyond what can go back the way it came. Raises RemedyUnknown, RemedyStateForbids or

    RemedyUnfit for what is not paid so.
    """
    held, remedy = await _hold(tx, remedy_id, "execute")
    if remedy.terms.get("form") != "money":
        raise RemedyUnfit(what="only money is paid by hand", what_zh="仅现金补偿可线下支付")
    await execute(tx, held, msgspec.structs.replace(remedy, receipt=receipt))
    return await get_remedy(tx, remedy_id)


async def _propose(tx: Tx, held: Held, wanted: Propose, *, alone: int | None) -> Remedy:
    case, order = held.case, held.order
    if case.state not in UNENDED:
        raise CaseStateForbids(state=str(case.state), verb="propose")
    if order is None:
        raise CaseHasNoOrder
    document = (await documents(tx, [case]))[case.id]
    standing = await standing_of(tx, order)
    remedying.decide_fit(wanted, document, standing, now=tx.now)
    _, terms = await store.terms(tx)
    amount, lines = await _worth(tx, order, wanted, standing)
    remedy_id = tx.mint()
    # What a law gives is owed, and no kindness that a budget is for.
    budgeted = amount if wanted.kind in remedying.BEYOND_PAID and not wanted.right else 0
    if budgeted:
        await _demand_budget(tx, order, budgeted, terms)
    if alone is None:
        alone = authority.alone_up_to(tx.actor, order.currency, terms)
    needs_consent = wanted.kind in remedying.ASKS_BUYER or (wanted.needs_consent and wanted.form != "money")
    await store.add_remedy(tx, (
        remedy_id, case.id, order.id, case.merchant_id, str(wanted.kind), order.currency, amount, budgeted,
        _terms(wanted, lines), bool(needs_consent), alone, str(tx.actor.kind),
        tx.actor.id, tx.now,
    ))  # fmt: skip
    if remedying.takes_units(wanted):
        await returns.make_good_units(tx, remedy_id, order.id, case.merchant_id, remedying.units(lines))
    tx.announce(RemedyProposed(subject_id=remedy_id, merchant_id=case.merchant_id, order_id=order.id,
                               move=born(REMEDY, remedy_id), case_id=case.id, kind=str(wanted.kind), amount=amount,
                               currency=order.currency))  # fmt: skip
    if amount <= alone:
        await _grant(tx, held, await get_remedy(tx, remedy_id))
    return await get_remedy(tx, remedy_id)


async def _grant(tx: Tx, held: Held, remedy: Remedy) -> None:
    """The yes that it takes was said: its budget is taken by one guarded statement, and what waits for nobody is done."""
    if remedy.budgeted and not await store.take_budget(tx, remedy.order_id, remedy.budgeted):
        raise await _spent(tx, remedy.order_id, remedy.currency)
    moved = await store.move_remedies(tx, "approve", [remedy.id], approved_by_kind=str(tx.actor.kind),
                                      approved_by=tx.actor.id, approved_at=tx.now)  # fmt: skip
    waits_for = "payment" if remedy.terms.get("form") == "money" else "buyer" if remedy.needs_consent else ""
    tx.announce(RemedyApproved(subject_id=remedy.id, merchant_id=remedy.merchant_id, order_id=remedy.order_id,
                               move=moved[remedy.id], case_id=remedy.case_id, waits_for=waits_for))  # fmt: skip
    if not waits_for:
        await execute(tx, held, await get_remedy(tx, remedy.id))


async def _hold(tx: Tx, remedy_id: int, verb: str) -> tuple[Held, Remedy]:
    """A remedy that stands still, because its order and its case are locked."""
    case_id = (await get_remedy(tx, remedy_id)).case_id
    held = await hold_one(tx, case_id)
    remedy = await get_remedy(tx, remedy_id)
    if remedy.state not in REMEDY.moves[verb].sources or held.case.state not in UNENDED:
        raise RemedyStateForbids(state=str(remedy.state), verb=verb)
    return held, remedy


async def _offered(tx: Tx, remedy_id: int, verb: str) -> tuple[Held, Remedy]:
    held, remedy = await _hold(tx, remedy_id, verb)
    if not remedy.needs_consent or remedy.consented_at is not None:
        raise NotYoursToAnswer
    return held, remedy


async def _worth(
    tx: Tx, order: orders.Order, wanted: Propose, standing: remedying.Standing
) -> tuple[int, tuple[RemedyLine, ...]]:
    """What a remedy is worth in minor units, and the lines that it is about."""
    if wanted.right:
        lines = remedying.lines_meant(wanted, standing)
        return await _owed_by_law(tx, order, wanted.right, remedying.worth(lines, standing)), lines
    if wanted.kind is RemedyKind.COMPENSATION:
        if wanted.form == "voucher":
            await _demand_voucher(tx, order, wanted)
        return wanted.amount or 0, ()
    if wanted.kind is RemedyKind.WAIT:
        return 0, wanted.lines
    lines = remedying.lines_meant(wanted, standing)
    if not lines:
        raise RemedyUnfit("lines", what="nothing is left to make good", what_zh="没有可补救的商品")
    if wanted.kind is RemedyKind.REFUND:
        if wanted.amount is not None:
            # What is not left of the line cannot come off it later either.
            await refunds.quote(tx, order.id, (), off=((lines[0].line_no, wanted.amount),))
            return wanted.amount, lines
        asked = [refunds.AskedLine(line.line_no, line.quantity, refunds.Basis.FAULT) for line in lines]
        return (await refunds.quote(tx, order.id, asked)).amount, lines
    if order.shipped_at is None:
        raise NotLeftYet
    if wanted.kind is RemedyKind.SUBSTITUTE:
        await _demand_cheap_enough(tx, order, lines, standing)
    return (0 if wanted.kind is RemedyKind.TAKE_BACK else remedying.worth(lines, standing)), lines


async def _owed_by_law(tx: Tx, order: orders.Order, right: str, price: int) -> int:
    """What a law gives beyond the price, once for an order (CPL 55). Raises RemedyUnfit or DamagesGranted."""
    document = (await policies.by_ids(tx, [order.policy_id]))[order.policy_id].document
    owed = policies.damages(document, right)
    if owed is None:
        known = ", ".join(policies.rights(document)) or "-"
        raise RemedyUnfit("right", what=f"the order's policy gives damages by: {known}",
                          what_zh=f"该订单政策可适用的法定赔偿条款：{known}")  # fmt: skip
    if await store.has_right(tx, order.id, right):
        raise DamagesGranted("right", right=right)
    return owed.owed(price, order.currency)


async def _demand_cheap_enough(
    tx: Tx, order: orders.Order, lines: Sequence[RemedyLine], standing: remedying.Standing
) -> None:
    """What is sent instead costs no more than what it stands in for; nobody pays more because something went wrong."""
    skus = {line.sku for line in lines if line.sku is not None}
    offers = await catalog.offers(tx, [(order.merchant_id, sku) for sku in skus])
    problems: list[Refusal] = []
    for n, line in enumerate(lines):
        offer = offers.get((order.merchant_id, line.sku or ""))
        price = offer.prices.get(order.currency) if offer is not None and offer.active else None
        if price is None:
            problems.append(catalog.ProductUnknown(f"lines[{n}].sku", sku=line.sku))
        elif price * line.quantity > remedying.worth([line], standing):
            problems.append(DearerThanBought(f"lines[{n}].sku", sku=line.sku))
    refuse_all(problems)


async def _demand_voucher(tx: Tx, order: orders.Order, wanted: Propose) -> None:
    """A voucher is a coupon of a fixed amount, of this seller or of the platform, in the order's currency."""
    assert wanted.promotion_id is not None
    promotion = await pricing.get_one(tx, wanted.promotion_id)
    benefit = promotion.draft.benefit
    is_fit = (
        promotion.draft.code is not None and isinstance(benefit, pricing.Amount) and benefit.off == wanted.amount
        and promotion.draft.currency == order.currency and promotion.merchant_id in (None, order.merchant_id)
    )  # fmt: skip
    if not is_fit:
        raise RemedyUnfit("promotion", what="the coupon takes off another amount or is not this seller's",
                          what_zh="优惠券金额不符或不属于该商家")  # fmt: skip


async def _demand_budget(tx: Tx, order: orders.Order, amount: int, terms: CaseTerms) -> None:
    budget = authority.budget_of(order.total, order.currency, terms)
    await store.open_budget(tx, Budget(order.id, order.merchant_id, order.currency, budget, 0))
    found = await store.budget(tx, order.id)
    if found is None or amount > found.budget - found.granted:
        raise await _spent(tx, order.id, order.currency)


async def _spent(tx: Tx, order_id: int, currency: str) -> BudgetSpent:
    found = await store.budget(tx, order_id)
    return BudgetSpent("amount", left=str(Money(found.budget - found.granted if found else 0, currency)))


def _terms(wanted: Propose, lines: Sequence[RemedyLine]) -> dict[str, Any]:
    """What was agreed, as it is kept."""
    said = {
        "lines": [{"line_no": line.line_no, "quantity": line.quantity, "sku": line.sku} for line in lines],
        "amount": wanted.amount if wanted.kind is RemedyKind.REFUND else None,
        "form": wanted.form,
        "right": wanted.right or None,
        "promotion_id": wanted.promotion_id,
        "until": wanted.until.isoformat() if wanted.until is not None else None,
        "reason": wanted.reason or None,
        "postage": wanted.postage or None,
    }
    return {name: value for name, value in said.items() if value is not None}
