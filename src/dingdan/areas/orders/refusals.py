"""Every no about an agreement."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class OrderUnknown(Refusal):
    """There is no such order, or it is somebody else's."""

    code = "order.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such order.", "订单不存在。")
    remedy = Text("Check the order number.", "请核对订单编号。")


class AfterSaleOpen(Refusal):
    """A return of the order is not finished."""

    code = "order.after_sale_open"
    kind = Kind.CONFLICT
    message = Text("A return of this order is still open.", "该订单有未完结的售后。")
    remedy = Text("Finish or withdraw the return first.", "请先完成或撤销售后申请。")


class ObjectionOpen(Refusal):
    """Somebody objected, and it is not settled."""

    code = "order.objection_open"
    kind = Kind.CONFLICT
    message = Text("Something is said against this order that is not settled yet.", "该订单有未解决的异议。")
    remedy = Text("Withdraw the objection, or wait until it is settled.", "请撤回异议，或等待异议解决。")


class NoObjection(Refusal):
    """There is no open objection of the buyer."""

    code = "order.no_objection"
    kind = Kind.CONFLICT
    message = Text("The buyer has no open objection to this order.", "用户对该订单没有未解决的异议。")
    remedy = Text("Read the order; its objections say how they ended.", "请查看订单，异议记录中有处理结果。")


class ObjectionReasonUnknown(Refusal):
    """A buyer objects for one of a few reasons; the rest is said in words."""

    code = "order.objection_reason_unknown"
    kind = Kind.INVALID
    message = Text("{reason} is no reason that we know.", "{reason} 不是可选的异议原因。")
    remedy = Text("Use one of {known}.", "可选原因：{known}。")


class AlreadyDispatched(Refusal):
    """Picking has begun or the goods have left."""

    code = "order.already_dispatched"
    kind = Kind.CONFLICT
    message = Text("The order is being picked or has left the warehouse.", "订单已开始拣货或已出库。")
    remedy = Text("Return the goods after delivery, or ask the warehouse to put the order back.",
                  "请在签收后申请退货，或联系仓库退回拣货任务。")  # fmt: skip


class StateForbids(Refusal):
    """The order stands where this cannot be done."""

    code = "order.state_forbids"
    kind = Kind.CONFLICT
    message = Text('An order that is {state} cannot be taken to "{verb}".', "订单处于 {state} 状态，不能执行 {verb}。")
    remedy = Text("Read the order again; `available_actions` names what can be done.",
                  "请重新读取订单；available_actions 列出了可执行的操作。")  # fmt: skip


class UnderReview(Refusal):
    """Only the end of its review lets such an order go."""

    code = "order.under_review"
    kind = Kind.CONFLICT
    message = Text("The order is under review.", "订单正在审核中。")
    remedy = Text("Approve or reject its review, or cancel the order.", "请批准或驳回审核任务，或取消订单。")


class StillShort(Refusal):
    """Units of the order are nowhere, and nobody has said yet what becomes of them."""

    code = "order.still_short"
    kind = Kind.CONFLICT
    message = Text("Units of this order are missing in the warehouse.", "该订单有商品在仓库缺货。")
    remedy = Text("Cancel the missing units, or wait: the order goes on by itself when they have come.",
                  "请取消缺货的商品，或等待补货；补货后订单会自动继续。")  # fmt: skip


class Snagged(Refusal):
    """Something about how it came from its channel does not fit; only the cure lets it go."""

    code = "order.snagged"
    kind = Kind.CONFLICT
    message = Text("Something about this order from its channel does not fit.", "该渠道订单存在未处理的问题。")
    remedy = Text("Read the channel's order; its problems say what can be done.",
                  "请查看渠道订单；其 problems 说明了可执行的操作。")  # fmt: skip


class NotShippedYet(Refusal):
    """Nobody can have received what has not left."""

    code = "order.not_shipped_yet"
    kind = Kind.CONFLICT
    message = Text("The order has not been shipped yet.", "订单尚未发货。")
    remedy = Text("Confirm receipt after the goods have arrived.", "请在收到商品后再确认收货。")


class ReferenceTaken(Refusal):
    """The shop's own number stands on another order already."""

    code = "order.reference_taken"
    kind = Kind.CONFLICT
    message = Text(
        "Reference {reference} already belongs to order {order}.", "外部单号 {reference} 已属于订单 {order}。"
    )
    remedy = Text("Use another reference, or read the order that has it.", "请更换外部单号，或查询已有订单。")


class NothingPaidYet(Refusal):
    """Units are cancelled of what was paid for; an order that nobody paid is placed anew."""

    code = "order.nothing_paid_yet"
    kind = Kind.CONFLICT
    message = Text("The order has not been paid yet, so there is nothing to cancel in part.",
                   "订单尚未支付，不能取消部分商品。")  # fmt: skip
    remedy = Text("Change its quantities, or cancel the whole order.", "请修改购买数量，或取消整个订单。")


