"""Every no about signs of abuse."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class FlagUnknown(Refusal):
    """There is no such flag, or it is somebody else's."""

    code = "abuse.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such flag.", "该核实记录不存在。")
    remedy = Text("Check the id; a shop that asks for a buyer names the buyer.", "请核对编号；代用户查询时须指明用户。")


class FlagStateForbids(Refusal):
    """It was decided, lifted, or is over."""

    code = "abuse.state_forbids"
    kind = Kind.CONFLICT
    message = Text(
        'A flag that is {state} cannot be taken to "{verb}".', "核实记录处于 {state} 状态，不能执行 {verb}。"
    )
    remedy = Text("Read it again; `available_actions` names what can be done.",
                  "请重新查看；available_actions 列出了可执行的操作。")  # fmt: skip


class FlagGrew(Refusal):
    """Something came to it since it was looked at."""

    code = "abuse.grew"
    kind = Kind.CONFLICT
    message = Text(
        "This flag has {parts} parts by now; you looked at {seen}.",
        "该核实记录现有 {parts} 项依据，您查看时为 {seen} 项。",
    )
    remedy = Text("Look at it again, and decide then.", "请重新查看后再作决定。")


class FlagNeedsPerson(Refusal):
    """People decide about people."""

    code = "abuse.needs_person"
    kind = Kind.FORBIDDEN
    message = Text("Only a person can do this.", "该操作须由工作人员本人进行。")
    remedy = Text("Use the key of a member of staff.", "请使用员工本人的密钥。")


class FlagSameHand(Refusal):
    """Whoever said so before does not say it a second time, nor decides about the appeal against it."""

    code = "abuse.same_hand"
    kind = Kind.FORBIDDEN
    message = Text("You have decided about this already; somebody else does now.", "您已处理过该记录，须由另一人决定。")
    remedy = Text("Ask another member of staff. You can lift it.", "请由另一名员工处理；您仍可解除。")


class AskedBefore(Refusal):
    """A review by a person is asked for once, and appealed against once."""

    code = "abuse.asked_before"
    kind = Kind.CONFLICT
    message = Text("This was asked for already.", "您已提交过该申请。")
    remedy = Text("Wait for the answer; after it you can appeal once, or turn to 12315.",
                  "请等待处理结果；对结果不服可申诉一次，也可拨打 12315。")  # fmt: skip


class WordsUnfit(Refusal):
    """There is a limit to words, and not every character can be kept."""

    code = "abuse.words_unfit"
    kind = Kind.INVALID
    message = Text("These words cannot be kept.", "内容无法保存。")
    remedy = Text("Write at most {longest} plain characters.", "请填写不超过 {longest} 个字符的普通文本。")


class HandoverUnfounded(Refusal):
    """Evidence is handed over only of what people have confirmed."""

    code = "abuse.handover_unfounded"
    kind = Kind.CONFLICT
    message = Text(
        "A flag that is {state} is no ground to hand evidence over.", "核实记录处于 {state} 状态，不能移交证据。"
    )
    remedy = Text("Have it confirmed first.", "请先由工作人员确认。")


class HandoverUnknown(Refusal):
    """There is no such handover, or it is somebody else's."""

    code = "abuse.handover_unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such handover.", "该证据移交记录不存在。")
    remedy = Text("Check the id.", "请核对编号。")
