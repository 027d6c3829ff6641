"""Every no about what buyer and seller say to each other."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class OfferUnknown(Refusal):
    """There is no such offer, or it is somebody else's."""

    code = "offer.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such offer.", "该方案不存在。")
    remedy = Text("Read the return; it names its offers.", "请查看退货单中的方案。")


class OfferStateForbids(Refusal):
    """It was taken, declined, taken back, or its time is over."""

    code = "offer.state_forbids"
    kind = Kind.CONFLICT
    message = Text('An offer that is {state} cannot be taken to "{verb}".', "方案处于 {state} 状态，不能执行 {verb}。")
    remedy = Text("Read the return again; another offer may be open.", "请重新查看退货单，可能有其他方案。")


class OfferOpen(Refusal):
    """One offer lies on the table at a time."""

    code = "offer.open"
    kind = Kind.CONFLICT
    message = Text("There is an open offer about this return already.", "该退货单已有待回应的方案。")
    remedy = Text("Answer it, counter it or take it back first.", "请先回应、反提或撤回该方案。")


class OfferUnfit(Refusal):
    """What is offered makes no sense, or is too much."""

    code = "offer.unfit"
    kind = Kind.INVALID
    message = Text("This cannot be offered: {why}.", "不能提出该方案：{why_zh}。")
    remedy = Text("Give an amount from 1 to {most} in minor units, or none where everything is paid back.",
                  "金额须为 1 至 {most}（最小货币单位）；全额退款时不填金额。")  # fmt: skip


class OfferRests(Refusal):
    """What goes beyond law and terms is not offered to everybody at every time (R7.2)."""

    code = "offer.rests"
    kind = Kind.CONFLICT
    message = Text("Nothing beyond law and terms is offered to this buyer for now.",
                   "目前不向该用户提供法律和约定之外的方案。")  # fmt: skip
    remedy = Text("Decide what was asked for by law and terms; or have the flag looked at again, which can be lifted.",
                  "请按法律和约定处理该申请；也可复核并解除该用户的核实记录。")  # fmt: skip


class NotYourOffer(Refusal):
    """Nobody takes their own offer, and nobody takes back somebody else's."""

    code = "offer.not_yours"
    kind = Kind.FORBIDDEN
    message = Text("This is for the other side to do.", "该操作须由对方进行。")
    remedy = Text("Take back what you offered, or wait for the answer.", "可撤回自己的方案，或等待对方回应。")


class ConsentMissing(Refusal):
    """Credit takes the place of money only where the buyer says so to these very words (Measures art. 14)."""

    code = "offer.consent_missing"
    kind = Kind.INVALID
    message = Text("Credit instead of money needs the buyer's consent to a text that is known.",
                   "以店铺余额代替退款须经用户对指定文本明示同意。")  # fmt: skip
    remedy = Text("Show the text and give its version as `consent_text`: {known}.",
                  "请展示文本并以 consent_text 填写其版本：{known}。")  # fmt: skip


class NothingToTalkAbout(Refusal):
    """The return is decided, or over."""

    code = "talk.over"
    kind = Kind.CONFLICT
    message = Text("A return that is {state} is not negotiated any more.", "退货单处于 {state} 状态，不再协商。")
    remedy = Text("Read the return; `available_actions` names what can be done.",
                  "请查看退货单；available_actions 列出了可执行的操作。")  # fmt: skip


class WordsGone(Refusal):
    """What does not wait any more cannot be taken back."""

    code = "talk.words_gone"
    kind = Kind.CONFLICT
    message = Text("Nothing that you wrote waits here any more.", "没有可收回的留言。")
    remedy = Text("The buyer may have read it already. Write again to put it right.",
                  "买家可能已看到该留言，如有误请另行说明。")  # fmt: skip


class NeverAsked(Refusal):
    """A return without a reason needs none, and no proof (Measures art. 31)."""

    code = "question.never_without_reason"
    kind = Kind.CONFLICT
    message = Text(
        "Nobody is asked anything about a return without a reason.", "无理由退货不得要求用户补充说明或凭证。"
    )
    remedy = Text(
        "Decide by the period, the exclusions and the quantity alone.", "请仅依据期限、适用范围和数量作出决定。"
    )


class AskedAlready(Refusal):
    """There is one round of questions."""

    code = "question.asked_already"
    kind = Kind.CONFLICT
    message = Text("The buyer was asked about this return already.", "该退货单已要求用户补充过一次。")
    remedy = Text("Decide by what is known.", "请依据已有信息作出决定。")


class NotAsked(Refusal):
    """There is no question to answer."""

    code = "question.none"
    kind = Kind.CONFLICT
    message = Text("Nothing is asked about this return.", "该退货单没有待回答的问题。")
    remedy = Text("Say it in the thread instead.", "请直接在留言中说明。")


class WordsUnfit(Refusal):
    """Nothing was said, or far too much."""

    code = "talk.words_unfit"
    kind = Kind.INVALID
    message = Text("A remark has 1 to {longest} characters; there are {most} of them at most.",
                   "留言须为 1 至 {longest} 个字符，最多 {most} 条。")  # fmt: skip
    remedy = Text("Say what matters in a few sentences.", "请简要说明。")


class WithdrawalUnknown(Refusal):
    """There is no such statement, or it is somebody else's."""

    code = "withdrawal.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such withdrawal.", "该撤销声明不存在。")
    remedy = Text("State it again.", "请重新提交声明。")


class WithdrawalNotOffered(Refusal):
    """The law that the contract is under knows another way."""

    code = "withdrawal.not_offered"
    kind = Kind.CONFLICT
    message = Text("The policy of this order has no withdrawal from the contract.", "该订单的政策不含“撤销合同”功能。")
    remedy = Text("Apply for a return.", "请申请退货。")


class WithdrawalUnfit(Refusal):
    """It must be clear who withdraws, and where they are answered."""

    code = "withdrawal.unfit"
    kind = Kind.INVALID
    message = Text("The statement lacks a name or a contact.", "声明缺少姓名或联系方式。")
    remedy = Text("Give both; at most {longest} characters each.", "请填写姓名和联系方式，各不超过 {longest} 个字符。")


class ConfirmedAlready(Refusal):
    """It holds already."""

    code = "withdrawal.confirmed_already"
    kind = Kind.CONFLICT
    message = Text("This withdrawal was confirmed already.", "该撤销声明已确认。")
    remedy = Text("Read it; it names the application that follows from it.", "请查看该声明及其对应的申请。")
