"""Every no about goods coming back. A no to a buyer always says what they can do instead (R2.5)."""

from dingdan.kernel.refusal import Kind, Refusal, Text

_ASK_A_PERSON = "; you can also ask for a person to look at it"
_ASK_A_PERSON_ZH = "；也可以申请人工复核"


class ReturnUnknown(Refusal):
    """There is no such return, or it is somebody else's."""

    code = "return.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such return.", "退货单不存在。")
    remedy = Text("Check the number of the return.", "请核对退货单编号。")


class RequestEmpty(Refusal):
    """An application names nothing, or too much at once."""

    code = "return.request_empty"
    kind = Kind.INVALID
    message = Text("An application has 1 to {limit} lines.", "退货申请须包含 1 至 {limit} 行。")
    remedy = Text("Name what shall go back.", "请填写要退的商品。")


class LineUnnamed(Refusal):
    """A line says neither which order line nor which product."""

    code = "return.line_unnamed"
    kind = Kind.INVALID
    message = Text("The line names no goods.", "该行未指明商品。")
    remedy = Text("Give order_id and line_no, or a sku (with or without order_id).",
                  "请填写 order_id 和 line_no，或填写 sku（可同时填写 order_id）。")  # fmt: skip


class QuantityUnfit(Refusal):
    """Fewer than one, or a negative price."""

    code = "return.quantity_unfit"
    kind = Kind.INVALID
    message = Text("{value} does not fit here.", "数值 {value} 不合适。")
    remedy = Text("Return at least one unit; a claimed price is an amount of money, not negative.",
                  "退货数量至少为 1；声称的单价须为非负金额。")  # fmt: skip


class LineRepeated(Refusal):
    """One order line is named twice with different words."""

    code = "return.line_repeated"
    kind = Kind.INVALID
    message = Text("Line {line_no} of this order stands in the application twice, with another reason or price.",
                   "该订单第 {line_no} 行在申请中出现两次，且原因或单价不同。")  # fmt: skip
    remedy = Text("Apply for the second part separately.", "请为另一部分单独提交申请。")


class LineUnknown(Refusal):
    """The order or the line does not exist here."""

    code = "return.line_unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such order line.", "没有这样的订单明细。")
    remedy = Text("Check the order number and the line, or name the sku and let us find the purchase.",
                  "请核对订单编号和行号，或填写 sku 由系统查找购买记录。")  # fmt: skip


class NotThisBuyer(Refusal):
    """Somebody else bought it."""

    code = "return.not_this_buyer"
    kind = Kind.FORBIDDEN
    message = Text("This order belongs to another buyer.", "该订单不属于此买家。")
    remedy = Text("Apply in the name of whoever bought it.", "请以购买人的身份申请。")


class NoSuchPurchase(Refusal):
    """This buyer never bought the product here."""

    code = "return.no_such_purchase"
    kind = Kind.CONFLICT
    message = Text("This buyer has never bought {sku} here.", "该买家从未在此购买过 {sku}。")
    remedy = Text("Check the sku; for goods bought elsewhere ask whoever sold them" + _ASK_A_PERSON + ".",
                  "请核对 sku；在别处购买的商品请联系原卖家" + _ASK_A_PERSON_ZH + "。")  # fmt: skip


class BeforePurchase(Refusal):
    """The purchase is younger than the return."""

    code = "return.before_purchase"
    kind = Kind.CONFLICT
    message = Text("This was bought only after the day of the return.", "该商品的购买时间晚于退货时间。")
    remedy = Text(
        "Name the purchase that is meant" + _ASK_A_PERSON + ".", "请指明对应的购买记录" + _ASK_A_PERSON_ZH + "。"
    )


class QuantityExceeded(Refusal):
    """More than was bought, or than is left of it."""

    code = "return.quantity_exceeded"
    kind = Kind.CONFLICT
    message = Text(
        "{wanted} are too many: {left} can still be returned.", "申请退 {wanted} 件，目前最多可退 {left} 件。"
    )
    remedy = Text("Return {left} at most, or withdraw the other return of the same goods" + _ASK_A_PERSON + ".",
                  "请将数量改为不超过 {left} 件，或撤销同一商品的其他退货申请" + _ASK_A_PERSON_ZH + "。")  # fmt: skip


