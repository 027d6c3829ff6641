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


class ShelfEmpty(Refusal):
    """Goods are to leave that the books do not have."""

    code = "inventory.shelf_empty"
    kind = Kind.CONFLICT
    message = Text(
        "The books have {there} units on the shelf, {wanted} are to leave.",
        "账面货架仅有 {there} 件，却要发出 {wanted} 件。",
    )
    remedy = Text("Count the shelf again, then send the goods.", "请先重新盘点货架，再发货。")


class StillShort(Refusal):
    """A frozen product whose books still say less than is promised."""

    code = "inventory.still_short"
    kind = Kind.CONFLICT
    message = Text("{promised} units are promised, {on_hand} are there.", "已承诺 {promised} 件，现有 {on_hand} 件。")
    remedy = Text(
        "Receive or count the missing units, or cancel orders that cannot be served, then release it.",
        "请先补货、重新盘点，或取消无法履约的订单，然后再解除冻结。",
    )


class TooManyKept(Refusal):
    """A buyer or a device keeps as many unpaid units as it may."""

    code = "inventory.too_many_kept"
    kind = Kind.CONFLICT
    message = Text(
        "Only {free} more of {sku} can be kept without being paid, {wanted} were asked for.",
        "未付款订单最多还可锁定商品 {sku} {free} 件，需要 {wanted} 件。",
    )
    remedy = Text("Pay or cancel earlier orders first.", "请先支付或取消之前的订单。")


class TooFewUnits(Refusal):
    """More units are to be moved than are there."""

    code = "inventory.too_few_units"
    kind = Kind.CONFLICT
    message = Text(
        "Only {there} units can be moved, {wanted} were named.", "只有 {there} 件可以移动，却指定了 {wanted} 件。"
    )
    remedy = Text("Name fewer units, or count the shelf first.", "请减少数量，或先盘点货架。")


class NotFrozen(Refusal):
    """The product is on sale as it is."""

    code = "inventory.not_frozen"
    kind = Kind.CONFLICT
    message = Text("This product is not frozen here.", "该商品在此仓库并未冻结。")
    remedy = Text("Nothing needs to be done.", "无需处理。")


class GuaranteeTooLarge(Refusal):
    """Channels would be promised more than there is."""

    code = "inventory.guarantee_too_large"
    kind = Kind.CONFLICT
    message = Text(
        "{free} units are free, {promised} would be guaranteed to channels.",
        "可用 {free} 件，而各渠道的保底合计为 {promised} 件。",
    )
    remedy = Text("Guarantee fewer units, or receive goods first.", "请降低保底数量，或先入库。")


class TransferUnknown(Refusal):
    """No such transfer."""

    code = "inventory.transfer_unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such transfer.", "调拨单不存在。")
    remedy = Text("Check the id.", "请核对编号。")


class NotInTransfer(Refusal):
    """More units arrive than are on their way."""

    code = "inventory.not_in_transfer"
    kind = Kind.CONFLICT
    message = Text("{open} units are on their way, {named} were named.", "在途 {open} 件，却登记了 {named} 件。")
    remedy = Text("Correct the numbers; count what came in addition.", "请更正数量；多到的货物请通过盘点入账。")


class StocktakeUnknown(Refusal):
    """No such stocktake."""

    code = "inventory.stocktake_unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such stocktake.", "盘点单不存在。")
    remedy = Text("Check the id.", "请核对编号。")


class StocktakeDecided(Refusal):
    """Somebody has decided already."""

    code = "inventory.stocktake_decided"
    kind = Kind.CONFLICT
    message = Text("This stocktake is {state} already.", "该盘点单已处理（{state}）。")
    remedy = Text("Count again if the books are still wrong.", "若账面仍有出入，请重新盘点。")


class SecondPersonNeeded(Refusal):
    """Who counted does not sign."""

    code = "inventory.second_person_needed"
    kind = Kind.FORBIDDEN
    message = Text("Whoever counted may not approve it.", "盘点人不能审批自己的盘点单。")
    remedy = Text("Ask somebody else to approve it.", "请由其他人审批。")
