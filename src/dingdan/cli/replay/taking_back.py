"""Returns again: applied for, sent back, received, inspected and paid back, a sitting at a time."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby

from dingdan import worker
from dingdan.areas import identity, payments, returns
from dingdan.cli.replay import store
from dingdan.cli.replay.pacing import act
from dingdan.cli.replay.plan import Claim
from dingdan.cli.replay.shop import CARRIER, Shop, code_of, sku_of
from dingdan.cli.replay.timing import Purchases, Sitting
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.tx import Tx

REASON = "NO_REASON"
# How sure a refusal is of the purchase that was meant: of several, the best informed counts.
RANK: tuple[type[Refusal], ...] = (returns.QuantityExceeded, returns.BeforePurchase, returns.NoSuchPurchase)

# Order line by the plan's name for it: the order's number and the line's.
Places = Mapping[str, tuple[int, int]]
# Who, when, what, how many, at which price: so many times it has been applied for.
Key = tuple[int, datetime, str, int, int]


async def filed(db: Database, shop: Shop) -> Counter[Key]:
    """How often each key has been applied for, by a return's own key: who, when, what, at which price, how many.

    The plan's lines have no number that a return could carry. But an application exists or it does not, whole, and
    two that agree in all of these are as good as each other: so as many of a key as exist are done. A list of what
    was done would be something more that could differ from what was done.
    """
    found: Counter[Key] = Counter()
    for _, lines in await _applications(db, shop):
        first = lines[0]
        found[first.buyer_id, first.at, code_of(first.sku), first.price or 0, sum(n.quantity for n in lines)] += 1
    return found


async def finish(db: Database, shop: Shop) -> None:
    """See through what a killed replay left open, at its own moments, before any clock goes on."""
    left: dict[datetime, list[int]] = defaultdict(list)
    for request_id, lines in await _applications(db, shop):
        if any(line.is_open for line in lines):
            left[lines[0].at].append(request_id)
    for at, request_ids in sorted(left.items()):
        await see_through(db, at, request_ids)
    if left:
        await worker.settle(db, at=max(left), with_deadlines=False)


async def _applications(db: Database, shop: Shop) -> list[tuple[int, list[store.Filed]]]:
    async with db.reading(SYSTEM) as tx:
        lines = await store.filed_lines(tx, shop.merchant_id)
    return [(request_id, list(group)) for request_id, group in groupby(lines, key=lambda line: line.request_id)]


async def apply(
    db: Database, shop: Shop, sitting: Sitting, *, places: Places, bought: Purchases, done: Counter[Key]
) -> tuple[list[int], Counter[str]]:
    """Let a sitting's claims be judged; says which applications there are now and which refusals there were."""
    async with db.reading(SYSTEM) as tx:
        buyers = await identity.find_buyers(tx, {(shop.merchant_id, claim.customer) for claim in sitting.claims})
    keys = [
        (buyers.get((shop.merchant_id, c.customer), 0), sitting.at, c.code, c.price, c.quantity) for c in sitting.claims
    ]
    fresh: list[Claim] = []
    for claim, key in zip(sitting.claims, keys, strict=True):
        if done[key]:
            done[key] -= 1
        else:
            fresh.append(claim)
    answers = await act(db, sitting.at, _apply, shop, fresh, places, bought) if fresh else []
    request_ids = [answer for answer in answers if isinstance(answer, int)]
    return request_ids, Counter(answer for answer in answers if isinstance(answer, str))


async def _apply(tx: Tx, shop: Shop, claims: Sequence[Claim], places: Places, bought: Purchases) -> list[int | str]:
    """Apply for each claim by itself, so that no claim waits for another's review; the application, or the refusal's code.

    A claim without a purchase in the plan is tried with each article of its code that the customer bought, the one at
    the claimed price first, until one is accepted.
    """
    tries = {n: _tries(claim, places, bought) for n, claim in enumerate(claims)}
    answers: dict[int, int | str] = {}
    while tries:
        order = list(tries)
        results = await returns.apply_many(tx, [
            returns.Apply(shop.merchant_id, claims[n].customer, tries[n].pop(0)) for n in order
        ])  # fmt: skip
        for n, result in zip(order, results, strict=True):
            if isinstance(result, returns.Applied):
                answers[n] = result.request_id
                del tries[n]
                continue
            answers[n] = min(_code(result), str(answers.get(n, "~")), key=_rank)
            if not tries[n]:
                del tries[n]
    return [answers[n] for n in range(len(claims))]