class NotShipped(Refusal):
    """What has not left cannot come back."""

    code = "return.not_shipped"
    kind = Kind.CONFLICT
    message = Text("The goods have not been shipped yet.", "商品尚未发货。")
    remedy = Text("Cancel the order instead; everything paid goes back.", "请改为取消订单，已付款项将全额退回。")


class OrderEnded(Refusal):
    """The order ended before anything left."""

    code = "return.order_ended"
    kind = Kind.CONFLICT
    message = Text("The order was {state} before anything was shipped.", "订单在发货前已结束({state})。")
    remedy = Text("Nothing needs to come back; money that was paid goes back by itself.",
                  "无需退货；已付款项会自动退回。")  # fmt: skip


class OutOfWindow(Refusal):
    """The period in which goods may go back is over."""

    code = "return.out_of_window"
    kind = Kind.CONFLICT
    message = Text("The time to return this without a reason ended at {window_end} (rule {rule}, {article}).",
                   "该商品的退货期限已于 {window_end} 截止（规则 {rule},{article}）。")  # fmt: skip
    remedy = Text("If the goods are faulty or not as described, apply with that reason; repair, exchange or a price"
                  " reduction may be agreed" + _ASK_A_PERSON + ".",
                  "若商品有质量问题或与描述不符，请按相应原因申请；也可协商维修、换货或折价"
                  + _ASK_A_PERSON_ZH + "。")  # fmt: skip


class ExcludedByLaw(Refusal):
    """The law excludes this kind of goods from returns without a reason."""

    code = "return.excluded_by_law"
    kind = Kind.CONFLICT
    message = Text("This kind of goods cannot be returned without a reason (rule {rule}, {article}).",
                   "该类商品依法不适用无理由退货（规则 {rule},{article}）。")  # fmt: skip
    remedy = Text("If something is wrong with the goods, apply with that reason and a photo; a refund, exchange or price"
                  " reduction is then due" + _ASK_A_PERSON + ".",
                  "若商品存在问题，请按相应原因申请并附照片，可退款、换货或折价" + _ASK_A_PERSON_ZH + "。")  # fmt: skip


class ExcludedConfirmed(Refusal):
    """The buyer confirmed for this purchase that the goods do not go back without a reason."""

    code = "return.excluded_confirmed"
    kind = Kind.CONFLICT
    message = Text("When buying this it was confirmed that it cannot be returned without a reason (rule {rule}, {article}).",
                   "购买时已确认该商品不适用无理由退货（规则 {rule},{article}）。")  # fmt: skip
    remedy = Text("If something is wrong with the goods, apply with that reason; exchange, repair or a price reduction may"
                  " be agreed" + _ASK_A_PERSON + ".",
                  "若商品存在问题，请按相应原因申请；也可协商换货、维修或折价" + _ASK_A_PERSON_ZH + "。")  # fmt: skip


class PolicyRefuses(Refusal):
    """The policy of the order does not allow it."""

    code = "return.policy_refuses"
    kind = Kind.CONFLICT
    message = Text("The return policy of this order does not allow it (rule {rule}, {article}).",
                   "该订单适用的退货政策不允许此次退货（规则 {rule},{article}）。")  # fmt: skip
    remedy = Text("Apply with the reason that fits; exchange, repair or a price reduction may be agreed" + _ASK_A_PERSON + ".",
                  "请按实际原因申请；也可协商换货、维修或折价" + _ASK_A_PERSON_ZH + "。")  # fmt: skip


class StateForbids(Refusal):
    """The return stands where this cannot be done."""

    code = "return.state_forbids"
    kind = Kind.CONFLICT
    message = Text(
        'A return that is {state} cannot be taken to "{verb}".', "退货单处于 {state} 状态，不能执行 {verb}。"
    )
    remedy = Text("Read the return again; `available_actions` names what can be done.",
                  "请重新读取退货单；available_actions 列出了可执行的操作。")  # fmt: skip


class RefusalUnfounded(Refusal):
    """A refusal without a rule, or one that offers nothing instead."""

    code = "return.refusal_unfounded"
    kind = Kind.INVALID
    message = Text("A refusal needs a reason, the rule that it rests on and at least one alternative.",
                   "拒绝退货须说明原因、所依据的规则，并至少提供一种替代方案。")  # fmt: skip
    remedy = Text("Give a reason of {reasons}, a rule of the order's policy, and alternatives of {alternatives}.",
                  "原因可选：{reasons}；规则须来自订单所适用的政策；替代方案可选：{alternatives}。")  # fmt: skip


