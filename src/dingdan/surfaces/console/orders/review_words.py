"""What the desks of review say: owners, reasons to ask, to reject and to escalate, and rules with their numbers."""

from typing import Any

from dingdan.areas import review
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.surfaces.shared import language
from dingdan.surfaces.shared.pages import formatting, reasons

OWNERS = [
    ("reviewer", Text("Reviewer", "审核员")), ("risk", Text("Risk", "风控")), ("lead", Text("Lead", "主管")),
]  # fmt: skip
QUESTIONS = [
    ("address_unclear", Text("The address is not clear", "地址不明确")), ("identity", Text("Who the buyer is", "确认订购人身份")),
    ("custom_details", Text("Details of what is made for them", "定制内容")), ("quantity", Text("The quantity", "确认数量")),
    ("delivery_time", Text("When it may arrive", "确认收货时间")), ("other", Text("Something else", "其他")),
]  # fmt: skip
REJECTIONS = [
    ("buyer_request", Text("The buyer asks", "买家要求")), ("no_answer", Text("The buyer does not answer", "买家未答复")),
    ("address_unclear", Text("The address cannot be found", "地址无法送达")), ("price_error", Text("The price was a mistake", "价格标错")),
    ("out_of_stock", Text("It cannot be delivered", "无法供货")), ("suspected_fraud", Text("Looks like fraud", "疑似欺诈")),
    ("other", Text("Something else", "其他")),
]  # fmt: skip
ESCALATIONS = [
    ("needs_lead", Text("A lead should decide", "需主管决定")), ("policy_unclear", Text("The rules do not say", "规则不明确")),
    ("risk", Text("Looks risky", "存在风险")),
]  # fmt: skip
FORCES = [(code, reasons.text(code, reasons.FORCE)) for code in reasons.FORCE]
NOT_YOURS_TO_FORCE = Text(
    "A check failed: only somebody who may force orders confirms it.", "有核对项不通过，须由有强制放行权限的人员确认。"
)
SECONDS = {
    "large_amount": Text("the amount is above the limit of one person", "金额超过单人审批上限"),
    "own_staff": Text("the first signature is the seller's own", "首签为商家自有员工"),
    "failed_check": Text("a check was answered with no", "有核对项不通过"),
}
NOT_TOGETHER: dict[review.WhyAlone, Text] = {
    "over": Text("already decided", "已有结论"),
    "asked": Text("waits for the buyer's answer", "待用户答复"),
    "taken": Text("somebody else has it", "由他人处理中"),
    "blocked": Text("blocked as a risk", "已被风控拦截"),
    "own_signature": Text("you signed it first; another person signs second", "您已首签，须由他人复签"),
    "looked_at": Text("stopped for more than its amount: look at it by itself", "触发了金额以外的规则，须逐单审核"),
}
KINDS = {
    "presale": Text("Presale", "预售"), "custom_made": Text("Made for the buyer", "定制"),
    "cross_border": Text("Comes over a border", "跨境"), "large_amount": Text("Large amount", "大额"),
    "large_quantity": Text("Large quantity", "大批量"), "price_anomaly": Text("Unusual price", "价格异常"),
    "new_account": Text("New account", "新账号"), "address_cluster": Text("Many buyers at one address", "同址多账号"),
    "velocity": Text("Many orders in a short time", "短时多单"), "buyer_remark": Text("The buyer wrote something", "买家留言"),
}  # fmt: skip
# What stands in a reason or a trigger, and whether it is an amount.
_NUMBERS = {
    "lines": Text("lines", "行数"), "total": Text("total", "金额"), "at_least": Text("from", "起"), "usual": Text("usual", "平时"),
    "times_usual": Text("times the usual total", "为平时金额倍数"), "earlier_orders": Text("earlier orders", "历史订单数"),
    "units": Text("units", "件数"), "more_than": Text("more than", "超过件数"), "on_hand": Text("in the warehouse", "在库件数"),
    "percent_of_stock": Text("percent of stock", "占库存百分比"), "unit_price": Text("unit price", "单价"),
    "percent_of_usual": Text("percent of the usual price", "占平时单价百分比"), "discount": Text("taken off", "优惠"),
    "goods": Text("of goods worth", "商品金额"), "discount_percent": Text("percent taken off", "优惠百分比"),
    "hours_known": Text("hours since the account was made", "注册小时数"),
    "younger_than_hours": Text("younger than hours", "注册不足小时"), "buyers": Text("buyers", "账号数"),
    "within_hours": Text("within hours", "小时内"), "at_address": Text("buyers at this address", "同址账号数"),
    "on_device": Text("buyers on this device", "同设备账号数"), "orders": Text("orders", "订单数"),
    "within_minutes": Text("within minutes", "分钟内"), "limit": Text("limit", "上限"),
}  # fmt: skip
_PHRASES = {
    "at_least": Text("from {n}", "{n} 起"), "times_usual": Text("{n} times the usual total", "为平时金额 {n} 倍"),
    "earlier_orders": Text("after {n} orders", "已有 {n} 单"), "more_than": Text("more than {n} units", "超过 {n} 件"),
    "percent_of_stock": Text("over {n}% of stock", "超过库存 {n}%"), "percent_of_usual": Text("under {n}% of the usual price", "低于平时单价 {n}%"),
    "discount_percent": Text("over {n}% taken off", "优惠超过 {n}%"), "younger_than_hours": Text("younger than {n} h", "注册不足 {n} 小时"),
    "buyers": Text("{n} buyers", "{n} 个账号"), "within_hours": Text("within {n} h", "{n} 小时内"), "orders": Text("{n} orders", "{n} 单"),
    "within_minutes": Text("within {n} min", "{n} 分钟内"), "lines": Text("lines: {n}", "{n} 行商品"), "units": Text("{n} units", "{n} 件"),
    "on_hand": Text("{n} in the warehouse", "在库 {n} 件"), "hours_known": Text("account {n} h old", "注册 {n} 小时"),
    "at_address": Text("{n} buyers at this address", "同址 {n} 个账号"), "on_device": Text("{n} buyers on this device", "同设备 {n} 个账号"),
}  # fmt: skip
_AMOUNTS = frozenset({"total", "usual", "unit_price", "discount", "goods"})


