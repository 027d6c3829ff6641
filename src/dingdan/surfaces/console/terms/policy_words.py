"""The words of return policies on the desk of whoever owns them."""

from dingdan.kernel.refusal import Text

ANSWERS: dict[str, Text] = {
    "yes": Text("can go back", "可退"), "person": Text("a person looks", "人工审核"), "unless_confirmed": Text("unless confirmed", "单独确认除外"),
    "unless_unsealed": Text("while sealed", "未拆封可退"), "no": Text("cannot go back", "不可退"),
}  # fmt: skip
TONES = {"yes": "good", "person": "plain", "unless_confirmed": "warn", "unless_unsealed": "warn", "no": "bad"}
PAYS: dict[str, Text] = {"buyer": Text("the buyer", "买家"), "seller": Text("the shop", "商家")}
OUTBOUND: dict[str, Text] = {
    "refunded": Text("paid back", "退还"), "refunded_standard": Text("paid back up to standard", "按标准运费退还"), "not_refunded": Text("not paid back", "不退"),
}  # fmt: skip
STARTS: dict[str, Text] = {
    "delivered_at": Text("when the goods came", "收到商品"), "signed_at": Text("when they were signed for", "签收"),
    "last_delivered_at": Text("when the last of the order came", "收到最后一件"), "confirmed_at": Text("when receipt was confirmed", "确认收货"),
    "sold_at": Text("when they were bought", "购买"),
}  # fmt: skip
EVIDENCE: dict[str, Text] = {
    "photo": Text("photos", "照片"),
    "video": Text("a video", "视频"),
    "invoice": Text("the invoice", "发票"),
}
FAULTS: dict[str, Text] = {
    "buyer": Text("Buyer's choice", "买家原因"), "seller": Text("Our fault", "商家责任"), "none": Text("Nobody's fault", "责任无法查明"),
    "review": Text("To be found out", "待判定"),
}  # fmt: skip
KINDS: dict[str, Text] = {
    "no_reason": Text("changed mind", "无理由"), "quality": Text("quality", "质量"), "description": Text("not as described", "描述不符"),
    "fulfilment": Text("wrong or missing", "错发漏发"), "transport": Text("transport", "运输"), "legal": Text("unlawful goods", "违法"),
    "price": Text("price", "价格"), "gift": Text("gifts", "赠品"), "invoice": Text("invoice", "发票"), "refusal": Text("turned away", "拒收"),
    "other": Text("other", "其他"),
}  # fmt: skip
STARTS_REFUND: dict[str, Text] = {
    "goods_received_at": Text("when the goods are back", "收到退货"), "asked_at": Text("when the buyer asked", "买家申请"),
}  # fmt: skip
WITHHOLD: dict[str, Text] = {
    "no": Text("not held back", "不暂扣"), "until_received": Text("until the goods are back", "收到退货前可暂扣"),
    "until_received_or_proof": Text("until back, or shown to be sent", "收到退货或寄出凭证前可暂扣"),
}  # fmt: skip
BALANCE: dict[str, Text] = {
    "never": Text("never", "不可退至余额"), "with_consent": Text("only if the buyer agrees", "经买家同意可退至余额"), "always": Text("always", "退至余额"),
}  # fmt: skip
LOST_SHIPPING: dict[str, Text] = {"deduct": Text("taken off", "扣除"), "keep": Text("not taken off", "不扣除")}
EXCLUDED: dict[str, Text] = {
    "yes": Text("can go back", "可退"), "confirm": Text("not, if confirmed for the purchase", "单独确认后不退"), "no": Text("cannot go back", "不可退"),
}  # fmt: skip
REMEDIES: dict[str, Text] = {
    "refund": Text("refund", "退款"), "exchange": Text("exchange", "换货"), "repair": Text("repair", "维修"), "reduction": Text("price cut", "减价"),
}  # fmt: skip
CHECKS: dict[str, Text] = {
    "quantity": Text("Units", "数量"), "unshipped": Text("Not shipped", "未发货"), "exclusion": Text("Excepted goods", "例外商品"),
    "confirmation": Text("Confirmation", "单独确认"), "window": Text("Time", "期限"), "fault": Text("Whose fault", "责任"),
    "report": Text("Told in time", "及时反馈"), "reason": Text("Reason", "原因"),
}  # fmt: skip
STEP_TONES = {"yes": "good", "no": "bad", "person": "warn"}
NOTHING = Text("nothing", "无")
PLACES: dict[str, Text] = {
    "help": Text("Help page", "帮助页"), "product": Text("Product page", "商品页"), "checkout": Text("Checkout", "下单页"),
}  # fmt: skip
