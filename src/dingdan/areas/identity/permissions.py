"""Every permission and every role, as one table; docs/permissions.md and the route walk are made from it."""

from itertools import combinations

from dingdan.kernel.refusal import Text

PERMISSIONS: dict[str, Text] = {
    "merchant.read": Text("See merchants and their settings", "查看商家及其设置"),
    "merchant.write": Text("Add and change merchants", "新增和修改商家"),
    "warehouse.read": Text("See warehouses", "查看仓库"),
    "warehouse.write": Text("Add and change warehouses", "新增和修改仓库"),
    "channel.read": Text("See sales channels", "查看销售渠道"),
    "channel.write": Text("Add and change sales channels", "新增和修改销售渠道"),
    "channel.sync": Text("Acknowledge what a channel was told", "确认渠道已收到的推送"),
    "channel_order.read": Text("See orders made on channels, their problems and updates", "查看渠道订单、问题及回传"),
    "channel_order.write": Text(
        "Record orders made on channels, solve their problems, acknowledge updates", "录入渠道订单、处理问题、确认回传"
    ),
    "calendar.read": Text("See working calendars", "查看工作日历"),
    "calendar.write": Text("Set working calendars", "设置工作日历"),
    "deadline.read": Text("See what is due, overdue or failing", "查看到期、逾期和失败的时限"),
    "deadline.extend": Text("Make many deadlines later at once", "批量延长时限"),
    "carrier.read": Text("See carriers and their lanes", "查看承运商和线路"),
    "carrier.write": Text("Register carriers and set their lanes", "登记承运商和设置线路"),
    "carrier.decide": Text(
        "Evaluate, suspend and restore carriers, set their grades", "评估、暂停和恢复承运商，设置评级"
    ),
    "product.read": Text("See products and prices", "查看商品和价格"),
    "product.write": Text("Add and change products", "新增和修改商品"),
    "price.write": Text("Set prices", "设置价格"),
    "promotion.read": Text("See promotions and coupons", "查看促销活动和优惠券"),
    "promotion.write": Text(
        "Make, start and stop promotions, give coupons away", "创建、启动、停止促销活动及发放优惠券"
    ),
    "stock.read": Text("See stock", "查看库存"),
    "stock.write": Text("Count and correct stock", "盘点和调整库存"),
    "stock.move": Text("Receive, hold back, transfer and count goods", "收货、暂扣、调拨和盘点"),
    "stock.approve": Text("Approve counts and sell frozen goods again", "审批盘点和解除冻结"),
    "import.run": Text("Load files of products, prices and stock", "批量导入商品、价格和库存"),
    "order.place": Text("Place orders", "下单"),
    "reminder.ask": Text("Ask to be told when a problem is over", "登记到货等提醒"),
    "reminder.read": Text("See who waits to be told or called", "查看等待提醒或回电的登记"),
    "order.read": Text("See orders", "查看订单"),
    "order.read_contact": Text("See names, phones and addresses in full", "查看完整的姓名、电话和地址"),
    "order.cancel": Text("Cancel orders before dispatch", "发货前取消订单"),
    "order.change": Text("Change where orders go, and their quantities", "修改订单的收货地址和数量"),
    "order.split": Text("Choose from which warehouse orders are sent", "调整订单的发货仓库（拆单、并单）"),
    "order.waive": Text("Let a buyer off what a change would cost more", "免除修改订单产生的差额"),
    "order.hold": Text("Hold orders and let them go on", "挂起和放行订单"),
    "order.force": Text(
        "Let orders go in spite of a failed check that somebody else asked to set aside",
        "复核并强制放行他人申请放行的订单",
    ),
    "note.read": Text("See notes and tags of orders, and who looks after them", "查看订单备注、标签和负责人"),
    "note.write": Text("Write notes on orders, tag them, say who looks after them", "填写订单备注和标签、指定负责人"),
    "order.receive": Text("Confirm receipt of an order, or object to it", "确认收货或提出异议"),
    "customs.note": Text("Note what customs released and what goes back to them", "登记海关放行和退运"),
    "objection.settle": Text("Settle what buyers object to", "处理用户的收货异议"),
    "feedback.give": Text("Rate an order and its goods", "评价订单和商品"),
    "feedback.read": Text("Read feedback, also what is hidden", "查看评价（含已隐藏）"),
    "feedback.hide": Text("Hide feedback and show it again", "隐藏和恢复评价"),
    "archive.read": Text("Read the archive and take case files out of it", "查阅归档和导出案卷"),
    "archive.hold": Text("Set and lift legal holds", "设置和解除法律保全"),
    "payment.start": Text("Start payments", "发起支付"),
    "payment.read": Text("See payments", "查看支付"),
    "credit.read": Text("See balances, points and cards", "查看余额、积分和礼品卡"),
    "credit.grant": Text("Grant money and points, issue and block cards", "发放余额和积分、发行和冻结礼品卡"),
    "method.write": Text("Describe ways to pay, their limits and maintenance", "维护支付方式及其限额和维护时间"),
    "review.read": Text("See orders that are looked at again", "查看订单审核任务"),
    "review.decide": Text("Claim, ask, approve, reject and escalate reviews", "领取、询问、批准、驳回和升级审核任务"),
    "review.block": Text("Block an order as a risk, and take that back", "风控拦截订单及解除拦截"),
    "review.answer": Text("Answer what a reviewer asked the buyer", "回答审核提出的问题"),
    "review_rule.read": Text("See the rules of review", "查看审核规则"),
    "review_rule.write": Text("Write, try and switch rules of review", "编写、试算和开关审核规则"),
    "work.read": Text("See what waits to be picked and packed", "查看待拣货和待打包任务"),
    "work.do": Text("Claim, pick and pack", "领取任务、拣货和打包"),
    "label.print": Text("Print packing slips and labels, with names and addresses", "打印装箱单和面单（含姓名和地址）"),
    "evidence.read": Text(
        "See how orders were packed: weights, serials, pictures, consents", "查看打包记录：重量、序列号、照片和同意记录"
    ),
    "consent.write": Text("Record that orders may share a parcel", "登记合并发货的同意"),
    "parcel.ship": Text("Hand parcels to the carrier", "将包裹交运"),
    "parcel.upload": Text("Upload the tracking numbers of orders", "批量上传物流单号"),
    "parcel.override": Text("Use a tracking number that does not fit its carrier", "使用不符合承运商规则的物流单号"),
    "parcel.scan": Text("Take in tracking events", "录入物流轨迹"),
    "parcel.intercept": Text("Have parcels on their way brought back", "拦截在途包裹"),
    "parcel.read": Text("See parcels and tracking", "查看包裹和物流轨迹"),
    "message.read": Text("See confirmations and what buyers were told", "查看确认单和已发送的消息"),
    "message.resend": Text("Send confirmations again", "重新发送确认单"),
    "return.apply": Text("Ask for a return, or withdraw the request", "申请或撤销退货"),
    "return.read": Text("See returns", "查看退货"),
    "return.decide": Text("Approve and refuse returns", "审批退货申请"),
    "return.send": Text("Say that goods were sent back", "登记退货寄出"),
    "return.receive": Text("Take returned goods in", "签收退回商品"),
    "return.inspect": Text("Inspect returned goods", "检验退回商品"),
    "exchange.ship_ahead": Text("Send what is wanted before the goods have come", "先行发出换货商品"),
    "repair.work": Text("Mend goods and send them back", "维修商品并寄回"),
    "return.dispose": Text("Decide what becomes of returned goods", "处置退回商品"),
    "dispute.read": Text("See disputes, what was shown and ruled", "查看纠纷、举证和裁决"),
    "dispute.argue": Text("Ask the platform to decide, show, accept and appeal", "申请平台介入、举证、接受裁决和申诉"),
    "dispute.rule": Text("Rule about disputes", "裁决纠纷"),
    "case.read": Text("See cases, their owners and logs", "查看异常单及其负责人和记录"),
    "case.report": Text("Report a problem, answer, accept and rate", "提报问题、回答、确认方案和评价"),
    "case.open": Text("Open cases about orders", "登记异常单"),
    "case.work": Text("Work on cases and propose what is done about them", "处理异常单和提出补救措施"),
    "case.lead": Text("Grant what a lead may grant", "按主管权限审批补救措施"),
    "case.manage": Text("Grant what a manager may grant", "按经理权限审批补救措施"),
    "case_kind.read": Text("See kinds of cases and limits of authority", "查看异常类型和权限额度"),
    "case_kind.write": Text("Write kinds of cases, limits and skills", "维护异常类型、额度和技能"),
    "claim.work": Text("File and follow claims on carriers", "提出和跟进承运商索赔"),
    "abuse.ask": Text(
        "Ask why something needs more time, and for a person's look", "查询需要更多时间的原因和申请人工复核"
    ),
    "abuse.read": Text(
        "See signs of abuse, flags, and how often they were wrong", "查看异常使用信号、核实记录和误判率"
    ),
    "abuse.decide": Text("Confirm and lift flags", "确认和解除核实记录"),
    "abuse.report": Text("Hand evidence of fraud to an authority", "向主管机关移交欺诈证据"),
    "refund.read": Text("See refunds", "查看退款"),
    "refund.request": Text("Ask for a refund", "发起退款"),
    "refund.consent": Text("Say where a refund goes that is paid by hand", "确认线下退款及收款账户"),
    "refund.approve": Text("Approve and refuse refunds", "审批退款"),
    "refund.retry": Text("Send failed refunds again", "重试失败的退款"),
    "ledger.read": Text("See the books", "查看账目"),
    "ledger.reconcile": Text("Compare providers' statements with the books", "核对渠道对账单与账目"),
    "settlement.read": Text(
        "See agreements, merchants' accounts, deposits and payouts", "查看结算协议、商家结算单、保证金和打款"
    ),
    "settlement.write": Text("Agree on terms with merchants and close periods", "维护结算协议和关账"),
    "merchant_deposit.write": Text("Book deposits of merchants and draw on them", "登记和划扣商家保证金"),
    "payout.prepare": Text("Prepare payouts and say what the bank did", "编制打款和登记银行结果"),
    "payout.approve": Text("Approve payouts that somebody else prepared", "审批他人编制的打款"),
    "invoice.request": Text("Ask for invoices and have titles corrected", "申请开票和换开发票"),
    "invoice.read": Text("See invoices and credit notes, with whom they name", "查看发票和红字发票（含抬头）"),
    "invoice.write": Text(
        "Say how invoices name the merchant, send refused ones again", "设置开票信息和重新提交被拒发票"
    ),
    "event.read": Text("Read the feed of events", "读取事件流"),
    "webhook.read": Text("See where events are sent and what was answered", "查看事件推送地址和推送记录"),
    "webhook.write": Text("Say where events are sent, and send them again", "设置事件推送地址和重新推送"),
    "policy.read": Text("See return policies", "查看退货政策"),
    "policy.write": Text("Draft, try and publish return policies", "起草、试算和发布退货政策"),
    "policy_figure.read": Text("See how return policies do, and their back-tests", "查看退货政策指标和回测结果"),
    "key.read": Text("See API keys (never their secrets)", "查看 API 密钥（不含密钥内容）"),
    "key.manage": Text("Issue and revoke API keys", "签发和吊销 API 密钥"),
    "staff.read": Text("See staff and their roles", "查看员工及其角色"),
    "staff.manage": Text("Add staff and give roles", "新增员工和分配角色"),
    "buyer.forget": Text("Erase a person's data for good", "永久删除个人信息"),
    "sandbox.use": Text("Turn the clock and steer the sandbox", "调节沙盒时钟并操控沙盒"),
    "audit.read": Text("Read who did what", "查看操作日志"),
}

