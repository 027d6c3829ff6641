"""Purchases as a return sees them, and which are meant where a buyer names only a product: paid price, quantity, age."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from dingdan.areas import evidence, policies
from dingdan.areas.returns.model import LOOKS, PRICE_MISMATCH, Check, Service
from dingdan.kernel.refusal import Text

Key = tuple[int, int]
IN_TIME = Text("It is asked for in time.", "在申请期限内。")
NOT_EXCLUDED = Text("No exclusion stands against it.", "不属于不适用退货的情形。")
UNITS_LEFT = Text("So many units are left that nothing was paid back or sent again for.", "尚有足够数量未退款或补发。")


class Lot(msgspec.Struct, frozen=True):
    """Units of one order line that can still come back; `net` is what all `units` of the line cost."""

    order_id: int
    line_no: int
    placed_at: datetime
    left: int
    net: int
    units: int


def is_price_paid(claimed: int, lot: Lot) -> bool:
    """Whether a claimed unit price is what a unit of this line cost, allowing for the fraction no coin can pay."""
    return abs(claimed * lot.units - lot.net) < lot.units


class Purchase(msgspec.Struct, frozen=True, kw_only=True):
    """One order line as a return sees it; `ended` is the word for an order that never left, `net` what was paid."""

    order_id: int
    line_no: int
    merchant_id: int
    buyer_id: int
    warehouse_id: int
    product_id: int
    sku: str
    category: str
    flags: tuple[str, ...]
    placed_at: datetime
    delivered_at: datetime | None
    ended: str | None
    quantity: int
    shipped: int
    net: int
    is_confirmed: bool
    policy_id: int
    currency: str
    cancelled: int = 0
    received_at: datetime | None = None
    country: str = ""
    is_untold: bool = False
    told_at: datetime | None = None
    repair_days: int = 0
    failed_repairs: int = 0
    exchanged_at: datetime | None = None

    @property
    def key(self) -> Key:
        """Order and line number."""
        return self.order_id, self.line_no


class Shelf(msgspec.Struct):
    """The purchases that applications can mean, and how many units of each nobody has had anything for.

    `left` have been shipped, `unshipped` have not; both go down as applications are let in, so that several of one set
    never share a unit. `attempts` are earlier applications that came to nothing, `prices` today's by product and
    currency, `reduced` what was taken off a line's price so far, `worth` what of it did not go back in any way.
    """

    purchases: dict[Key, Purchase]
    left: dict[Key, int]
    documents: dict[int, policies.PolicyDocument]
    unshipped: dict[Key, int] = {}
    attempts: dict[Key, int] = {}
    reduced: dict[Key, int] = {}
    worth: dict[Key, int] = {}
    prices: dict[tuple[int, str], int] = {}
    shown: dict[int, evidence.Evidence] = {}
    by_order: dict[int, list[Purchase]] = msgspec.field(default_factory=dict)
    by_sku: dict[tuple[int, str], list[Purchase]] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        for purchase in self.purchases.values():
            self.by_order.setdefault(purchase.order_id, []).append(purchase)
            self.by_sku.setdefault((purchase.buyer_id, purchase.sku), []).append(purchase)


class Part(msgspec.Struct, frozen=True):
    """Units of one purchase that an application takes, with what the policy said about them."""

    purchase: Purchase
    quantity: int
    reason: str
    claimed: int | None
    verdict: policies.Verdict
    # Why a person must look at it for what is asked for.
    looks: tuple[str, ...] = ()
    is_unshipped: bool = False
    off: int = 0

    @property
    def is_at_another_price(self) -> bool:
        """Whether the buyer claims to have paid something else per unit."""
        bought = self.purchase
        lot = Lot(bought.order_id, bought.line_no, bought.placed_at, self.quantity, bought.net, bought.quantity)
        return self.claimed is not None and not is_price_paid(self.claimed, lot)

    def review_reasons(self, *, by_price: bool) -> tuple[str, ...]:
        """Why a person must look at it."""
        mismatch = (PRICE_MISMATCH,) if by_price and self.is_at_another_price else ()
        return (*self.verdict.review_reasons, *mismatch, *self.looks)


def repair_days(one: Service, now: datetime) -> int:
    """The days that goods were in repair; a day that was begun is a day, and none counts against the buyer (R4.8)."""
    return -((one.since - (one.until or now)) // timedelta(days=1))


def choose(lots: Sequence[Lot], wanted: int, claimed: int | None) -> list[tuple[Lot, int]] | None:
    """The lots to take units from, and how many of each; None where there are not enough.

    At the claimed price, if any: a lot of exactly this many, else one with enough, else several; the latest purchase
    first in each. Only then at any price. Lots of different prices are mixed last.
    """
    latest = sorted((lot for lot in lots if lot.left > 0), key=_age, reverse=True)
    pools = [latest] if claimed is None else [[lot for lot in latest if is_price_paid(claimed, lot)], latest]
    for pool in pools:
        exact = next((lot for lot in pool if lot.left == wanted), None)
        found = exact or next((lot for lot in pool if lot.left >= wanted), None)
        if found is not None:
            return [(found, wanted)]
        if sum(lot.left for lot in pool) >= wanted:
            return _several(pool, wanted)
    return None


def _several(pool: Sequence[Lot], wanted: int) -> list[tuple[Lot, int]]:
    taken = []
    for lot in pool:
        part = min(lot.left, wanted)
        taken.append((lot, part))
        wanted -= part
        if wanted == 0:
            break
    return taken


def _age(lot: Lot) -> tuple[datetime, int, int]:
    return lot.placed_at, lot.order_id, lot.line_no


def checks_of(part: Part, document: policies.PolicyDocument) -> list[Check]:
    """Everything that was looked at for one line, with what it says: passed, not passed, or for a person to see."""
    verdict = part.verdict
    against = {code for code in verdict.reasons if code in policies.DECISIONS}
    found = [Check(code="units_left", is_passed=True, text=UNITS_LEFT, rule=document.grounds.quantity)]
    if "OUT_OF_WINDOW" not in against and verdict.window_end is not None:
        found.append(Check(code="in_time", is_passed=True, text=IN_TIME, rule=verdict.rules[0]))
    if not any(code.startswith("EXCLUDED") for code in against):
        found.append(Check(code="not_excluded", is_passed=True, text=NOT_EXCLUDED))
    found += [
        Check(code=code, is_passed=False, text=policies.DECISIONS[code], rule=verdict.exclusion or "")
        for code in sorted(against)
    ]
    looks = dict.fromkeys((*verdict.review_reasons, *part.looks))
    words = {**policies.REVIEWS, **LOOKS}
    return found + [Check(code=code, is_passed=False, text=words[code]) for code in looks if code in words]
