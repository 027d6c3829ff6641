"""The goods are here: counted, and kept aside until somebody has looked at them."""

from collections import Counter
from collections.abc import Mapping, Sequence

from dingdan.areas import disposition, fulfilment, inventory
from dingdan.areas.returns import store
from dingdan.areas.returns.events import ReturnReceived
from dingdan.areas.returns.lifecycle import Decision, Journey, Outcome
from dingdan.areas.returns.model import Receive, Resolution, Return, ReturnLine
from dingdan.areas.returns.promises import SEND_BY
from dingdan.areas.returns.reading import get, hold
from dingdan.areas.returns.refusals import LineUnknown, MoreThanAnnounced, ReturnUnknown, StateForbids, UnitsTaken
from dingdan.areas.returns.reminding import start_inspection_clock, start_refund_clock
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

Counts = dict[tuple[int, int, int], int]


async def receive(tx: Tx, arrivals: Sequence[Receive]) -> list[Return]:
    """Count what arrived; it goes to quarantine and is not for sale. Parcels of one return may arrive one by one.

    Goods of a lapsed return are welcome unless its units are in another return by now. Raises ReturnUnknown,
    StateForbids, LineUnknown, MoreThanAnnounced or UnitsTaken, all at once with the path of each.
    """
    returns = await hold(tx, {arrival.return_id for arrival in arrivals})
    lines = await store.lines_of(tx, list(returns.values()))
    problems: list[Refusal] = []
    counts: Counts = {}
    for place, arrival in enumerate(arrivals):
        held = returns.get(arrival.return_id)
        wrong = [ReturnUnknown("return_id")] if held is None else _standing_problems(held)
        if held is not None and not wrong:
            wrong = _count(arrival, held, lines[held.id], counts)
        problems += [problem.at(f"[{place}]") for problem in wrong]
    problems += await _lapsed_problems(tx, [r for r in returns.values() if r.journey is Journey.LAPSED], lines)
    refuse_all(problems)
    products = {(n.return_id, n.line_no): n.product_id for rows in lines.values() for n in rows}
    await inventory.take_in(tx, [
        inventory.Incoming(returns[r].merchant_id, returns[r].warehouse_id, products[r, no], units, order_id, no, r)
        # What is only here to be mended stays the buyer's, and never is stock.
        for (order_id, r, no), units in counts.items() if units and returns[r].resolution is not Resolution.REPAIR
    ])  # fmt: skip
    moved = await store.move(tx, "journey", "receive", returns, received_at=tx.now)
    await store.add_received(tx, counts)
    await store.note_parcels_received(tx, returns)
    await deadlines.call_off(tx, SEND_BY, returns)
    ours = [returns[i] for i in moved if returns[i].resolution is not Resolution.REPAIR]
    await start_refund_clock(tx, ours)
    await start_inspection_clock(tx, ours)
    units = {i: sum(count for key, count in counts.items() if key[1] == i) for i in returns}
    tx.announce(*(
        ReturnReceived(subject_id=i, merchant_id=r.merchant_id, order_id=r.order_id, move=moved.get(i), units=units[i])
        for i, r in returns.items()
    ))  # fmt: skip
    return list((await get(tx, returns)).values())


def _standing_problems(held: Return) -> list[Refusal]:
    if held.decision is not Decision.APPROVED:
        return [StateForbids(state=str(held.decision), verb="receive")]
    if held.outcome is not Outcome.OPEN:
        return [StateForbids(state=str(held.outcome), verb="receive")]
    return []


def _count(arrival: Receive, held: Return, lines: Sequence[ReturnLine], counts: Counts) -> list[Refusal]:
    """Add an arrival's units to the counts, or say what does not fit."""
    open_ = {line.line_no: line.quantity - line.received for line in lines}
    announced = {line.line_no: line.quantity for line in lines}
    if arrival.lines is None:
        counts.update({(held.order_id, held.id, no): units for no, units in open_.items() if units})
        return []
    problems: list[Refusal] = []
    for n, line in enumerate(arrival.lines):
        key = (held.order_id, held.id, line.line_no)
        if line.line_no not in open_:
            problems.append(LineUnknown(f"lines[{n}].line_no"))
            continue
        counts[key] = counts.get(key, 0) + line.quantity
        if line.quantity < 0 or counts[key] > open_[line.line_no]:
            received = announced[line.line_no] - open_[line.line_no] + counts[key]
            problems.append(MoreThanAnnounced(f"lines[{n}].quantity", line_no=line.line_no, received=received,
                                              announced=announced[line.line_no]))  # fmt: skip
    return problems


async def _lapsed_problems(
    tx: Tx, lapsed: Sequence[Return], lines: Mapping[int, Sequence[ReturnLine]]
) -> list[Refusal]:
    """A lapsed return gave its units back; they may be in another one since, or a case made them good."""
    if not lapsed:
        return []
    order_ids = {r.order_id for r in lapsed}
    shipped = await fulfilment.shipped_units(tx, order_ids)
    own = [r.id for r in lapsed]
    taken = Counter(await store.taken_units(tx, order_ids, except_of=own)) + await disposition.kept_units(tx, order_ids)
    taken += Counter(await store.made_good_units(tx, order_ids))
    problems: list[Refusal] = []
    for r in lapsed:
        for line in lines[r.id]:
            key = (r.order_id, line.line_no)
            taken[key] += line.quantity
            if taken[key] > shipped.get(key, 0):
                problems.append(UnitsTaken(line_no=line.line_no))
    return problems
