"""Every no about buyers' credit."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class PurseUnknown(Refusal):
    """There is no such purse, or it is somebody else's."""

    code = "credit.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such purse.", "该账户不存在。")
    remedy = Text("Check the number, or read the buyer's credit again.", "请核对编号，或重新查询该用户的账户。")


class NotEnoughCredit(Refusal):
    """A purse has less than is asked of it."""

    code = "credit.not_enough"
    kind = Kind.CONFLICT
    message = Text(
        "Of {kind}, {asked} {unit} were asked for and {available} are available.",
        "{kind} 账户需支付 {asked} {unit}，可用 {available}。",
    )
    remedy = Text("Use less of it, and pay the rest another way.", "请减少使用数额，余下部分用其他方式支付。")


class AmountUnfit(Refusal):
    """An amount that cannot be put into a purse or taken from it."""

    code = "credit.amount_unfit"
    kind = Kind.INVALID
    message = Text("{amount} is not an amount of credit.", "{amount} 不是有效的数额。")
    remedy = Text("Give a whole number from 1 to {most}.", "请填写 1 到 {most} 之间的整数。")


class UnitUnfit(Refusal):
    """Points have no currency, and money has one that we keep accounts in."""

    code = "credit.unit_unfit"
    kind = Kind.INVALID
    message = Text("{kind} cannot be counted in {unit}.", "{kind} 账户不能以 {unit} 计量。")
    remedy = Text("Count points in `points`, and money in an ISO 4217 currency.",
                  "积分以 points 计量，资金以 ISO 4217 货币计量。")  # fmt: skip


class ExpiryUnfit(Refusal):
    """An end that this kind of credit may not have."""

    code = "credit.expiry_unfit"
    kind = Kind.INVALID
    message = Text("{kind} cannot end on {date}.", "{kind} 不能于 {date} 到期。")
    remedy = Text(
        "Money of a buyer never ends, points end in the future, and a card is good for at least {years} years.",
        "用户余额不设有效期，积分须于未来到期，礼品卡有效期不少于 {years} 年。",
    )


class CardUnusable(Refusal):
    """A code that opens nothing: unknown, blocked or past its date. Which of them is not said to whoever guesses."""

    code = "card.unusable"
    kind = Kind.CONFLICT
    message = Text("This card cannot be used.", "该礼品卡无法使用。")
    remedy = Text("Check the code. If it is right, ask whoever issued the card.", "请核对卡号；如无误，请联系发卡方。")


class TooManyTries(Refusal):
    """Too many wrong codes were tried."""

    code = "card.too_many_tries"
    kind = Kind.CONFLICT
    message = Text("Too many wrong card codes were tried.", "错误的卡号尝试次数过多。")
    remedy = Text("Try again after {retry_at}, or pay another way.", "请于 {retry_at} 之后重试，或改用其他支付方式。")


class OverRestored(Refusal):
    """More is to go back into a purse than was spent from it."""

    code = "credit.over_restored"
    kind = Kind.CONFLICT
    message = Text("{asked} are to go back, and {left} are left of what was spent.",
                   "需退回 {asked}，而已支付部分仅余 {left}。")  # fmt: skip
    remedy = Text("Give back what is left at most.", "退回数额不得超过剩余部分。")
