"""Every no about exchanges."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class ExchangeUnknown(Refusal):
    """There is no such exchange, or it is somebody else's."""

    code = "exchange.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such exchange.", "该换货单不存在。")
    remedy = Text("Check the id; the return names its exchange.", "请检查换货单号；可在退货单中查看。")


class ExchangeStateForbids(Refusal):
    """The exchange stands somewhere else by now."""

    code = "exchange.state_forbids"
    kind = Kind.CONFLICT
    message = Text(
        'An exchange that is {state} cannot be taken to "{verb}".', "换货处于 {state} 状态，不能执行 {verb}。"
    )
    remedy = Text("Read the exchange again; `actions` says what can be done now.",
                  "请重新查看换货单，actions 列出了当前可执行的操作。")  # fmt: skip


class WishUnknown(Refusal):
    """Something is wanted for a line that is not in the application."""

    code = "exchange.wish_unknown"
    kind = Kind.INVALID
    message = Text(
        "What is wanted instead is not for a line of this application.", "换货商品未对应本次申请中的订单行。"
    )
    remedy = Text("Name the order and the line for which something else is wanted.", "请填写需要换货的订单和行号。")


class VariantUnfit(Refusal):
    """What is wanted cannot be had for these goods."""

    code = "exchange.variant_unfit"
    kind = Kind.INVALID
    message = Text("{sku} cannot be had for these goods: {why}.", "不能换为 {sku}：{why_zh}。")
    remedy = Text(
        "Take another one, the same again, or apply for the money.", "请选择其他商品、原款换新，或改为申请退款。"
    )


class NoneLeft(Refusal):
    """There is too little of what is wanted."""

    code = "exchange.none_left"
    kind = Kind.CONFLICT
    message = Text("There is not enough of what is wanted.", "所选商品库存不足。")
    remedy = Text("Take another one, or the money.", "请选择其他商品，或改为退款。")


class NotAhead(Refusal):
    """What is sent before the goods have come needs a policy, a buyer and a price that allow it."""

    code = "exchange.not_ahead"
    kind = Kind.FORBIDDEN
    message = Text("Nothing is sent before the goods have come: {why}.", "不能先行发货：{why_zh}。")
    remedy = Text(
        "Wait for the goods; they are sent within the promised time after that.", "请等待商品寄回后按承诺时限发出。"
    )


class MoneyNotDue(Refusal):
    """Who asked for something else gets that, as long as it can be had."""

    code = "exchange.money_not_due"
    kind = Kind.CONFLICT
    message = Text("What is wanted is kept for the buyer and is not late.", "换货商品已预留且未超时。")
    remedy = Text("Wait for it. If it is not sent in time, the money can be had instead; before the goods are sent back the"
                  " application can be withdrawn.", "请等待发货；超时未发可改为退款。商品寄回前可撤销申请。")  # fmt: skip
