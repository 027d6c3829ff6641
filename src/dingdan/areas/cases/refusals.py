"""Every no about cases, what is done about them, and claims on carriers."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class CaseUnknown(Refusal):
    """There is no such case, or it is somebody else's."""

    code = "case.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such case.", "异常单不存在。")
    remedy = Text("Check the number of the case.", "请核对异常单号。")


class KindUnknown(Refusal):
    """There is no such kind of trouble."""

    code = "case_kind.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no kind of case called {kind}.", "没有名为 {kind} 的异常类型。")
    remedy = Text("Choose one of the kinds that are listed.", "请从异常类型列表中选择。")


class KindSwitchedOff(Refusal):
    """A kind that is switched off opens nothing."""

    code = "case_kind.switched_off"
    kind = Kind.CONFLICT
    message = Text("The kind {kind} is switched off.", "异常类型 {kind} 已停用。")
    remedy = Text("Choose another kind, or have this one switched on.", "请选择其他类型，或启用该类型。")


class KindNotForBuyers(Refusal):
    """Some kinds are noticed by the house alone."""

    code = "case_kind.not_for_buyers"
    kind = Kind.INVALID
    message = Text("Buyers do not report {kind}; they report {allowed}.", "买家不能提报 {kind}，可提报：{allowed}。")
    remedy = Text("Choose one of those.", "请从可提报的类型中选择。")


class KindUnowned(Refusal):
    """Nobody would look after a case of a kind without an owner, or would know how without a playbook."""

    code = "case_kind.unowned"
    kind = Kind.CONFLICT
    message = Text("A kind without {missing} cannot be switched on.", "缺少{missing_zh}的异常类型不能启用。")
    remedy = Text("Name the role that owns it and the steps of its playbook.", "请填写责任岗位和处理指引。")


class KindUnfit(Refusal):
    """A kind that nobody could follow is a mistake."""

    code = "case_kind.unfit"
    kind = Kind.INVALID
    message = Text("The kind cannot be used: {what}.", "异常类型无法使用：{what_zh}。")
    remedy = Text("Mend it and save it again.", "请修改后重新保存。")


class KindNotYours(Refusal):
    """The platform's kinds and terms are the platform's to write."""

    code = "case_kind.not_yours"
    kind = Kind.FORBIDDEN
    message = Text("This belongs to the platform.", "该内容由平台维护。")
    remedy = Text("Write a version of your own of the kind.", "请为本商家建立自己的版本。")


class CaseStateForbids(Refusal):
    """The case stands where this cannot be done."""

    code = "case.state_forbids"
    kind = Kind.CONFLICT
    message = Text('A case that is {state} cannot be taken to "{verb}".', "异常单处于 {state} 状态，不能执行 {verb}。")
    remedy = Text("Read the case again; `available_actions` names what can be done.",
                  "请重新读取异常单；available_actions 列出了可执行的操作。")  # fmt: skip


class CaseHasNoOrder(Refusal):
    """What came without an order has nobody to be made good to."""

    code = "case.no_order"
    kind = Kind.CONFLICT
    message = Text("This case is about no order.", "该异常单未关联订单。")
    remedy = Text("Attach it to its order once that is known.", "查明订单后请将该异常单关联到订单。")


class CaseHasOrder(Refusal):
    """A case is about one order, and stays with it."""

    code = "case.has_order"
    kind = Kind.CONFLICT
    message = Text("This case is about order {order} already.", "该异常单已关联订单 {order}。")
    remedy = Text("If that is wrong, withdraw it and open one about the right order.",
                  "如关联有误，请撤销该异常单，并为正确的订单另建。")  # fmt: skip


class CaseOpenAlready(Refusal):
    """The order has an open case of this kind."""

    code = "case.open_already"
    kind = Kind.CONFLICT
    message = Text("Case {case} is open about the same trouble of this order.", "该订单已有同类未结异常单 {case}。")
    remedy = Text(
        "Go on with that one, and withdraw this one as told twice.", "请在该异常单中继续处理，并将本单作为重复撤销。"
    )


class ParcelNotOfOrder(Refusal):
    """The parcel holds nothing of the order."""

    code = "case.parcel_not_of_order"
    kind = Kind.INVALID
    message = Text("This parcel holds nothing of the order.", "该包裹不包含此订单的商品。")
    remedy = Text("Name a parcel of the order.", "请填写该订单的包裹。")


