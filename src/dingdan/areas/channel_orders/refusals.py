"""Every no about orders made elsewhere. What a channel tells is never refused for what it says."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class ChannelOrderUnknown(Refusal):
    """There is no such order of a channel, or it is somebody else's."""

    code = "channel_order.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such order of a channel.", "渠道订单不存在。")
    remedy = Text("Check the id or the channel's number.", "请核对编号或渠道单号。")


class ToldThere(Refusal):
    """What was agreed on a channel is changed there; we hear of it and follow."""

    code = "channel_order.told_there"
    kind = Kind.CONFLICT
    message = Text("The order was made on a channel and is changed there.", "该订单来自渠道，须在渠道侧修改。")
    remedy = Text("Change it on the channel; what it says is taken over by itself.",
                  "请在渠道侧修改，变更会自动同步。")  # fmt: skip


class ProblemNotOpen(Refusal):
    """Nothing of this kind is open."""

    code = "channel_order.problem_not_open"
    kind = Kind.CONFLICT
    message = Text("The order has no open problem {problem}.", "该订单没有未处理的 {problem} 问题。")
    remedy = Text(
        "Read the order again; `problems` names what is open.", "请重新读取订单；problems 列出了未处理的问题。"
    )


class ProblemNeedsCure(Refusal):
    """Nobody can decide to live with this: there would be nothing to ship."""

    code = "channel_order.problem_needs_cure"
    kind = Kind.CONFLICT
    message = Text("{problem} cannot be waved through.", "{problem} 不能人工放行。")
    remedy = Text("Bring stock, map the SKU or publish a policy, then retry, or cancel the order.",
                  "请补充库存、设置商品编码映射或发布退货政策后重试，或取消订单。")  # fmt: skip


class OursUnknown(Refusal):
    """A map names a product that we do not have."""

    code = "channel_order.our_sku_unknown"
    kind = Kind.INVALID
    message = Text("We have no product {sku}.", "商品 {sku} 不存在。")
    remedy = Text("Save the product first, or name another one.", "请先保存该商品，或更换商品编码。")
