"""Waiting for a turn: a channel that wants time between two refunds of one payment gets it."""

from collections.abc import Sequence
from datetime import timedelta

from dingdan.areas.payments import rules, store
from dingdan.areas.payments.model import MoneyBack
from dingdan.areas.payments.promises import SEND_BACK_CHECK
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


async def take_turns(tx: Tx, waiting: Sequence[MoneyBack], *, seconds_apart: int) -> set[int]:
    """Of money that waits to go back: what may be handed over now. All else is looked at again when its turn comes.

    Two workers never hand over two refunds of one payment at once, and a turn that was taken counts also if its call
    never came about.
    """
    last = await store.last_calls(tx, {one.payment_id for one in waiting})
    when = rules.turns(waiting, last, now=tx.now, apart=timedelta(seconds=seconds_apart))
    now = {i for i, at in when.items() if at <= tx.now}
    await store.note_calls(tx, now)
    await deadlines.schedule(tx, SEND_BACK_CHECK, [
        deadlines.Due(one.send_back_id, one.merchant_id, when[one.send_back_id])
        for one in waiting if one.send_back_id not in now
    ])  # fmt: skip
    return now
