"""Ways out of what is wrong with a basket: each patch is judged before it is offered, by the checks that found the problem.

A new problem gets its ways in `WAYS`; every problem ends with an action that is always possible.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from dingdan.areas import addresses, credit, identity, inventory, orders
from dingdan.areas.placement import refusals
from dingdan.areas.placement.model import Basket, ReminderKind
from dingdan.areas.placement.rules import ways
from dingdan.areas.placement.rules.cases import MAX_QUANTITY, Case
from dingdan.areas.placement.rules.judging import Judge, Verdict, same_problem
from dingdan.areas.placement.rules.patching import amount, patched
from dingdan.kernel import ids
from dingdan.kernel.money import MAX_AMOUNT, decimal_string
from dingdan.kernel.refusal import Action, Operation, Refusal, Solution, Text

# How many lines are judged again for one basket; a basket with more to mend gets actions for the rest of it.
BUDGET = 40_000
REMINDERS = "/v1/reminders"
# What a reminder keeps of a name or a number.
MAX_WORDS = 100


Ways = Callable[[Verdict, Refusal], Iterator[ways.Way]]


def solved(verdict: Verdict, problems: Sequence[Refusal], judge: Judge) -> list[Refusal]:
    """The same problems with their ways out.

    `problems` may hold more than the verdict: what only taking could find out.
    """
    left = BUDGET
    found: list[Refusal] = []
    for problem in problems:
        solutions = list(problem.solutions)
        for way in _ways(verdict, problem) if left > 0 else ():
            left -= 2 * len(verdict.case.basket.items) + 1
            solution = _proven(verdict, problems, problem, way, judge)
            solutions += [solution] if solution is not None else []
        solutions += _actions(verdict.case, problem)
        found.append(problem.with_solutions(*solutions))
    return found


def _ways(verdict: Verdict, problem: Refusal) -> Iterable[ways.Way]:
    make = WAYS.get(type(problem))
    return make(verdict, problem) if make is not None else ()


def _proven(
    verdict: Verdict, problems: Sequence[Refusal], problem: Refusal, way: ways.Way, judge: Judge
) -> Solution | None:
    """The way as a solution, if with it this problem is gone and none is new; a total that was shown moves along."""
    basket, case = verdict.case.basket, verdict.case
    patch = way.patch
    after = judge(patched(basket, patch), case.facts)
    if basket.expected_total is not None and after.total is not None and after.total <= MAX_AMOUNT:
        patch = (*patch, Operation("replace", "/expected_total", amount(after.total, after.case.currency)))
        after = judge(patched(basket, patch), case.facts)
    allowed = Counter(map(same_problem, problems))
    allowed[same_problem(problem)] -= 1
    if Counter(map(same_problem, after.problems)) - allowed:
        return None
    params = dict(way.params)
    if after.total is not None:
        params["total"] = decimal_string(after.total, after.case.currency)
        params["currency"] = after.case.currency
    return Solution(way.kind, way.label.filled(params), patch=patch, params=params)


WAYS: Mapping[type[Refusal], Ways] = {
    addresses.PartMissing: ways.known_part,
    credit.NotEnoughCredit: ways.without_points,
    inventory.TooManyKept: ways.reduce,
    identity.RefUnusable: ways.clean,
    identity.TextUnusable: ways.clean,
    inventory.ChannelClosed: ways.other_channel,
    inventory.ChannelUnknown: ways.other_channel,
    orders.ReferenceTaken: ways.unnumbered,
    refusals.AddressIncomplete: ways.known_part,
    refusals.AmountTooLarge: ways.split_money,
    refusals.BuyerLimitReached: ways.reduce,
    refusals.BuyerMissing: ways.as_guest,
    refusals.ConfirmationUnfit: ways.confirm,
    refusals.FieldTooLong: ways.shorten,
    refusals.LineOfClosedMerchant: ways.drop_part,
    refusals.MerchantClosed: ways.drop_part,
    refusals.NoPrice: ways.other_currency,
    refusals.NotEnoughStock: ways.reduce,
    refusals.PolicyMissing: ways.drop_part,
    refusals.PriceChanged: ways.accept_total,
    refusals.PriceSuspicious: ways.swap_or_drop,
    refusals.ProductOffSale: ways.swap_or_drop,
    refusals.ProductUnknown: ways.drop,
    refusals.QuantityAboveMost: ways.reduce,
    refusals.QuantityBelowLeast: ways.raise_quantity,
    refusals.QuantityUnfit: ways.fit_quantity,
    refusals.TooManyLines: ways.split,
    refusals.UnitPriceChanged: ways.accept_price,
}

TOLD: Mapping[type[Refusal], ReminderKind] = {
    inventory.ChannelClosed: "open_again",
    inventory.ChannelUnknown: "open_again",
    refusals.MerchantClosed: "open_again",
    refusals.NotEnoughStock: "in_stock",
    refusals.PolicyMissing: "open_again",
    refusals.PriceSuspicious: "price_checked",
    refusals.ProductOffSale: "in_stock",
}
LABELS: Mapping[ReminderKind, tuple[str, Text]] = {
    "in_stock": ("wait_for_stock", Text("Be told when it is there again", "到货通知我")),
    "price_checked": ("wait_for_price", Text("Be told when its price is verified", "价格核实后通知我")),
    "open_again": ("wait_for_shop", Text("Be told when orders are taken again", "恢复接单后通知我")),
    "call_back": ("ask_for_help", Text("Have somebody call", "请客服联系我")),
}


def _actions(case: Case, problem: Refusal) -> Iterator[Solution]:
    """What can always be done: be told when it is over, or be helped by a person."""
    if type(problem) in TOLD:
        yield _told(case, problem, TOLD[type(problem)])
    if type(problem) not in (refusals.NotEnoughStock, refusals.PriceChanged, refusals.UnitPriceChanged):
        yield _told(case, problem, "call_back")


def _told(case: Case, problem: Refusal, kind: ReminderKind) -> Solution:
    basket = case.basket
    item = basket.items[ways.place_of(problem)] if problem.path.startswith("lines[") and kind != "call_back" else None
    body: dict[str, object] = {
        "kind": kind,
        "merchant": ids.encode("merchant", (item.merchant_id if item else None) or basket.merchant_id),
        "buyer": _buyer(basket, case.facts.guest),
    }
    if item is not None and kind in ("in_stock", "price_checked"):
        body |= {"sku": item.sku, "quantity": max(1, min(item.quantity, MAX_QUANTITY))}
    word, label = LABELS[kind]
    return Solution(word, label, action=Action("POST", REMINDERS, body))


def _buyer(basket: Basket, guest: str) -> dict[str, str]:
    buyer, ship_to = basket.buyer, basket.ship_to
    ref = (buyer.ref if buyer else "").strip()
    found = {
        "ref": ref if ref and len(ref) <= MAX_WORDS and not ways.CONTROL.search(ref) else guest,
        "phone": (buyer.phone if buyer else "") or (ship_to.phone if ship_to else ""),
        "email": buyer.email if buyer else "",
    }
    return {
        name: text for name, text in found.items() if text and len(text) <= MAX_WORDS and not ways.CONTROL.search(text)
    }
