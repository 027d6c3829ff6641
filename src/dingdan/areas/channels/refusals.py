"""Every no about what channels are told."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class NeverTold(Refusal):
    """A channel acknowledges more than it was told."""

    code = "channel.never_told"
    kind = Kind.CONFLICT
    message = Text("The feed of this channel has not come so far.", "该渠道的库存推送尚未到达此位置。")
    remedy = Text("Acknowledge the `next` of a piece that was read.", "请确认已读取分页的 next 值。")
