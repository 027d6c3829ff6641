"""Which of a merchant's lines may be paid now, and how the bank is told."""

import csv
import hashlib
import io
from collections.abc import Collection, Sequence

import msgspec

from dingdan.areas.settlements.model import Payout, Unpaid
from dingdan.areas.settlements.refusals import PayoutNeedsPerson, PayoutSameHand
from dingdan.kernel import ids
from dingdan.kernel.actor import Actor, ActorKind
from dingdan.kernel.money import decimal_string

PEOPLE = frozenset({ActorKind.STAFF, ActorKind.KEY})
COLUMNS = ("payout", "merchant", "name", "bank", "account", "currency", "amount")


class Payable(msgspec.Struct, frozen=True):
    """Lines to be paid now, what they come to, and what is left out for a while."""

    line_ids: tuple[int, ...]
    amount: int
    held: int


def payable(lines: Sequence[Unpaid], held_orders: Collection[int]) -> Payable:
    """What may be paid of a merchant's lines. An order that is held waits as a whole, unless the merchant owes for it.

    Nothing is paid where the rest comes to nothing or less: it stays for the next time.
    """
    by_order: dict[int, int] = {}
    for line in lines:
        if line.order_id is not None:
            by_order[line.order_id] = by_order.get(line.order_id, 0) + line.amount
    waiting = {order_id for order_id in held_orders if by_order.get(order_id, 0) > 0}
    taken = [line for line in lines if line.order_id not in waiting]
    total = sum(line.amount for line in taken)
    return Payable(
        line_ids=tuple(line.id for line in taken) if total > 0 else (),
        amount=max(0, total),
        held=sum(amount for order_id, amount in by_order.items() if order_id in waiting),
    )


def file_of(payouts: Sequence[Payout]) -> tuple[str, str]:
    """What the bank is told, a line for each payout in rising order, and its SHA-256: the same payouts, the same file."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in sorted(payouts, key=lambda payout: payout.id):
        writer.writerow((
            ids.encode("payout", one.id), ids.encode("merchant", one.merchant_id), one.payee.name, one.payee.bank,
            one.payee.account, one.currency, decimal_string(one.amount, one.currency),
        ))  # fmt: skip
    content = text.getvalue()
    return content, hashlib.sha256(content.encode()).hexdigest()


def demand_person(actor: Actor) -> int:
    """Who acts, where that is a person. Raises PayoutNeedsPerson."""
    if actor.kind not in PEOPLE or actor.id is None:
        raise PayoutNeedsPerson
    return actor.id


def demand_other_person(actor: Actor, *, prepared_by_kind: str, prepared_by: int | None) -> None:
    """Four eyes. Raises PayoutNeedsPerson or PayoutSameHand."""
    if (str(actor.kind), demand_person(actor)) == (prepared_by_kind, prepared_by):
        raise PayoutSameHand
