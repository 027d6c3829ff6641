"""Codes in words: why, what for, by whose fault. By group; where a group knows no word, the code itself is made readable."""

from collections.abc import Mapping

from dingdan.kernel.refusal import Text

Group = Mapping[str, tuple[str, str]]

# Why an order was cancelled, held or changed, a parcel called back, a review ended.
ORDER: Group = {
    "buyer_request": ("the buyer asks", "买家要求"), "out_of_stock": ("out of stock", "缺货"),
    "address_unclear": ("the address is not clear", "地址不明"), "suspected_fraud": ("looks like fraud", "疑似欺诈"),
    "changed_mind": ("the buyer changed their mind", "买家改变主意"), "other": ("something else", "其他"),
    "review": ("to be reviewed", "待审核"), "channel_problem": ("problem with the channel order", "渠道订单异常"),
    "short": ("goods missing", "库存不足"), "replaced": ("replaced by another order", "已由新订单替代"),
    "review_timed_out": ("nobody reviewed it in time", "审核超时"), "review_blocked": ("blocked by risk", "风控拦截"),
    "cancelled_on_channel": ("cancelled on the channel", "渠道已取消"), "exchange_refunded": ("exchange turned into money", "换货已转退款"),
    "refund_only": ("refunded without goods", "仅退款"), "claim_expired": ("nobody went on picking", "拣货超时"),
    "overdue": ("time ran out", "超时"), "paused": ("sale is paused", "已停售"),
    "not_received": ("not received", "未收到货"), "disputed_receipt": ("receipt is disputed", "签收有争议"),
    "mistake": ("a mistake", "操作失误"), "duplicate": ("ordered twice", "重复下单"), "price_error": ("wrong price", "价格错误"),
    "wrong_address": ("wrong address", "地址有误"), "moved": ("the buyer moved", "买家换了地址"), "goodwill": ("goodwill", "友好补偿"),
}  # fmt: skip
# Why an order goes in spite of a failed check.
FORCE: Group = {
    "buyer_confirmed": ("the buyer confirmed it", "买家已确认"), "proved_otherwise": ("proved in another way", "已另行核实"),
    "known_buyer": ("a buyer we know well", "熟客"), "merchant_vouches": ("the merchant vouches for it", "商家担保"),
}  # fmt: skip
# Why buyers send goods back; policies use these codes.
RETURN: Group = {
    "no_reason": ("changed my mind", "七天无理由"), "size_unfit": ("does not fit", "尺码不合适"),
    "ordered_by_mistake": ("ordered by mistake", "拍错/多拍"), "quality_defect": ("poor quality", "质量问题"),
    "function_fault": ("does not work", "性能故障"), "not_as_described": ("not as described", "与描述不符"),
    "wrong_item": ("wrong item sent", "错发"), "missing_item": ("item missing", "漏发、少件"),
    "damaged_on_arrival": ("damaged on arrival", "到货破损"), "lost_in_transit": ("lost on the way", "运输丢失"),
    "late_delivery": ("too late", "未按时送达"), "counterfeit": ("counterfeit", "假冒"),
    "expired_or_near": ("expired or about to", "过期/临期"), "spoiled": ("spoiled", "变质腐烂"),
    "short_weight": ("less than it should weigh", "缺斤少两"), "price_dispute": ("about the price", "价格问题"),
    "gift_missing": ("gift missing", "少赠品"), "invoice": ("about the invoice", "发票问题"),
    "refused_no_reason": ("turned away without a reason", "无理由拒收"), "refused_damaged": ("turned away, damaged", "破损拒收"),
    "recall": ("recalled", "召回"), "other": ("something else", "其他"),
}  # fmt: skip
# What cases are about.
CASE: Group = {
    "payment_failed": ("payment failed", "支付失败"), "duplicate_payment": ("paid twice", "重复付款"),
    "address_unclear": ("address unclear", "地址不明"), "confirmation_undeliverable": ("buyer cannot be reached", "通知无法送达"),
    "shortage": ("goods missing", "缺货"), "delay": ("delayed", "物流延误"), "return_lost": ("return lost", "退货丢失"),
    "inspection_disputed": ("inspection disputed", "验货争议"), "refund_recovery": ("refund to recover", "退款追回"),
    "postage_owed": ("postage owed", "退货运费补付"), "stray_parcel": ("unannounced parcel", "无头件"), "damage": ("damaged", "破损"),
    "loss": ("lost", "丢失"), "turned_away": ("turned away", "拒收"), "wrong_item": ("wrong item", "错发"),
    "fraud": ("fraud or counterfeit", "假货欺诈"), "missing_item": ("item missing", "少件"),
    "disputed_receipt": ("receipt disputed", "签收争议"), "unannounced_parcel": ("parcel without a return", "未登记包裹"),
    "platform_ruling": ("ruling to carry out", "执行裁决"),
}  # fmt: skip
# How cases ended, why they went up or to somebody else.
ENDING: Group = {
    "paid": ("paid", "已付款"), "expired": ("expired", "已过期"), "cancelled": ("cancelled", "已取消"), "solved": ("solved", "已解决"),
    "paid_back": ("paid back", "已退款"), "not_double": ("not paid twice", "并非重复付款"), "corrected": ("corrected", "已更正"),
    "was_fine": ("nothing was wrong", "核实无误"), "reached": ("buyer reached", "已联系上"), "read_in_shop": ("read in the shop", "买家已在店铺查看"),
    "nobody_to_reach": ("nobody to reach", "无法联系"), "waits": ("buyer waits", "买家愿意等待"), "found": ("found", "已找到"),
    "arrived": ("arrived", "已送达"), "carried_out": ("carried out", "已执行"), "disappeared": ("order is gone", "订单已不存在"),
    "matched": ("matched", "已匹配"), "sent_on": ("sent on", "已转寄"), "not_ours": ("not ours", "非本店包裹"), "empty": ("empty", "空包"),
    "refused": ("refused", "拒收"), "opened": ("opened", "新建"), "taken": ("taken over", "主动领取"),
    "claim_not_filed": ("claim not filed in time", "索赔未按时提出"), "case_ended": ("case ended", "异常单已结束"),
    "contact": ("buyer not contacted in time", "未按时联系买家"), "plan": ("no plan in time", "未按时给出方案"),
    "resolve": ("not resolved in time", "未按时解决"), "update": ("no news in time", "未按时更新进展"),
    "go_on": ("it goes on", "继续处理"), "cancel": ("order cancelled", "取消订单"), "accepted": ("accepted", "全部接受"),
    "part": ("accepted in part", "部分接受"), "settled": ("settled", "已解决"), "withdrawn": ("withdrawn", "已撤销"),
    "ruled": ("ruled", "已裁决"), "decided": ("decided there", "另案已决"), "agreed": ("agreed", "已和解"),
    "came_to_nothing": ("came to nothing", "另案未果"), "unanswered": ("nobody looked in time", "超时未核实"),
    "forgotten": ("buyer forgotten", "用户信息已删除"), "waybill": ("the waybill", "运单"), "order": ("the order number", "订单号"),
    "phone": ("the phone number", "电话"), "person": ("a person", "人工核对"), "by_hand": ("by hand", "手动"), "gone": ("endpoint is gone", "端点已失效"),
    "failing": ("nothing got through", "持续失败"), "not_sent": ("nothing was sent", "买家未寄回"), "lost": ("lost", "丢失"),
    "unmended": ("could not be mended", "无法修复"), "timed_out": ("took too long", "超时"), "asked": ("the buyer asked", "买家要求"),
    "cap": ("tried too often", "维修次数已满"), "buyers_risk": ("at the buyer's risk", "风险由买家承担"),
    "came_back": ("came back", "已退回"), "damages_paid": ("damages paid", "已赔付"), "kept_for_owner": ("kept for its owner", "代为保管"),
    "kept_with_part_back": ("kept, part paid back", "保留商品部分退款"), "receipt_proven": ("receipt proven", "签收属实"), "sent_again": ("sent again", "已重发"),
    "sent_back": ("sent back", "已寄回"), "unfounded": ("unfounded", "不成立"), "waited": ("buyer waited", "买家同意等待"), "written_off": ("written off", "已核销"),
    "not_accepted": ("goods not accepted", "验货未通过"),
}  # fmt: skip
# What is given to make good, agreed on, or asked for.
REMEDY: Group = {
    "refund": ("refund", "退款"), "reship": ("sent again", "重发"), "substitute": ("something else instead", "换发其他商品"),
    "compensation": ("compensation", "补偿"), "wait": ("wait", "继续等待"), "take_back": ("goods taken back", "退货"),
    "refund_only": ("refund without goods", "仅退款"), "keep": ("keep for less money", "保留商品部分退款"),
    "price_protection": ("price difference", "价保差额"), "exchange": ("exchange", "换货"), "repair": ("repair", "维修"),
    "store_credit": ("store credit", "店铺余额"), "reduce": ("part of the money", "部分退款"),
    "return_refund": ("refund against the goods", "退货退款"), "replace": ("replacement", "补发换货"), "reject": ("nothing owed", "驳回请求"),
    "goods_sent_back": ("send the goods back", "寄回商品"), "price_reduction": ("take less money", "接受折价"), "dispute": ("disagree", "提出异议"),
    "restock": ("back on the shelf", "重新上架"), "repack": ("repacked", "重新包装"), "open_box": ("sold as opened", "开箱品销售"),
    "refurbish": ("refurbished", "翻新"), "vendor": ("back to the vendor", "退供应商"), "liquidate": ("sold off", "清仓处理"),
    "donate": ("donated", "捐赠"), "scrap": ("scrapped", "报废"), "send_back": ("sent back to the buyer", "寄回买家"),
    "quarantine": ("kept apart", "隔离"),
}  # fmt: skip
# Why money goes back.
REFUND: Group = {
    "return": ("goods returned", "退货"), "cancellation": ("order cancelled", "取消订单"), "amendment": ("order changed", "修改订单"),
    "excess": ("paid too much", "多付款项"), "channel": ("refunded on the channel", "渠道退款"), "case": ("made good", "异常补救"),
    "kept": ("less for what is kept", "折价保留"), "penalty": ("penalty", "违约赔付"), "customs": ("import tax given back", "退还进口税"),
    "exchange": ("exchange", "换货"), "no_reason": ("without a reason", "无理由"), "withdrawal": ("contract withdrawn", "撤回合同"),
    "unsent": ("never sent", "未发出的商品"), "withheld": ("withheld before", "返还暂扣款项"),
    "rest": ("the rest of an early refund", "极速退款补差"), "fault": ("fault", "质量责任"), "cancelled": ("cancelled", "取消"), "exchanged": ("exchanged", "换货"),
}  # fmt: skip
# Sides, roles and who bears something.
SIDE: Group = {
    "buyer": ("buyer", "买家"), "seller": ("seller", "商家"), "merchant": ("merchant", "商家"), "platform": ("platform", "平台"),
    "carrier": ("carrier", "承运商"), "provider": ("payment provider", "支付渠道"), "system": ("system", "系统"), "nobody": ("nobody", "无责任方"),
    "none": ("nobody", "无责任方"), "reviewer": ("a reviewer", "审核员"), "risk": ("risk", "风控"), "lead": ("a lead", "主管"),
    "manager": ("a manager", "经理"), "agent": ("customer service", "客服"), "customer_service": ("customer service", "客服"),
    "finance": ("finance", "财务"), "warehouse": ("the warehouse", "仓库"), "inspector": ("an inspector", "质检员"),
    "arbitrator": ("an arbitrator", "仲裁员"), "recipient": ("recipient", "收件人"), "case_lead": ("a lead", "主管"), "case_manager": ("a manager", "经理"),
}  # fmt: skip
# What disputes are about, and what stops them.
DISPUTE: Group = {
    "visible_fault": ("fault that can be seen", "外观瑕疵"), "hidden_fault": ("hidden fault", "隐蔽瑕疵"), "counterfeit": ("counterfeit", "假货"),
    "surface_unconfirmed": ("damage, signed for unseen", "未验收签收后破损"), "surface_confirmed": ("damage, signed for as whole", "验收后发现破损"),
    "not_received": ("not received", "未收到货"), "merged_parcel": ("shared parcel", "合并包裹少件"), "gift": ("gift", "赠品"),
    "custom_made": ("made to order", "定制商品"), "inspection": ("inspection", "验货结果"), "other": ("something else", "其他"),
    "police": ("the police look at it", "公安处理中"), "court": ("a court looks at it", "法院处理中"), "agreement": ("both sides talk", "双方协商"),
}  # fmt: skip
# Signs of abuse, and what follows from them.
ABUSE: Group = {
    "return_rate": ("many returns", "退货率高"), "wardrobing": ("worn and returned", "穿后退货"), "swapped_item": ("another item came back", "调包"),
    "weight_differs": ("weight differs", "重量不符"), "empty_parcel": ("empty parcel", "空包"), "not_received": ("often not received", "多次称未收到"),
    "evidence_reused": ("evidence used before", "凭证重复使用"), "linked_account": ("linked account", "关联账号"), "bulk_returns": ("returns in bulk", "批量退货"),
    "extra_look": ("a second look", "增加复检"), "hold_early": ("no money before the look", "验货前不退款"), "person": ("a person decides", "人工审核"),
    "no_extras": ("nothing beyond the law", "不享受额外服务"), "fraud": ("fraud", "欺诈"), "extortion": ("extortion", "敲诈勒索"),
}  # fmt: skip
# What stock movements are.
STOCK: Group = {
    "receive": ("received", "收货"), "count": ("counted", "盘点"), "adjust": ("adjusted", "调整"), "ship": ("shipped", "出库"),
    "hold": ("held back", "暂扣"), "release": ("released", "解除暂扣"), "transfer_out": ("transfer out", "调出"), "transfer_in": ("transfer in", "调入"),
    "return_in": ("returned", "退货入库"), "restock": ("back on the shelf", "重新上架"), "write_off": ("written off", "报损"),
    "send_back": ("sent back", "寄回"), "resell": ("sold on", "转售"), "hand_on": ("handed on", "移交"), "damaged": ("damaged", "破损"),
    "lost": ("lost", "丢失"), "back_in_stock": ("back in stock", "到货"), "call": ("a call", "回电"), "price": ("the price", "价格"),
}  # fmt: skip
# What went wrong outside: providers, the tax office, mail.
FAILURE: Group = {
    "declined": ("declined", "被拒绝"), "insufficient_funds": ("not enough money", "余额不足"), "closed_by_provider": ("closed by the provider", "渠道已关闭"),
    "account_closed": ("account closed", "账户已注销"), "another_amount": ("another amount", "金额不符"),
    "another_amount_under_this_number": ("number used for another amount", "编号已用于其他金额"), "provider_unavailable": ("provider unavailable", "渠道不可用"),
    "no_address": ("no address known", "无联系方式"), "channel_unavailable": ("channel unavailable", "渠道不可用"),
    "outcome_unknown": ("result unknown", "结果未知"), "turned_off": ("switched off", "已关闭"), "overtaken": ("overtaken by news", "已有更新通知"),
    "person_forgotten": ("buyer forgotten", "用户信息已删除"), "field_missing": ("something is missing", "缺少必填内容"),
    "refused": ("refused", "被拒绝"), "invoice_title_missing": ("invoice title missing", "缺少抬头"), "already_delivered": ("already delivered", "已送达"),
    "too_late": ("too late", "为时已晚"), "no_answer": ("no answer", "未答复"), "timeout": ("no answer in time", "超时无应答"),
    "damaged": ("damaged", "破损"), "lost": ("lost", "丢失"),
    "missing_here": ("missing in our books", "我方缺失"), "missing_there": ("missing at the provider", "渠道缺失"),
    "amount_differs": ("amounts differ", "金额不符"), "currency_differs": ("currencies differ", "币种不符"),
    "state_differs": ("states differ", "状态不符"), "duplicate": ("listed twice", "重复"), "booked": ("booked", "已入账"),
}  # fmt: skip
# Problems of orders that were made on channels.
CHANNEL: Group = {
    "unknown_sku": ("unknown SKU", "SKU 不存在"), "no_policy": ("no return policy", "无适用政策"), "no_stock": ("no stock", "无库存"),
    "sums_differ": ("sums differ", "金额不符"), "overpaid": ("paid too much", "多付款"), "refund_exceeds": ("refund too large", "退款超额"),
    "address_unusable": ("address cannot be used", "地址不可用"), "changed": ("changed on the channel", "渠道已修改"),
    "cancelled_too_late": ("cancelled too late", "取消过晚"), "ended_here": ("already ended here", "本地已结束"),
    "unknown_carrier": ("unknown carrier", "承运商未知"), "part_shipped": ("shipped in part", "部分发货"),
    "import_limit": ("more than a person may import", "超出个人进口限额"),
}  # fmt: skip
# What messages to buyers are about, and how they go out.
MESSAGE: Group = {
    "received": ("order received", "订单已收到"), "confirmed": ("order confirmed", "订单已确认"), "amended": ("order changed", "订单已修改"),
    "cancelled": ("order cancelled", "订单已取消"), "expired": ("order expired", "订单已过期"), "refunded": ("refund", "退款"),
    "payment_failed": ("payment failed", "支付失败"), "review_started": ("order is reviewed", "订单审核中"), "delayed": ("delay", "延误"),
    "receipt_announced": ("receipt in 3 days", "3 天后自动收货"), "receipt_due_soon": ("receipt in 1 day", "1 天后自动收货"),
    "deposit_paid": ("deposit paid", "定金已付"), "balance_opened": ("balance to pay", "支付尾款"), "deposit_ended": ("presale ended", "预售结束"),
    "return_approved": ("return approved", "退货通过"), "return_due_soon": ("send the goods soon", "请尽快寄回"),
    "return_place_proposed": ("another return address", "更换退货地址"), "units_rejected": ("units not accepted", "验货未通过"),
    "units_offered": ("offer for units", "折价方案"), "units_unclaimed": ("goods wait for you", "商品待领回"), "case_opened": ("we look into it", "问题受理"),
    "order_written": ("a word about the order", "订单留言"),
    "case_updated": ("news about the problem", "问题进展"), "case_asked": ("question about the problem", "问题询问"),
    "case_offered": ("offer about the problem", "补救方案"), "case_remedied": ("made good", "已补救"), "case_closed": ("problem closed", "问题关闭"),
    "return_resolved": ("return settled", "售后解决"), "return_refused": ("return refused", "退货拒绝"), "return_asked": ("proof needed", "补充凭证"),
    "return_offered": ("offer about the return", "售后方案"), "return_updated": ("news about the return", "售后进展"),
    "contract_withdrawn": ("contract withdrawn", "合同撤回"), "penalty_paid": ("penalty paid", "违约赔付"), "invoice_issued": ("invoice", "发票"),
    "code_asked": ("code to see the order", "查单验证码"), "dispute_opened": ("dispute opened", "纠纷受理"), "dispute_turn": ("your turn to show evidence", "请举证"), "dispute_ruled": ("ruling", "裁决"),
    "dispute_appealed": ("appeal", "申诉"), "dispute_final": ("final ruling", "终局裁决"), "dispute_executed": ("ruling carried out", "裁决已执行"),
    "seller_dispute_opened": ("to the seller: dispute opened", "致商家：纠纷受理"), "seller_dispute_turn": ("to the seller: show evidence", "致商家：请举证"),
    "seller_dispute_appealed": ("to the seller: appeal", "致商家：申诉"), "seller_dispute_ended": ("to the seller: dispute ended", "致商家：纠纷结束"),
    "seller_dispute_stopped": ("to the seller: dispute stands still", "致商家：纠纷中止"),
    "seller_dispute_went_on": ("to the seller: dispute goes on", "致商家：纠纷恢复"),
    "seller_dispute_final": ("to the seller: final ruling", "致商家：终局裁决"), "seller_dispute_ruled": ("to the seller: ruling", "致商家：裁决"),
    "dispute_stopped": ("dispute stands still", "纠纷中止"), "dispute_went_on": ("dispute goes on", "纠纷恢复"),
    "dispute_withdrawn": ("dispute withdrawn", "纠纷撤销"), "dispute_agreed": ("dispute settled", "纠纷和解"), "exchange_kept": ("exchange reserved", "换货预留"),
    "exchange_short": ("exchange out of stock", "换货缺货"), "exchange_difference": ("price difference", "换货差价"), "exchange_sent": ("exchange sent", "换货发出"),
    "exchange_refunded": ("exchange refunded", "换货转退款"), "exchange_late": ("exchange late", "换货延迟"), "exchange_owed": ("goods still owed", "待寄回原商品"),
    "repair_began": ("repair began", "开始维修"), "repair_waits": ("repair waits", "维修暂停"), "repair_sent": ("repair sent back", "维修寄回"),
    "repair_choice": ("choose instead of repair", "选择其他方案"), "repair_relapsed": ("fault came back", "故障复发"), "repair_refunded": ("repair refunded", "维修转退款"),
    "in_app": ("in the shop", "站内信"), "email": ("email", "邮件"), "sms": ("text message", "短信"), "push": ("push", "推送"),
}  # fmt: skip
# Words of one place only.
REST: Group = {
    "invoice": ("Invoice", "发票"), "credit_note": ("Credit note", "红字发票"), "sale": ("sale", "销售"), "refund": ("refund", "退款"),
    "correction": ("correction", "更正"), "password": ("a password", "密码"), "name": ("one click", "一键登录"), "photo": ("photo", "照片"), "video": ("video", "视频"),
    "unpacking": ("unpacking", "开箱"), "deviation": ("deviation", "差异"), "serial": ("serial number", "序列号"), "freight": ("freight", "运费"),
    "apply": ("apply for taking back", "申请退运"), "back": ("goods back", "退运入区"), "tax": ("tax", "税费"), "points": ("points", "积分"), "issued": ("issued", "发行"), "return": ("return", "退货"), "case": ("case", "异常补救"),
}  # fmt: skip

