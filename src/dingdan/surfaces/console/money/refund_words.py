"""What refunds are made of, in words: causes, components, reasons."""

from dingdan.kernel.refusal import Text

CAUSES: dict[str, Text] = {
    "return": Text("Return", "退货"), "cancellation": Text("Cancelled order", "取消订单"), "amendment": Text("Units cancelled", "部分取消"),
    "excess": Text("Paid twice", "多付款项"), "channel": Text("Refunded on the channel", "渠道已退"),
    "case": Text("Granted for a case", "异常补偿"), "kept": Text("Buyer keeps the goods", "留货部分退款"),
    "penalty": Text("Deposit paid twice", "双倍返还定金"), "customs": Text("Import tax", "进口税退还"),
    "exchange": Text("Carried over to an exchange", "换货转款"),
}  # fmt: skip
COMPONENTS: dict[str, Text] = {
    "goods": Text("Goods", "商品款"), "freight_out": Text("Freight out", "发货运费"), "freight_return": Text("Freight back", "退货运费"),
    "tax": Text("Tax", "税费"), "excess": Text("Paid too much", "多付部分"), "deduction": Text("Deduction", "扣减"),
    "penalty": Text("Deposit, once more", "定金加倍部分"), "freight_tax": Text("Tax on freight", "运费税费"),
    "reprice": Text("Discount no longer earned", "优惠重新计算"),
}  # fmt: skip
BASES: dict[str, Text] = {
    "": Text("", ""), "no_reason": Text("without a reason", "无理由"), "withdrawal": Text("withdrawal", "撤回合同"),
    "fault": Text("our fault", "商家责任"), "cancelled": Text("not shipped", "未发货"), "exchanged": Text("exchanged", "已换货"),
}  # fmt: skip
WHY_NOT: tuple[tuple[str, Text], ...] = (
    ("asked_twice", Text("Asked for twice", "重复申请")), ("wrong_amount", Text("The amount is wrong", "金额有误")),
    ("not_owed", Text("It is not owed", "不应退款")), ("buyer_withdrew", Text("The buyer no longer wants it", "买家已撤回")),
    ("other", Text("Something else", "其他")),
)  # fmt: skip
NOT_FOUND: tuple[tuple[str, Text], ...] = (
    ("not_on_statement", Text("Not on the account's statement", "银行流水中未找到")),
    ("came_back", Text("The bank sent it back", "银行退回")), ("wrong_amount", Text("Another amount left", "金额不符")),
)  # fmt: skip
FAILURES: dict[str, Text] = {
    "too_old": Text("Too long ago for the provider", "超过渠道退款期限"), "refused": Text("The provider refused", "渠道拒绝"),
    "declined": Text("Declined by the provider", "渠道拒绝"), "closed_account": Text("The account is closed", "账户已注销"), "no_funds": Text("Not enough at the provider", "渠道余额不足"),
}  # fmt: skip


def failure(code: str | None) -> Text | str | None:
    """Why it failed: in words where we have them, else the provider's own code."""
    return FAILURES.get(code or "", code or None)
