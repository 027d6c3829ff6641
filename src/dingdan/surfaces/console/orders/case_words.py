"""What the desks of trouble say: how cases end, which remedies there are, who bears it, and what the steps of playbooks take."""

from collections.abc import Sequence
from typing import Literal

from dingdan.areas import cases, identity
from dingdan.kernel.refusal import Text

CLOSURES = {
    "paid": Text("Paid", "已付款"), "expired": Text("Expired", "已过期"), "cancelled": Text("Cancelled", "已取消"),
    "solved": Text("Solved otherwise", "其他方式解决"), "paid_back": Text("Money back", "已退款"),
    "not_double": Text("Not paid twice", "并非重复支付"), "corrected": Text("Address corrected", "地址已更正"),
    "was_fine": Text("Nothing was wrong", "核实无误"), "reached": Text("Buyer reached", "已联系到买家"),
    "read_in_shop": Text("Read in the shop", "买家已在店铺查看"), "nobody_to_reach": Text("Nobody to reach", "无法联系"),
    "waits": Text("Buyer waits", "买家同意等待"), "waited": Text("Buyer waited", "买家已等待"), "found": Text("Found", "已找到"),
    "arrived": Text("Arrived", "已送达"), "sent_again": Text("Sent again", "已补发"),
    "buyers_risk": Text("The buyer's risk", "由买家承担"), "sent_back": Text("Sent back to the buyer", "已寄回买家"),
    "withdrawn": Text("Objection withdrawn", "异议已撤回"), "came_back": Text("Money came back", "款项已追回"),
    "written_off": Text("Written off", "已核销"), "matched": Text("Matched", "已匹配"), "sent_on": Text("Sent on", "已转寄"),
    "kept_with_part_back": Text("Kept, part of the money back", "买家保留，部分退款"), "unfounded": Text("Unfounded", "不成立"),
    "damages_paid": Text("Damages paid", "已赔偿"), "receipt_proven": Text("Receipt proven", "签收属实"),
    "kept_for_owner": Text("Kept for its owner", "代为保管"), "carried_out": Text("Carried out", "已执行"),
}  # fmt: skip
REMEDIES: dict[str, Text] = {
    "refund": Text("Refund", "退款"), "reship": Text("Send again", "补发"), "substitute": Text("Send something else", "替换发货"),
    "compensation": Text("Compensation", "补偿"), "wait": Text("Wait", "等待"), "take_back": Text("Take back", "退回退款"),
}  # fmt: skip
FORMS = [
    ("balance", Text("Balance", "余额")),
    ("voucher", Text("Coupon", "优惠券")),
    ("money", Text("Money by hand", "线下打款")),
]
LIABLE = [
    ("merchant", Text("Merchant", "商家")),
    ("carrier", Text("Carrier", "承运商")),
    ("platform", Text("Platform", "平台")),
]
TURNS = {"us": Text("Us", "我方"), "buyer": Text("Buyer", "买家"), "carrier": Text("Carrier", "承运商")}
SOURCES = {
    "fact": Text("Noticed by the system", "系统发现"), "buyer": Text("Reported by the buyer", "买家提报"),
    "staff": Text("Opened by staff", "员工登记"),
}  # fmt: skip
HAND_OVERS = [
    ("shift", Text("End of the shift", "交班")), ("skill", Text("Somebody who knows it better", "交由更熟悉的同事")),
    ("load", Text("Too much to do", "工作量过大")), ("other", Text("Something else", "其他")),
]  # fmt: skip
ESCALATIONS = [
    ("beyond_authority", Text("Beyond my authority", "超出权限")), ("buyer_insists", Text("The buyer insists", "买家坚持")),
    ("too_slow", Text("It takes too long", "处理过慢")), ("other", Text("Something else", "其他")),
]  # fmt: skip
WITHDRAWALS = [
    ("no_trouble", Text("There was nothing to it", "并无异常")),
    ("duplicate", Text("The same twice", "重复登记")),
]
REFUSALS = [
    ("too_much", Text("Too much", "金额过高")), ("not_due", Text("Not due", "不应给予")), ("other_way", Text("Another way is better", "另有更合适的方案")),
]  # fmt: skip
WRITE_OFFS = [
    ("refused", Text("The carrier refuses", "承运商拒赔")), ("too_late", Text("Too late to claim", "已超索赔期限")),
    ("not_worth", Text("Not worth the effort", "金额过小")),
]  # fmt: skip
ANSWERS = [
    ("accepted", Text("Pays all", "全额认赔")),
    ("part", Text("Pays a part", "部分认赔")),
    ("refused", Text("Refuses", "拒赔")),
]
LOG = {
    "opened": Text("Opened", "已建单"), "told": Text("Told the buyer", "已告知买家"), "asked": Text("Asked the buyer", "已询问买家"),
    "answered": Text("The buyer answered", "买家已答复"), "unanswered": Text("The buyer did not answer", "买家未答复"),
    "note": Text("Noted", "备注"), "noted": Text("Noted", "备注"), "reported": Text("Reported again", "再次提报"),
    "handed_over": Text("Handed over", "已转交"), "taken": Text("Taken", "已接手"), "escalated": Text("Escalated", "已升级"),
    "assigned": Text("Assigned", "已分派"), "rated": Text("Rated", "已评价"),
}  # fmt: skip

# What a step of a playbook takes: a word to the buyer, a question, something to give, a claim, a corrected address, a parcel
# called back; what people do without the program is told to the buyer as the plan.
Sort = Literal["tell", "ask", "grant", "claim", "correct", "recall"]
_SORTS: dict[str, Sort] = {
    "ask_address": "ask", "photos": "ask", "ask_choice": "ask", "ask_why": "ask", "ask_buyer": "ask", "ask_back": "ask",
    "offer": "grant", "make_good": "grant", "pay": "grant", "pay_back": "grant", "claim": "claim", "correct": "correct",
    "recall": "recall",
}  # fmt: skip


def sort_of(step: cases.Step) -> Sort:
    """What a step takes."""
    return _SORTS.get(step.code, "tell")


def reached(playbook: Sequence[cases.Step], plan: str | None) -> int:
    """How many steps of a playbook are reached: the one that the buyer was told as the plan, and those before it."""
    codes = [step.code for step in playbook]
    return codes.index(plan) + 1 if plan in codes else 0


def closure(code: str) -> Text:
    """How a case ended, in words."""
    return CLOSURES.get(code, Text(code.replace("_", " "), code))


def role(code: str | None) -> Text | None:
    """A role by its name."""
    return None if code is None else identity.ROLE_NAMES.get(code, Text(code, code))
