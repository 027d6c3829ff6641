"""Every no about money coming in and every fault of a notification."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class PaymentUnknown(Refusal):
    """There is no such payment, or it is somebody else's."""

    code = "payment.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such payment.", "支付单不存在。")
    remedy = Text("Check the payment number.", "请核对支付单号。")


class ProviderUnknown(Refusal):
    """No provider goes by this name."""

    code = "payment.provider_unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no payment provider called {provider}.", "不存在名为 {provider} 的支付渠道。")
    remedy = Text("Use one of: {known}.", "请使用以下渠道之一：{known}。")


class MethodUnknown(Refusal):
    """The provider does not offer this method."""

    code = "payment.method_unknown"
    kind = Kind.INVALID
    message = Text("{provider} does not offer the method {method}.", "支付渠道 {provider} 不支持 {method} 方式。")
    remedy = Text("Use one of: {known}.", "请使用以下方式之一：{known}。")


class OrderNotThere(Refusal):
    """An order that is to be paid does not exist for this actor."""

    code = "payment.order_unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such order.", "订单不存在。")
    remedy = Text("Check the order number.", "请核对订单编号。")


class NotAwaitingPayment(Refusal):
    """The order does not wait for money."""

    code = "payment.not_awaiting"
    kind = Kind.CONFLICT
    message = Text(
        "Order {order} is {state} and does not wait for a payment.", "订单 {order} 处于 {state} 状态，无需支付。"
    )
    remedy = Text("Read the order again before paying; an expired order has to be placed anew.",
                  "请重新读取订单后再支付；已超时关闭的订单需要重新下单。")  # fmt: skip


class BalanceNotOpen(Refusal):
    """The deposit is paid and the time of the balance has not come."""

    code = "payment.balance_not_open"
    kind = Kind.CONFLICT
    message = Text(
        "The deposit of order {order} is paid; its balance can be paid from {opens} on.",
        "订单 {order} 的定金已支付，尾款自 {opens} 起方可支付。",
    )
    remedy = Text(
        "Pay the balance then; the buyer is told when the time has come.", "请届时支付尾款，开始时将通知买家。"
    )


class NothingDue(Refusal):
    """There is nothing to pay."""

    code = "payment.nothing_due"
    kind = Kind.CONFLICT
    message = Text("Nothing is due for these orders.", "这些订单没有应付金额。")
    remedy = Text("An order that costs nothing needs no payment.", "金额为零的订单无需支付。")


class CreditDoesNotFit(Refusal):
    """What is to be paid and the credit for it do not come to the same."""

    code = "payment.credit_does_not_fit"
    kind = Kind.CONFLICT
    message = Text(
        "The tenders and what is due differ by {over} {currency} (minor units).",
        "各笔支付金额与应付金额相差 {over} {currency}（最小货币单位）。",
    )
    remedy = Text(
        "Leave the last amount out to take as much as is needed, and name a provider exactly if something is left.",
        "可省略最后一笔的金额以按需支付；有余款时须指定支付渠道，无余款时不得指定。",
    )


class OutcomeUnknown(Refusal):
    """An earlier attempt at the same provider may have been charged already."""

    code = "payment.outcome_unknown"
    kind = Kind.CONFLICT
    message = Text("We are still asking {provider} how payment {payment} ended.",
                   "支付单 {payment} 的结果正在向渠道 {provider} 查询中。")  # fmt: skip
    remedy = Text("Read the payment again in a minute, or pay another way; money paid twice goes back by itself.",
                  "请一分钟后重新查询支付结果，或改用其他支付渠道；重复支付的款项会自动退回。")  # fmt: skip


class NoticeNotSigned(Refusal):
    """The signature of a notification is missing or wrong."""

    code = "payment.notice_not_signed"
    kind = Kind.UNAUTHENTICATED
    message = Text("The notification's signature is missing or wrong.", "通知的签名缺失或不正确。")
    remedy = Text("Sign the raw body with the shared key, as the provider's interface says.",
                  "请按渠道接口说明，用共享密钥对原始报文签名。")  # fmt: skip


class NoticeTooOld(Refusal):
    """The notification was signed too long ago, or in the future."""

    code = "payment.notice_too_old"
    kind = Kind.UNAUTHENTICATED
    message = Text("The notification was not signed within the last {minutes} minutes.",
                   "通知的签名时间不在最近 {minutes} 分钟内。")  # fmt: skip
    remedy = Text("Sign it again when sending it again, and set the clock.", "重新发送时请重新签名，并校准时钟。")


class NoticeUnreadable(Refusal):
    """The body of a signed notification does not say what it should."""

    code = "payment.notice_unreadable"
    kind = Kind.INVALID
    message = Text("The notification cannot be read.", "无法解析该通知。")
    remedy = Text("Send it as the provider's interface says.", "请按渠道接口说明发送通知。")
