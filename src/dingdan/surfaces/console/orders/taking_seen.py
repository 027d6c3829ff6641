"""What somebody sees who takes an order down: fields with what is wrong at each, the lines, and what it comes to."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from dingdan.areas import carriers, catalog, inventory, merchants, placement
from dingdan.kernel.money import Money
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Refusal, Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.console.orders import taking_form
from dingdan.surfaces.console.orders.taking_form import Shown, Taking
from dingdan.surfaces.shared import looks
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.screens import Field, Own, Reason, Sums

HERE = "/orders/new"
TITLE = Text("New order on behalf", "代客下单")
# So many products are offered for the words that were searched for.
MOST_FOUND = 8
# Words of the form that no field shows.
HIDDEN = frozenset({"merchant", "currency", "shown", "once"})
# As many merchants as tell whether there is a choice.
TWO = Page(limit=2)
_AT_LINE = re.compile(r"lines\[(\d+)\]")
LANGUAGES = (("zh", Text("Chinese", "中文")), ("en", Text("English", "英文")))


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown besides the form itself: what was searched for, what it would come to, and what is wrong."""

    problems: Sequence[Refusal] = ()
    found: Sequence[catalog.Offer] | None = None
    # How many of it were asked for.
    units: int = 1
    quoted: placement.Quoted | None = None
    # The basket that was looked at, and whether that is another one than the page showed before.
    basket: placement.Basket | None = None
    has_changed: bool = False
    # Where the hands go on: in the search, at what is wrong, or at the button that places.
    at: str = "start"
    # Whether the very same basket would become an order now.
    is_sound: bool = False


async def merchant_choice(tx: Tx) -> Own:
    """Whose shop it is for, where somebody takes orders for several."""
    shops = await choosing.merchants_to_choose(tx)
    return Own(title=TITLE, template="new_order_shop.html", data={"shops": shops, "here": HERE})


async def screen(tx: Tx, merchant: merchants.Merchant, taking: Taking, look: Look) -> Own:
    """The form with everything that is known about it by now."""
    channels = [one for one in await inventory.channels_of(tx, merchant.id) if one.active]
    services = sorted({word for one in await carriers.carriers_of(tx, merchant.id) for word in one.services})
    offers = await catalog.offers(tx, [(merchant.id, line.sku) for line in taking.lines])
    problems = _told_once([_placed_at(one, taking) for one in look.problems])
    at_fields = [one for one in problems if not one.path.startswith("lines")]
    groups = _groups(taking, channels, services)
    more = [field.name for _, fields in groups[2:] for field in fields]
    currency = currency_of(taking, merchant, channels)
    return Own(title=TITLE, template="new_order.html", data={
        "here": HERE, "shop": naming.in_tongues(merchant.name), "merchant": merchant.code, "is_one_of_many": tx.actor.merchant_id is None,
        "groups": groups[:2], "more": groups[2:], "problems": problems, "at": look.at,
        "is_more_open": any(taking.word(name) not in ("", "CN") for name in more if name != "channel") or any(one.path in more for one in at_fields),
        "ways": {field: _ways(field, at_fields) for field in {one.path for one in at_fields}},
        "words": {name: taking.word(name) for name in ("q", "currency", "pasted")},
        "lines": [_line(n, line, offers.get((merchant.id, line.sku)), currency, problems) for n, line in enumerate(taking.lines)],
        "of_all": [(one, _mending(one)) for one in problems if one.path in ("", "lines")],
        "found": None if look.found is None else [_found(one, currency) for one in look.found],
        "units": look.units, "has_changed": look.has_changed,
        "can_be_placed": look.is_sound, "is_told": _is_told(merchant, taking),
        # What the buyer agreed to is kept also where nothing asks for it just now.
        "told": [] if look.quoted is not None and look.quoted.orders else [f"{line.sku}\t{line.told}" for line in taking.lines if line.told],
        **_outcome(look),
    })  # fmt: skip


def _is_told(merchant: merchants.Merchant, taking: Taking) -> bool:
    """Whether the link to look and to pay goes to the buyer by itself: the shop sends messages, and there is where to."""
    ways = merchant.settings.message_channels if merchant.settings.messages else ()
    return bool({"sms", "push"} & set(ways)) or ("email" in ways and taking.word("buyer.email") != "")


def currency_of(taking: Taking, merchant: merchants.Merchant, channels: Sequence[inventory.Channel]) -> str:
    """The currency that prices are shown in: the channel's."""
    through = next((one.currency for one in channels if one.code == taking.word("channel")), merchant.currency)
    return taking.word("currency") or through


def first_channel(channels: Sequence[inventory.Channel]) -> str:
    """The channel that a call most likely belongs to: the one for calls, or the shop's own."""
    codes = [one.code for one in channels if one.active]
    return next((code for code in ("phone", "web") if code in codes), codes[0] if codes else "")