class TransitUnknown(Refusal):
    """Nobody said that these goods were broken on their way back, or it was not our risk."""

    code = "return.transit_unknown"
    kind = Kind.INVALID
    message = Text("No carrier said that this parcel was broken on its way back at our risk.",
                   "没有承运商记录表明该包裹在退回途中破损且由我方承担风险。")  # fmt: skip
    remedy = Text("Record the carrier's scan first; then the rule says whose risk it was.",
                  "请先登记承运商的破损记录，系统将按规则判定风险归属。")  # fmt: skip


class ExtendedAlready(Refusal):
    """There is more time once."""

    code = "return.extended_already"
    kind = Kind.CONFLICT
    message = Text("The time to send the goods was extended already, to {at}.", "寄回期限已延长过一次，至 {at}。")
    remedy = Text("Send them by then; otherwise you can apply again inside the window.",
                  "请在此之前寄出；逾期可在退货期内重新申请。")  # fmt: skip


class OtherMerchant(Refusal):
    """Returns of different merchants cannot come in one parcel."""

    code = "return.other_merchant"
    kind = Kind.INVALID
    message = Text("The returns in a parcel belong to one merchant and one warehouse.",
                   "同一包裹内的退货单须属于同一商家和同一仓库。")  # fmt: skip
    remedy = Text("Send a parcel to each.", "请分别寄出。")


class MoreThanAnnounced(Refusal):
    """More came than the return holds."""

    code = "return.more_than_announced"
    kind = Kind.INVALID
    message = Text("Line {line_no}: {received} counted, {announced} announced.",
                   "第 {line_no} 行：清点 {received} 件，申请退 {announced} 件。")  # fmt: skip
    remedy = Text("Count again; put what is too much aside and ask the buyer to apply for it.",
                  "请重新清点；多出的商品请另行存放，并请买家补充申请。")  # fmt: skip


class UnitsTaken(Refusal):
    """The return had lapsed; its units are in another one now, or a case made them good."""

    code = "return.units_taken"
    kind = Kind.CONFLICT
    message = Text("Line {line_no}: these units belong to another return by now, or were made good.",
                   "第 {line_no} 行：这些商品已属于另一张退货单，或已另行补偿。")  # fmt: skip
    remedy = Text("Receive them in that return, or as a parcel that nobody announced.",
                  "请在该退货单中收货，或按无主包裹登记。")  # fmt: skip


class InspectionSums(Refusal):
    """The findings do not cover exactly what was received."""

    code = "return.inspection_sums"
    kind = Kind.INVALID
    message = Text("Line {line_no}: {inspected} units inspected, {received} received.",
                   "第 {line_no} 行：已验 {inspected} 件，实收 {received} 件。")  # fmt: skip
    remedy = Text(
        "Say for every received unit what was found, and for none twice.", "请对每件实收商品给出且仅给出一次验货结论。"
    )


class NoteUnfit(Refusal):
    """A note that nobody will read to its end."""

    code = "return.note_unfit"
    kind = Kind.INVALID
    message = Text("A note has at most {limit} characters.", "备注不得超过 {limit} 个字符。")
    remedy = Text("Say what was found in a few sentences.", "请用几句话说明验货情况。")


class RestockForbidden(Refusal):
    """The law, the policy or their state forbids it."""

    code = "return.restock_forbidden"
    kind = Kind.INVALID
    message = Text("These units cannot be put to this use: {why}.", "这些商品不能按此方式处置：{why_zh}。")
    remedy = Text(
        "Choose something else, or quarantine and decide later.", "请选择其他处置方式，或先隔离待查、稍后处置。"
    )


class GoodsAreTheBuyers(Refusal):
    """No money is due for these units, so they stay the buyer's."""

    code = "return.goods_are_the_buyers"
    kind = Kind.INVALID
    message = Text("Rejected units stay the buyer's: they are neither sold nor destroyed.",
                   "验货未通过的商品仍归买家所有，不得上架销售或销毁。")  # fmt: skip
    remedy = Text("Choose send_back or quarantine.", "请选择退还买家或隔离待查。")


