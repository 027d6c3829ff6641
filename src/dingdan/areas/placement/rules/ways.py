"""Patches that may cure what is wrong with a basket; whether they do is for the checks to say."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from dingdan.areas import catalog
from dingdan.areas.placement.rules import wanting
from dingdan.areas.placement.rules.cases import MAX_LINES, MAX_QUANTITY, Case, Part, Wish
from dingdan.areas.placement.rules.checks import MAX_TEXT, text_wanted
from dingdan.areas.placement.rules.judging import Verdict
from dingdan.areas.placement.rules.patching import amount
from dingdan.kernel.money import MAX_AMOUNT, decimal_string
from dingdan.kernel.refusal import Operation, Refusal, Text

# So many variants are offered in the place of one.
MOST_VARIANTS = 3
_PLACE = re.compile(r"lines\[(\d+)\]")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class Way(msgspec.Struct, frozen=True):
    """A patch that may cure a problem."""

    kind: str
    label: Text
    patch: tuple[Operation, ...]
    params: dict[str, object] = {}


def place_of(problem: Refusal) -> int:
    """Which line a problem is about."""
    found = _PLACE.match(problem.path)
    assert found is not None, "the problem is about a line"
    return int(found[1])


def drop(_verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    """Leave the line out."""
    yield Way(
        "drop_line", Text("Leave the line out", "去掉该商品"), (Operation("remove", f"/lines/{place_of(problem)}"),)
    )


def drop_part(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    """Leave out every line of the merchant that the problem is about."""
    items = verdict.case.basket.items
    place = place_of(problem) if problem.path.startswith("lines[") else 0
    whose = items[place].merchant_id if items else None
    own = verdict.case.basket.merchant_id
    gone = [n for n, item in enumerate(items) if (item.merchant_id or own) == (whose or own)]
    yield _without(gone, "drop_merchant", Text("Leave this merchant's goods out", "去掉该商家的商品"))


def _without(places: Sequence[int], kind: str, label: Text) -> Way:
    return Way(kind, label, tuple(Operation("remove", f"/lines/{n}") for n in sorted(places, reverse=True)))


def reduce(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    """As many as may be had once the other lines of the same thing have theirs."""
    items, place = verdict.case.basket.items, place_of(problem)
    mine = items[place]
    others = sum(
        item.quantity
        for n, item in enumerate(items)
        if n != place and (item.sku, item.merchant_id) == (mine.sku, mine.merchant_id)
    )
    most = next(int(problem.params[name]) for name in ("free", "left", "most") if name in problem.params)
    if most - others > 0:
        yield _quantity(place, most - others)
    yield from _swap(verdict, problem)
    yield from drop(verdict, problem)


def raise_quantity(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    """As many as must be taken."""
    least = int(problem.params["least"])
    step = Operation("replace", f"/lines/{place_of(problem)}/quantity", least)
    yield Way("raise_quantity", Text("Order {quantity}", "改为购买 {quantity} 件"), (step,), {"quantity": least})
    yield from drop(verdict, problem)


def _swap(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    """Another variant of the same thing; a price that was shown moves along."""
    place, currency = place_of(problem), verdict.case.currency
    for part, wish in _wishes(verdict.case):
        if wish.place != place or wish.offer is None or wish.offer.variant_of is None:
            continue
        key = (part.merchant.id, wish.offer.variant_of)
        others = [one for one in verdict.case.facts.variants.get(key, ()) if one.sku != wish.offer.sku]
        for other in [one for one in others if one.active and currency in one.prices][:MOST_VARIANTS]:
            patch = [Operation("replace", f"/lines/{place}/sku", other.sku)]
            if wish.item.unit_price is not None:
                shown = amount(other.prices[currency], currency)
                patch.append(Operation("replace", f"/lines/{place}/unit_price", shown))
            params: dict[str, object] = {"sku": other.sku, "price": decimal_string(other.prices[currency], currency)}
            yield Way("swap_variant", Text("Take {sku} instead", "改选 {sku}"), tuple(patch), params)


def swap_or_drop(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    """Another variant, or nothing of it."""
    yield from _swap(verdict, problem)
    yield from drop(verdict, problem)


def _quantity(place: int, units: int) -> Way:
    label = Text("Order {quantity}", "改为购买 {quantity} 件")
    return Way(
        "reduce_quantity", label, (Operation("replace", f"/lines/{place}/quantity", units),), {"quantity": units}
    )


def fit_quantity(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    """One, or as many as there are."""
    place = place_of(problem)
    wanted = verdict.case.basket.items[place].quantity
    for part, wish in _wishes(verdict.case):
        if wish.place == place and wish.offer is not None and part.channel is not None:
            most = min(MAX_QUANTITY, _free(verdict.case, part, wish.offer))
            if most > 0:
                yield _quantity(place, 1 if wanted < 1 else most)
    yield from drop(verdict, problem)


def _free(case: Case, part: Part, offer: catalog.Offer) -> int:
    """How many of a thing the best placed warehouse could give by itself."""
    shelves = case.facts.shelves or {}
    found = []
    for place in wanting.places_of(case, part):
        held = offer.components or ((offer.product_id, 1),)
        found.append(min(shelves[place, i].free // each if (place, i) in shelves else 0 for i, each in held))
    return max(found, default=0)


def without_points(_verdict: Verdict, _problem: Refusal) -> Iterator[Way]:
    """Keep the points for another time."""
    yield Way("drop_points", Text("Order without points", "不使用积分"), (Operation("replace", "/points", 0),))


def _wishes(case: Case) -> Iterator[tuple[Part, Wish]]:
    for part in case.parts:
        for wish in part.wishes:
            yield part, wish


def split(verdict: Verdict, _problem: Refusal) -> Iterator[Way]:
    """The first lines now, the others in an order of their own."""
    later = range(MAX_LINES, len(verdict.case.basket.items))
    label = Text("Order the first {lines} lines now, the others in another order", "先提交前 {lines} 行，其余另行下单")
    way = _without(later, "split_order", label)
    yield msgspec.structs.replace(way, params={"lines": MAX_LINES})


def split_money(verdict: Verdict, _problem: Refusal) -> Iterator[Way]:
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


def accept_total(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    """Take the total as it is."""
    if verdict.total is not None:
        step = Operation("replace", "/expected_total", amount(verdict.total, verdict.case.currency))
        yield Way("accept_price", Text("Order for {total} {currency}", "按 {total} {currency} 下单"), (step,))


def accept_price(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    """Take the line at its price, or leave it out."""
    place = place_of(problem)
    for _, wish in _wishes(verdict.case):
        if wish.place == place and wish.offer is not None:
            price = amount(wish.offer.prices[verdict.case.currency], verdict.case.currency)
            label = Text("Take it for {price} {currency}", "按单价 {price} {currency} 购买")
            params = {"price": problem.params["price"], "currency": verdict.case.currency}
            yield Way("accept_price", label, (Operation("replace", f"/lines/{place}/unit_price", price),), params)
    yield from drop(verdict, problem)


def other_currency(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
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
    yield from drop(verdict, problem)


def other_channel(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    """A channel that is open at every merchant of the basket."""
    known = verdict.case.facts.other_channels
    lists = [{one.code for one in known.get(part.merchant.id, ()) if one.active} for part in verdict.case.parts]
    shared = set.intersection(*lists) if lists else set()
    for code in sorted(shared)[:3]:
        label = Text("Order through {channel}", "通过渠道 {channel} 下单")
        yield Way("other_channel", label, (Operation("replace", "/channel", code),), {"channel": code})
    yield from drop_part(verdict, problem)


def confirm(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    """Confirm the words of now, or buy it returnable."""
    place = place_of(problem)
    for part, wish in _wishes(verdict.case):
        if wish.place == place and wish.offer is not None and part.policy is not None:
            wanted = text_wanted(part.policy.document, wish.offer.category, wish.offer.flags)
            if wanted is not None:
                label = Text("Confirm the words of {version}", "确认 {version} 的条款")
                step = Operation("add", f"/lines/{place}/confirmed", wanted)
                yield Way("confirm", label, (step,), {"version": wanted})
    label = Text("Buy it without this confirmation; it can be returned", "不作此确认购买，该商品可无理由退货")
    yield Way("order_unconfirmed", label, (Operation("remove", f"/lines/{place}/confirmed"),))


def as_guest(verdict: Verdict, _problem: Refusal) -> Iterator[Way]:
    """Give the buyer a name of our own."""
    guest = verdict.case.facts.guest
    step = (
        Operation("add", "/buyer", {"ref": guest})
        if verdict.case.basket.buyer is None
        else Operation("add", "/buyer/ref", guest)
    )
    yield Way("order_as_guest", Text("Order as a guest", "以访客身份下单"), (step,))


def known_part(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    """A part of the address that the basket knows from elsewhere: who buys is often who receives."""
    part, buyer = problem.path.rpartition(".")[2], verdict.case.basket.buyer
    known = getattr(buyer, part, "") if part in ("name", "phone") and buyer is not None else ""
    if known.strip() and verdict.case.basket.ship_to is not None:
        yield _fixed(f"/ship_to/{part}", known)


def _fixed(path: str, value: str) -> Way:
    return Way("fix_field", Text("Use “{value}”", "使用“{value}”"), (Operation("add", path, value),), {"value": value})


def shorten(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    """Cut the text; a number is left out instead."""
    field = str(problem.params["field"])
    if field == "reference":
        yield from unnumbered(verdict, problem)
    else:
        text = getattr(verdict.case.basket, field)[:MAX_TEXT]
        label = Text("Keep the first {most} characters", "保留前 {most} 个字符")
        yield Way("fix_field", label, (Operation("replace", f"/{field}", text),), {"most": MAX_TEXT})


def unnumbered(_verdict: Verdict, _problem: Refusal) -> Iterator[Way]:
    """Leave the shop's number out."""
    label = Text("Order without this number", "不使用该外部单号下单")
    yield Way("drop_reference", label, (Operation("remove", "/reference"),))


def clean(verdict: Verdict, problem: Refusal) -> Iterator[Way]:
    """The same text without what cannot be kept, cut where it is too long."""
    owner, _, field = problem.path.partition(".")
    given = getattr(getattr(verdict.case.basket, owner), field, "")
    text = CONTROL.sub("", given)[: int(problem.params.get("limit", 100))]
    yield _fixed(f"/{owner}/{field}", text)