class PaidAlready(Refusal):
    """What is paid for is not priced anew."""

    code = "order.paid_already"
    kind = Kind.CONFLICT
    message = Text("The order is paid, so its quantities cannot be changed.", "订单已支付，不能修改数量。")
    remedy = Text("Cancel units that are too many; order what is missing in another order.",
                  "多余的件数请申请取消；需要增加的商品请另行下单。")  # fmt: skip


class LineUnknown(Refusal):
    """The order has no such line."""

    code = "order.line_unknown"
    kind = Kind.INVALID
    message = Text("The order has no line {line_no}.", "订单中没有第 {line_no} 行。")
    remedy = Text("Read the order; its lines have numbers.", "请查询订单，每行都有行号。")


class UnitsUnfit(Refusal):
    """No unit, or more than are left of the line."""

    code = "order.units_unfit"
    kind = Kind.INVALID
    message = Text("{asked} of line {line_no} cannot be cancelled; {left} are left of it.",
                   "第 {line_no} 行不能取消 {asked} 件，该行还剩 {left} 件。")  # fmt: skip
    remedy = Text("Name at least one unit, and no more than are left.", "请填写至少 1 件，且不超过剩余件数。")


class WordsGone(Refusal):
    """What does not wait any more cannot be taken back."""

    code = "order.words_gone"
    kind = Kind.CONFLICT
    message = Text("Nothing that you wrote to the buyer waits here any more.", "没有可收回的消息。")
    remedy = Text("The buyer may have read it already. Write again to put it right.",
                  "买家可能已看到该消息，如有误请另行说明。")  # fmt: skip


class NoteUnfit(Refusal):
    """A note without words, a novel, or one that calls a whole company."""

    code = "order.note_unfit"
    kind = Kind.INVALID
    message = Text("A note has 1 to {longest} characters and calls {most} people at most.",
                   "备注须为 1 至 {longest} 个字符，最多提及 {most} 人。")  # fmt: skip
    remedy = Text("Write a little, or less.", "请填写内容或精简。")


class TooManyNotes(Refusal):
    """Nobody reads so many."""

    code = "order.too_many_notes"
    kind = Kind.CONFLICT
    message = Text("The order has {most} notes already.", "该订单已有 {most} 条备注。")
    remedy = Text("Open a case about it, which has a log of its own.", "请登记异常单，在其中继续记录。")


class NobodyOfThatName(Refusal):
    """A note calls somebody who is not there, not ours, may read no notes, or whose name several people have."""

    code = "order.nobody_of_that_name"
    kind = Kind.INVALID
    message = Text(
        "By @{name} nobody is meant who could read it, or several people are.", "@{name} 无对应的可读人员，或对应多人。"
    )
    remedy = Text("Write the login that stands in the list of staff.", "请使用员工列表中的登录名。")


class NoteUnkept(Refusal):
    """Words about a person are kept under that person's key, which is gone."""

    code = "order.note_unkept"
    kind = Kind.CONFLICT
    message = Text(
        "The buyer's data was erased, so words about them are not kept.", "买家信息已删除，不再保存相关文字。"
    )
    remedy = Text("There is nothing to do.", "无需处理。")


class TagUnfit(Refusal):
    """A tag is a short word; commas stand between tags."""

    code = "order.tag_unfit"
    kind = Kind.INVALID
    message = Text(
        "A tag has 1 to {longest} characters, and neither commas nor line breaks.",
        "标签须为 1 至 {longest} 个字符，不含逗号、顿号和换行。",
    )
    remedy = Text("Use a shorter word, or several tags.", "请使用较短的标签，或分为多个标签。")


class TooManyTags(Refusal):
    """What has every tag has none."""

    code = "order.too_many_tags"
    kind = Kind.CONFLICT
    message = Text("An order has {most} tags at most.", "每个订单最多 {most} 个标签。")
    remedy = Text("Take one off first.", "请先移除一个标签。")


class KeeperUnknown(Refusal):
    """Who looks after an order works here, may look after orders, and is of one's own house where one is a merchant's."""

    code = "order.keeper_unknown"
    kind = Kind.INVALID
    message = Text(
        "Nobody is meant who works here and could look after orders.", "该人员不存在、已停用或无权负责订单。"
    )
    remedy = Text("Choose somebody from the list of staff, or nobody.", "请从员工列表中选择，或设为无人负责。")


class KeeperOutOfReach(Refusal):
    """An order is looked after by the platform's people or by its own merchant's."""

    code = "order.keeper_out_of_reach"
    kind = Kind.INVALID
    message = Text("{name} does not see orders of this merchant.", "{name} 看不到该商家的订单。")
    remedy = Text("Leave this order out, or choose somebody else.", "请移除该订单，或选择其他人员。")
