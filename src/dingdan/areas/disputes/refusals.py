"""Every no about disputes."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class DisputeUnknown(Refusal):
    """There is no such dispute, or it is somebody else's."""

    code = "dispute.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such dispute.", "该纠纷不存在。")
    remedy = Text("Read the order; it names its disputes.", "请查看订单的纠纷列表。")


class RulingUnknown(Refusal):
    """There is no such ruling."""

    code = "ruling.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such ruling.", "该裁决不存在。")
    remedy = Text("Read the dispute; it names its rulings.", "请查看纠纷中的裁决。")


class DisputeStateForbids(Refusal):
    """It is somewhere else by now."""

    code = "dispute.state_forbids"
    kind = Kind.CONFLICT
    message = Text('A dispute that is {state} cannot be taken to "{verb}".', "纠纷处于 {state} 状态，不能执行 {verb}。")
    remedy = Text("Read it again; `available_actions` names what can be done.",
                  "请重新查看纠纷；available_actions 列出了可执行的操作。")  # fmt: skip


class DisputeOpenAlready(Refusal):
    """There is one dispute about a thing at a time, and none after one that was ruled about."""

    code = "dispute.open_already"
    kind = Kind.CONFLICT
    message = Text("The platform was asked about this already: {dispute}.", "该事项已申请平台介入：{dispute}。")
    remedy = Text("Go on in that dispute; what was ruled finally can be taken to 12315 or to court.",
                  "请在该纠纷中继续处理；对终局裁决可向 12315 投诉或提起诉讼。")  # fmt: skip


class NothingToDispute(Refusal):
    """The two sides are not at odds about it."""

    code = "dispute.nothing"
    kind = Kind.CONFLICT
    message = Text("Nothing was refused here, and nothing is undecided.", "该事项未被拒绝，也不存在待决争议。")
    remedy = Text("Wait for how it goes on, or apply for what you want.", "请等待处理结果，或提出申请。")


class StillNegotiating(Refusal):
    """Both sides talk first."""

    code = "dispute.still_negotiating"
    kind = Kind.CONFLICT
    message = Text("The two sides still have time to agree, until {until}.", "双方协商期尚未结束，截至 {until}。")
    remedy = Text("Talk to the other side; ask the platform when they refuse or the time is over.",
                  "请先与对方协商；对方拒绝或协商期满后可申请平台介入。")  # fmt: skip


class DisputeTooLate(Refusal):
    """It was refused too long ago."""

    code = "dispute.too_late"
    kind = Kind.CONFLICT
    message = Text("The platform can be asked within {days} days.", "须在 {days} 天内申请平台介入。")
    remedy = Text("You can still go to 12315, a consumer association, arbitration or a court.",
                  "仍可向 12315、消费者协会投诉，或申请仲裁、提起诉讼。")  # fmt: skip


class ClaimUnfit(Refusal):
    """What is claimed or ruled does not fit the goods."""

    code = "dispute.claim_unfit"
    kind = Kind.INVALID
    message = Text("This does not fit: {what}.", "内容不符：{what_zh}。")
    remedy = Text("Name each line once, with units that nothing was given for yet.",
                  "每行商品只填一次，数量不超过尚未补救的数量。")  # fmt: skip


class EntryUnfit(Refusal):
    """Nothing was said, or far too much."""

    code = "dispute.words_unfit"
    kind = Kind.INVALID
    message = Text("Words have 1 to {longest} characters; {files} files are shown with them at most.",
                   "说明须为 1 至 {longest} 个字符，凭证最多 {files} 个。")  # fmt: skip
    remedy = Text("Say what matters in a few sentences.", "请简要说明。")


class ProofMissing(Refusal):
    """In this turn words alone prove nothing."""

    code = "dispute.proof_missing"
    kind = Kind.INVALID
    message = Text("What is to be shown now is: {what}.", "本轮须提供：{what_zh}。")
    remedy = Text("Bring the file to the order's evidence and name its id in `evidence`.",
                  "请先上传至订单凭证，并在 evidence 中填写其编号。")  # fmt: skip


class NotYourTurn(Refusal):
    """The other side has the word."""

    code = "dispute.not_your_turn"
    kind = Kind.CONFLICT
    message = Text("It is the {side}'s turn to show something.", "当前由{side_zh}举证。")
    remedy = Text("Wait until they have shown it or their time is over.", "请等待对方举证或其时限届满。")


class StandsStill(Refusal):
    """Nothing goes on while the police, a court or the two sides themselves look at it."""

    code = "dispute.stands_still"
    kind = Kind.CONFLICT
    message = Text(
        "This dispute stands still until {until}: nothing goes on before.",
        "该纠纷已中止，截至 {until}，其间不继续处理。",
    )
    remedy = Text("Wait, or have an arbitrator let it go on.", "请等待，或由仲裁人员恢复处理。")


class StandsStillNot(Refusal):
    """It goes on already."""

    code = "dispute.stands_still_not"
    kind = Kind.CONFLICT
    message = Text("This dispute does not stand still.", "该纠纷未处于中止状态。")
    remedy = Text("Read it again; its clocks run.", "请重新查看；其时限正常计算。")


