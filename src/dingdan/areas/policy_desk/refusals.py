"""Every no of the desk."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class BacktestUnknown(Refusal):
    """There is no such back-test, or it is somebody else's."""

    code = "policy_desk.backtest_unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such back-test.", "回测不存在。")
    remedy = Text("Check the id.", "请核对编号。")


class SpanUnfit(Refusal):
    """A back-test looks at a span of the past that is not too long."""

    code = "policy_desk.span_unfit"
    kind = Kind.INVALID
    message = Text("The span must be 1 to {most} days.", "时间跨度须为 1 至 {most} 天。")
    remedy = Text("Choose fewer days.", "请缩短时间跨度。")


class BacktestsWaiting(Refusal):
    """Only so many back-tests of one merchant run at once."""

    code = "policy_desk.backtests_waiting"
    kind = Kind.CONFLICT
    message = Text("{most} back-tests are running already.", "已有 {most} 个回测正在运行。")
    remedy = Text("Wait until one of them is done.", "请等待其中一个完成。")


class PageMissing(Refusal):
    """The shop has no policy that applies now, so there is none to show."""

    code = "policy_desk.page_missing"
    kind = Kind.NOT_FOUND
    message = Text("This shop has no return policy in force.", "该店铺没有生效的退货政策。")
    remedy = Text("Publish the policy {policy}.", "请发布退货政策 {policy}。")


class CaseUnfit(Refusal):
    """A made-up case makes no sense."""

    code = "policy_desk.case_unfit"
    kind = Kind.INVALID
    message = Text("This must be {must}.", "该字段须为：{must}。")
    remedy = Text("Mend the case and try it again.", "请修改后重试。")