def _groups(
    taking: Taking, channels: Sequence[inventory.Channel], services: Sequence[str]
) -> list[tuple[Text, list[Field]]]:
    def field(name: str, text: Text, kind: Any = "text", *, needed: bool = False, **more: Any) -> Field:
        longest = min(taking_form.LONGEST[name], 200)
        return Field(name, text, kind, value=taking.word(name) or None, is_needed=needed, longest=longest, **more)

    through = [(one.code, naming.in_tongues(one.name)) for one in channels]
    is_home = taking.word("ship_to.country") in ("", "CN")
    called = Text("Empty: the buyer", "留空即买家本人")
    return [
        (Text("Who buys", "买家"), [
            field("buyer.phone", Text("Phone", "电话"), needed=True), field("buyer.name", Text("Name", "姓名"), needed=True),
            field("buyer.email", Text("Mail", "邮箱")),
            field("buyer.ref", Text("Customer number in the shop", "店铺会员号"), hint=Text("Empty: known by the phone", "留空则按电话识别")),
        ]),
        (Text("Where it goes", "收货地址"), [
            field("ship_to.province", Text("Province", "省份"), needed=is_home), field("ship_to.city", Text("City", "城市"), needed=True),
            field("ship_to.district", Text("District", "区县"), needed=is_home), field("ship_to.detail", Text("Street and number", "详细地址"), needed=True),
            field("ship_to.name", Text("Recipient", "收货人"), hint=called), field("ship_to.phone", Text("Their phone", "收货电话"), hint=called),
        ]),
        (Text("How", "方式"), [
            field("channel", Text("Channel", "渠道"), "choice", needed=True, options=through),
            field("service", Text("Delivery", "配送服务"), "choice", options=[(one, one) for one in services]),
            field("coupons", Text("Coupons", "优惠码")), field("points", Text("Points to use", "使用积分")),
            field("buyer.language", Text("Language of messages", "消息语言"), "choice", options=LANGUAGES),
            field("reference", Text("Number of your own", "自有单号")),
            field("ship_to.country", Text("Country", "国家"), hint=Text("Empty: CN", "留空即 CN")), field("ship_to.postcode", Text("Postcode", "邮编")),
        ]),
        (Text("For customs, where goods come from abroad", "清关（跨境商品）"), [
            field("buyer.papers.name", Text("Name on the identity card", "证件姓名")), field("buyer.papers.number", Text("Number of the identity card", "证件号码")),
        ]),
        (Text("What the buyer says", "买家留言"), [field("remark", Text("Message, words for a gift", "留言或贺卡内容"), "prose")]),
    ]  # fmt: skip


def _placed_at(problem: Refusal, taking: Taking) -> Refusal:
    """A problem at the field of the form that it is mended in."""
    path = problem.path.removeprefix("body.")
    if path == "buyer.ref" and not taking.word("buyer.ref"):
        path = "buyer.phone"
    elif path in ("ship_to.name", "ship_to.phone") and not taking.word(path):
        path = path.replace("ship_to", "buyer")
    elif path.startswith("coupons"):
        path = "coupons"
    elif path in ("ship_to", "buyer.papers"):
        path = {"ship_to": "ship_to.detail", "buyer.papers": "buyer.papers.number"}[path]
    elif path in HIDDEN or (path not in taking_form.LONGEST and not path.startswith("lines")):
        path = ""
    if path.startswith("lines") and (found := _AT_LINE.match(path)) and int(found[1]) >= len(taking.lines):
        path = "lines"
    return type(problem)(path, **problem.params).with_solutions(*problem.solutions)


def _told_once(problems: list[Refusal]) -> list[Refusal]:
    """The same without that nobody is known to buy, where their phone is missing: that alone mends both."""
    without = [one for one in problems if not (isinstance(one, placement.BuyerMissing) and one.path == "buyer.phone")]
    return without if any(one.path == "buyer.phone" for one in without) else problems


def _mending(problem: Refusal) -> list[tuple[Text, str]]:
    """The ways out that this page can take by itself, as buttons."""
    return [
        (way.label.filled(way.params), taking_form.as_word(way.patch))
        for way in problem.solutions
        if way.patch and taking_form.can_mend(way.patch)
    ]


def _ways(field: str, problems: Sequence[Refusal]) -> list[tuple[Text, str]]:
    return [way for one in problems if one.path == field for way in _mending(one)]


