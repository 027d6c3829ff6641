"""Every no about from where an order is sent."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class WarehouseClosed(Refusal):
    """Nothing is sent from the warehouse any more."""

    code = "split.warehouse_closed"
    kind = Kind.CONFLICT
    message = Text("Warehouse {code} is closed.", "仓库 {code} 已停用。")
    remedy = Text("Choose another warehouse, or open this one again.", "请选择其他仓库，或重新启用该仓库。")


class WarehouseServesNot(Refusal):
    """The order's channel is not served from this warehouse."""

    code = "split.warehouse_serves_not"
    kind = Kind.CONFLICT
    message = Text("Warehouse {code} does not serve the channel {channel}.", "仓库 {code} 不供货给渠道 {channel}。")
    remedy = Text("Choose a warehouse of the channel, or let this one serve it first.",
                  "请选择该渠道的供货仓库，或先将此仓库加入该渠道。")  # fmt: skip


class NoWayFromThere(Refusal):
    """No lane leads from the warehouse to the buyer."""

    code = "split.no_way_from_there"
    kind = Kind.CONFLICT
    message = Text("Nothing goes from warehouse {code} to {country} {region}.",
                   "仓库 {code} 没有到 {country} {region} 的线路。")  # fmt: skip
    remedy = Text("Choose another warehouse, or set up a lane from there first.", "请选择其他仓库，或先设置线路。")


class OneWarehouse(Refusal):
    """There is nowhere else to send it from."""

    code = "split.one_warehouse"
    kind = Kind.CONFLICT
    message = Text("The channel {channel} is served from one warehouse only.", "渠道 {channel} 只有一个供货仓库。")
    remedy = Text("Let another warehouse serve the channel first.", "请先为该渠道添加供货仓库。")


class PlaceInHand(Refusal):
    """Whoever picks or packs there would find other units than the task says."""

    code = "split.place_in_hand"
    kind = Kind.CONFLICT
    message = Text("Warehouse {code} is picking or has packed its share of this order.",
                   "仓库 {code} 正在拣货或已打包该订单的商品。")  # fmt: skip
    remedy = Text("Have its task put back into the queue, or wait until its parcel has left.",
                  "请先让仓库退回拣货任务，或等待该包裹发出。")  # fmt: skip


class UnitsInHand(Refusal):
    """What somebody picks or has packed does not move any more."""

    code = "split.units_in_hand"
    kind = Kind.CONFLICT
    message = Text("{asked} units of line {line_no} cannot be moved: {in_hand} are being picked or packed, {movable} wait.",
                   "第 {line_no} 行无法移动 {asked} 件：{in_hand} 件正在拣货或已打包，{movable} 件可移动。")  # fmt: skip
    remedy = Text("Have the task put back into the queue first, or name fewer units.",
                  "请先让仓库退回拣货任务，或减少数量。")  # fmt: skip


class UnitsUnfit(Refusal):
    """No unit, or more than other warehouses keep of the line."""

    code = "split.units_unfit"
    kind = Kind.INVALID
    message = Text("{asked} units of line {line_no} cannot be moved; other warehouses keep {movable} of it.",
                   "第 {line_no} 行无法移动 {asked} 件，其他仓库共留有 {movable} 件。")  # fmt: skip
    remedy = Text("Name at least one unit, and no more than are kept elsewhere.",
                  "请填写至少 1 件，且不超过其他仓库留有的件数。")  # fmt: skip


class TooFewThere(Refusal):
    """The other warehouse has fewer free units than it is to send."""

    code = "split.too_few_there"
    kind = Kind.CONFLICT
    message = Text("Warehouse {code} has {free} of {sku} free, {wanted} were named.",
                   "仓库 {code} 的 {sku} 可用 {free} 件，不足 {wanted} 件。")  # fmt: skip
    remedy = Text("Name fewer units, choose another warehouse, or transfer goods there first.",
                  "请减少数量、选择其他仓库，或先调拨。")  # fmt: skip


class NothingKept(Refusal):
    """No warehouse keeps units of the order: it waits for stock."""

    code = "split.nothing_kept"
    kind = Kind.CONFLICT
    message = Text("No warehouse keeps anything of this order now; it waits for stock.",
                   "该订单目前没有仓库留货，正在等待库存。")  # fmt: skip
    remedy = Text("Receive or transfer goods to where it waits; it is served by itself.",
                  "请收货或调拨到其等待的仓库，订单会自动留货。")  # fmt: skip


class NoneElsewhere(Refusal):
    """Other warehouses keep nothing of the product for this order, or all of it is in somebody's hands."""

    code = "split.none_elsewhere"
    kind = Kind.CONFLICT
    message = Text("No units of {sku} wait for this order in another warehouse.", "该订单没有在其他仓库待拣的 {sku}。")
    remedy = Text("Look at the order; it says from where its units are sent.", "请查看订单的发货仓库。")


class GoesThroughCustoms(Refusal):
    """Goods that were declared to customs leave from where they were declared, in one parcel."""

    code = "split.goes_through_customs"
    kind = Kind.CONFLICT
    message = Text("This order goes through customs as it was declared.", "该订单按申报清单通关，不能更换发货仓库。")
    remedy = Text("Leave it as it is, or cancel it and order again.", "请保持不变，或取消后重新下单。")


class TravelsTogether(Refusal):
    """The buyer wants this order in one parcel with others, which are kept elsewhere."""

    code = "split.travels_together"
    kind = Kind.CONFLICT
    message = Text("The buyer agreed that this order travels in one parcel with others, which are not in {code}.",
                   "买家已同意该订单与其他订单合并发货，而其他订单不在仓库 {code}。")  # fmt: skip
    remedy = Text("Take the consent back first (Send apart), or choose the warehouse of the others.",
                  "请先取消合并发货，或选择其他订单所在的仓库。")  # fmt: skip
