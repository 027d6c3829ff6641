"""What stands on a merchant's account, in words."""

from dingdan.kernel.refusal import Text

LINES: dict[str, Text] = {
    "sale": Text("Sales", "销售"), "subsidy": Text("Platform's discounts", "平台补贴"), "own_credit": Text("Paid with own credit", "自有余额支付"),
    "fee": Text("Fees", "费用"), "refund": Text("Refunds", "退款"), "subsidy_back": Text("Discounts taken back", "补贴收回"),
    "subsidy_returned": Text("Discounts of returned goods", "退货补贴收回"), "own_credit_back": Text("Own credit given back", "自有余额退回"),
    "fee_back": Text("Fees given back", "费用返还"), "remedy": Text("Paid to buyers by hand", "人工赔付"), "penalty": Text("Deposits paid twice", "双倍返还定金"),
    "borne": Text("Borne by the platform", "平台承担"), "recovery": Text("Carriers' compensation", "承运商赔款"),
    "deposit_draw": Text("Drawn from the deposit", "保证金划扣"), "payout": Text("Paid out", "打款"), "payout_failed": Text("Payout came back", "打款退回"),
}  # fmt: skip
FEES: dict[str, Text] = {
    "commission": Text("Commission", "佣金"), "fixed": Text("Per order", "单笔固定费"), "payment": Text("Payment fee", "支付手续费"),
}  # fmt: skip
MOVES: dict[str, Text] = {"top_up": Text("Paid in", "充值"), "draw": Text("Drawn", "划扣")}
BANK_SAYS: tuple[tuple[str, Text], ...] = (
    ("account_wrong", Text("The account is wrong", "账号有误")), ("account_closed", Text("The account is closed", "账户已注销")),
    ("name_differs", Text("The name differs", "户名不符")), ("bank_refused", Text("The bank refused", "银行拒绝")), ("other", Text("Something else", "其他")),
)  # fmt: skip
