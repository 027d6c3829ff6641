"""Every no about customs."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class CustomsReturnUnknown(Refusal):
    """Nothing goes back under this number."""

    code = "customs_return.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such return through customs.", "未找到该退运申请。")
    remedy = Text("Check the id.", "请检查编号。")


class NotCrossBorder(Refusal):
    """Customs have a say only in what came in by cross-border retail."""

    code = "customs.not_cross_border"
    kind = Kind.INVALID
    message = Text("This is not imported by cross-border retail.", "该商品不属于跨境电商零售进口商品。")
    remedy = Text("Name lines whose goods carry the flag cross_border.", "请填写带有跨境标记的订单行。")


class DeclarationUnfit(Refusal):
    """A declaration is known by its number."""

    code = "customs.declaration_unfit"
    kind = Kind.INVALID
    message = Text(
        "A declaration has a number of 1 to {longest} characters.", "申报清单编号须为 1 至 {longest} 个字符。"
    )
    remedy = Text("Give the number that customs gave.", "请填写海关的清单编号。")


class DateUnfit(Refusal):
    """Days come in their order, and none of them is still to come."""

    code = "customs.date_unfit"
    kind = Kind.INVALID
    message = Text("This day lies between {first} and {last}.", "日期须在 {first} 至 {last} 之间。")
    remedy = Text("Give the day on which it happened, as it was in China.", "请填写实际发生的日期（北京时间）。")


class ReleaseMissing(Refusal):
    """What was not released cannot go back."""

    code = "customs.release_missing"
    kind = Kind.CONFLICT
    message = Text("It is not noted yet when customs released this order.", "尚未登记该订单的海关放行日期。")
    remedy = Text("Note the release first.", "请先登记放行日期。")


class CustomsStands(Refusal):
    """What depends on a date or was decided by one is not decided anew."""

    code = "customs.stands"
    kind = Kind.CONFLICT
    message = Text(
        "This is {state} already, and other days would decide it anew.", "当前状态为 {state}，不能再更改日期。"
    )
    remedy = Text("Withdraw what goes back first, where it is not back yet.", "尚未退运到位的，请先撤回退运申请。")


class UnitsUnfit(Refusal):
    """A unit goes back through customs once."""

    code = "customs.units_unfit"
    kind = Kind.CONFLICT
    message = Text("Of line {line_no} {left} can still go back.", "第 {line_no} 行还可退运 {left} 件。")
    remedy = Text("Name so many at most.", "请填写不超过该数量的件数。")


class OrderLimitReached(Refusal):
    """What costs more than this is no retail that a person imports for themselves."""

    code = "customs.order_limit_reached"
    kind = Kind.INVALID
    message = Text(
        "One order of goods from abroad comes to {most} CNY at most.", "跨境商品单笔订单不得超过 {most} 元。"
    )
    remedy = Text("Order less at a time.", "请减少商品，分单购买。")


class YearLimitReached(Refusal):
    """A person imports so much in a year, wherever they buy."""

    code = "customs.year_limit_reached"
    kind = Kind.CONFLICT
    message = Text(
        "With this order the person would import goods for more than {most} CNY in this year.",
        "加上本单，该身份信息的跨境商品年度交易额将超过 {most} 元。",
    )
    remedy = Text(
        "Order less, or with the papers of whoever the goods are for; the count begins anew each year.",
        "请减少商品，或使用实际收货人的身份信息；额度每年重新计算。",
    )
