"""Every no about picking, packing, parcels and carriers."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class WorkUnknown(Refusal):
    """There is no such work, or it is somebody else's."""

    code = "work.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such picking task.", "拣货任务不存在。")
    remedy = Text("Read the queue of the warehouse again.", "请重新读取仓库的任务队列。")


class WorkStateForbids(Refusal):
    """The work stands where this cannot be done."""

    code = "work.state_forbids"
    kind = Kind.CONFLICT
    message = Text("A picking task that is {state} cannot be taken to \"{verb}\".",
                   "拣货任务处于 {state} 状态，不能执行 {verb}。")  # fmt: skip
    remedy = Text("Claim, pack and ship in this order; read the task again to see where it stands.",
                  "请按领取、打包、发货的顺序操作，并重新读取任务查看当前状态。")  # fmt: skip


class NotInOrder(Refusal):
    """Something was scanned that the order does not hold."""

    code = "pack.not_in_order"
    kind = Kind.INVALID
    message = Text("{sku} does not belong to this order.", "商品 {sku} 不属于该订单。")
    remedy = Text("Put it back on the shelf and scan again.", "请将该商品放回货架后重新扫描。")


class QuantityDiffers(Refusal):
    """More or fewer pieces were scanned than the order holds."""

    code = "pack.quantity_differs"
    kind = Kind.INVALID
    message = Text("{sku}: {scanned} scanned, the order holds {wanted}.",
                   "商品 {sku}：已扫描 {scanned} 件，订单应为 {wanted} 件。")  # fmt: skip
    remedy = Text("Pick what is missing or put back what is too much; if there is none left, put the task back.",
                  "请补齐缺少的商品或取出多余的商品；若已无货，请退回任务。")  # fmt: skip


class OverrideNotYours(Refusal):
    """A reason to set a rule aside, given by somebody who may not."""

    code = "parcel.override_not_yours"
    kind = Kind.FORBIDDEN
    message = Text("You may not use a number that does not fit.", "您无权使用不符合规则的单号。")
    remedy = Text("Correct the number, or ask somebody who may override it.", "请更正单号，或由有权限的人员处理。")


class NumberTaken(Refusal):
    """Another parcel has this number."""

    code = "parcel.number_taken"
    kind = Kind.CONFLICT
    message = Text("{number} already belongs to another parcel.", "物流单号 {number} 已属于另一个包裹。")
    remedy = Text("Scan the label of this parcel.", "请扫描本包裹的面单。")


class LinesDoNotFit(Refusal):
    """The parcels of an order do not hold exactly what was packed."""

    code = "parcel.lines_do_not_fit"
    kind = Kind.INVALID
    message = Text("Line {line_no}: the parcels hold {shipped}, packed were {packed}.",
                   "第 {line_no} 行：各包裹共 {shipped} 件，已打包 {packed} 件。")  # fmt: skip
    remedy = Text("Split the packed quantities over the parcels so that nothing is left and nothing is added.",
                  "请将已打包的数量分配到各包裹，不多不少。")  # fmt: skip


class NotOneRecipient(Refusal):
    """Orders of different people, merchants or warehouses cannot share a parcel."""

    code = "parcel.not_one_recipient"
    kind = Kind.INVALID
    message = Text(
        "Parcel {number} would hold goods for different recipients.",
        "包裹 {number} 中的商品属于不同的收件人。",
    )
    remedy = Text(
        "Give every recipient a parcel and a number of their own.", "请为每位收件人使用单独的包裹和物流单号。"
    )


class NumberUnknown(Refusal):
    """A scan names a parcel that is not ours."""

    code = "parcel.number_unknown"
    kind = Kind.NOT_FOUND
    message = Text("No parcel of {carrier} has the number {number}.", "{carrier} 没有单号为 {number} 的包裹。")
    remedy = Text("Ship the order with this number first, then send the scan again.",
                  "请先以该单号发货，再重新提交物流信息。")  # fmt: skip


class ScanUnfit(Refusal):
    """A scan without a name, without a code, or from the future."""

    code = "parcel.scan_unfit"
    kind = Kind.INVALID
    message = Text("The scan cannot be stored: {why}.", "无法记录该物流信息：{why_zh}。")
    remedy = Text("Send the event as the carrier gave it, with its own id and time.",
                  "请按承运商提供的内容提交，包括事件编号和时间。")  # fmt: skip


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
