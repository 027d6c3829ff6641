"""Ways out of what is wrong with a basket: each patch is judged before it is offered, by the checks that found the problem.

A new problem gets its ways in `WAYS`; every problem ends with an action that is always possible.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

import msgspec

from dingdan.areas import identity, inventory, orders
from dingdan.areas.placement import refusals
from dingdan.areas.placement.model import Basket, ReminderKind
from dingdan.areas.placement.rules.cases import MAX_LINES, Case, Part, Wish
from dingdan.areas.placement.rules.checks import MAX_QUANTITY, MAX_TEXT, text_wanted
from dingdan.areas.placement.rules.judging import Judge, Verdict, same_problem
from dingdan.areas.placement.rules.patching import amount, patched
from dingdan.kernel import ids
from dingdan.kernel.money import MAX_AMOUNT, decimal_string
from dingdan.kernel.refusal import Action, Operation, Refusal, Solution, Text

# How many lines are judged again for one basket; a basket with more to mend gets actions for the rest of it.
BUDGET = 40_000
REMINDERS = "/v1/reminders"
_PLACE = re.compile(r"lines\[(\d+)\]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Way(msgspec.Struct, frozen=True):
    """A patch that may cure a problem; whether it does is for the checks to say."""

    kind: str
    label: Text
    patch: tuple[Operation, ...]
    params: dict[str, object] = {}


Ways = Callable[[Verdict, Refusal], Iterator[Way]]


def solved(verdict: Verdict, problems: Sequence[Refusal], judge: Judge) -> list[Refusal]:
    """The same problems with their ways out.

    `problems` may hold more than the verdict: what only taking could find out.
    """
    left = BUDGET
    found: list[Refusal] = []
    for problem in problems:
        solutions = list(problem.solutions)
        for way in WAYS.get(type(problem), _no_way)(verdict, problem) if left > 0 else ():
            left -= 2 * len(verdict.case.basket.items) + 1
            solution = _proven(verdict, problems, problem, way, judge)
            solutions += [solution] if solution is not None else []
        solutions += _actions(verdict.case, problem)
        found.append(problem.with_solutions(*solutions))
    return found


def _proven(verdict: Verdict, problems: Sequence[Refusal], problem: Refusal, way: Way, judge: Judge) -> Solution | None:
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


# --- patches ---------------------------------------------------------------------------------------------------------


def _no_way(_verdict: Verdict, _problem: Refusal) -> Iterator[Way]:
    yield from ()


def _place(problem: Refusal) -> int:
    found = _PLACE.match(problem.path)
    assert found is not None, "the problem is about a line"
    return int(found[1])


def _drop(_verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    yield Way(
        "drop_line", Text("Leave the line out", "去掉该商品"), (Operation("remove", f"/lines/{_place(problem)}"),)
    )


def _drop_part(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    """Leave out every line of the merchant that the problem is about."""
    items = verdict.case.basket.items
    place = _place(problem) if problem.path.startswith("lines[") else 0
    whose = items[place].merchant_id if items else None
    own = verdict.case.basket.merchant_id
    gone = [n for n, item in enumerate(items) if (item.merchant_id or own) == (whose or own)]
    yield _without(gone, "drop_merchant", Text("Leave this merchant's goods out", "去掉该商家的商品"))


def _without(places: Sequence[int], kind: str, label: Text) -> Way:
    return Way(kind, label, tuple(Operation("remove", f"/lines/{n}") for n in sorted(places, reverse=True)))


def _reduce(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    """As many as there are once the other lines of the same thing have theirs."""
    items, place = verdict.case.basket.items, _place(problem)
    mine = items[place]
    others = sum(
        item.quantity
        for n, item in enumerate(items)
        if n != place and (item.sku, item.merchant_id) == (mine.sku, mine.merchant_id)
    )
    units = int(problem.params["free"]) - others
    if units > 0:
        yield _quantity(place, units)
    yield from _drop(verdict, problem)


def _quantity(place: int, units: int) -> Way:
    label = Text("Order {quantity}", "改为购买 {quantity} 件")
    return Way(
        "reduce_quantity", label, (Operation("replace", f"/lines/{place}/quantity", units),), {"quantity": units}
    )


def _fit_quantity(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    place = _place(problem)
    wanted = verdict.case.basket.items[place].quantity
    for part, wish in _wishes(verdict.case):
        if wish.place == place and wish.offer is not None and part.channel is not None:
            free = (verdict.case.facts.free or {}).get((part.channel.warehouse_id, wish.offer.product_id), 0)
            most = min(MAX_QUANTITY, free)
            if most > 0:
                yield _quantity(place, 1 if wanted < 1 else most)
    yield from _drop(verdict, problem)


def _wishes(case: Case) -> Iterator[tuple[Part, Wish]]:
    for part in case.parts:
        for wish in part.wishes:
            yield part, wish


def _split(verdict: Verdict, _problem: Refusal) -> Iterator[Way]:
    """The first lines now, the others in an order of their own."""
    later = range(MAX_LINES, len(verdict.case.basket.items))
    label = Text("Order the first {lines} lines now, the others in another order", "先提交前 {lines} 行，其余另行下单")
    way = _without(later, "split_order", label)
    yield msgspec.structs.replace(way, params={"lines": MAX_LINES})


def _split_money(verdict: Verdict, _problem: Refusal) -> Iterator[Way]:
    """The dearest lines in an order of their own, as few as will do; or fewer of the dearest."""
    assert verdict.quotes is not None
    goods = {
        wish.place: line.goods
        for part, quote in zip(verdict.case.parts, verdict.quotes, strict=True)
        for wish, line in zip(part.wishes, quote.lines, strict=True)
    }
    total, gone = verdict.total or 0, []
    dearest = sorted(goods, key=lambda place: (-goods[place], place))
    for place in dearest:
        if total <= MAX_AMOUNT:
            break
        gone.append(place)
        total -= goods[place]
    yield _without(gone, "split_order", Text("Order the dearest lines apart", "将金额最大的商品另行下单"))
    item = verdict.case.basket.items[dearest[0]]
    rest = (verdict.total or 0) - goods[dearest[0]]
    units = (MAX_AMOUNT - rest) * item.quantity // goods[dearest[0]] if rest < MAX_AMOUNT else 0
    if units > 0:
        yield _quantity(dearest[0], units)


def _accept_total(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    if verdict.total is not None:
        step = Operation("replace", "/expected_total", amount(verdict.total, verdict.case.currency))
        yield Way("accept_price", Text("Order for {total} {currency}", "按 {total} {currency} 下单"), (step,))


def _accept_price(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    place = _place(problem)
    for _, wish in _wishes(verdict.case):
        if wish.place == place and wish.offer is not None:
            price = amount(wish.offer.prices[verdict.case.currency], verdict.case.currency)
            label = Text("Take it for {price} {currency}", "按单价 {price} {currency} 购买")
            params = {"price": problem.params["price"], "currency": verdict.case.currency}
            yield Way("accept_price", label, (Operation("replace", f"/lines/{place}/unit_price", price),), params)
    yield from _drop(verdict, problem)


def _other_currency(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    """A currency in which everything has a price; shown prices move along."""
    offers = [wish.offer for _, wish in _wishes(verdict.case) if wish.offer is not None]
    shared = set.intersection(*(set(offer.prices) for offer in offers)) if offers else set()
    for currency in sorted(shared)[:3]:
        patch = [Operation("add", "/currency", currency)]
        patch += [
            Operation("replace", f"/lines/{wish.place}/unit_price", amount(wish.offer.prices[currency], currency))
            for _, wish in _wishes(verdict.case)
            if wish.item.unit_price is not None and wish.offer is not None
        ]
        yield Way(
            "other_currency", Text("Pay in {currency}", "改用 {currency} 结算"), tuple(patch), {"currency": currency}
        )
    yield from _drop(verdict, problem)


def _other_channel(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    """A channel that is open at every merchant of the basket."""
    known = verdict.case.facts.other_channels
    lists = [{one.code for one in known.get(part.merchant.id, ()) if one.active} for part in verdict.case.parts]
    shared = set.intersection(*lists) if lists else set()
    for code in sorted(shared)[:3]:
        label = Text("Order through {channel}", "通过渠道 {channel} 下单")
        yield Way("other_channel", label, (Operation("replace", "/channel", code),), {"channel": code})
    yield from _drop_part(verdict, problem)


def _confirm(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    place = _place(problem)
    for part, wish in _wishes(verdict.case):
        if wish.place == place and wish.offer is not None and part.policy is not None:
            wanted = text_wanted(part.policy.document, wish.offer.category, wish.offer.flags)
            if wanted is not None:
                label = Text("Confirm the words of {version}", "确认 {version} 的条款")
                step = Operation("add", f"/lines/{place}/confirmed", wanted)
                yield Way("confirm", label, (step,), {"version": wanted})
    label = Text("Buy it without this confirmation; it can be returned", "不作此确认购买，该商品可无理由退货")
    yield Way("order_unconfirmed", label, (Operation("remove", f"/lines/{place}/confirmed"),))


def _as_guest(verdict: Verdict, _problem: Refusal) -> Iterator[Way]:
    guest = verdict.case.facts.guest
    step = (
        Operation("add", "/buyer", {"ref": guest})
        if verdict.case.basket.buyer is None
        else Operation("add", "/buyer/ref", guest)
    )
    yield Way("order_as_guest", Text("Order as a guest", "以访客身份下单"), (step,))


def _known_part(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    """A part of the address that the basket knows from elsewhere: who buys is often who receives."""
    part, buyer = str(problem.params["part"]), verdict.case.basket.buyer
    known = getattr(buyer, part, "") if part in ("name", "phone") and buyer is not None else ""
    if known.strip() and verdict.case.basket.ship_to is not None:
        yield _fixed(f"/ship_to/{part}", known)


def _fixed(path: str, value: str) -> Way:
    return Way("fix_field", Text("Use “{value}”", "使用“{value}”"), (Operation("add", path, value),), {"value": value})


def _shorten(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    field = str(problem.params["field"])
    if field == "reference":
        yield from _unnumbered(verdict, problem)
    else:
        text = getattr(verdict.case.basket, field)[:MAX_TEXT]
        label = Text("Keep the first {most} characters", "保留前 {most} 个字符")
        yield Way("fix_field", label, (Operation("replace", f"/{field}", text),), {"most": MAX_TEXT})


def _unnumbered(_verdict: Verdict, _problem: Refusal) -> Iterator[Way]:
    label = Text("Order without this number", "不使用该外部单号下单")
    yield Way("drop_reference", label, (Operation("remove", "/reference"),))


def _clean(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    """The same text without what cannot be kept, cut where it is too long."""
    owner, _, field = problem.path.partition(".")
    given = getattr(getattr(verdict.case.basket, owner), field, "")
    text = _CONTROL.sub("", given)[: int(problem.params.get("limit", 100))]
    yield _fixed(f"/{owner}/{field}", text)


WAYS: Mapping[type[Refusal], Ways] = {
    identity.RefUnusable: _clean,
    identity.TextUnusable: _clean,
    inventory.ChannelClosed: _other_channel,
    inventory.ChannelUnknown: _other_channel,
    orders.ReferenceTaken: _unnumbered,
    refusals.AddressIncomplete: _known_part,
    refusals.AmountTooLarge: _split_money,
    refusals.BuyerMissing: _as_guest,
    refusals.ConfirmationUnfit: _confirm,
    refusals.FieldTooLong: _shorten,
    refusals.LineOfClosedMerchant: _drop_part,
    refusals.MerchantClosed: _drop_part,
    refusals.NoPrice: _other_currency,
    refusals.NotEnoughStock: _reduce,
    refusals.PolicyMissing: _drop_part,
    refusals.PriceChanged: _accept_total,
    refusals.PriceSuspicious: _drop,
    refusals.ProductOffSale: _drop,
    refusals.ProductUnknown: _drop,
    refusals.QuantityUnfit: _fit_quantity,
    refusals.TooManyLines: _split,
    refusals.UnitPriceChanged: _accept_price,
}

# --- actions ---------------------------------------------------------------------------------------------------------

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
    item = basket.items[_place(problem)] if problem.path.startswith("lines[") and kind != "call_back" else None
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
        "ref": ref if ref and len(ref) <= 200 and not _CONTROL.search(ref) else guest,
        "phone": (buyer.phone if buyer else "") or (ship_to.phone if ship_to else ""),
        "email": buyer.email if buyer else "",
    }
    return {name: text for name, text in found.items() if text and len(text) <= 200 and not _CONTROL.search(text)}
