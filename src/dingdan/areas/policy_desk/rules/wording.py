"""The words that a policy is told in: spans of time, who pays, and everything else that is not a rule's own text."""

from dingdan.areas.policies import Freight, RemedyTerm, Window
from dingdan.areas.policies import Words as Pair
from dingdan.kernel.refusal import Text

STARTS: dict[str, Text] = {
    "delivered_at": Text("after the goods came", "收到商品"),
    "signed_at": Text("after the goods were signed for", "签收商品"),
    "last_delivered_at": Text("after the last of the order came", "收到订单最后一件商品"),
    "confirmed_at": Text("after you confirmed receipt", "确认收货"),
    "sold_at": Text("after the purchase", "购买"),
}
TITLES: dict[str, Text] = {
    "returnable": Text("Can it be returned?", "能否退货"),
    "exclusions": Text("What cannot be returned without a reason", "不支持无理由退货的商品"),
    "how_long": Text("How long?", "退货期限"),
    "how": Text("How does it go?", "退货流程"),
    "evidence": Text("What do you have to show?", "需要提供的凭证"),
    "money": Text("When and how does the money come back?", "退款方式及时限"),
    "freight": Text("Who pays the postage?", "运费承担"),
    "faults": Text("If something is wrong with the goods", "商品质量问题"),
    "ways_out": Text("Other ways out", "其他售后方式"),
    "review": Text("Who decides, and how soon?", "审核时限与申诉"),
    "changes": Text("Changes and older versions", "规则变更与历史版本"),
    "sources": Text("Where it stands", "规则依据"),
}
FAULTS: dict[str, Text] = {
    "buyer": Text("You changed your mind", "买家原因（无理由退货）"),
    "seller": Text("Something is wrong on our side", "商家原因（质量、错发、破损等）"),
    "none": Text("It cannot be told whose fault it is", "责任无法查明"),
}
OUTBOUND: dict[str, Text] = {
    "refunded": Text("what you paid for delivery comes back", "退还发货运费"),
    "refunded_standard": Text(
        "standard delivery comes back, a dearer kind only up to that", "退还标准发货运费，超出标准的部分不退"
    ),
    "not_refunded": Text("what you paid for delivery does not come back", "发货运费不退"),
}
PAYS: dict[str, Text] = {"buyer": Text("you pay", "由您承担"), "seller": Text("we pay", "由商家承担")}
REMEDIES: dict[str, Text] = {
    "refund": Text("Return and refund", "退货退款"),
    "exchange": Text("Exchange", "换货"),
    "repair": Text("Repair", "修理"),
    "reduction": Text("A lower price", "减价"),
}
ANSWERS: dict[str, Text] = {
    "yes": Text("It can be returned without a reason.", "支持无理由退货。"),
    "unless_confirmed": Text(
        "It can be returned without a reason, unless you confirm for this purchase that it cannot.",
        "支持无理由退货；您在下单时单独确认不适用的除外。",
    ),
    "unless_unsealed": Text(
        "It can be returned without a reason as long as its seal is unbroken.", "未拆封的支持无理由退货，拆封后不支持。"
    ),
    "no": Text("It cannot be returned without a reason.", "不支持无理由退货。"),
}
FAULTS_STAY = Text(
    "If something is wrong with it you have every right that the law gives you.",
    "如存在质量问题，您依法享有的权利不受影响。",
)
EVIDENCE: dict[str, Text] = {
    "photo": Text("a photo", "照片"), "video": Text("a video", "视频"), "invoice": Text("the invoice", "发票"),
}  # fmt: skip


def both(words: Pair) -> Text:
    """The words of a document."""
    return Text(words.en, words.zh)


def span(window: Window) -> Text:
    """How long a window lasts: 7 days, 12 months and 14 days."""
    amounts = ((window.months, "month", "个月"), (window.days, "day", "日"), (window.hours, "hour", "小时"))
    given = [(number, en, zh) for number, en, zh in amounts if number]
    return Text(
        " and ".join(f"{number} {en}{'' if number == 1 else 's'}" for number, en, _ in given),
        "零".join(f"{number}{zh}" for number, _, zh in given),
    )


def within(window: Window) -> Text:
    """A window as a sentence without its subject: within 7 days after the goods came."""
    how_long, start = span(window), STARTS[window.start]
    return Text(f"within {how_long.en} {start.en}", f"自{start.zh}之日起{how_long.zh}内")


def counting(window: Window) -> Text:
    """How the days of a window are counted."""
    if window.hours:
        return Text("Hours are counted from that minute.", "自该时刻起按小时计算。")
    en, zh = (
        "That day itself does not count, and the last day ends at 24:00.",
        "当日不计入，自次日起算，最后一日至24:00止。",
    )
    if window.roll_rest_day:
        en += " If the last day is a rest day, the next day that is none is the last."
        zh += "最后一日为休息日的，顺延至其后第一个工作日。"
    return Text(en, zh)


def untold(window: Window) -> Text:
    """What a buyer has who was not told of the right."""
    how_long, more = span(window), window.untold_months
    return Text(
        f"If we did not tell you of this right, you have {more} months more; once we do, {how_long.en} from then.",
        f"未告知该权利的，期间延长{more}个月；其间告知的，自告知之日起{how_long.zh}。",
    )


def freight(fault: str, rule: Freight) -> Text:
    """Who pays which way, as one sentence."""
    back, sent = PAYS[rule.way_back], PAYS[rule.reship or rule.way_back]
    who, out = FAULTS[fault], OUTBOUND[rule.outbound]
    en = f"{who.en}: for the way back {back.en}; {out.en}; for what is sent instead {sent.en}."
    zh = f"{who.zh}：退货运费{back.zh}；{out.zh}；换货、修理后的寄送运费{sent.zh}。"
    if rule.lost_free_shipping == "deduct":
        en += " If what you keep no longer has free delivery, its price may be taken off."
        zh += "因退货不再满足免邮条件的，可扣除相应运费。"
    return Text(en, zh)


def remedy(term: RemedyTerm) -> Text:
    """What may be asked for, and until when."""
    what, when = REMEDIES[term.remedy], within(term.window)
    if not term.after_failed_repairs:
        return Text(f"{what.en}: {when.en}.", f"{what.zh}：{when.zh}。")
    times = term.after_failed_repairs
    return Text(
        f"{what.en}: {when.en}, if {times} repair{'' if times == 1 else 's'} failed.",
        f"{what.zh}：{when.zh}，修理{times}次仍未修好的。",
    )
