"""Words that several desks say in the same way."""

from collections.abc import Sequence

from dingdan.areas import cases, identity
from dingdan.kernel.refusal import Text
from dingdan.overviews.timeline import Entry as Fact
from dingdan.plumbing.tx import Tx

# What clocks of parcels count, and those that staff may make later or count by a calendar.
CLOCKS = {
    "parcel.arrival": Text("Promised by", "承诺送达"), "parcel.ask_carrier": Text("The carrier is asked again", "再次查询承运商"),
    "parcel.first_scan": Text("First scan by", "最晚揽收"), "parcel.silence": Text("Counts as silent", "判定为停滞"),
    "parcel.intercept_answer": Text("The carrier answers by", "拦截答复期限"), "parcel.sandbox_push": Text("Next news in the sandbox", "沙盒下次推送"),
    "goods.decide_by": Text("Returned goods are decided", "退回商品处置"), "order.auto_receive": Text("Orders count as received", "自动确认收货"),
    "order.pay_by": Text("Orders are paid", "订单付款"), "return.inspect_by": Text("Returned goods are inspected", "退货验货"),
    "return.review": Text("Returns are reviewed", "退货审核"), "return.send_by": Text("Buyers send goods back", "买家寄回"),
}  # fmt: skip


def clock(kind: str) -> Text:
    """What a clock counts, in words."""
    return CLOCKS.get(kind, Text(kind.replace(".", ": ").replace("_", " "), kind))


def of_case(kind: cases.CaseKind) -> Text:
    """What a kind of trouble is called."""
    return Text(kind.document.title.en, kind.document.title.zh)


async def people_of(tx: Tx, facts: Sequence[Fact]) -> dict[int, str]:
    """The names of those of us who acted."""
    numbers = {fact.actor_id for fact in facts if fact.actor_kind == "staff" and fact.actor_id}
    return {number: one.name for number, one in (await identity.staff_by_ids(tx, numbers)).items()}
