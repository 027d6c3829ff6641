"""Every clock in words: what it counts, and what happens when it reaches zero. Whose turn it is comes with the clock."""

from datetime import datetime

from dingdan.kernel.refusal import Text
from dingdan.surfaces.shared.pages.screens import Fuse, Two

# By kind of deadline: what it counts, and what follows at zero.
_WORDS: dict[str, tuple[Text, Text]] = {
    "abuse_flag.answer": (Text("Look at the flag", "核实人工复核"), Text("the flag is lifted", "未核实则解除")),
    "abuse_flag.expiry": (Text("Flag runs out", "核实记录有效期"), Text("the flag expires", "到期失效")),
    "archive.erase": (Text("Personal data kept", "个人信息保存期"), Text("personal data is destroyed", "到期销毁个人信息")),
    "archive.keep": (Text("Filing", "归档"), Text("the order is filed", "自动归档")),
    "archive.put_away": (Text("Moving into the archive", "移入归档库"), Text("personal data moves into the archive", "个人信息移入归档库")),
    "bench.swept": (Text("Load test", "压力测试"), Text("nothing", "无动作")),
    "carrier.evaluate": (Text("Carrier's evaluation", "承运商评估"), Text("the carrier is graded", "自动评级")),
    "carrier.licence": (Text("Carrier's licence", "承运商许可证"), Text("licences are looked at", "检查许可证")),
    "case.answer": (Text("Buyer's answer", "买家答复"), Text("the case goes on without it", "未答复则继续处理")),
    "case.contact": (Text("First contact", "首次联系"), Text("the case goes up", "超时升级")),
    "case.plan": (Text("Plan for the case", "处理方案"), Text("the case goes up", "超时升级")),
    "case.resolve": (Text("Case resolved", "异常解决"), Text("the case goes up", "超时升级")),
    "case.update": (Text("Next news to the buyer", "下次告知进展"), Text("the case goes up", "超时升级")),
    "claim.answer": (Text("Carrier's answer to the claim", "承运商答复索赔"), Text("the carrier is chased", "自动催促")),
    "claim.file": (Text("File the claim", "提出索赔"), Text("a lead is warned", "提醒主管")),
    "credit.points_expiry": (Text("Points", "积分有效期"), Text("the points expire", "积分过期")),
    "customs.apply_by": (Text("Apply to customs", "申请退运"), Text("it is noted as too late", "记为逾期")),
    "customs.back_by": (Text("Goods back through customs", "退运入区"), Text("it is noted as too late", "记为逾期")),
    "deposit.balance_opens": (Text("Balance opens", "尾款开付"), Text("the buyer is told to pay", "通知买家付尾款")),
    "dispute.appeal": (Text("Time to appeal", "申诉期"), Text("the ruling becomes final", "裁决生效")),
    "dispute.buyer_turn": (Text("Buyer's evidence", "买家举证"), Text("the turn is over", "视为放弃举证")),
    "dispute.seller_turn": (Text("Seller's evidence", "商家举证"), Text("the turn is over", "视为放弃举证")),
    "dispute.rule": (Text("Ruling", "平台裁决"), Text("it is noted as late", "记为超时")),
    "dispute.comply": (Text("Seller carries out the ruling", "商家执行裁决"), Text("the platform does it instead", "平台代为执行")),
    "dispute.execute": (Text("Ruling carried out", "执行裁决"), Text("the platform carries it out", "平台执行")),
    "dispute.still": (Text("Dispute stands still", "纠纷中止期"), Text("the dispute goes on", "自动恢复")),
    "exchange.ship_by": (Text("Ship the exchange", "换货发出"), Text("the buyer may take the money", "买家可改为退款")),
    "goods.decide_by": (Text("Decide what becomes of the goods", "退货商品处置"), Text("a manager is told", "提醒经理")),
    "goods.storage": (Text("Buyer collects the goods", "买家领回商品"), Text("the buyer is reminded", "提醒买家")),
    "invoice.issue_by": (Text("Issue the invoice", "开具发票"), Text("it is noted as late and tried again", "记为超时并重试")),
    "invoice.retry": (Text("Next try of the invoice", "开票重试"), Text("it is sent again", "自动重试")),
    "message.retry": (Text("Next try of the message", "通知重发"), Text("it is sent again", "自动重发")),
    "offer.expiry": (Text("Offer", "方案有效期"), Text("the offer lapses", "方案失效")),
    "order.auto_receive": (Text("Buyer confirms receipt", "买家确认收货"), Text("it counts as received", "自动确认收货")),
    "order.words_go": (Text("Words to the buyer", "给买家的消息"), Text("they are sent", "发送")),
    "order.pay_by": (Text("Buyer pays", "买家付款"), Text("the order expires and the stock is free", "订单关闭，库存释放")),
    "parcel.arrival": (Text("Promised arrival", "承诺送达"), Text("it is noted as late", "记为延误")),
    "parcel.ask_carrier": (Text("Next question to the carrier", "下次查询物流"), Text("the carrier is asked", "自动查询")),
    "parcel.first_scan": (Text("First scan", "揽收"), Text("it is noted as never scanned", "记为未揽收")),
    "parcel.intercept_answer": (Text("Carrier's answer about bringing it back", "拦截答复"), Text("the interception is given up", "放弃拦截")),
    "parcel.sandbox_push": (Text("Next scan of the sandbox", "沙盒物流推送"), Text("the sandbox sends a scan", "沙盒推送物流")),
    "parcel.silence": (Text("Next scan", "下次物流更新"), Text("it is noted as silent", "记为停滞")),
    "payment.check": (Text("Next question to the provider", "下次查询支付"), Text("the provider is asked", "自动查询")),
    "policy.start": (Text("Policy begins", "政策生效"), Text("it applies to new orders", "适用于新订单")),
    "promotion.end": (Text("Promotion ends", "促销结束"), Text("it ends", "自动结束")),
    "promotion.start": (Text("Promotion starts", "促销开始"), Text("it runs", "自动开始")),
    "refund.goes_out": (Text("Can be taken back", "可收回"), Text("the money goes out", "款项发出")),
    "repair.arrive_by": (Text("Goods back at the buyer", "维修品送达"), Text("somebody has to ask", "需人工核实")),
    "repair.choose_by": (Text("Buyer chooses", "买家选择方案"), Text("the money goes back", "按退款处理")),
    "repair.finish_by": (Text("Repair finished", "维修完成"), Text("the buyer chooses something else", "买家可改选方案")),
    "return.answer": (Text("Buyer's proof", "买家补充凭证"), Text("it is decided without it", "按现有材料处理")),
    "return.inspect_by": (Text("Inspection", "验货"), Text("it is noted as late", "记为超时")),
    "return.refund_by": (Text("Refund", "退款"), Text("it is noted as late", "记为超时")),
    "return.review": (Text("Return review", "退货审核"), Text("it is decided by the rules", "按规则自动处理")),
    "return.words_go": (Text("Words to the buyer", "给买家的留言"), Text("they are sent", "发送")),
    "return.send_by": (Text("Buyer sends the goods", "买家寄回"), Text("the return closes", "售后关闭")),
    "review.answer": (Text("Buyer's answer", "买家答复"), Text("the review goes on without it", "未答复则继续审核")),
    "review.decide": (Text("Order review", "订单审核"), Text("it is decided by the rule", "按规则自动处理")),
    "review.escalate": (Text("Review goes up", "审核升级"), Text("a lead takes it", "升级主管")),
    "review.warn": (Text("Review warning", "审核提醒"), Text("the reviewer is warned", "提醒审核员")),
    "send_back.check": (Text("Next question about the refund", "下次查询退款"), Text("the provider is asked", "自动查询")),
    "settlement.close": (Text("Period closes", "结算关账"), Text("the period closes", "自动关账")),
    "stray.match_by": (Text("Find the owner", "匹配无头件"), Text("a manager is told", "提醒经理")),
    "work.claim": (Text("Picking", "拣货"), Text("it goes back in the queue", "退回队列")),
}  # fmt: skip
# Who has to act.
TURNS: dict[str, Text] = {
    "buyer": Text("waits for the buyer", "等待买家"), "merchant": Text("waits for the shop", "等待商家"),
    "platform": Text("waits for the platform", "等待平台"), "provider": Text("waits for the payment provider", "等待支付渠道"),
    "carrier": Text("waits for the carrier", "等待承运商"), "system": Text("by itself", "系统自动"), "lab": Text("waits for the laboratory", "等待检测机构"),
}  # fmt: skip
# Clocks by which machines look again; nobody has to know of them beside an order.
_QUIET = frozenset({
    "archive.erase", "archive.keep", "archive.put_away", "bench.swept", "parcel.ask_carrier", "parcel.sandbox_push", "payment.check",
    "send_back.check", "message.retry", "invoice.retry", "review.warn", "review.escalate", "carrier.evaluate", "carrier.licence",
})  # fmt: skip


