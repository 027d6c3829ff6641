"""Every no about second looks and their rules."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class ReviewUnknown(Refusal):
    """There is no such review, or it is somebody else's."""

    code = "review.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such review.", "审核任务不存在。")
    remedy = Text("Check the id of the review.", "请核对审核任务编号。")


class StateForbids(Refusal):
    """The review stands where this cannot be done."""

    code = "review.state_forbids"
    kind = Kind.CONFLICT
    message = Text(
        'A review that is {state} cannot be taken to "{verb}".', "审核任务处于 {state} 状态，不能执行 {verb}。"
    )
    remedy = Text("Read the review again; `available_actions` names what can be done.",
                  "请重新读取审核任务；available_actions 列出了可执行的操作。")  # fmt: skip


class OrderOver(Refusal):
    """The order ended meanwhile, and the review ends with it."""

    code = "review.order_over"
    kind = Kind.CONFLICT
    message = Text("The order is {state}; there is nothing left to decide.", "订单处于 {state} 状态，无需再审核。")
    remedy = Text("Take the next review.", "请领取下一个审核任务。")


class NotYours(Refusal):
    """Only whoever claimed a review works on it."""

    code = "review.not_yours"
    kind = Kind.CONFLICT
    message = Text("Somebody else has claimed this review.", "该审核任务已由他人领取。")
    remedy = Text("Take the next review, or ask them to put it back.", "请领取下一个审核任务，或请对方退回。")


class NeedsPerson(Refusal):
    """A second look is a person's; the system itself has had the first."""

    code = "review.needs_person"
    kind = Kind.FORBIDDEN
    message = Text("A review is done by a person or a key, not by the system.", "审核须由人员或密钥持有者完成。")
    remedy = Text("Use the key of the person who looks.", "请使用审核人员本人的密钥。")


class ItemUnanswered(Refusal):
    """Every question of the checklist has an answer before an order is let go."""

    code = "review.item_unanswered"
    kind = Kind.INVALID
    message = Text("The checklist's {item} has no answer.", "检查项 {item} 尚未填写。")
    remedy = Text("Answer it with yes, no or not_applicable.", "请填写 yes、no 或 not_applicable。")


class ItemUnknown(Refusal):
    """An answer belongs to a question that was asked."""

    code = "review.item_unknown"
    kind = Kind.INVALID
    message = Text("The checklist of this review has no {item}.", "该审核任务没有检查项 {item}。")
    remedy = Text("Answer what the review's `checklist` names.", "请按审核任务的 checklist 填写。")


class AskedAlready(Refusal):
    """A buyer is asked once: whoever paid shall not be kept waiting by questions one after another."""

    code = "review.asked_already"
    kind = Kind.CONFLICT
    message = Text("The buyer has been asked about this order before.", "已就该订单询问过买家。")
    remedy = Text("Decide by what is known, or escalate.", "请根据已有信息作出决定，或升级处理。")


class BlockedByRisk(Refusal):
    """Risk has said no, and only risk takes that back."""

    code = "review.blocked_by_risk"
    kind = Kind.CONFLICT
    message = Text("Risk has blocked this order.", "该订单已被风控拦截。")
    remedy = Text("Reject it, or have risk take the block back.", "请驳回订单，或由风控解除拦截。")


class SameHand(Refusal):
    """Four eyes belong to two people."""

    code = "review.same_hand"
    kind = Kind.FORBIDDEN
    message = Text("The second yes has to come from another person.", "第二次批准须由另一人作出。")
    remedy = Text("Put the review back so that somebody else can take it.", "请退回任务，由他人领取。")


class OutsiderNeeded(Refusal):
    """Where the seller's own staff said yes, the second yes comes from the platform."""

    code = "review.outsider_needed"
    kind = Kind.FORBIDDEN
    message = Text("The seller's staff has said yes; the second yes has to come from the platform's.",
                   "商家员工已批准，第二次批准须由平台人员作出。")  # fmt: skip
    remedy = Text("Put the review back so that the platform's staff can take it.", "请退回任务，由平台人员领取。")


class ForceReasonMissing(Refusal):
    """Whoever wants an order to go in spite of a failed check says why."""

    code = "review.force_reason_missing"
    kind = Kind.INVALID
    message = Text("{item} failed, so the order goes only for a reason.", "检查项 {item} 不通过，强制放行须填写原因。")
    remedy = Text("Name the reason, mend what is wrong, or reject the order.", "请填写原因、先更正问题，或驳回订单。")


class StatutoryCheck(Refusal):
    """What the law asks cannot be set aside by anybody."""

    code = "review.statutory_check"
    kind = Kind.CONFLICT
    message = Text("The law asks for {item}; an order that fails it is let go by nobody.",
                   "{item} 为法定核对项，不通过时任何人不得放行。")  # fmt: skip
    remedy = Text("Ask the buyer for what is missing, or reject the order.", "请向用户补齐所缺内容，或驳回订单。")


class ForceNotYours(Refusal):
    """An order that failed a check is let go by somebody who may force it, and who did not ask for it."""

    code = "review.force_not_yours"
    kind = Kind.FORBIDDEN
    message = Text(
        "A check failed; only somebody who may force orders confirms it.",
        "有核对项不通过，须由有强制放行权限的人员确认。",
    )
    remedy = Text("Put the review back so that a lead can take it.", "请退回任务，由主管处理。")


class RuleUnknown(Refusal):
    """There is no such rule, or it is somebody else's."""

    code = "review_rule.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no review rule {rule}.", "审核规则 {rule} 不存在。")
    remedy = Text("Check the code of the rule.", "请核对规则代码。")


class RuleNotYours(Refusal):
    """The platform's rules and terms are the platform's to write."""

    code = "review_rule.not_yours"
    kind = Kind.FORBIDDEN
    message = Text("This belongs to the platform.", "该内容由平台维护。")
    remedy = Text("Write a rule of your own under another code, or switch the platform's where it allows that.",
                  "请以其他代码建立本商家规则，或在平台允许时开关平台规则。")  # fmt: skip


class SwitchForbidden(Refusal):
    """Some rules hold for everybody."""

    code = "review_rule.switch_forbidden"
    kind = Kind.CONFLICT
    message = Text("The platform does not let merchants switch {rule}.", "平台不允许商家开关规则 {rule}。")
    remedy = Text("Write a rule of your own, which adds to it.", "请建立本商家规则作为补充。")


class RuleUnfit(Refusal):
    """A rule that can never speak, or that nobody could follow, is a mistake."""

    code = "review_rule.unfit"
    kind = Kind.INVALID
    message = Text("The rule cannot be used: {what}.", "规则无法使用：{what_zh}。")
    remedy = Text("Mend it and save it again.", "请修改后重新保存。")


class EffectiveInThePast(Refusal):
    """What was decided under a rule stays decided under it."""

    code = "review_rule.effective_in_the_past"
    kind = Kind.INVALID
    message = Text("A rule takes effect now or later, not before.", "规则只能从现在或将来生效。")
    remedy = Text("Leave `effective_from` out, or name a later moment.", "请省略 effective_from，或填写将来的时间。")