class GoodsAreOurs(Refusal):
    """The money for these units goes back, so they do not."""

    code = "return.goods_are_ours"
    kind = Kind.INVALID
    message = Text("Accepted units are paid back and are not sent back to the buyer.",
                   "验货通过的商品将退款，不再寄回买家。")  # fmt: skip
    remedy = Text("Choose what else shall become of them, or quarantine.", "请选择其他处置方式或隔离待查。")


class ResolutionNotOffered(Refusal):
    """The policy of the order does not know this way out."""

    code = "return.resolution_not_offered"
    kind = Kind.CONFLICT
    message = Text("This way out is not offered for this order.", "该订单不支持此售后类型。")
    remedy = Text("Choose one of {known}" + _ASK_A_PERSON + ".", "可选：{known}" + _ASK_A_PERSON_ZH + "。")


class RefundOnlyNeedsFault(Refusal):
    """Who has the goods and changed their mind sends them back."""

    code = "return.refund_only_needs_fault"
    kind = Kind.CONFLICT
    message = Text(
        "You have the goods: if nothing is wrong, they are sent back.", "商品已签收，无质量等问题时须退货退款。"
    )
    remedy = Text("Apply for resolution refund, or name what is wrong.", "请选择退货退款，或按商品存在的问题选择原因。")


class OnItsWayInPart(Refusal):
    """A parcel is called back whole or not at all."""

    code = "return.on_its_way_in_part"
    kind = Kind.CONFLICT
    message = Text("What is on its way can only be called back as a whole.", "订单运输中，只能整单拦截。")
    remedy = Text(
        "Apply for all of it, or for a part when it is here.", "请为全部在途商品申请，或收货后再申请部分退货。"
    )


class TooManyAttempts(Refusal):
    """It was asked for too often, and the law gives no right to it as it stands."""

    code = "return.too_many_attempts"
    kind = Kind.CONFLICT
    message = Text("This was asked for {attempts} times already.", "该商品已申请 {attempts} 次。")
    remedy = Text("What the law gives is never limited: send the goods back inside the period" + _ASK_A_PERSON + ".",
                  "法定退货权利不受次数限制，可在期限内申请退货退款" + _ASK_A_PERSON_ZH + "。")  # fmt: skip


class ReductionUnfit(Refusal):
    """Less is asked for than nothing, or more than was paid; or an amount where there is none."""

    code = "return.reduction_unfit"
    kind = Kind.INVALID
    message = Text("The amount does not fit: up to {most} can be taken off.", "金额不合适：最多可减 {most}。")
    remedy = Text(
        "Give `wanted` only for goods of one order that are kept.", "仅在保留同一订单的商品并部分退款时填写 wanted。"
    )


class PriceNotLower(Refusal):
    """The thing costs as much as it did, or more."""

    code = "return.price_not_lower"
    kind = Kind.CONFLICT
    message = Text("It does not cost less today than was paid for it.", "当前价格不低于实付价格。")
    remedy = Text("Apply again when the price has fallen, inside the period.", "请在价保期内降价后再申请。")


class NotTheSameOrder(Refusal):
    """A return stays with its order."""

    code = "return.not_the_same_order"
    kind = Kind.INVALID
    message = Text("A return that is changed stays with its order.", "修改后的申请须属于同一订单。")
    remedy = Text("Withdraw it and apply anew, or apply for both.", "请撤销后重新申请，或为其他订单另行申请。")


class AppealOver(Refusal):
    """There is one appeal, and it has its time."""

    code = "return.appeal_over"
    kind = Kind.CONFLICT
    message = Text("A refusal can be appealed once, within {days} days.", "对拒绝结果可在 {days} 天内申诉一次。")
    remedy = Text(
        "Ask the platform to mediate, or 12315, or a court.", "可申请平台介入，也可通过 12315、仲裁或诉讼解决。"
    )


class SameHand(Refusal):
    """Who said no does not judge the appeal."""

    code = "return.same_hand"
    kind = Kind.FORBIDDEN
    message = Text("Whoever refused this return does not decide about the appeal.", "原处理人不能处理该申诉。")
    remedy = Text("Leave it to somebody else.", "请由其他人员处理。")