def name(kind: str) -> Text:
    """What a clock counts."""
    known = _WORDS.get(kind)
    return known[0] if known else Text(kind, kind)


def at_zero(kind: str) -> Text:
    """What happens when it reaches zero."""
    known = _WORDS.get(kind)
    return known[1] if known else Text(kind, kind)


def turn(waiting_for: str) -> Text:
    """Whose turn it is, in words; who else is waited for stands as it is called."""
    return TURNS.get(waiting_for, Text(f"waits for: {waiting_for}", f"等待：{waiting_for}"))


def is_quiet(kind: str) -> bool:
    """Whether a clock is only a machine's own alarm."""
    return kind in _QUIET


def known() -> frozenset[str]:
    """Every kind of clock that has words."""
    return frozenset(_WORDS)


def shown(
    kind: str, *, due_at: datetime | None, started_at: datetime | None, now: datetime, is_paused: bool, waiting_for: str
) -> tuple[Text, Two]:
    """A clock as a line: what it counts; what is left, whose turn it is and what follows at zero."""
    span = due_at - started_at if due_at and started_at and due_at > started_at else None
    whose, then = turn(waiting_for), at_zero(kind)
    fuse = Fuse(due_at, now, span, is_paused=is_paused, waits_for=whose if is_paused else None)
    said = whose if is_paused else Text(f"{whose.en}; then {then.en}", f"{whose.zh}；到期{then.zh}")
    return name(kind), Two(fuse, said)
