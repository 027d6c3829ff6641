"""Every no about settling with merchants."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class NotThePlatform(Refusal):
    """Merchants see their accounts; the platform keeps them."""

    code = "settlement.not_the_platform"
    kind = Kind.FORBIDDEN
    message = Text("Only the platform settles with merchants.", "商家结算由平台办理。")
    remedy = Text("Use a key of the platform.", "请使用平台密钥。")


class AgreementReachesBack(Refusal):
    """What was agreed on later does not hold for orders that were placed before."""

    code = "agreement.reaches_back"
    kind = Kind.INVALID
    message = Text("An agreement begins now or later.", "协议只能从现在或将来生效。")
    remedy = Text("Name a moment that is not past, or none.", "请填写未来的生效时间，或留空。")


class AgreementUnfit(Refusal):
    """Something in the terms cannot be."""

    code = "agreement.unfit"
    kind = Kind.INVALID
    message = Text("This does not fit: {why}.", "条款有误：{why_zh}。")
    remedy = Text("Correct the terms.", "请更正条款。")


class NoAgreement(Refusal):
    """Without an agreement nothing is owed either way."""

    code = "agreement.missing"
    kind = Kind.CONFLICT
    message = Text("There is no agreement with this merchant in {currency}.", "尚未与该商家签订 {currency} 结算协议。")
    remedy = Text("Save an agreement first.", "请先录入结算协议。")


class SettlementUnknown(Refusal):
    """There is no such account, or it is somebody else's."""

    code = "settlement.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such settlement.", "结算单不存在。")
    remedy = Text("Check the id.", "请核对结算单号。")


class ClosedAlready(Refusal):
    """What was closed stays closed."""

    code = "settlement.closed"
    kind = Kind.CONFLICT
    message = Text("This period was closed and is never opened again.", "该结算期已关账，不能重新打开。")
    remedy = Text("What is to be corrected goes into the period that is open.", "更正请记入当前结算期。")


class PeriodNotOver(Refusal):
    """A period is closed when its time is over."""

    code = "settlement.not_over"
    kind = Kind.CONFLICT
    message = Text("The period runs until {until}.", "结算期至 {until} 结束。")
    remedy = Text("Close it after that; it is closed then by itself too.", "请在到期后关账；到期后系统也会自动关账。")


class EarlierPeriodOpen(Refusal):
    """Periods are closed one after the other."""

    code = "settlement.earlier_open"
    kind = Kind.CONFLICT
    message = Text("An earlier period of this merchant is still open.", "该商家更早的结算期尚未关账。")
    remedy = Text("Close that one first.", "请先为更早的结算期关账。")


class DepositAmountUnfit(Refusal):
    """A deposit is changed by something, and by no more than there is."""

    code = "merchant_deposit.amount_unfit"
    kind = Kind.CONFLICT
    message = Text("{asked} was asked for; from 1 to {most} can be.", "申请 {asked}，可用范围为 1 至 {most}。")
    remedy = Text("Ask for less, in minor units.", "请减少金额（最小货币单位）。")


class ReceiptUsed(Refusal):
    """One payment tops a deposit up once."""

    code = "merchant_deposit.receipt_used"
    kind = Kind.CONFLICT
    message = Text("This receipt was booked before.", "该凭证号已入账。")
    remedy = Text("Look at the deposit's movements.", "请查看保证金流水。")


class DrawnAlready(Refusal):
    """One refund is taken out of a deposit once."""

    code = "merchant_deposit.drawn"
    kind = Kind.CONFLICT
    message = Text("This refund was drawn from the deposit before.", "该退款已从保证金中划扣。")
    remedy = Text("Look at the deposit's movements.", "请查看保证金流水。")


class NotAdvanced(Refusal):
    """A deposit stands for what the merchant was charged and only for that."""

    code = "merchant_deposit.not_advanced"
    kind = Kind.CONFLICT
    message = Text("This refund was not charged to the merchant.", "该退款未计入商家账户。")
    remedy = Text("Only refunds of orders that are settled can be drawn.", "只能划扣已计入结算的退款。")


class NothingToPay(Refusal):
    """No merchant is owed anything that may be paid now."""

    code = "payout.nothing"
    kind = Kind.CONFLICT
    message = Text("Nothing can be paid out now.", "目前没有可打款的金额。")
    remedy = Text("Close the period first; what is disputed or too young waits.",
                  "请先关账；有争议或未满账期的款项需等待。")  # fmt: skip


class PayoutUnknown(Refusal):
    """There is no such payout, or it is somebody else's."""

    code = "payout.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such payout.", "打款单不存在。")
    remedy = Text("Check the id.", "请核对打款单号。")


class PayoutStateForbids(Refusal):
    """The payout stands where this cannot be done."""

    code = "payout.state_forbids"
    kind = Kind.CONFLICT
    message = Text(
        'A payout that is {state} cannot be taken to "{verb}".', "打款单处于 {state} 状态，不能执行 {verb}。"
    )
    remedy = Text("Read it again.", "请重新读取打款单。")


class PayoutNeedsPerson(Refusal):
    """Money leaves when a person says so."""

    code = "payout.needs_person"
    kind = Kind.FORBIDDEN
    message = Text("A payout is prepared and approved by people.", "打款须由人工编制和审批。")
    remedy = Text("Sign in, or use a key that is bound to a person.", "请登录，或使用绑定到个人的密钥。")


class PayoutSameHand(Refusal):
    """Four eyes: who prepared it does not approve it."""

    code = "payout.same_hand"
    kind = Kind.FORBIDDEN
    message = Text("Whoever prepared a payout cannot approve it.", "编制人不能审批同一打款。")
    remedy = Text("Have somebody else look at it.", "请由另一位财务人员审批。")


class DisputedSince(Refusal):
    """Something was disputed after the payout was prepared."""

    code = "payout.disputed_since"
    kind = Kind.CONFLICT
    message = Text("{count} of its orders are disputed since.", "其中 {count} 个订单在编制后发生争议。")
    remedy = Text("Drop this run and prepare another one.", "请作废本次打款并重新编制。")
