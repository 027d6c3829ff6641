"""What the desks of returns say: ways out, reasons, offers, parts of a refund, clocks and suggestions, in both languages."""

from collections.abc import Sequence
from datetime import datetime

from dingdan.areas import policies, returns, talks
from dingdan.kernel.refusal import Text
from dingdan.surfaces.shared.language import Tongue
from dingdan.surfaces.shared.pages import formatting

RESOLUTIONS: dict[str, Text] = {
    "refund": Text("Return and refund", "退货退款"), "refund_only": Text("Refund without return", "仅退款"),
    "keep": Text("Keep for less", "保留补差"), "price_protection": Text("Price protection", "价格保护"),
    "exchange": Text("Exchange", "换货"), "repair": Text("Repair", "维修"), "store_credit": Text("Store credit", "店铺余额"),
}  # fmt: skip
# What can be asked for; store credit is only ever offered.
ASKABLE = tuple((key, words) for key, words in RESOLUTIONS.items() if key != "store_credit")
OFFERS: dict[str, Text] = {
    "keep": Text("Keep it, some money back", "保留商品，部分退款"), "refund_only": Text("Full refund, nothing to send back", "全额退款，无需退回"),
    "store_credit": Text("Store credit, goods are kept", "店铺余额，保留商品"), "repair": Text("Repair", "维修"),
}  # fmt: skip
INSTEAD: dict[str, Text] = {
    "exchange": Text("An exchange", "换货"), "repair": Text("A repair", "维修"),
    "price_reduction": Text("Keep it, some money back", "保留商品，部分退款"),
    "quality_claim": Text("A claim about quality, with pictures", "凭照片申请质量问题售后"),
    "partial_return": Text("Return a part of it", "退回部分商品"),
}  # fmt: skip
# What is written again and again, to begin a message with: what it is about, and what the buyer reads.
CANNED: tuple[tuple[Text, Text], ...] = (
    (Text("We look at it", "正在处理"), Text(
        "Thank you for writing. We are looking at your application and answer within its time.", "您好，您的申请我们正在处理，会在承诺时限内答复，请放心。")),
    (Text("Pictures, please", "请补照片"), Text(
        "Please send us a picture of the item and of its label, so that we can decide at once.", "您好，麻烦补充商品和吊牌的照片，收到后我们会尽快处理。")),
    (Text("Where to send it", "寄回说明"), Text(
        "Please send it to the address on the page of your return, and enter the tracking number there.", "请按售后页面上的地址寄回，并在页面填写运单号。")),
    (Text("Money is on its way", "退款说明"), Text(
        "Your money goes back the way it came; your bank may need one to three working days.", "退款已原路退回，银行入账一般需要 1-3 个工作日。")),
)  # fmt: skip
# Flags of an application, short, as they stand in a row; in full they stand in the sheet.
FLAGS: dict[str, Text] = {
    "FAULT_CLAIMED": Text("fault claimed", "主张商家责任"), "LATE_CLAIM": Text("late claim", "超期质量问题"),
    "REPORTED_LATE": Text("reported late", "反馈较晚"), "OPEN_REASON": Text("open reason", "原因待核实"),
    "price_mismatch": Text("other price claimed", "价格不符"), "REFUND_ONLY": Text("without return", "不退货"),
    "KEEP_ASKED": Text("keeps the goods", "保留商品"), "INTERCEPTING": Text("being called back", "拦截中"),
    "INTERCEPT_FAILED": Text("not called back", "拦截失败"), "EVIDENCE_REUSED": Text("picture seen before", "图片重复"),
    "MANY_ATTEMPTS": Text("many attempts", "多次申请"), "PERSON_ASKED": Text("person asked for", "要求人工"),
    "APPEALED": Text("appeal", "申诉"), "MORE_TIME": Text("more time", "需更多时间"),
}  # fmt: skip
FAULTS: dict[str, Text] = {
    "seller": Text("seller", "商家"), "buyer": Text("buyer", "买家"), "none": Text("nobody", "无过错方"),
    "review": Text("to be found out", "待核实"), "both": Text("each their part", "双方分担"),
}  # fmt: skip
WAY_BACK: dict[str, Text] = {
    "seller": Text("The seller pays the way back.", "退货运费由商家承担。"),
    "buyer": Text("The buyer pays the way back.", "退货运费由买家承担。"),
    "both": Text("The way back is shared by whose fault each line is.", "退货运费按各行责任分担。"),
    "": Text("Nothing has to come back.", "无需退回商品。"),
}  # fmt: skip
PARTS: dict[str, Text] = {
    "goods": Text("Goods", "商品"), "tax": Text("Tax", "税费"), "freight_out": Text("Shipping out", "发货运费"),
    "freight_tax": Text("Tax on shipping", "运费税"), "freight_return": Text("Way back", "退货运费"),
    "deduction": Text("Taken off", "扣减"), "reprice": Text("Discounts not earned any more", "不再满足的优惠"),
    "excess": Text("Paid too much", "多付款项"), "penalty": Text("Penalty", "赔付"),
}  # fmt: skip
# What is taken off or added has its own words where its rule says more than its kind.
PARTS_BY_RULE: dict[str, Text] = {
    "A7.lost_free_freight": Text("Free shipping, not earned by what is kept", "不再满足包邮条件的运费"),
    "A6.reprice": Text("Discounts, not earned by what is kept", "不再满足条件的优惠"), "R3.6.gift": Text("A gift that did not come back", "未退回的赠品"),
    "R3.7.use": Text("Value lost by use", "使用造成的贬值"), "A5.reduction": Text("Taken off the price, goods are kept", "保留商品，差价退还"),
    "A7.way_back": Text("The way back", "退货运费"),
}  # fmt: skip
CLOCKS: dict[str, Text] = {
    "return.review": Text("Our answer", "审核"), "return.send_by": Text("Goods to be sent", "买家寄回"),
    "return.inspect_by": Text("Inspection", "验货"), "return.refund_by": Text("Refund, by law", "退款（法定）"),
    "return.answer": Text("Buyer's answer", "买家补充"),
}  # fmt: skip
DISPOSITIONS: dict[str, Text] = {
    "restock": Text("back on sale", "重新上架"), "repack": Text("repacked", "重新包装"), "open_box": Text("sold as open box", "拆封销售"),
    "refurbish": Text("refurbished", "翻新"), "vendor": Text("back to the vendor", "退供应商"),
    "liquidate": Text("sold off", "清仓"), "donate": Text("given away", "捐赠"), "scrap": Text("scrapped", "报废"),
    "send_back": Text("sent back to the buyer", "寄回买家"), "quarantine": Text("kept apart", "待处理"),
}  # fmt: skip
METHODS: dict[str, Text] = {
    "wechat": Text("WeChat Pay", "微信支付"), "alipay": Text("Alipay", "支付宝"), "unionpay": Text("UnionPay", "银联"),
    "card": Text("card", "银行卡"), "balance": Text("store balance", "店铺余额"), "points": Text("points", "积分"),
    "gift_card": Text("gift card", "礼品卡"), "cod": Text("cash on delivery", "货到付款"),
    "bank_transfer": Text("bank transfer", "银行转账"), "paypal": Text("PayPal", "PayPal 支付"),
    "qr": Text("QR code", "扫码支付"), "instant": Text("instant payment", "即时支付"),
}  # fmt: skip
# What the end of a clock does by itself.
IF_NOT: dict[str, Text] = {
    "return.send_by": Text("If the goods are not sent it closes by itself", "前未寄回将自动关闭"),
    "return.inspect_by": Text("If nobody looks at the goods the manager is told", "前未验货将上报经理"),
    "return.refund_by": Text("If the refund is not back by then it is late by law, and finance is told", "前未到账即为法定逾期，并提醒财务"),
}  # fmt: skip
LAST_STEP: dict[str, Text] = {
    "exchange": Text("The other one goes out", "换发商品"), "repair": Text("Mended, sent back", "维修并寄回"),
}  # fmt: skip
LINKS: dict[str, Text] = {
    "exchange": Text("Exchange", "换货单"), "repair": Text("Repair", "维修单"), "dispute": Text("Dispute", "纠纷"),
    "case": Text("Case", "异常单"),
}  # fmt: skip
SUGGESTIONS: dict[str, Text] = {
    "approve": Text("Suggestion: approve.", "系统建议：通过。"),
    "approve_at_paid": Text("Suggestion: approve at the price paid, not at the claimed one.", "系统建议：按实付价格通过，不按声称价格。"),
    "look": Text("Suggestion: look at what was shown, then decide.", "系统建议：核实凭证后决定。"),
    "ask": Text("Suggestion: ask for the proof that is missing.", "系统建议：请买家补充缺少的凭证。"),
    "talk": Text("Suggestion: agree on an amount with the buyer.", "系统建议：与买家协商金额。"),
    "refuse": Text("Suggestion: offer another way; the policy does not give this.", "系统建议：提供其他方案，政策不支持该申请。"),
}  # fmt: skip
ASK_TEMPLATE = {
    "en": "Please send us {shots}, so that we can decide quickly. The time for our answer stands still until then.",
    "zh": "请补充{shots}，以便我们尽快处理。在您补充之前，审核时限暂停。",
}
NO_TEMPLATE = {
    "en": "We have looked at your application and cannot grant it by the rule below. You can choose one of the ways below instead,"
          " and if you see it differently, please appeal: somebody else will look at it.",
    "zh": "我们已核实您的申请，依据下列规则无法通过。您可以选择下列替代方案；如有不同意见，可提出申诉，将由其他人员复核。",
}  # fmt: skip


