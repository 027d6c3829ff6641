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


class WaveUnknown(Refusal):
    """There is no such pass, or it is somebody else's."""

    code = "wave.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such wave.", "拣货波次不存在。")
    remedy = Text("Claim a new wave, or look at the works that you hold.", "请领取新的波次，或查看已领取的任务。")


class WhichWarehouse(Refusal):
    """An order leaves from several warehouses, and nobody said which of them sends this parcel."""

    code = "parcel.which_warehouse"
    kind = Kind.INVALID
    message = Text("This order leaves from several warehouses.", "该订单由多个仓库发货。")
    remedy = Text("Name the warehouse that sends this parcel.", "请填写该包裹的发货仓库。")


class ShortUnfit(Refusal):
    """Pieces are reported that the work does not give, none at all, or more than it gives."""

    code = "work.short_unfit"
    kind = Kind.INVALID
    message = Text("Line {line_no}: {reported} pieces were reported, the task gives {wanted}.",
                   "第 {line_no} 行：报告 {reported} 件，任务应出 {wanted} 件。")  # fmt: skip
    remedy = Text("Report the pieces of this task that you did not find or that are not fit, at least one.",
                  "请只报告本任务中未找到或已损坏的商品，至少一件。")  # fmt: skip


class NotInOrder(Refusal):
    """Something was scanned that the order does not hold."""

    code = "pack.not_in_order"
    kind = Kind.INVALID
    message = Text("{sku} does not belong to this order; expected: {expected}.",
                   "商品 {sku} 不属于该订单；应为：{expected}。")  # fmt: skip
    remedy = Text("Put it back on the shelf and scan again.", "请将该商品放回货架后重新扫描。")


class QuantityDiffers(Refusal):
    """More or fewer pieces were scanned than the order holds."""

    code = "pack.quantity_differs"
    kind = Kind.INVALID
    message = Text("{sku}: {scanned} scanned, the order holds {wanted}.",
                   "商品 {sku}：已扫描 {scanned} 件，订单应为 {wanted} 件。")  # fmt: skip
    remedy = Text("Pick what is missing or put back what is too much; if there is none left, put the task back.",
                  "请补齐缺少的商品或取出多余的商品；若已无货，请退回任务。")  # fmt: skip


class UnscannedNotYours(Refusal):
    """A box was to be closed without scanning every piece, by somebody who may not."""

    code = "work.unscanned_not_yours"
    kind = Kind.FORBIDDEN
    message = Text("You may not close a box whose pieces were not all scanned.", "您无权在未全部扫描的情况下封箱。")
    remedy = Text("Scan every piece, or ask somebody who may override it.", "请逐件扫描，或由有权限的人员处理。")


class OverrideNotYours(Refusal):
    """A reason to set a rule aside, given by somebody who may not."""

    code = "parcel.override_not_yours"
    kind = Kind.FORBIDDEN
    message = Text("You may not use a number that does not fit.", "您无权使用不符合规则的单号。")
    remedy = Text("Correct the number, or ask somebody who may override it.", "请更正单号，或由有权限的人员处理。")


class CarrierReasonMissing(Refusal):
    """Another carrier than the one that was suggested, and no word why."""

    code = "parcel.carrier_reason_missing"
    kind = Kind.INVALID
    message = Text("{suggested} is suggested for this parcel, not {carrier}, and no reason is given.",
                   "系统推荐由 {suggested} 承运，现改为 {carrier}，但未说明原因。")  # fmt: skip
    remedy = Text("Ship with {suggested}, or say in carrier_reason why not; the reason is kept with the parcel.",
                  "请使用 {suggested} 发货，或在 carrier_reason 中说明原因，原因将随包裹留存。")  # fmt: skip


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


class ConsentMissing(Refusal):
    """Several orders share a parcel, and nobody who may say so agreed to it."""

    code = "parcel.consent_missing"
    kind = Kind.CONFLICT
    message = Text("Nobody agreed that the orders {orders} travel together in parcel {number}.",
                   "订单 {orders} 合并为包裹 {number} 发货，未获买家或收件人同意。")  # fmt: skip
    remedy = Text("Record the consent of the buyer or of the recipient first, or give each order its own parcel.",
                  "请先登记买家或收件人的同意，或为每个订单使用单独的包裹。")  # fmt: skip


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
