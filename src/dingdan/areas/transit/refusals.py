"""Every no of the way."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class CarrierNotConnected(Refusal):
    """We exchange no messages with this carrier."""

    code = "carrier.not_connected"
    kind = Kind.NOT_FOUND
    message = Text('There is no connection to a carrier "{carrier}".', "尚未接入承运商“{carrier}”。")
    remedy = Text("Enter its scans by hand.", "请手工录入其物流信息。")


class PushNotSigned(Refusal):
    """The signature of a carrier's message is missing or wrong."""

    code = "carrier.push_not_signed"
    kind = Kind.UNAUTHENTICATED
    message = Text("The signature does not fit the message.", "消息签名不正确。")
    remedy = Text("Sign the raw body with the shared secret and send it in the signature header.",
                  "请使用共享密钥对原始报文签名，并放入签名请求头。")  # fmt: skip


class PushUnreadable(Refusal):
    """A signed message that is not of the agreed form."""

    code = "carrier.push_unreadable"
    kind = Kind.INVALID
    message = Text("The message cannot be read: {why}", "无法解析该消息：{why}")
    remedy = Text("Send a JSON object with a list of `events`.", "请发送包含 events 列表的 JSON 对象。")


class TooLateToIntercept(Refusal):
    """The parcel is not on its way to the buyer any more, or not yet."""

    code = "intercept.too_late"
    kind = Kind.CONFLICT
    message = Text("A parcel that is {state} cannot be called back.", "处于 {state} 状态的包裹无法拦截。")
    remedy = Text("Wait for it to come back, or ask for a return once it has arrived.",
                  "请等待包裹退回，或在签收后申请退货。")  # fmt: skip


class InterceptionOpen(Refusal):
    """The carrier has been asked already and has not answered yet."""

    code = "intercept.open"
    kind = Kind.CONFLICT
    message = Text("The carrier has been asked to bring this parcel back.", "已向承运商申请拦截该包裹。")
    remedy = Text("Wait for the answer; it comes within a day.", "请等待承运商答复，最迟一天内有结果。")


class InterceptionNotOffered(Refusal):
    """Buyers of this merchant cannot have a parcel called back, or there is none that holds this order alone."""

    code = "intercept.not_offered"
    kind = Kind.CONFLICT
    message = Text("Nothing of this order can be called back on the way.", "该订单没有可以拦截的包裹。")
    remedy = Text("Turn the parcel away at the door, or ask for a return once it has arrived.",
                  "可在派送时拒收，或在签收后申请退货。")  # fmt: skip


class PlanUnfit(Refusal):
    """The sandbox carrier knows no such script."""

    code = "sandbox.plan_unfit"
    kind = Kind.INVALID
    message = Text('The sandbox carrier has no script "{script}".', "沙箱快递没有剧本“{script}”。")
    remedy = Text("Use one of: {known}.", "请使用以下之一：{known}。")
