"""What merchants leave as security (保证金), and taking out of it what buyers were paid in advance (先行赔付)."""

from collections.abc import Iterable, Sequence

import msgspec

from dingdan.areas import disputes, ledger, orders, refunds
from dingdan.areas.settlements import agreeing, booking, store
from dingdan.areas.settlements.events import DepositBelowMinimum, DepositDrawn, DepositToppedUp
from dingdan.areas.settlements.model import DepositMovement, Due, LineKind, MerchantDeposit, NewLine
from dingdan.areas.settlements.refusals import DepositAmountUnfit, DrawnAlready, NoAgreement, NotAdvanced, ReceiptUsed
from dingdan.areas.settlements.store import deposits, payouts
from dingdan.kernel.money import MAX_AMOUNT
from dingdan.plumbing.tx import Tx


async def top_up(tx: Tx, merchant_id: int, currency: str, amount: int, *, receipt: str) -> MerchantDeposit:
    """Book a transfer that came for a merchant's deposit; `receipt` is its number, which counts once.

    Raises NotThePlatform, NoAgreement, DepositAmountUnfit or ReceiptUsed.
    """
    agreeing.demand_platform(tx)
    required = await _required(tx, merchant_id, currency)
    balance = await deposits.lock(tx, merchant_id, currency)
    if not 0 < amount <= MAX_AMOUNT - balance:
        raise DepositAmountUnfit("amount", asked=amount, most=MAX_AMOUNT - balance)
    if await deposits.known(tx, merchant_id, receipt=receipt):
        raise ReceiptUsed("receipt")
    made = DepositMovement(id=tx.mint(), merchant_id=merchant_id, currency=currency, kind="top_up", amount=amount,
                           refund_id=None, receipt=receipt, at=tx.now)  # fmt: skip
    await deposits.add(tx, made)
    await ledger.post(tx, [
        ledger.Posting(merchant_id, "deposit", made.id, None, currency,
                       (("deposits_received", amount), ("merchant_deposits", -amount)))
    ])  # fmt: skip
    tx.announce(DepositToppedUp(subject_id=made.id, merchant_id=merchant_id, amount=amount, balance=balance + amount,
                                currency=currency))  # fmt: skip
    return MerchantDeposit(merchant_id, currency, balance + amount, required)


async def draw(tx: Tx, refund_id: int, amount: int) -> MerchantDeposit:
    """Cover a refund that was paid for a merchant out of its deposit: its account is charged so much less.

    Raises NotThePlatform, refunds.RefundUnknown, NotAdvanced where the account was not charged with it, DrawnAlready,
    or DepositAmountUnfit where it is more than the refund, the deposit, or what payouts gave the merchant for the order.
    """
    agreeing.demand_platform(tx)
    refund = await refunds.get_one(tx, refund_id)
    await orders.lock(tx, [refund.order_id])
    standing = await _standing(tx, [refund.order_id])
    if refund_id not in standing.charged:
        raise NotAdvanced
    balance = await deposits.lock(tx, refund.merchant_id, refund.currency)
    if await deposits.known(tx, refund.merchant_id, refund_id=refund_id):
        raise DrawnAlready
    most = max(0, min(balance, standing.charged[refund_id], standing.uncovered.get(refund.order_id, 0)))
    if not 0 < amount <= most:
        raise DepositAmountUnfit("amount", asked=amount, most=most)
    return await _take(tx, refund, amount, balance=balance)


async def recover(tx: Tx, order_ids: Iterable[int]) -> None:
    """Take what the platform paid because a seller did not (先行赔付) out of the seller's deposit, each refund once.

    What the deposit does not reach for stays on the seller's account, against what it is owed next.
    """
    ids = sorted(set(order_ids))
    paid = await disputes.advanced(tx, ids) if ids else set()
    if not paid:
        return
    await orders.lock(tx, ids)
    standing = await _standing(tx, ids)
    for refund_id, refund in sorted((await refunds.get(tx, paid & standing.charged.keys())).items()):
        balance = await deposits.lock(tx, refund.merchant_id, refund.currency)
        amount = min(balance, standing.charged[refund_id], standing.uncovered[refund.order_id])
        if amount > 0 and not await deposits.known(tx, refund.merchant_id, refund_id=refund_id):
            standing.uncovered[refund.order_id] -= amount
            await _take(tx, refund, amount, balance=balance)


class _Standing(msgspec.Struct, frozen=True):
    """What refunds were charged, and what of each order's account a deposit can still stand for."""

    charged: dict[int, int]
    uncovered: dict[int, int]


async def _standing(tx: Tx, order_ids: Sequence[int]) -> _Standing:
    """How orders stand that stand still.

    A deposit only stands for what payouts gave the seller for the order, less what it gave before: what they did not take
    yet pays for the refund itself, and more would be paid out to the seller.
    """
    charged = dict[int, int]()
    uncovered = dict.fromkeys(order_ids, 0) | await payouts.taken(tx, order_ids)
    for line in await store.lines_of_orders(tx, order_ids):
        # What went back onto the seller's own credit cost the platform nothing.
        if line.kind is LineKind.REFUND or (line.kind is LineKind.OWN_CREDIT_BACK and line.subject_id in charged):
            charged[line.subject_id] = charged.get(line.subject_id, 0) - line.amount
        elif line.kind is LineKind.DEPOSIT_DRAW and line.order_id is not None:
            uncovered[line.order_id] -= line.amount
    return _Standing(charged, uncovered)


async def _take(tx: Tx, refund: refunds.Refund, amount: int, *, balance: int) -> MerchantDeposit:
    """Out of the deposit, which is locked, onto the merchant's account."""
    required = await _required(tx, refund.merchant_id, refund.currency)
    due = Due(kind=LineKind.DEPOSIT_DRAW, subject_id=refund.id, amount=amount)
    made = DepositMovement(id=tx.mint(), merchant_id=refund.merchant_id, currency=refund.currency, kind="draw",
                           amount=-amount, refund_id=refund.id, receipt=None, at=tx.now)  # fmt: skip
    await deposits.add(tx, made)
    await booking.write(tx, [NewLine(refund.merchant_id, refund.currency, refund.order_id, due)])
    left = MerchantDeposit(refund.merchant_id, refund.currency, balance - amount, required)
    tx.announce(DepositDrawn(subject_id=made.id, merchant_id=refund.merchant_id, order_id=refund.order_id,
                             amount=amount, balance=left.balance, currency=refund.currency))  # fmt: skip
    if left.missing:
        tx.announce(DepositBelowMinimum(subject_id=made.id, merchant_id=refund.merchant_id, missing=left.missing,
                                        balance=left.balance, currency=refund.currency))  # fmt: skip
    return left


async def _required(tx: Tx, merchant_id: int, currency: str) -> int:
    agreed = await agreeing.in_force(tx, [(merchant_id, currency)])
    if (merchant_id, currency) not in agreed:
        raise NoAgreement(currency=currency)
    return agreed[merchant_id, currency].terms.deposit_required
