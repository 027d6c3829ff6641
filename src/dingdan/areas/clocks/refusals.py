"""Every no about calendars and about moving deadlines."""

from dingdan.kernel.refusal import Kind, Refusal, Text

_MEND = Text("Correct the field and send it again.", "请更正该字段后重新提交。")


class CalendarUnfit(Refusal):
    """Nobody can work by this calendar."""

    code = "clocks.calendar_unfit"
    kind = Kind.INVALID
    message = Text("This cannot be a calendar: {why}.", "该日历无效：{why_zh}。")
    remedy = _MEND


class CountsEveryHour(Refusal):
    """The law or the engine counts this kind by every hour, and no calendar changes that."""

    code = "clocks.counts_every_hour"
    kind = Kind.INVALID
    message = Text("{kind} counts every hour; only {known} may be counted by a calendar.",
                   "{kind} 按自然时间计算；仅 {known} 可按工作日历计算。")  # fmt: skip
    remedy = Text("Leave this kind out.", "请去掉该类时限。")


class NotExtendable(Refusal):
    """This kind is not staff's to move."""

    code = "clocks.not_extendable"
    kind = Kind.INVALID
    message = Text("{kind} cannot be extended; these can: {known}.", "{kind} 不可延长；可延长的有：{known}。")
    remedy = Text("Leave this kind out.", "请去掉该类时限。")


class ExtensionUnfit(Refusal):
    """The period or the new time makes no sense."""

    code = "clocks.extension_unfit"
    kind = Kind.INVALID
    message = Text("Deadlines cannot be extended like this: {why}.", "无法这样延长时限：{why_zh}。")
    remedy = _MEND


class ExtensionUnknown(Refusal):
    """There is no such extension within reach."""

    code = "clocks.extension_unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such extension.", "该延期记录不存在。")
    remedy = Text("Check the id.", "请核对编号。")