_BUYING = frozenset({
    "product.read", "policy.read", "order.place", "reminder.ask", "order.read", "order.read_contact", "order.cancel",
    "feedback.give", "order.change", "order.receive", "review.answer", "payment.start", "payment.read", "credit.read",
    "parcel.read", "message.read", "return.apply", "return.read", "return.send", "refund.read", "refund.consent",
    "case.report", "invoice.request", "invoice.read", "dispute.read", "dispute.argue", "abuse.ask",
})  # fmt: skip
_SERVING = frozenset({
    "product.read", "stock.read", "policy.read", "order.read", "order.read_contact", "order.cancel", "order.change",
    "message.read", "message.resend", "review.read", "review.answer", "payment.read", "credit.read", "parcel.read",
    "parcel.intercept", "return.apply", "return.read", "return.decide", "return.send", "refund.read", "refund.request",
    "refund.consent", "reminder.ask", "reminder.read", "case.read", "case.open", "case.report", "case.work", "case_kind.read",
    "claim.work", "note.read", "note.write", "evidence.read", "consent.write", "objection.settle", "feedback.read",
    "invoice.request", "invoice.read",
    "dispute.read", "dispute.argue", "abuse.ask",
    # Takes orders on the phone.
    "order.place",
})  # fmt: skip

ROLES: dict[str, frozenset[str]] = {
    # A buyer sees their own only; the doors see to that.
    "customer": _BUYING,
    # A shop's own program, which speaks for its buyers.
    "storefront": _BUYING | {
        "consent.write", "stock.read", "channel.sync", "channel_order.read", "channel_order.write", "event.read",
    },
    "merchant": _BUYING | {
        "merchant.read", "merchant.write", "warehouse.read", "warehouse.write", "channel.read", "channel.write",
        "channel.sync", "channel_order.read", "channel_order.write", "credit.grant", "method.write",
        "carrier.read", "carrier.write", "carrier.decide", "parcel.override", "product.write",
        "price.write", "promotion.read", "promotion.write", "stock.read", "stock.write", "stock.move",
        "stock.approve", "parcel.intercept", "import.run", "reminder.read", "order.hold", "review.read", "review.decide",
        "order.split", "order.waive", "customs.note", "review_rule.read", "review_rule.write", "work.read", "return.dispose",
        "exchange.ship_ahead", "repair.work", "refund.request", "ledger.read",
        "event.read", "message.resend", "policy.write", "policy_figure.read", "key.read", "key.manage", "staff.read",
        "staff.manage",
        "label.print", "evidence.read", "consent.write",
        "parcel.upload", "buyer.forget", "audit.read", "calendar.read", "calendar.write", "deadline.read", "deadline.extend",
        "objection.settle", "feedback.read", "feedback.hide", "archive.read",
        "archive.hold", "webhook.read", "webhook.write",
        "case.read", "case.open", "case.work", "case.lead", "case.manage", "case_kind.read", "case_kind.write", "claim.work",
        "note.read", "note.write", "return.decide", "settlement.read", "invoice.write",
        "abuse.read", "abuse.decide", "abuse.report",
    },
    "reviewer": frozenset({
        "product.read", "policy.read", "order.read", "order.read_contact", "order.cancel", "order.hold",
        "order.split",
        "review.read", "review.decide", "review_rule.read", "payment.read", "parcel.read", "message.read",
        "return.read", "return.decide", "refund.read", "calendar.read", "deadline.read",
        # What mends an order on their own queue: its address there goes by review.decide, so they need no order.change.
        "consent.write", "case.open", "note.read", "note.write",
    }),
    # Sees work and labels, no prices: so it has no order.read.
    "warehouse": frozenset({
        "warehouse.read", "carrier.read", "product.read", "stock.read", "stock.move", "work.read", "work.do",
        "parcel.ship", "parcel.scan", "parcel.read", "return.read", "return.receive", "return.inspect",
        "return.dispose", "repair.work",
        "case.read", "case.open", "case.work",
        "label.print", "evidence.read", "consent.write", "parcel.upload",
    }),
    "inspector": frozenset({
        "warehouse.read", "product.read", "stock.read", "policy.read", "return.read", "return.receive", "return.inspect",
    }),
    "logistics": frozenset({
        "warehouse.read", "carrier.read", "carrier.write", "work.read", "order.read", "order.split", "parcel.read",
        "parcel.scan", "parcel.intercept", "return.read", "event.read",
        "carrier.decide", "parcel.override", "customs.note",
        "case.read", "case.open", "case.work", "case_kind.read", "claim.work", "note.read", "note.write",
    }),
    # Speaks with customs for the merchant: sees what an order is made of, and nobody's name.
    "customs_broker": frozenset({"customs.note", "order.read", "product.read"}),
    "customer_service": _SERVING | {"promotion.read", "channel_order.read", "calendar.read", "deadline.read"},
    "lead": _SERVING | {
        "promotion.read", "promotion.write", "order.hold", "order.split", "order.waive", "review.decide", "review_rule.read",
        "work.read",
        "staff.read", "event.read", "buyer.forget", "channel_order.read", "channel_order.write",
        "calendar.read", "feedback.hide", "archive.read",
        "deadline.read", "deadline.extend",
        "case.lead", "exchange.ship_ahead", "repair.work", "order.force",
    },
    "manager": _SERVING | {
        "promotion.read", "order.hold", "order.split", "work.read", "staff.read", "event.read", "channel_order.read",
        "calendar.read",
        "deadline.read", "case.lead", "case.manage", "case_kind.write", "policy_figure.read", "abuse.read", "abuse.decide",
        "exchange.ship_ahead", "repair.work", "review.decide", "review_rule.read", "order.force", "archive.read",
        # Who runs the shift answers for who looked at what.
        "audit.read",
    },
    "finance": frozenset({
        "merchant.read", "product.read", "promotion.read", "policy.read", "order.read", "payment.read", "return.read",
        "refund.read", "refund.request", "refund.approve", "refund.retry", "credit.read", "credit.grant",
        "ledger.read", "ledger.reconcile", "event.read", "policy_figure.read",
        "case.read", "case.open", "case.work", "case_kind.read", "claim.work", "note.read", "note.write",
        "settlement.read", "settlement.write", "merchant_deposit.write", "payout.prepare", "payout.approve",
        "invoice.read", "invoice.write",
    }),
    "risk": frozenset({
        "product.read", "order.read", "order.read_contact", "order.hold", "review.read",
        "review.decide", "review.block", "review_rule.read", "review_rule.write", "payment.read", "parcel.read",
        "return.read", "refund.read", "event.read", "abuse.read", "abuse.decide", "abuse.report", "archive.read",
        "case.open", "note.read", "note.write",
    }),
    "arbitrator": frozenset({
        "merchant.read", "product.read", "policy.read", "order.read", "order.read_contact", "payment.read",
        "parcel.read", "message.read", "return.read", "return.decide", "refund.read", "refund.request", "event.read",
        "case.read", "case.open", "case.work", "case.lead", "case.manage", "case_kind.read", "note.read", "note.write",
        "evidence.read", "dispute.read", "dispute.rule", "abuse.read", "abuse.decide",
        "objection.settle", "feedback.read", "archive.read", "archive.hold",
    }),
    # Runs the platform, and sees nobody's orders; events and what is sent to webhooks name numbers, never people.
    "admin": frozenset({
        "merchant.read", "merchant.write", "warehouse.read", "channel.read", "product.read", "price.write",
        "promotion.read", "promotion.write", "carrier.read", "carrier.write", "carrier.decide", "policy.read",
        "policy.write", "policy_figure.read",
        "method.write", "review_rule.read", "review_rule.write", "key.read", "key.manage", "staff.read",
        "staff.manage", "sandbox.use", "calendar.read", "calendar.write", "deadline.read", "deadline.extend",
        "case_kind.read", "case_kind.write", "event.read", "webhook.read", "webhook.write",
    }),
    "auditor": frozenset(name for name in PERMISSIONS if name.endswith(".read")),
}  # fmt: skip

