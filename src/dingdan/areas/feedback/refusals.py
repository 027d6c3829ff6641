"""Every no about feedback."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class NotDeliveredYet(Refusal):
    """Nobody can rate what they do not have."""

    code = "feedback.not_delivered_yet"
    kind = Kind.CONFLICT
    message = Text("The order has not arrived yet.", "订单尚未送达。")
    remedy = Text("Rate it when the goods are here.", "请在收到商品后再评价。")


class RatingUnusable(Refusal):
    """A rating has five steps."""

    code = "feedback.rating_unusable"
    kind = Kind.INVALID
    message = Text("A rating goes from {worst} to {best}.", "评分范围为 {worst} 至 {best}。")
    remedy = Text("Choose a whole number inside.", "请填写范围内的整数。")


class LineUnknown(Refusal):
    """The order has no such line, or it is rated twice."""

    code = "feedback.line_unknown"
    kind = Kind.INVALID
    message = Text("The order has no line {line_no} that is not rated already.", "订单中没有可评价的第 {line_no} 行。")
    remedy = Text("Name each line of the order once at most.", "请填写订单中的行号，每行最多一次。")


class WordsUnusable(Refusal):
    """There is a limit to words and photos."""

    code = "feedback.words_unusable"
    kind = Kind.INVALID
    message = Text("Feedback has up to {longest} characters and {photos} photos.",
                   "评价最多 {longest} 个字符、{photos} 张图片。")  # fmt: skip
    remedy = Text("Shorten it.", "请缩短内容。")


class ChangedAlready(Refusal):
    """It can be changed once, and not for ever."""

    code = "feedback.changed_already"
    kind = Kind.CONFLICT
    message = Text("Feedback can be changed once, within {days} days.", "评价只能在 {days} 天内修改一次。")
    remedy = Text("It stays as it is.", "评价保持不变。")


class NoFeedback(Refusal):
    """Nobody has rated the order."""

    code = "feedback.none"
    kind = Kind.NOT_FOUND
    message = Text("The order has no feedback.", "该订单没有评价。")
    remedy = Text("Read the order; its buyer can rate it after delivery.", "请查看订单；用户可在收货后评价。")