class NothingShown(Refusal):
    """That the police or a court took a matter is shown with their paper; an agreement needs none."""

    code = "dispute.nothing_shown"
    kind = Kind.INVALID
    message = Text("What is to be shown is the paper with which the police or a court took it, 1 to {files} files.",
                   "须提供公安机关或法院的受理凭证，1 至 {files} 个文件。")  # fmt: skip
    remedy = Text("Bring the file to the order's evidence and name its id in `evidence`.",
                  "请先上传至订单凭证，并在 evidence 中填写其编号。")  # fmt: skip


class SellersTime(Refusal):
    """Whoever has to carry it out has their time first."""

    code = "dispute.sellers_time"
    kind = Kind.CONFLICT
    message = Text("The seller has until {until} to carry it out.", "商家须在 {until} 前执行裁决。")
    remedy = Text(
        "Wait; the platform carries it out by itself when that time is over.", "请等待；期满未执行的，由平台自动执行。"
    )


class GoodsAreThere(Refusal):
    """Money takes the place of goods only where there are none."""

    code = "dispute.goods_there"
    kind = Kind.CONFLICT
    message = Text("Nothing that was ruled to be sent is missing.", "裁决应补发的商品均有库存。")
    remedy = Text("Carry it out as it was ruled.", "请按裁决执行。")


class NotYoursToDo(Refusal):
    """It is the platform that carries this ruling out."""

    code = "dispute.not_yours_to_do"
    kind = Kind.FORBIDDEN
    message = Text("The platform carries this ruling out, not the seller.", "该裁决由平台执行，无需商家执行。")
    remedy = Text("Wait for it to be carried out.", "请等待执行。")


class NotYourDispute(Refusal):
    """Only who opened it takes it back."""

    code = "dispute.not_yours"
    kind = Kind.FORBIDDEN
    message = Text("The other side opened this dispute.", "该纠纷由对方发起。")
    remedy = Text("Show what speaks for you, and wait for the ruling.", "请举证并等待裁决。")


class SpeaksForSeller(Refusal):
    """The seller's staff does not act in the buyer's name."""

    code = "dispute.speaks_for_seller"
    kind = Kind.FORBIDDEN
    message = Text("The seller's staff cannot act for the buyer in a dispute.", "商家员工不能代表用户处理纠纷。")
    remedy = Text("Name the seller as the `side`; the buyer answers in the shop.",
                  "请将 side 填写为 seller；用户须通过店铺自行操作。")  # fmt: skip


class RulingUnfit(Refusal):
    """A ruling gives its reason in words, and its rules."""

    code = "ruling.unfit"
    kind = Kind.INVALID
    message = Text("A ruling needs more than that: {what}.", "裁决内容不完整：{what_zh}。")
    remedy = Text("Say why in plain words and name the rules.", "请说明理由并引用规则。")


class AgainstSilence(Refusal):
    """Who had to prove it and said nothing does not win."""

    code = "ruling.against_silence"
    kind = Kind.CONFLICT
    message = Text("The {side} had to prove it and was silent; silence decides against them.",
                   "{side_zh}负有举证责任而逾期未举证，应作出对其不利的裁决。")  # fmt: skip
    remedy = Text("Rule for the other side; the silent one may appeal and show it then.",
                  "请作出有利于对方的裁决；未举证方可在申诉时补充。")  # fmt: skip


class RulingOpen(Refusal):
    """Somebody proposed a ruling already."""

    code = "ruling.open"
    kind = Kind.CONFLICT
    message = Text("A ruling is proposed and waits for a second signature.", "已有裁决待复核。")
    remedy = Text("Sign it or refuse it first.", "请先复核通过或驳回。")


class NotImpartial(Refusal):
    """Whoever had a hand in the matter does not judge it."""

    code = "ruling.not_impartial"
    kind = Kind.FORBIDDEN
    message = Text("You had a hand in this matter: {why}.", "您曾参与该事项：{why_zh}。")
    remedy = Text("Leave it to another arbitrator.", "请由其他仲裁人员处理。")


class NeedsArbitrator(Refusal):
    """A person of the platform rules."""

    code = "ruling.needs_arbitrator"
    kind = Kind.FORBIDDEN
    message = Text("An arbitrator of the platform rules, never a merchant or a program of theirs.",
                   "须由平台仲裁人员裁决，商家及其程序不得裁决。")  # fmt: skip
    remedy = Text("Have an arbitrator sign in.", "请由平台仲裁人员操作。")


class RulingStateForbids(Refusal):
    """It was signed or refused already."""

    code = "ruling.state_forbids"
    kind = Kind.CONFLICT
    message = Text('A ruling that is {state} cannot be taken to "{verb}".', "裁决处于 {state} 状态，不能执行 {verb}。")
    remedy = Text("Read the dispute again.", "请重新查看纠纷。")


class AppealTimeOver(Refusal):
    """There is one appeal, and it has its time."""

    code = "dispute.appeal_over"
    kind = Kind.CONFLICT
    message = Text("A ruling can be appealed once, within {days} days.", "对裁决可在 {days} 天内申诉一次。")
    remedy = Text("You can still go to 12315, a consumer association, arbitration or a court.",
                  "仍可向 12315、消费者协会投诉，或申请仲裁、提起诉讼。")  # fmt: skip


class AcceptedAlready(Refusal):
    """Who accepted a ruling does not fight it."""

    code = "dispute.accepted_already"
    kind = Kind.CONFLICT
    message = Text("You accepted this ruling.", "您已接受该裁决。")
    remedy = Text("Wait for it to be carried out.", "请等待执行。")
