"""What a buyer can do with an order, as forms: pay, confirm, object, rate, cancel, go elsewhere, ask for an invoice."""

from collections.abc import Collection

from dingdan.areas import feedback, identity, invoices, orders, payments
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.portal import pages
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.screens import Act, Field

STARS = tuple((str(n), Text("★" * n + "☆" * (5 - n), "★" * n + "☆" * (5 - n))) for n in (5, 4, 3, 2, 1))
OBJECTIONS = (
    ("not_received", Text("I have not received it", "未收到商品")), ("damaged", Text("Something is damaged", "商品破损")),
    ("wrong_item", Text("Something else came", "收到的商品不对")), ("missing_item", Text("Something is missing", "少件")),
    ("not_as_described", Text("It is not as described", "与描述不符")),
    ("disputed_receipt", Text("It was signed for by somebody else", "非本人签收")), ("other", Text("Something else", "其他")),
)  # fmt: skip
WHY_CANCEL = (
    ("buyer_request", Text("I changed my mind", "不想要了")), ("ordered_by_mistake", Text("I ordered by mistake", "拍错了")),
    ("too_late", Text("It takes too long", "等待时间太长")), ("other", Text("Something else", "其他")),
)  # fmt: skip
TITLES = (
    (str(invoices.TitleKind.PERSONAL), Text("Myself", "个人")),
    (str(invoices.TitleKind.COMPANY), Text("A company", "企业")),
)
_WAYS = {"sandbox": Text("Trial payment", "模拟支付"), "credit": Text("Shop credit", "店铺余额")}


def way_words(provider: str, method: str) -> Text:
    """A way to pay, by what it is called where nobody named it."""
    known = _WAYS.get(provider)
    return known if known is not None else Text(f"{provider} {method}", f"{provider} {method}")


async def first(tx: Tx, order: orders.Order, can: Collection[str], *, is_returning: bool) -> list[Act]:
    """What most people come for."""
    here, found = pages.here(order.id), list[Act]()
    if "pay" in can:
        found.append(await _pay(tx, order))
    against = [
        one.cause for one in (await orders.objections(tx, [order.id])).get(order.id, []) if one.settled_at is None
    ]
    if "receive" in can and order.delivered_at is not None and not against:
        found.append(Act("receive", Text("I have it, all is well", "确认收货"), f"{here}/receive", tone="first"))
    if "return" in can:
        found.append(Act("return", Text("Send something back", "申请退换货"), f"{here}/return", is_link=True,
                         tone="plain" if found or is_returning else "first"))  # fmt: skip
    if "buyer" in against:
        found.append(Act("settled", Text("My objection is settled", "问题已解决，撤回异议"), f"{here}/settled"))
    elif "object" in can:
        found.append(Act("object", Text("Something is not right", "有问题，暂缓确认收货"), f"{here}/object", fields=[
            Field("reason", Text("What is wrong?", "出了什么问题？"), "choice", options=OBJECTIONS),
            Field("text", Text("In your words", "补充说明"), "prose", is_needed=False),
        ], warns=Text("The time until it counts as received stands still until this is settled.",
                      "提出后自动确认收货时间暂停，直至问题解决。")))  # fmt: skip
    return found


async def more(tx: Tx, order: orders.Order, can: Collection[str]) -> list[Act]:
    """What fewer people come for."""
    here, found = pages.here(order.id), list[Act]()
    if order.with_buyer_since is not None and len(await feedback.of_orders(tx, [order.id])) < 2:
        found.append(Act("rate", Text("Rate this order", "评价订单"), f"{here}/rate", fields=[
            Field("rating", Text("How was it?", "总体评价"), "choice", options=STARS),
            Field("text", Text("In your words", "评价内容"), "prose", is_needed=False),
            Field("files", Text("Photos", "晒图"), "files", is_needed=False),
        ]))  # fmt: skip
    if "change_address" in can:
        found.append(await _address(tx, order))
    can_be_made = order.paid_at is not None and await invoices.seller(tx, order.merchant_id) is not None
    if can_be_made and not any(one.state == "asked" for one in (await invoices.of_order(tx, order.id))[0]):
        found.append(Act("invoice", Text("Ask for an invoice", "申请发票"), f"{here}/invoice", fields=[
            Field("kind", Text("For whom?", "抬头类型"), "choice", options=TITLES),
            Field("name", Text("Name on the invoice", "发票抬头"), longest=200),
            Field("tax_number", Text("Tax number", "税号"), hint=Text("of a company", "企业必填"), is_needed=False, longest=40),
            Field("email", Text("Send it to", "接收邮箱"), is_needed=False, longest=200),
        ]))  # fmt: skip
    if "cancel" in can:
        found.append(Act("cancel", Text("Cancel the order", "取消订单"), f"{here}/cancel", tone="danger", fields=[
            Field("reason", Text("Why?", "取消原因"), "choice", options=WHY_CANCEL),
        ], warns=Text("What you paid goes back by itself. This cannot be undone.", "已付款项将自动退回，取消后不可恢复。")))  # fmt: skip
    elif order.state in ("confirmed", "held") and order.shipped_at is None:
        found.append(Act("cancel", Text("Cancel the order", "取消订单"), "", why_not=Text(
            "It is being packed already. You can send it back when it has come, or ask us to call it back once it has left.",
            "商品正在打包，暂无法取消。您可在收货后退货，或在发出后申请拦截。")))  # fmt: skip
    return found


async def _pay(tx: Tx, order: orders.Order) -> Act:
    ways = (await payments.ways(tx, [order.merchant_id])).get(order.merchant_id, [])
    options = [
        (f"{one.provider}.{one.method}", naming.in_tongues(one.name) if one.name else way_words(one.provider, one.method))
        for one in sorted(ways, key=lambda way: way.rank) if one.active
    ]  # fmt: skip
    if not options and tx.sandbox:
        options = [("sandbox.instant", way_words("sandbox", "instant"))]
    return Act("pay", Text("Pay now", "立即付款"), f"{pages.here(order.id)}/pay", tone="first", fields=[
        Field("way", Text("How?", "支付方式"), "choice", options=options, value=options[0][0] if options else None),
    ])  # fmt: skip


async def _address(tx: Tx, order: orders.Order) -> Act:
    contact = await identity.contact(tx, order.contact_id)
    at = contact.address if contact is not None else None
    parts = (
        ("name", Text("Recipient", "收货人")), ("phone", Text("Phone", "电话")), ("province", Text("Province or state", "省")),
        ("city", Text("City", "市")), ("district", Text("District", "区/县")), ("detail", Text("Street and number", "详细地址")),
        ("postcode", Text("Postcode", "邮编")),
    )  # fmt: skip
    must = ("name", "phone", "city", "detail")
    return Act("address", Text("Change the address", "修改收货地址"), f"{pages.here(order.id)}/address", fields=[
        *(Field(name, words, value=getattr(at, name) if at else "", is_needed=name in must, longest=200) for name, words in parts),
        Field("country", Text("Country", "国家"), "hidden", value=at.country if at else ""),
    ])  # fmt: skip
