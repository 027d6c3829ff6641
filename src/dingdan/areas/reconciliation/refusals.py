"""Every no about statements of providers and what they differ in."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class StatementUnknown(Refusal):
    """There is no such statement, or it is not for this actor."""

    code = "statement.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such statement.", "对账单不存在。")
    remedy = Text("Check the number of the statement.", "请核对对账单编号。")


class NotThePlatform(Refusal):
    """A provider's statement is about every merchant, so only the platform takes it in."""

    code = "statement.not_the_platform"
    kind = Kind.FORBIDDEN
    message = Text("A provider's statement is about every merchant.", "渠道对账单涉及所有商家。")
    remedy = Text("Take it in with a key of the platform.", "请使用平台密钥提交。")


class DifferenceUnknown(Refusal):
    """There is no such difference, or it is somebody else's."""

    code = "difference.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such difference.", "该对账差异不存在。")
    remedy = Text("Read the list of differences again.", "请重新读取差异列表。")


class ResolvedAlready(Refusal):
    """Somebody has said already what became of it."""

    code = "difference.resolved"
    kind = Kind.CONFLICT
    message = Text("This difference was resolved as {resolution}.", "该差异已处理，结论为 {resolution}。")
    remedy = Text("Read it again to see who did and when.", "请重新读取以查看处理人和时间。")