class ParcelNotBack(Refusal):
    """Only a parcel that was turned away, called back or sent back comes back to us."""

    code = "case.parcel_not_back"
    kind = Kind.CONFLICT
    message = Text("This parcel is not on its way back ({state}).", "该包裹不在退回途中（{state}）。")
    remedy = Text("Enter the carrier's scan first, or open a case about the parcel.",
                  "请先录入承运商的退回轨迹，或为该包裹开立异常单。")  # fmt: skip


class ParcelMadeGood(Refusal):
    """Everything in the parcel was paid back or sent again before it came back."""

    code = "case.parcel_made_good"
    kind = Kind.CONFLICT
    message = Text("All that lies in this parcel was refunded or replaced already.", "该包裹内的商品均已退款或补发。")
    remedy = Text("Take the goods into stock by a count.", "请通过盘点将商品入库。")


class NeedsStaff(Refusal):
    """A person answers for a case."""

    code = "case.needs_staff"
    kind = Kind.FORBIDDEN
    message = Text("Somebody of the staff answers for a case.", "异常单须由员工负责。")
    remedy = Text("Use the key of a member of staff.", "请使用员工本人的密钥。")


class OwnerUnfit(Refusal):
    """Whoever is to answer for a case must be there and reach it."""

    code = "case.owner_unfit"
    kind = Kind.INVALID
    message = Text("Nobody of the staff who could own this case has this id.", "没有可负责该异常单的此员工。")
    remedy = Text("Name somebody active of the platform or of the seller.", "请填写平台或该商家的在职员工。")


class BuyerNotAsked(Refusal):
    """There is nothing to answer."""

    code = "case.buyer_not_asked"
    kind = Kind.CONFLICT
    message = Text("Nobody has asked anything about this case.", "该异常单当前没有待回答的问题。")
    remedy = Text("Add a note to the case instead.", "请改为向异常单补充说明。")


class UpdateInThePast(Refusal):
    """What was promised is still to come."""

    code = "case.update_in_the_past"
    kind = Kind.INVALID
    message = Text(
        "The next word to the buyer cannot be promised for a moment that is over.", "下次更新时间不能是过去的时间。"
    )
    remedy = Text("Name a later moment.", "请填写将来的时间。")


class ClosureUnknown(Refusal):
    """A case ends in one of the ways that its kind knows."""

    code = "case.closure_unknown"
    kind = Kind.INVALID
    message = Text(
        "A case of this kind ends with one of: {closures}.", "该类型的异常单只能以下列方式结案：{closures}。"
    )
    remedy = Text("Choose one of these.", "请从中选择。")


class RemedyOpen(Refusal):
    """A case does not end while something is still to be decided or done about it."""

    code = "case.remedy_open"
    kind = Kind.CONFLICT
    message = Text("A remedy of this case is still open.", "该异常单仍有未完结的补救措施。")
    remedy = Text("Carry it out, or refuse it.", "请执行或驳回该措施。")


class NotClosed(Refusal):
    """What has not ended is not rated."""

    code = "case.not_closed"
    kind = Kind.CONFLICT
    message = Text("A case is rated once it is closed, and once.", "异常单结案后方可评价，且只能评价一次。")
    remedy = Text("Wait for its end.", "请等待结案。")


class RemedyUnknown(Refusal):
    """There is no such remedy, or it is somebody else's."""

    code = "remedy.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such remedy.", "补救措施不存在。")
    remedy = Text("Check its id.", "请核对编号。")


class RemedyNotOfKind(Refusal):
    """The playbook of the kind knows other remedies."""

    code = "remedy.not_of_kind"
    kind = Kind.INVALID
    message = Text("This kind of case is made good by: {remedies}.", "该类型异常单可采用的补救措施：{remedies}。")
    remedy = Text("Choose one of these.", "请从中选择。")


class RemedyUnfit(Refusal):
    """A remedy that lacks something cannot be carried out."""

    code = "remedy.unfit"
    kind = Kind.INVALID
    message = Text("The remedy cannot be carried out: {what}.", "补救措施无法执行：{what_zh}。")
    remedy = Text("Mend it and propose it again.", "请修改后重新提出。")


class DamagesGranted(Refusal):
    """What a law gives beyond the price is given once for an order."""

    code = "remedy.damages_granted"
    kind = Kind.CONFLICT
    message = Text(
        "Damages by {right} were granted or proposed for this order already.", "该订单已按 {right} 提出或支付法定赔偿。"
    )
    remedy = Text(
        "Have the other one refused first where it names too few units.", "如涉及件数有误，请先驳回原有赔偿。"
    )