def canned(tongue: Tongue) -> list[tuple[Text, str]]:
    """Ready words for a buyer, in their language."""
    return [(name, text.zh if tongue == "zh" else text.en) for name, text in CANNED]


def reason(document: policies.PolicyDocument, code: str) -> Text:
    """A buyer's reason in the policy's words."""
    known = document.reasons.get(code)
    return Text(known.en, known.zh) if known else Text(code, code)


def rule(document: policies.PolicyDocument, code: str) -> str:
    """Where a rule stands, for the source behind a reason: its article, and the version of the policy."""
    known = document.rules.get(code)
    return f"{known.article} · {document.id} {document.version}" if known else ""


def flags(codes: Sequence[str]) -> Text:
    """Why a person must look, short."""
    known = [FLAGS[code] for code in codes if code in FLAGS]
    return Text(" · ".join(one.en for one in known), " · ".join(one.zh for one in known))


def evidence_count(number: int) -> Text:
    """How many files were shown."""
    return Text(f"{number} file" if number == 1 else f"{number} files", f"{number} 份凭证")


def joined(*parts: Text | None) -> Text:
    """Words one after the other, with a point between."""
    there = [part for part in parts if part is not None and part.en]
    return Text(" · ".join(part.en for part in there), " · ".join(part.zh for part in there))


