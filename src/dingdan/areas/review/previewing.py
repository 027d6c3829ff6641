"""What a draft would have stopped, had it been in force: tried on the orders of the past before it is switched on."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

from dingdan.areas import orders
from dingdan.areas.review.model import BackTest, Rule, RuleDocument
from dingdan.areas.review.picturing import picture
from dingdan.areas.review.rules.drafting import problems_of
from dingdan.areas.review.rules.planning import reasons_of
from dingdan.areas.review.screening import rules_of
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.tx import Tx

# One slice is one handful of queries; what a back-test looks at in one go has an end.
SLICE, MOST, SAMPLES = 500, 20_000, 20
DRAFT = "draft"


async def preview(
    tx: Tx, merchant_id: int | None, document: RuleDocument, *, days: int, replaces: str | None = None
) -> BackTest:
    """Try a draft on the newest paid orders of the last days, next to the rules that hold today but the one replaced.

    Orders are seen as they were when they were paid; stock is seen as it is now. Reads only.
    Raises everything that is wrong with the draft.
    """
    refuse_all(problems_of(document))
    since = tx.now - timedelta(days=days)
    draft = Rule(id=0, merchant_id=merchant_id, code=DRAFT, number=0, is_active=True, effective_from=since,
                 document=document, created_at=tx.now)  # fmt: skip
    looked_at = stopped = only = already = 0
    overlap: Counter[str] = Counter()
    samples: list[int] = []
    async for found in _past(tx, merchant_id, since):
        looked_at += len(found)
        for order_id, codes in (await _spoken(tx, found, draft, replaces)).items():
            already += bool(codes - {DRAFT})
            if DRAFT in codes:
                stopped += 1
                only += codes == {DRAFT}
                overlap.update(codes - {DRAFT})
                samples += [order_id] if len(samples) < SAMPLES else []
    return BackTest(
        looked_at=looked_at, stopped=stopped, only=only, stopped_already=already, overlap=dict(overlap),
        samples=tuple(samples), since=since, is_cut=looked_at >= MOST,
    )  # fmt: skip


async def _past(tx: Tx, merchant_id: int | None, since: datetime) -> AsyncIterator[dict[int, orders.Order]]:
    """Slices of paid orders, newest first, until one has nothing young enough."""
    before_id, seen = None, 0
    while seen < MOST:
        found = await orders.paid_before(tx, merchant_id, before_id=before_id, limit=min(SLICE, MOST - seen))
        young = {order.id: order for order in found if order.paid_at and order.paid_at >= since}
        if not young:
            return
        yield young
        seen += len(found)
        before_id = found[-1].id


async def _spoken(tx: Tx, found: dict[int, orders.Order], draft: Rule, replaces: str | None) -> dict[int, set[str]]:
    """The codes of the rules that speak about each order, the draft's among them."""
    rules = {
        merchant_id: [*(r for r in held if (r.merchant_id, r.code) != (draft.merchant_id, replaces)), draft]
        for merchant_id, held in (await rules_of(tx, {order.merchant_id for order in found.values()})).items()
    }
    every = {rule.id: rule for held in rules.values() for rule in held}
    seen = await picture(tx, found, every.values())
    return {
        order_id: {rule.code for rule, _ in reasons_of(rules[order.merchant_id], seen[order_id])}
        for order_id, order in found.items()
    }