def number_name(name: str) -> Text:
    """What a number of a trigger is called."""
    return _NUMBERS.get(name, Text(name.replace("_", " "), name))


def said(words: review.Words) -> Text:
    """A rule's words as ours."""
    return Text(words.en, words.zh)


def evidence(reason: review.Reason, currency: str) -> Text:
    """The numbers that made a rule speak about an order, in words."""
    amounts = _AMOUNTS | ({"limit"} if reason.kind == "large_amount" else frozenset())
    return _listed(
        [(name, Money(value, currency) if name in amounts else value) for name, value in reason.numbers.items()]
    )


def trigger(document: review.RuleDocument) -> Text:
    """When a rule speaks, in one line; of amounts by currency the yuan's."""
    kind = KINDS[kind_of(document)]
    told: list[tuple[str, int | Money]] = []
    for name in document.trigger.__struct_fields__:
        value: Any = getattr(document.trigger, name)
        if isinstance(value, dict):
            value = Money(value["CNY"], "CNY") if "CNY" in value else None
        if value is not None:
            told.append((name, value))
    words = _listed(told)
    return Text(f"{kind.en} ({words.en})", f"{kind.zh}（{words.zh}）") if told else kind


def kind_of(document: review.RuleDocument) -> str:
    """What sort of trigger a rule has."""
    return str(document.trigger.__struct_config__.tag)


def _listed(told: list[tuple[str, int | Money]]) -> Text:
    named = [
        (_PHRASES.get(name) or Text(f"{number_name(name).en} {{n}}", f"{number_name(name).zh} {{n}}"), value)
        for name, value in told
    ]
    return Text(
        ", ".join(words.filled({"n": _number(value, "en")}).en for words, value in named),
        "，".join(words.filled({"n": _number(value, "zh")}).zh for words, value in named),
    )


def _number(value: int | Money, tongue: language.Tongue) -> str:
    return formatting.money(value, tongue) if isinstance(value, Money) else formatting.count(value)
