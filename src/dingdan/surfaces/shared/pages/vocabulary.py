"""Every state in words, with whose turn it is: one table for both languages, complete by a test."""

from dingdan.kernel.refusal import Text
from dingdan.surfaces.shared.pages.screens import Chip, Turn

# By lifecycle and state: English, Chinese, whose turn it is.
_WORDS: dict[str, dict[str, tuple[str, str, Turn]]] = {
    "abuse_flag": {
        "open": ("To confirm", "待核实", "us"), "asked": ("Buyer asked", "待用户说明", "customer"),
        "signed": ("One signature", "已一人确认", "us"), "confirmed": ("Confirmed", "已确认", "blocked"),
        "appealed": ("Appealed", "申诉中", "us"), "lifted": ("Lifted", "已解除", "closed"),
        "expired": ("Expired", "已过期", "closed"),
    },
    "carrier": {
        "active": ("Active", "正常", "done"), "warned": ("Warned", "已警告", "us"), "suspended": ("Suspended", "已暂停", "blocked"),
    },
    "case": {
        "open": ("Open", "待处理", "us"), "investigating": ("Under way", "处理中", "us"),
        "remedied": ("Remedied", "已补救", "customer"), "closed": ("Closed", "已关闭", "done"),
        "withdrawn": ("Withdrawn", "已撤销", "closed"),
    },
    "channel_problem": {
        "open": ("Open", "待处理", "blocked"), "solved": ("Solved", "已解决", "done"), "waived": ("Waived", "已忽略", "closed"),
    },
    "claim": {
        "drafted": ("To file", "待提出", "us"), "filed": ("Filed", "已提出", "carrier"),
        "answered": ("Answered", "已答复", "us"), "recovered": ("Recovered", "已追回", "done"),
        "written_off": ("Written off", "已核销", "closed"),
    },
    "customs_return": {
        "applied": ("At customs", "海关处理中", "carrier"), "cleared": ("Tax given back", "税款已退", "done"),
        "late": ("Too late", "已逾期", "closed"), "withdrawn": ("Withdrawn", "已撤销", "closed"),
    },
    "dispute": {
        "showing": ("Proof is collected", "举证中", "customer"), "deciding": ("To rule", "待裁决", "us"),
        "ruled": ("Ruled", "已裁决", "customer"), "appealed": ("Appealed", "申诉中", "us"),
        "answering": ("Answer to the appeal", "待对方答复申诉", "customer"),
        "final": ("Final", "终局裁决", "system"), "executed": ("Carried out", "已执行", "done"),
        "withdrawn": ("Withdrawn", "已撤销", "closed"), "agreed": ("Agreed", "已和解", "done"),
    },
    "exchange": {
        "asked": ("Waiting for the goods", "待买家寄回", "customer"), "short": ("Out of stock", "缺货", "blocked"),
        "reserved": ("Reserved", "已预留", "us"), "difference": ("Price difference", "差价待确认", "customer"),
        "replaced": ("On its way", "已换发", "carrier"), "done": ("Exchanged", "换货完成", "done"),
        "owed": ("Money owed", "待退款", "us"), "refunded": ("Turned into money", "已转退款", "done"),
        "dropped": ("Dropped", "已取消", "closed"),
    },
    "hand_payout": {
        "consented": ("To pay by hand", "待线下打款", "us"), "paid": ("Paid, to be checked", "已打款待复核", "us"),
        "confirmed": ("Paid by hand", "线下退款完成", "done"), "dropped": ("Dropped", "已取消", "closed"),
    },
    # Not a lifecycle: the word that overviews.headline finds.
    "headline": {
        "awaiting_payment": ("Awaiting payment", "待付款", "customer"), "review": ("In review", "待审核", "us"),
        "on_hold": ("On hold", "已挂起", "us"), "to_pick": ("To pick", "待拣货", "us"), "picking": ("Picking", "拣货中", "us"),
        "in_transit": ("In transit", "运输中", "carrier"), "delivered": ("Delivered", "已签收", "done"),
        "completed": ("Completed", "已完成", "done"), "cancelled": ("Cancelled", "已取消", "closed"),
        "expired": ("Expired unpaid", "超时未付", "closed"),
    },
    "hold": {
        "held": ("Held", "已冻结", "system"), "captured": ("Taken", "已扣款", "done"), "released": ("Released", "已释放", "closed"),
    },
    "invoice": {
        "drafted": ("To issue", "待开票", "system"), "unknown": ("Result unknown", "结果未知", "blocked"),
        "refused": ("Refused", "被拒", "blocked"), "issued": ("Issued", "已开票", "done"), "dropped": ("Dropped", "已取消", "closed"),
    },
    "invoice_request": {
        "asked": ("Asked for", "已申请", "us"), "answered": ("Answered", "已处理", "done"),
        "withdrawn": ("Withdrawn", "已撤销", "closed"),
    },
    "message": {
        "queued": ("Waiting", "待发送", "system"), "sent": ("Sent", "已发送", "done"), "failed": ("Failed", "发送失败", "blocked"),
        "suppressed": ("Not sent", "未发送", "closed"),
    },
    "offer": {
        "open": ("Offer sent", "待买家确认方案", "customer"), "taken": ("Accepted", "已接受", "done"),
        "declined": ("Declined", "已拒绝", "closed"), "countered": ("Countered", "买家另有提议", "us"),
        "withdrawn": ("Withdrawn", "已撤回", "closed"), "lapsed": ("Lapsed", "已失效", "closed"),
    },
    "order": {
        "awaiting_payment": ("Awaiting payment", "待付款", "customer"), "confirmed": ("Confirmed", "已确认", "us"),
        "held": ("On hold", "已挂起", "us"), "completed": ("Completed", "已完成", "done"),
        "cancelled": ("Cancelled", "已取消", "closed"), "expired": ("Expired unpaid", "超时未付", "closed"),
    },
    "parcel": {
        "dispatched": ("Waiting for pickup", "待揽收", "carrier"), "moving": ("In transit", "运输中", "carrier"),
        "out_for_delivery": ("Out for delivery", "派送中", "carrier"), "delivered": ("Delivered", "已签收", "done"),
        "turned_away": ("Turned away", "已拒收", "blocked"), "returning": ("On its way back", "退回中", "carrier"),
        "lost": ("Lost", "已丢失", "blocked"), "damaged": ("Damaged", "已破损", "blocked"),
    },
    "payment": {
        "started": ("Started", "已发起", "customer"), "pending": ("Pending", "处理中", "system"),
        "unknown": ("Result unknown", "结果未知", "blocked"), "captured": ("Paid", "已支付", "done"),
        "failed": ("Failed", "支付失败", "blocked"), "voided": ("Voided", "已作废", "closed"),
    },
    "payout": {
        "prepared": ("To approve", "待审批", "us"), "approved": ("At the bank", "银行处理中", "system"),
        "paid": ("Paid", "已打款", "done"), "failed": ("Failed", "打款失败", "blocked"), "dropped": ("Dropped", "已取消", "closed"),
    },
    "policy": {
        "draft": ("Draft", "草稿", "us"), "announced": ("Announced", "已公示", "system"), "in_force": ("In force", "生效中", "done"),
        "superseded": ("Superseded", "已被取代", "closed"), "withdrawn": ("Withdrawn", "已撤回", "closed"),
    },
    "promotion": {
        "draft": ("Draft", "草稿", "us"), "scheduled": ("Scheduled", "已排期", "system"), "active": ("Active", "进行中", "done"),
        "stopped": ("Stopped", "已停止", "closed"), "ended": ("Ended", "已结束", "closed"),
    },
    "question": {
        "asked": ("Proof needed", "待补凭证", "customer"), "answered": ("Answered", "已补充", "us"),
        "lapsed": ("No answer", "超时未补", "us"),
    },
    "refund": {
        "requested": ("To approve", "待审批", "us"), "held": ("About to go out", "即将放款", "system"), "approved": ("Refund queued", "退款排队", "system"),
        "sending": ("Refunding", "退款中", "system"), "unknown": ("Result unknown", "结果未知", "blocked"),
        "settled": ("Refunded", "退款完成", "done"), "failed": ("Refund failed", "退款失败", "blocked"),
        "offline": ("Paid by hand", "线下退款", "us"), "refused": ("Refused", "已拒绝", "closed"),
    },
    "remedy": {
        "proposed": ("To grant", "待审批", "us"), "approved": ("Granted", "已批准", "system"), "executed": ("Done", "已执行", "done"),
        "declined": ("Declined by the buyer", "买家未接受", "closed"), "refused": ("Refused", "已驳回", "closed"),
    },
    "repair": {
        "asked": ("Waiting for the goods", "待买家寄回", "customer"), "mending": ("In repair", "维修中", "us"),
        "returning": ("On its way to the buyer", "寄回中", "carrier"), "done": ("Repaired", "维修完成", "done"),
        "relapsed": ("Failed again", "再次故障", "closed"), "choosing": ("Buyer chooses", "待买家选择", "customer"),
        "turned": ("Turned into another remedy", "已转其他方案", "done"), "dropped": ("Dropped", "已取消", "closed"),
    },
    "reservation": {
        "held": ("Held", "已预留", "system"), "consumed": ("Used", "已出库", "done"), "released": ("Released", "已释放", "closed"),
    },
    "return_decision": {
        "requested": ("Waiting for review", "待审核", "us"), "approved": ("Approved", "已通过", "customer"),
        "refused": ("Refused", "已拒绝", "customer"), "withdrawn": ("Withdrawn", "买家已撤销", "closed"),
    },
    "return_journey": {
        "at_buyer": ("Waiting for parcel", "待买家寄回", "customer"), "sent": ("On its way back", "退货运输中", "carrier"),
        "received": ("To inspect", "待验货", "us"), "lapsed": ("Closed, time ran out", "超时关闭", "closed"),
        "lost": ("Lost on its way back", "退货途中丢失", "blocked"),
    },
    "return_outcome": {
        "open": ("Open", "处理中", "us"), "passed": ("Passed", "验货通过", "system"), "partly": ("Partly passed", "部分通过", "us"),
        "failed": ("Does not match", "验货不符", "blocked"), "settled": ("Settled", "已完结", "done"),
    },
    "review": {
        "open": ("To review", "待审核", "us"), "claimed": ("Under review", "审核中", "us"),
        "asked": ("Buyer asked", "待用户答复", "customer"), "signed": ("One signature", "已一人通过", "us"),
        "escalated": ("Escalated", "已升级", "us"), "approved": ("Approved", "已通过", "done"),
        "rejected": ("Rejected", "已驳回", "blocked"), "withdrawn": ("Withdrawn", "已撤回", "closed"),
    },
    "ruling": {
        "proposed": ("Proposed", "待二次签署", "us"), "given": ("Given", "已裁决", "done"), "refused": ("Refused", "已驳回", "closed"),
    },
    "send_back": {
        "queued": ("Refund queued", "退款排队", "system"), "sent": ("Refunding", "退款中", "system"),
        "unknown": ("Result unknown", "结果未知", "blocked"), "arrived": ("Refunded", "退款完成", "done"),
        "failed": ("Refund failed", "退款失败", "blocked"),
    },
    "settlement": {"open": ("Open", "未关账", "us"), "closed": ("Closed", "已关账", "done")},
    "stocktake": {
        "requested": ("To approve", "待审批", "us"), "approved": ("Approved", "已通过", "done"), "refused": ("Refused", "已驳回", "closed"),
    },
    "stray": {
        "open": ("Without an owner", "无主", "us"), "asked": ("Sender asked", "已询问寄件人", "customer"),
        "matched": ("Matched", "已匹配", "done"), "closed": ("Closed", "已处理", "closed"),
    },
    "transfer": {"sent": ("On its way", "调拨中", "carrier"), "arrived": ("Arrived", "已到仓", "done")},
    "webhook_endpoint": {
        "enabled": ("On", "已启用", "done"), "disabled": ("Off", "已停用", "blocked"), "removed": ("Removed", "已删除", "closed"),
    },
    "withdrawal": {"stated": ("Stated", "已声明", "us"), "confirmed": ("Confirmed", "已确认", "done")},
    "work": {
        "queued": ("To pick", "待拣货", "us"), "picking": ("Picking", "拣货中", "us"), "packed": ("Packed", "已打包", "us"),
        "handed_over": ("Handed over", "已交运", "done"), "withdrawn": ("Withdrawn", "已撤回", "closed"),
    },
}  # fmt: skip


def chip(machine: str, state: object) -> Chip:
    """A state of a lifecycle, in words and in the colour of whose turn it is."""
    en, zh, turn = _WORDS[machine][str(state)]
    return Chip(Text(en, zh), turn)


def options(machine: str) -> list[tuple[str, Text]]:
    """The states of a lifecycle, to choose from."""
    return [(state, Text(en, zh)) for state, (en, zh, _) in _WORDS[machine].items()]


def known() -> dict[str, frozenset[str]]:
    """Every state that has words, by lifecycle."""
    return {machine: frozenset(states) for machine, states in _WORDS.items()}
