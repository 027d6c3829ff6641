"""Every no of repairs."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class RepairUnknown(Refusal):
    """There is no such repair, or it is somebody else's."""

    code = "repair.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such repair.", "该维修单不存在。")
    remedy = Text(
        "Check the id; the list of repairs names the return of each.", "请检查维修单号；维修列表中列有对应的退货单。"
    )


class RepairStateForbids(Refusal):
    """The repair stands somewhere else by now."""

    code = "repair.state_forbids"
    kind = Kind.CONFLICT
    message = Text('A repair that is {state} cannot be taken to "{verb}".', "维修处于 {state} 状态，不能执行 {verb}。")
    remedy = Text("Read the repair again; `available_actions` says what can be done now.",
                  "请重新查看维修单，available_actions 列出了当前可执行的操作。")  # fmt: skip


class InsteadUnfit(Refusal):
    """The policy gives something else for a repair in vain."""

    code = "repair.instead_unfit"
    kind = Kind.INVALID
    message = Text("This cannot be had instead of the repair.", "不能以此代替维修。")
    remedy = Text("Choose one of: {known}.", "请选择：{known}。")


class WaybillUnfit(Refusal):
    """Goods go back with a carrier and a number under which they can be followed."""

    code = "repair.waybill_unfit"
    kind = Kind.INVALID
    message = Text("Carrier and tracking number are words without control characters, up to {limit} of them.",
                   "承运商和运单号不能为空或含控制字符，长度不超过 {limit}。")  # fmt: skip
    remedy = Text("Write down what stands on the waybill.", "请按运单填写。")


class FindingMissing(Refusal):
    """Whoever sends goods back as they came says why."""

    code = "repair.finding_missing"
    kind = Kind.INVALID
    message = Text(
        "A note of at most {limit} characters must say what was found.", "须说明检测结果，不超过 {limit} 字。"
    )
    remedy = Text("Say why the goods go back as they came; the buyer reads it.", "请填写未予维修的原因，买家可见。")


class ClockStands(Refusal):
    """The days of a repair are paused once, and counted again once."""

    code = "repair.clock_stands"
    kind = Kind.CONFLICT
    message = Text("The clock of this repair does so already.", "该维修时限已处于此状态。")
    remedy = Text(
        "Nothing is left to do; `deadlines` shows how it stands.", "无需重复操作，deadlines 显示当前时限状态。"
    )
