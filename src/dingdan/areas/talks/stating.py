"""Withdraw from the contract here: stated, confirmed in a second step, acknowledged (CRD art. 11a)."""

from collections.abc import Sequence

import msgspec

from dingdan.areas import fulfilment, identity, orders, policies, returns
from dingdan.areas.talks import store
from dingdan.areas.talks.events import WithdrawalConfirmed, WithdrawalStated
from dingdan.areas.talks.lifecycle import WITHDRAWAL, WithdrawalState
from dingdan.areas.talks.model import State, Who, Withdrawal, WithdrawalLine, WithdrawalTerms
from dingdan.areas.talks.reading import get_withdrawal
from dingdan.areas.talks.refusals import ConfirmedAlready, WithdrawalNotOffered, WithdrawalUnfit
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx

LONGEST_NAME = 200


async def state(tx: Tx, stated: State) -> Withdrawal:
    """The first step: who withdraws, from which order or units of it, and where that is acknowledged.

    Raises OrderUnknown, WithdrawalNotOffered, WithdrawalUnfit, or orders.LineUnknown.
    """
    order = await orders.lock_one(tx, stated.order_id)
    await _demand_offered(tx, order)
    fields = (stated.name.strip(), stated.contact.strip())
    if not all(0 < len(one) <= LONGEST_NAME and "\0" not in one for one in fields):
        raise WithdrawalUnfit(longest=LONGEST_NAME)
    sold = {line.line_no: line for line in (await orders.lines(tx, [order.id]))[order.id]}
    for n, line in enumerate(stated.lines):
        if line.line_no not in sold or not 1 <= line.quantity <= sold[line.line_no].quantity:
            raise orders.LineUnknown(f"lines[{n}].line_no", line_no=line.line_no)
    (sealed,) = await identity.seal(tx, [(order.buyer_id, msgspec.json.encode(Who(*fields)))])
    new = Withdrawal(
        id=tx.mint(), order_id=order.id, merchant_id=order.merchant_id, buyer_id=order.buyer_id,
        state=WithdrawalState.STATED, version=1, lines=list(stated.lines), sealed=sealed, stated_at=tx.now,
        confirmed_at=None, request_id=None,
    )  # fmt: skip
    await store.add_withdrawal(tx, new)
    tx.announce(WithdrawalStated(subject_id=new.id, merchant_id=new.merchant_id, order_id=order.id,
                                 move=born(WITHDRAWAL, new.id)))  # fmt: skip
    return new


async def terms(tx: Tx, order_id: int) -> WithdrawalTerms:
    """Whether an order can be withdrawn from now, by its policy and the period of its lines, and until when.

    Before delivery there is no end to it yet. Raises OrderUnknown.
    """
    order = await orders.get_one(tx, order_id)
    document = (await policies.by_ids(tx, [order.policy_id]))[order.policy_id].document
    if document.asking.withdrawal is None or order.state in (orders.OrderState.CANCELLED, orders.OrderState.EXPIRED):
        return WithdrawalTerms(is_offered=False, until=None)
    plain = next((code for code, reason in document.reasons.items() if reason.kind == "no_reason"), None)
    judged = await returns.judge_lines(tx, order, plain) if plain is not None else []
    allowed = [one for one in judged if one.is_allowed]
    ends = [one.window_end for one in allowed if one.window_end is not None]
    return WithdrawalTerms(is_offered=bool(allowed), until=max(ends, default=None))


async def confirm(tx: Tx, withdrawal_id: int) -> tuple[Withdrawal, list[returns.Applied]]:
    """The second step: units that have left are applied for without a reason, others are cancelled; acknowledged at once.

    A statement counts from when it was made: where the period ended between the two steps a person looks. Raises
    WithdrawalUnknown, ConfirmedAlready, or everything that speaks against the application.
    """
    found = await get_withdrawal(tx, withdrawal_id)
    order = await orders.lock_one(tx, found.order_id)
    found = await get_withdrawal(tx, withdrawal_id)
    if found.state is not WithdrawalState.STATED:
        raise ConfirmedAlready
    contact = await identity.contact(tx, order.contact_id)
    lines = found.lines or await _all_left(tx, order)
    applied = await _apply(tx, order, contact.ref if contact else "", lines)
    moved = await store.confirm(tx, withdrawal_id, applied[0].request_id, tx.now)
    tx.announce(WithdrawalConfirmed(subject_id=withdrawal_id, merchant_id=found.merchant_id, order_id=order.id,
                                    move=moved[withdrawal_id], request_id=applied[0].request_id))  # fmt: skip
    return await get_withdrawal(tx, withdrawal_id), applied


async def _apply(tx: Tx, order: orders.Order, buyer_ref: str, lines: Sequence[WithdrawalLine]) -> list[returns.Applied]:
    """What has left comes back, what has not is cancelled."""
    shipped = await fulfilment.shipped_units(tx, [order.id])
    taken = await returns.taken_units(tx, order.id)
    back, here = list[returns.ApplyLine](), list[returns.ApplyLine]()
    for line in lines:
        gone = max(0, min(line.quantity, shipped.get((order.id, line.line_no), 0) - taken.get(line.line_no, 0)))
        for wanted, units in ((back, gone), (here, line.quantity - gone)):
            if units:
                wanted.append(returns.ApplyLine(units, order_id=order.id, line_no=line.line_no))
    asked = [
        returns.Apply(order.merchant_id, buyer_ref, tuple(wanted), resolution=resolution)
        for wanted, resolution in ((back, returns.Resolution.REFUND), (here, returns.Resolution.REFUND_ONLY))
        if wanted
    ] or [returns.Apply(order.merchant_id, buyer_ref, ())]
    answers = await returns.apply_many(tx, asked)
    late = [
        n for n, one in enumerate(answers)
        if isinstance(one, Refusal) and all(isinstance(p, returns.OutOfWindow) for p in one.problems)
    ]  # fmt: skip
    again = (
        await returns.apply_many(tx, [msgspec.structs.replace(asked[n], ask_person=True) for n in late]) if late else []
    )
    settled = {**dict(enumerate(answers)), **dict(zip(late, again, strict=True))}
    refuse_all([problem for one in settled.values() if isinstance(one, Refusal) for problem in one.problems])
    return [one for one in settled.values() if isinstance(one, returns.Applied)]


async def _all_left(tx: Tx, order: orders.Order) -> list[WithdrawalLine]:
    """All units of an order that nothing was given for yet."""
    taken = await returns.taken_units(tx, order.id)
    left = {
        line.line_no: line.left - taken.get(line.line_no, 0) for line in (await orders.lines(tx, [order.id]))[order.id]
    }
    return [WithdrawalLine(line_no, units) for line_no, units in left.items() if units > 0]


async def _demand_offered(tx: Tx, order: orders.Order) -> None:
    document = (await policies.by_ids(tx, [order.policy_id]))[order.policy_id].document
    if document.asking.withdrawal is None:
        raise WithdrawalNotOffered
