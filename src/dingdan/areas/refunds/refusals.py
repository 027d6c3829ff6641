"""Every no about money going back."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class RefundUnknown(Refusal):
    """There is no such refund, or it is somebody else's."""

    code = "refund.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such refund.", "退款单不存在。")
    remedy = Text("Check the refund number.", "请核对退款单号。")


class LineUnknown(Refusal):
    """The order has no such line."""

    code = "refund.line_unknown"
    kind = Kind.INVALID
    message = Text("The order has no line {line_no}.", "订单中没有第 {line_no} 行商品。")
    remedy = Text("Name a line of this order.", "请填写该订单中存在的商品行号。")


class QuantityUnfit(Refusal):
    """Nobody can give back no units, or less."""

    code = "refund.quantity_unfit"
    kind = Kind.INVALID
    message = Text("A quantity is at least 1.", "数量至少为 1。")
    remedy = Text("Name the units that are to be paid back.", "请填写需要退款的商品数量。")


class OverRefund(Refusal):
    """More is asked back than is left."""

    code = "refund.over_refund"
    kind = Kind.CONFLICT
    message = Text("{asked} is asked back, only {left} is left.", "申请退还 {asked}，但只剩 {left} 可退。")
    remedy = Text("Refunds that are on their way count as spent. Ask for what is left, or wait for one to be refused.",
                  "处理中的退款也计入已退。请按剩余可退数量或金额申请，或等待其他退款单被驳回。")  # fmt: skip


class LinePaidBack(Refusal):
    """Nothing is left of what was paid for a line, so nothing can come off it."""

    code = "refund.line_paid_back"
    kind = Kind.CONFLICT
    message = Text("What was paid for line {line_no} went back already.", "第 {line_no} 行的货款已全部退还。")
    remedy = Text("Nothing more can come off its price. What else went wrong can be made good by a case.",
                  "该行不能再减价。如有其他问题，请通过异常单处理。")  # fmt: skip


class NotPaid(Refusal):
    """What was never paid cannot go back."""

    code = "refund.not_paid"
    kind = Kind.CONFLICT
    message = Text("Nothing was paid for this order.", "该订单没有已到账的款项。")
    remedy = Text("An order that is not paid is cancelled, not refunded.", "未支付的订单请直接取消，无需退款。")


class StateForbids(Refusal):
    """The refund stands where this cannot be done."""

    code = "refund.state_forbids"
    kind = Kind.CONFLICT
    message = Text(
        'A refund that is {state} cannot be taken to "{verb}".', "退款单处于 {state} 状态，不能执行 {verb}。"
    )
    remedy = Text("Read the refund again; `available_actions` names what can be done.",
                  "请重新读取退款单；available_actions 列出了可执行的操作。")  # fmt: skip


class GoneAlready(Refusal):
    """What does not wait any more cannot be taken back."""

    code = "refund.gone_already"
    kind = Kind.CONFLICT
    message = Text("Nothing waits here that could be taken back: the refund is {state}.",
                   "该退款处于 {state} 状态，没有可收回的放款。")  # fmt: skip
    remedy = Text("Money that went out cannot be called back. What is owed otherwise is asked of the buyer.",
                  "已发出的款项无法撤回；如有误退，请与买家协商返还。")  # fmt: skip


class NeedsPerson(Refusal):
    """The system does not sign what it did not decide."""

    code = "refund.needs_person"
    kind = Kind.FORBIDDEN
    message = Text("A refund is signed by a person.", "退款须由人工审批。")
    remedy = Text(
        "Sign in, or use a key that is bound to a person or a shop.", "请登录，或使用绑定到个人或商家的密钥。"
    )


class SameHand(Refusal):
    """Who asked for the money, or signed already, does not sign (again)."""

    code = "refund.same_hand"
    kind = Kind.FORBIDDEN
    message = Text("Whoever asked for this refund or signed it already cannot sign it.",
                   "申请人或已审批过的人员不能再审批同一退款单。")  # fmt: skip
    remedy = Text(
        "Have somebody else with the right to approve refunds look at it.", "请由另一位有退款审批权限的人员处理。"
    )