def full_reason(code: str) -> Text:
    """Why a person must look, in full."""
    known = {**policies.DECISIONS, **policies.REVIEWS, **returns.LOOKS}
    return known.get(code, Text(code, code))


def ask_text(tongue: Tongue, missing: Sequence[policies.Shot]) -> str:
    """What is written to ask for proof, in the buyer's language, to be changed before it goes."""
    shots = [one.zh if tongue == "zh" else one.en for one in missing]
    there = "、".join(shots) if tongue == "zh" else ", ".join(shots)
    return ASK_TEMPLATE[tongue].format(shots=there or ("相关照片" if tongue == "zh" else "a picture of it"))


def part(component: str, rule_id: str) -> Text:
    """One component of a refund."""
    return PARTS_BY_RULE.get(rule_id) or PARTS.get(component, Text(component, component))


def method(code: str) -> Text:
    """A way to pay, by its word."""
    known = next((words for key, words in METHODS.items() if code.startswith(key)), None)
    return known or Text(code.replace("_", " ") or "the way it came", code or "原支付方式")


def by_then(at: datetime | None, now: datetime) -> Text:
    """A moment within a sentence, on the house's clock."""
    if at is None:
        return Text("–", "–")
    return Text(formatting.short(at, "en", now), formatting.short(at, "zh", now))


def side(which: talks.Side | str) -> Text:
    """Whose words these are."""
    return (
        Text("Buyer", "买家")
        if which == "buyer"
        else Text("Seller", "商家")
        if which == "seller"
        else Text("System", "系统")
    )


def no_right_to_see(count: int) -> Text:
    """Said instead of pictures to whoever may not see them."""
    return Text(
        f"{evidence_count(count).en} were shown; your role does not see proof.",
        f"买家提供了 {count} 份凭证；您的角色无权查看。",
    )