def _tries(claim: Claim, places: Places, bought: Purchases) -> list[tuple[returns.ApplyLine, ...]]:
    if claim.allocations:
        return [
            tuple(
                returns.ApplyLine(quantity=units, reason=REASON, order_id=places[ref][0], line_no=places[ref][1],
                                  claimed_unit_price=claim.price)
                for ref, units in claim.allocations
            )
        ]  # fmt: skip
    prices = {price for _, price in bought.get((claim.customer, claim.code), ())}
    return [
        (returns.ApplyLine(quantity=claim.quantity, reason=REASON, sku=sku_of(claim.code, price),
                           claimed_unit_price=claim.price),)
        for price in dict.fromkeys((claim.price, *sorted(prices)))
    ]  # fmt: skip


def _code(refusal: Refusal) -> str:
    return min((problem.code for problem in refusal.problems), key=_rank)


def _rank(code: str) -> int:
    known = [refusal.code for refusal in RANK]
    # Any other refusal is about something else than the purchase, and must be seen.
    return known.index(code) if code in known else len(known) if code == "~" else -1


async def see_through(db: Database, at: datetime, request_ids: Sequence[int]) -> None:
    """Bring applications as far as they come by themselves; one that is under review in part waits as a whole."""
    if not request_ids:
        return
    async with db.reading(SYSTEM) as tx:
        found = list((await returns.get(tx, await store.returns_of_requests(tx, request_ids))).values())
        lines = await returns.lines(tx, found)
    waiting = {r.request_id for r in found if r.decision is not returns.Decision.APPROVED}
    held = [r.id for r in found if r.request_id in waiting and r.decision is returns.Decision.APPROVED]
    if held:
        await act(db, at, deadlines.pause, returns.SEND_BY, held)
    going = [r for r in found if r.request_id not in waiting]
    parcels: dict[int, list[int]] = defaultdict(list)
    for r in going:
        if r.journey is returns.Journey.AT_BUYER:
            parcels[r.request_id].append(r.id)
    if parcels:
        await act(db, at, returns.send, [
            returns.Send(tuple(return_ids), CARRIER, ids.spoken(request_id))
            for request_id, return_ids in parcels.items()
        ])  # fmt: skip
    arriving = [r.id for r in going if r.journey is not returns.Journey.RECEIVED]
    if arriving:
        await act(db, at, returns.receive, [returns.Receive(return_id) for return_id in arriving])
    unseen = [r for r in going if r.outcome is returns.Outcome.OPEN]
    if unseen:
        await act(db, at, returns.inspect, [returns.Inspect(r.id, _as_new(lines[r.id])) for r in unseen])
    await _pay_back(db, at, [r.id for r in going])


def _as_new(lines: Sequence[returns.ReturnLine]) -> tuple[returns.InspectedLine, ...]:
    """The shop's inspection passes: intact, grade A, back on the shelf."""
    return tuple(
        returns.InspectedLine(line_no=line.line_no, quantity=line.quantity, is_original=True, intact=True, grade="A",
                              disposition="restock")
        for line in lines
    )  # fmt: skip


async def _pay_back(db: Database, at: datetime, return_ids: Sequence[int]) -> None:
    """Call the provider at the date of the file; the job that waits for it finds nothing left to do."""
    async with db.reading(SYSTEM) as tx:
        refund_ids = [r.refund_id for r in (await returns.get(tx, return_ids)).values() if r.refund_id]
        sent = await payments.sent_back(tx, refund_ids)
    queued = [one.id for each in sent.values() for one in each if one.state is payments.SendBackState.QUEUED]
    if queued:
        await payments.call_send_backs(db, queued, at=at)