class StillOnItsWay(Refusal):
    """What may still arrive through the provider is not paid by hand as well."""

    code = "refund.still_on_its_way"
    kind = Kind.CONFLICT
    message = Text("A part of this refund is still with the provider.", "该退款仍有部分款项在支付渠道处理中。")
    remedy = Text("Wait until the provider has answered.", "请等待支付渠道返回结果。")


class ReceiptMissing(Refusal):
    """A payment by hand needs something to find it by."""

    code = "refund.receipt_missing"
    kind = Kind.INVALID
    message = Text("A refund paid by hand needs its receipt number.", "线下退款必须填写付款凭证号。")
    remedy = Text("Write down the number of the transfer (no names, no account numbers).",
                  "请填写转账凭证号（不要填写姓名或银行账号）。")  # fmt: skip


class HandPayoutUnknown(Refusal):
    """There is no such payment by hand, or it is somebody else's."""

    code = "hand_payout.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such payment by hand.", "线下退款单不存在。")
    remedy = Text("Check its number.", "请核对线下退款单号。")


class NothingToPayByHand(Refusal):
    """Every refund of the order goes the way the money came."""

    code = "hand_payout.nothing"
    kind = Kind.CONFLICT
    message = Text("No refund of this order has to be paid by hand.", "该订单没有需要线下退款的款项。")
    remedy = Text("Only what the channel cannot send is paid by hand (state offline).",
                  "只有支付渠道无法退回的款项（offline 状态）才走线下退款。")  # fmt: skip


class HandPayoutOpen(Refusal):
    """The buyer said already where the money goes."""

    code = "hand_payout.open"
    kind = Kind.CONFLICT
    message = Text("A payment by hand for this order is under way.", "该订单已有进行中的线下退款。")
    remedy = Text("Drop it first if it goes to another account.", "如需更换收款账户，请先撤销原线下退款。")


class HandPayoutStands(Refusal):
    """It stands where this cannot be done."""

    code = "hand_payout.stands"
    kind = Kind.CONFLICT
    message = Text('A payment by hand that is {state} cannot be taken to "{verb}".',
                   "线下退款处于 {state} 状态，不能执行 {verb}。")  # fmt: skip
    remedy = Text("Read it again.", "请重新读取该线下退款单。")


class HandPayoutStale(Refusal):
    """What is owed by hand is not what the buyer agreed to any more."""

    code = "hand_payout.stale"
    kind = Kind.CONFLICT
    message = Text("{owed} is owed by hand by now, not {amount}: the channel sent some of it after all.",
                   "目前应线下退款 {owed}，而不是 {amount}：部分款项已由支付渠道退回。")  # fmt: skip
    remedy = Text("Drop it and have the buyer agree anew.", "请撤销后重新征得买家同意。")


class AccountUnfit(Refusal):
    """Nobody can be paid there."""

    code = "hand_payout.account_unfit"
    kind = Kind.INVALID
    message = Text("This is not an account that money can be sent to.", "收款账户信息不完整或不可用。")
    remedy = Text("Name the holder, the bank or wallet, and the number, each in 1 to {most} characters on one line.",
                  "请填写收款人、开户行（或钱包）和账号，每项为 1 至 {most} 个字符的单行文字。")  # fmt: skip


class ConsentMissing(Refusal):
    """Without the buyer's word money goes the way it came (Measures art. 14)."""

    code = "hand_payout.consent_missing"
    kind = Kind.INVALID
    message = Text("The words that the buyer agreed to are missing.", "缺少买家同意的内容。")
    remedy = Text("Give the sentence that the buyer was shown and agreed to.", "请提供向买家展示并获其同意的文字。")
