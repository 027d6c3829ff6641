"""Every no about confirmations and messages."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class ConfirmationUnknown(Refusal):
    """The order has no confirmation of this version."""

    code = "confirmation.unknown"
    kind = Kind.NOT_FOUND
    message = Text("The order has no confirmation version {version}.", "该订单没有第 {version} 版确认单。")
    remedy = Text("List the order's confirmations to see which there are.", "请先查询该订单有哪些确认单。")


class ConfirmationIncomplete(Refusal):
    """It lacks mandatory fields, so nobody is shown it as a voucher."""

    code = "confirmation.incomplete"
    kind = Kind.CONFLICT
    message = Text("The confirmation lacks: {fields}.", "确认单缺少以下内容：{fields}。")
    remedy = Text(
        "Mend the order's data and resend; that makes a new version.", "请补全订单数据后重新发送，系统会生成新版本。"
    )


class MessageUnknown(Refusal):
    """There is no such message, or it is somebody else's."""

    code = "message.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such message.", "消息不存在。")
    remedy = Text("List the messages of the order.", "请查询该订单的消息列表。")


class ChannelOff(Refusal):
    """The merchant does not send over this channel."""

    code = "message.channel_off"
    kind = Kind.CONFLICT
    message = Text("The merchant sends over: {known}.", "商家启用的发送渠道：{known}。")
    remedy = Text(
        "Choose one of them, or switch the channel on in the merchant's settings.",
        "请选择其中之一，或在商家设置中启用该渠道。",
    )


class StillOnItsWay(Refusal):
    """The same message is being sent already."""

    code = "message.still_on_its_way"
    kind = Kind.CONFLICT
    message = Text("This confirmation is on its way already.", "该确认单正在发送中。")
    remedy = Text("Wait until it was sent or given up.", "请等待发送完成或失败后再试。")


class SentTooOften(Refusal):
    """Nobody wants the same message again and again."""

    code = "message.sent_too_often"
    kind = Kind.CONFLICT
    message = Text("This confirmation was sent {times} times already.", "该确认单已发送 {times} 次。")
    remedy = Text("Let the buyer read or download it in the order.", "请引导买家在订单中查看或下载。")