# By the field of a fact, or by a fact and its field, where its words stand; the first that knows a code says it.
GROUPS: Mapping[str, tuple[Group, ...]] = {
    "order.objected.reason": (ORDER, RETURN, CASE), "order.held.reason": (ORDER, CASE), "order.cancelled.reason": (ORDER, CASE),
    "return.refused.reason": (RETURN, ORDER), "cause": (REFUND,), "resolution": (REMEDY, FAILURE), "remedy": (REMEDY,), "choice": (REMEDY,),
    "instead": (REMEDY,), "disposition": (REMEDY,), "ruling": (REMEDY,), "issue": (DISPUTE,), "dispute.stopped.reason": (DISPUTE,),
    "abuse_signal.noticed.kind": (ABUSE,), "measure": (ABUSE,), "abuse_handover.made.reason": (ABUSE,), "verb": (STOCK,), "stock.moved.why": (STOCK,),
    "about": (STOCK,), "failure": (FAILURE,), "trouble": (FAILURE,), "parcel.intercept_failed.why": (FAILURE, ENDING),
    "difference.found.kind": (FAILURE,), "problem": (CHANNEL,), "occasion": (MESSAGE,), "channel": (MESSAGE,),
    "message.suppressed.reason": (FAILURE,), "side": (SIDE,), "role": (SIDE,), "owner": (SIDE,), "liable": (SIDE,), "fault": (SIDE,),
    "executor": (SIDE,), "was": (SIDE,), "now": (SIDE,), "by": (SIDE, REST), "then": (ENDING,), "closure": (ENDING,), "answer": (ENDING,),
    "outcome": (ENDING,), "because": (ENDING,), "found_by": (ENDING,), "why": (ENDING, ORDER), "case.opened.kind": (CASE,),
    "case.repeated.kind": (CASE,), "case.attached.kind": (CASE,), "kind": (REMEDY,), "invoice.drafted.kind": (REST,), "invoice.issued.kind": (REST,),
    "invoice.drafted.reason": (REST,), "reason": (ORDER, ENDING, REST, RETURN, FORCE), "sort": (REST,), "shows": (REST,), "part": (REST,), "what": (REST,),
    "order.objection_settled.outcome": (ENDING,),
}  # fmt: skip


def text(code: str, *groups: Group) -> Text:
    """A code in words; one that nobody wrote words for is shown as it is, without its underscores."""
    folded = code.lower()
    for group in groups:
        if folded in group:
            return Text(*group[folded])
    plain = code.replace("_", " ")
    return Text(plain.lower() if code.isupper() else plain, plain)


def of_fact(wire: str, field: str, code: str) -> Text:
    """What a fact carries as a code, in words."""
    return text(code, *(GROUPS.get(f"{wire}.{field}") or GROUPS.get(field, ())))