class UnitsMadeGood(Refusal):
    """A unit is made good once."""

    code = "remedy.units_made_good"
    kind = Kind.CONFLICT
    message = Text("Of line {line_no} only {left} units are not refunded or replaced yet.",
                   "第 {line_no} 行仅剩 {left} 件未退款或未补发。")  # fmt: skip
    remedy = Text("Name no more than these.", "请勿超过剩余数量。")


class NotLeftYet(Refusal):
    """What has not left is cancelled, not sent again."""

    code = "remedy.not_left_yet"
    kind = Kind.CONFLICT
    message = Text("The order has not left yet.", "订单尚未发货。")
    remedy = Text("Cancel the units, or wait with the buyer's consent.", "请取消相应商品，或征得买家同意后等待。")


class NothingToSend(Refusal):
    """What is not there cannot be sent."""

    code = "remedy.nothing_to_send"
    kind = Kind.CONFLICT
    message = Text("There is not enough of {sku}: {free} are free.", "{sku} 库存不足，仅剩 {free} 件可用。")
    remedy = Text("Send something else, or give the money back.", "请改发其他商品，或退款。")


class DearerThanBought(Refusal):
    """Nobody pays more because something went wrong."""

    code = "remedy.dearer"
    kind = Kind.INVALID
    message = Text("{sku} costs more than what it stands in for.", "{sku} 的价格高于原商品。")
    remedy = Text("Choose something of the same or a lower price; what is less goes back.",
                  "请选择同价或更低价的商品，差价将退还买家。")  # fmt: skip


class BudgetSpent(Refusal):
    """More than was paid goes to a buyer only as far as was declared."""

    code = "remedy.budget_spent"
    kind = Kind.CONFLICT
    message = Text(
        "Beyond what was paid only {left} more may be given for this order.",
        "除已付款项外，该订单最多还可补偿 {left}。",
    )
    remedy = Text("Grant less, or make it good in another way.", "请减少金额，或采用其他补救措施。")


class BeyondAuthority(Refusal):
    """Each level grants so much and no more."""

    code = "remedy.beyond_authority"
    kind = Kind.FORBIDDEN
    message = Text("This amount is decided by {level}.", "该金额须由 {level} 审批。")
    remedy = Text("Leave it to somebody of that level.", "请交由相应权限的人员审批。")


class SameHand(Refusal):
    """Above one's own limit somebody else says yes."""

    code = "remedy.same_hand"
    kind = Kind.FORBIDDEN
    message = Text("Whoever proposed this cannot approve it.", "提出人不能审批自己的补救措施。")
    remedy = Text("Have somebody else approve it.", "请由他人审批。")


class RemedyStateForbids(Refusal):
    """The remedy stands where this cannot be done."""

    code = "remedy.state_forbids"
    kind = Kind.CONFLICT
    message = Text(
        'A remedy that is {state} cannot be taken to "{verb}".', "补救措施处于 {state} 状态，不能执行 {verb}。"
    )
    remedy = Text("Read the case again.", "请重新读取异常单。")


class NotYoursToAnswer(Refusal):
    """What asks nothing of the buyer is not the buyer's to decide."""

    code = "remedy.needs_no_consent"
    kind = Kind.CONFLICT
    message = Text("This remedy does not wait for the buyer.", "该补救措施无需买家确认。")
    remedy = Text("Read the case again.", "请重新读取异常单。")


class ClaimUnknown(Refusal):
    """There is no such claim, or it is somebody else's."""

    code = "claim.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such claim.", "索赔单不存在。")
    remedy = Text("Check its id.", "请核对编号。")


class ClaimedAlready(Refusal):
    """A carrier pays for a parcel once."""

    code = "claim.claimed_already"
    kind = Kind.CONFLICT
    message = Text("There is a claim for this parcel.", "该包裹已提出索赔。")
    remedy = Text("Follow that one.", "请跟进已有的索赔单。")


class ClaimStateForbids(Refusal):
    """The claim stands where this cannot be done."""

    code = "claim.state_forbids"
    kind = Kind.CONFLICT
    message = Text('A claim that is {state} cannot be taken to "{verb}".', "索赔单处于 {state} 状态，不能执行 {verb}。")
    remedy = Text("Read the case again.", "请重新读取异常单。")


class ClaimUnfit(Refusal):
    """Amounts of a claim follow from its value."""

    code = "claim.unfit"
    kind = Kind.INVALID
    message = Text("The claim cannot be kept so: {what}.", "索赔信息有误：{what_zh}。")
    remedy = Text("Mend the amount.", "请修改金额。")
