"""Every no about a way to pay, and about how one is described."""

from dingdan.kernel.refusal import Kind, Refusal, Text

_OTHERS = Text("Pay in one of the ways that `solutions` lists.", "请改用 solutions 中列出的支付方式。")


class NotOffered(Refusal):
    """There is no such way to pay here."""

    code = "method.not_offered"
    kind = Kind.CONFLICT
    message = Text("{provider}/{method} is not offered.", "不提供 {provider}/{method} 支付方式。")
    remedy = _OTHERS


class ClosedNow(Refusal):
    """The way is being worked on."""

    code = "method.closed"
    kind = Kind.CONFLICT
    message = Text("{provider}/{method} is closed for maintenance until {until}.",
                   "{provider}/{method} 维护中，预计 {until} 恢复。")  # fmt: skip
    remedy = _OTHERS


class NotInCurrency(Refusal):
    """The way does not take this currency."""

    code = "method.not_in_currency"
    kind = Kind.CONFLICT
    message = Text("{provider}/{method} does not take {currency}.", "{provider}/{method} 不支持币种 {currency}。")
    remedy = _OTHERS


class NotInRegion(Refusal):
    """The way cannot be used from this country."""

    code = "method.not_in_region"
    kind = Kind.CONFLICT
    message = Text("{provider}/{method} cannot be used in {country}.", "{provider}/{method} 在 {country} 地区不可用。")
    remedy = _OTHERS


class NotOnChannel(Refusal):
    """The way is not offered on this channel."""

    code = "method.not_on_channel"
    kind = Kind.CONFLICT
    message = Text("{provider}/{method} is not offered on channel {channel}.",
                   "渠道 {channel} 不提供 {provider}/{method} 支付方式。")  # fmt: skip
    remedy = _OTHERS


class OutsideLimits(Refusal):
    """The amount is more or less than the way takes."""

    code = "method.outside_limits"
    kind = Kind.CONFLICT
    message = Text("{provider}/{method} takes from {least} to {most} {currency} (minor units), not {amount}.",
                   "{provider}/{method} 单笔限额 {least} 至 {most} {currency}（最小货币单位），本次 {amount}。")  # fmt: skip
    remedy = _OTHERS


class WayUnfit(Refusal):
    """A part of a way's description cannot be right."""

    code = "method.unfit"
    kind = Kind.INVALID
    message = Text("A way to pay cannot be described like this: {what}.", "支付方式的描述有误：{what_zh}。")
    remedy = Text("Mend the part that `path` names.", "请修正 path 指明的内容。")
