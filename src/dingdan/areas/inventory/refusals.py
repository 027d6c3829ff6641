"""Every no of inventory."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class WarehouseUnknown(Refusal):
    """No such warehouse of this merchant."""

    code = "inventory.warehouse_unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no warehouse {code}.", "没有仓库 {code}。")
    remedy = Text(
        "Create the warehouse first, or use the code of one that exists.",
        "请先创建该仓库，或使用已有仓库的编码。",
    )


class ChannelUnknown(Refusal):
    """No such channel of this merchant."""

    code = "inventory.channel_unknown"
    kind = Kind.INVALID
    message = Text("There is no sales channel {code}.", "没有销售渠道 {code}。")
    remedy = Text(
        "Create the channel first, or use the code of one that exists.",
        "请先创建该渠道，或使用已有渠道的编码。",
    )


class ChannelClosed(Refusal):
    """The channel takes no orders."""

    code = "inventory.channel_closed"
    kind = Kind.CONFLICT
    message = Text("Channel {code} takes no orders at the moment.", "渠道 {code} 目前不接单。")
    remedy = Text("Open the channel again, or sell through another one.", "请重新启用该渠道，或改用其他渠道。")


class FieldUnfit(Refusal):
    """A field of a warehouse, channel or count does not fit."""

    code = "inventory.field_unfit"
    kind = Kind.INVALID
    message = Text("{field} does not fit: {why}.", "{field} 不符合要求：{why_zh}。")
    remedy = Text("Correct the field and send it again.", "请更正该字段后重新提交。")


class BelowReserved(Refusal):
    """A count below what orders already hold."""

    code = "inventory.below_reserved"
    kind = Kind.CONFLICT
    message = Text(
        "{on_hand} were counted, but {reserved} are held for orders.",
        "盘点数为 {on_hand}，但已有 {reserved} 件被订单锁定。",
    )
    remedy = Text(
        "Cancel or move the orders that cannot be served, then count again.",
        "请先取消或转移无法履约的订单，再重新盘点。",
    )


class CountedMeanwhile(Refusal):
    """The books changed since the caller looked."""

    code = "inventory.changed_meanwhile"
    kind = Kind.CONFLICT
    message = Text("The books say {actual} on hand, not {expected}.", "账面现货为 {actual}，而非 {expected}。")
    remedy = Text("Read the level again and decide anew.", "请重新读取库存后再操作。")


class NotInQuarantine(Refusal):
    """More units are to leave quarantine than are in it."""

    code = "inventory.not_in_quarantine"
    kind = Kind.CONFLICT
    message = Text(
        "Only {there} units are in quarantine, {wanted} were named.",
        "待检区只有 {there} 件，却指定了 {wanted} 件。",
    )
    remedy = Text("Receive the goods first, or name fewer.", "请先收货，或减少数量。")