ROLE_NAMES: dict[str, Text] = {
    "customer": Text("Customer", "用户"),
    "storefront": Text("Shop program", "店铺系统"),
    "merchant": Text("Merchant", "商家"),
    "reviewer": Text("Reviewer", "审核员"),
    "warehouse": Text("Warehouse", "仓库"),
    "inspector": Text("Inspector", "质检员"),
    "logistics": Text("Logistics", "物流专员"),
    "customs_broker": Text("Customs broker", "报关员"),
    "customer_service": Text("Customer service", "客服"),
    "lead": Text("Customer service lead", "客服主管"),
    "manager": Text("Customer service manager", "客服经理"),
    "finance": Text("Finance", "财务"),
    "risk": Text("Risk", "风控"),
    "arbitrator": Text("Arbitrator", "平台仲裁"),
    "admin": Text("Platform administrator", "平台管理员"),
    "auditor": Text("Auditor", "审计员"),
}

# Buyers and programs are no staff.
STAFF_ROLES = frozenset(ROLES) - {"customer", "storefront"}
# These stand above merchants; a merchant's own staff cannot have them.
PLATFORM_ROLES = frozenset({"admin", "arbitrator"})


def is_reading(permission: str) -> bool:
    """Whether a permission only looks and changes nothing."""
    return permission.endswith((".read", ".read_contact"))


def _pairs() -> tuple[tuple[str, str], ...]:
    """Who decides may not pay out, who runs the platform does no business, who audits changes nothing (S-08)."""
    writers = {role for role in STAFF_ROLES if not all(map(is_reading, ROLES[role]))}
    found = {("finance", "reviewer"), ("finance", "inspector"), ("finance", "warehouse")}
    found |= {("admin", role) for role in STAFF_ROLES - {"admin"}} | {("auditor", role) for role in writers}
    return tuple(sorted({(min(pair), max(pair)) for pair in found if pair[0] != pair[1]}))


CONFLICTS = _pairs()


def conflicts_among(roles: frozenset[str]) -> list[tuple[str, str]]:
    """The pairs among these roles that one person may not hold together."""
    return [pair for pair in combinations(sorted(roles), 2) if pair in CONFLICTS]


def permissions_of(roles: frozenset[str]) -> frozenset[str]:
    """What these roles may do together; a role that no longer exists gives nothing."""
    return frozenset().union(*(ROLES.get(role, frozenset()) for role in roles))