def _line(
    place: int, line: taking_form.Line, offer: catalog.Offer | None, currency: str, problems: Sequence[Refusal]
) -> dict[str, Any]:
    price = offer.prices.get(currency) if offer else None
    mine = [one for one in problems if (at := _AT_LINE.match(one.path)) and int(at[1]) == place]
    return {
        "sku": line.sku, "units": line.units, "title": naming.in_tongues(offer.title) if offer else None,
        "picture": looks.shows(offer) if offer else None, "price": None if price is None else Money(price, currency),
        "wrong": [(one, _mending(one)) for one in mine],
    }  # fmt: skip


def _found(offer: catalog.Offer, currency: str) -> dict[str, Any]:
    price = offer.prices.get(currency)
    return {"sku": offer.sku, "title": naming.in_tongues(offer.title), "picture": looks.shows(offer),
            "price": None if price is None else Money(price, currency)}  # fmt: skip


def _outcome(look: Look) -> dict[str, Any]:
    quoted = look.quoted
    if quoted is None or look.basket is None or not quoted.orders:
        return {"outcome": None, "already": [], "shown": "", "total": None}
    (one,) = quoted.orders[:1]
    prices = {line.place: line.unit_price for line in one.lines}
    shown = Shown(
        taking_form.mark_of(look.basket), quoted.total or 0,
        tuple(prices.get(n, 0) for n in range(len(look.basket.items))),
    )  # fmt: skip
    return {
        "outcome": {
            "lines": [_told(line, quoted.currency) for line in one.lines], "sums": _sums(one, quoted.currency),
            "promise": one.promise, "policy": one.policy and (Text(one.policy.en, one.policy.zh), one.policy.version),
            "minutes": one.pay_within_minutes,
        },
        "already": [(naming.link("order", each.order_id), each.placed_at) for each in quoted.already],
        "shown": shown.written(), "total": None if quoted.total is None else Money(quoted.total, quoted.currency),
    }  # fmt: skip


def _told(line: placement.QuotedLine, currency: str) -> dict[str, Any]:
    """A line as it would be sold, with what the buyer has to hear about it."""
    asks = line.asks
    if line.excluded is not None and not (asks and asks.is_given):
        returnable = Reason(
            "warn", Text("Cannot be returned without a reason: tell the buyer", "不支持无理由退货，请告知买家")
        )
    elif asks is None:
        returnable = Reason("good", Text("Can be returned without a reason", "支持无理由退货"))
    else:
        returnable = None
    return {
        "sku": line.sku, "title": naming.in_tongues(line.title), "units": line.quantity, "goods": Money(line.goods, currency),
        "discount": Money(-line.discount, currency) if line.discount else None, "returnable": returnable,
        "asks": asks and {"words": Text(asks.en, asks.zh), "value": f"{line.sku}\t{asks.version}", "is_given": asks.is_given},
    }  # fmt: skip


def _sums(one: placement.QuotedOrder, currency: str) -> Sums | None:
    """Amounts as they add up: what comes off the goods by its reasons, where these are all of it."""
    if one.total is None:
        return None
    off = [layer for layer in (one.price.layers if one.price else ()) if layer.effect == "off" and layer.amount]
    reasons: list[tuple[Text, int]] = [(layer.label, -layer.amount) for layer in off]
    if sum(layer.amount for layer in off) != (one.discount or 0):
        reasons = [(Text("Discount", "优惠"), -(one.discount or 0))]
    rows = [
        (Text("Goods", "商品"), one.goods or 0),
        *reasons,
        (Text("Shipping", "运费"), one.freight or 0),
        (Text("Tax", "税费"), one.tax or 0),
    ]
    return Sums(Text("What it comes to", "金额"), [
        *((words, Money(amount, currency), False) for words, amount in rows if amount),
        (Text("To pay", "应付"), Money(one.total, currency), True),
    ])  # fmt: skip


def from_order(
    lines: Sequence[Any], contact: Any, *, channel: str, merchant: str
) -> Taking:  # fmt: skip
    """A form that begins with what an order was; its buyer only where who looks may see them (`contact`)."""
    words: dict[str, str] = {"merchant": merchant, "channel": channel}
    if contact is not None and not contact.is_erased:
        at = contact.address
        words |= {"buyer.ref": contact.ref, "buyer.name": contact.name or (at.name if at else ""),
                  "buyer.phone": contact.phone or (at.phone if at else ""), "buyer.email": contact.email or "",
                  "buyer.language": contact.language if contact.language in ("zh", "en") else ""}  # fmt: skip
        if at is not None:
            words |= {f"ship_to.{part}": getattr(at, part) for part in taking_form.PARTS}
            for part in ("name", "phone"):
                if words[f"ship_to.{part}"] == words[f"buyer.{part}"]:
                    words[f"ship_to.{part}"] = ""
    return Taking(
        words, tuple(taking_form.Line(line.sku, str(line.quantity)) for line in lines)[: taking_form.MOST_LINES]
    )
