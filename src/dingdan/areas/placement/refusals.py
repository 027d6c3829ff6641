"""Every reason why a basket does not become an order."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class BasketEmpty(Refusal):
    """Nothing is in the basket."""

    code = "placement.basket_empty"
    kind = Kind.INVALID
    message = Text("The order has no lines.", "订单没有任何商品。")
    remedy = Text("Add at least one line.", "请至少添加一件商品。")


class TooManyLines(Refusal):
    """More lines than an order may have."""

    code = "placement.too_many_lines"
    kind = Kind.INVALID
    message = Text(
        "{lines} lines are more than the {most} an order may have.", "订单有 {lines} 行，超过上限 {most} 行。"
    )
    remedy = Text("Split the basket into several orders.", "请拆分为多个订单。")


class QuantityUnfit(Refusal):
    """A quantity below one or beyond reason."""

    code = "placement.quantity_unfit"
    kind = Kind.INVALID
    message = Text("A quantity is from 1 to {most}, not {quantity}.", "数量须在 1 至 {most} 之间，而非 {quantity}。")
    remedy = Text("Correct the quantity or leave the line out.", "请更正数量或去掉该行。")


class QuantityBelowLeast(Refusal):
    """The product is sold in larger quantities only."""

    code = "placement.quantity_below_least"
    kind = Kind.CONFLICT
    message = Text("{sku} is sold from {least} units on.", "商品 {sku} 最少购买 {least} 件。")
    remedy = Text("Order {least} or more, or leave the line out.", "请购买 {least} 件以上，或去掉该行。")


class QuantityAboveMost(Refusal):
    """The product is sold in small quantities only."""

    code = "placement.quantity_above_most"
    kind = Kind.CONFLICT
    message = Text("An order takes at most {most} of {sku}.", "商品 {sku} 每单限购 {most} 件。")
    remedy = Text("Order {most} or fewer, or leave the line out.", "请将数量减至 {most} 件以内，或去掉该行。")


class BuyerLimitReached(Refusal):
    """The buyer has had, over all orders, what one buyer may have."""

    code = "placement.buyer_limit_reached"
    kind = Kind.CONFLICT
    message = Text("A buyer gets at most {most} of {sku}; {left} are left for this one.",
                   "商品 {sku} 每位买家限购 {most} 件，该买家还可购买 {left} 件。")  # fmt: skip
    remedy = Text("Order {left} or fewer, or leave the line out.", "请将数量减至 {left} 件以内，或去掉该行。")


class ProductUnknown(Refusal):
    """No such SKU at this merchant."""

    code = "placement.product_unknown"
    kind = Kind.INVALID
    message = Text("There is no product {sku}.", "没有商品 {sku}。")
    remedy = Text("Use a SKU of this merchant's catalogue.", "请使用该商家商品目录中的 SKU。")


class ProductOffSale(Refusal):
    """The product is not sold at the moment."""

    code = "placement.product_off_sale"
    kind = Kind.CONFLICT
    message = Text("{sku} is not for sale at the moment.", "商品 {sku} 目前不可购买。")
    remedy = Text("Leave the line out or choose another product.", "请去掉该行或改选其他商品。")


class NoPrice(Refusal):
    """The product has no price in the order's currency."""

    code = "placement.no_price"
    kind = Kind.CONFLICT
    message = Text("{sku} has no price in {currency}.", "商品 {sku} 没有 {currency} 价格。")
    remedy = Text("Order in a currency the product is priced in.", "请使用该商品已定价的币种下单。")


class NotEnoughStock(Refusal):
    """Fewer units are free than were asked for."""

    code = "placement.not_enough_stock"
    kind = Kind.CONFLICT
    message = Text(
        "Only {free} of {sku} are left, {wanted} were asked for.",
        "商品 {sku} 仅剩 {free} 件，需要 {wanted} 件。",
    )
    remedy = Text("Order {free} or fewer, or leave the line out.", "请将数量减至 {free} 件以内，或去掉该行。")


class PriceChanged(Refusal):
    """The buyer was shown another total."""

    code = "placement.price_changed"
    kind = Kind.CONFLICT
    message = Text(
        "The total is {total} {currency}, not {expected}.", "订单总额为 {total} {currency}，而非 {expected}。"
    )
    remedy = Text("Show the buyer the new total and order again with it.", "请向买家展示新的总额，确认后重新下单。")


class UnitPriceChanged(Refusal):
    """The buyer was shown another price of this line."""

    code = "placement.unit_price_changed"
    kind = Kind.CONFLICT
    message = Text("{sku} costs {price} {currency}, not {expected}.",
                   "商品 {sku} 的单价为 {price} {currency}，而非 {expected}。")  # fmt: skip
    remedy = Text("Show the buyer the new price and order again with it.", "请向买家展示新的单价，确认后重新下单。")


class PriceSuspicious(Refusal):
    """The price is so far from what the thing used to cost that somebody looks at it before anybody orders."""

    code = "placement.price_suspicious"
    kind = Kind.CONFLICT
    message = Text("The price of {sku} is being verified; you have not been charged.",
                   "商品 {sku} 的价格正在核实，您尚未被扣款。")  # fmt: skip
    remedy = Text("Go on without it, or ask to be told when its price is verified.",
                  "可先去掉该商品继续下单，或在价格核实后接收通知。")  # fmt: skip


class DiscountTooLarge(Refusal):
    """More is taken off than the merchant ever meant to give."""

    code = "placement.discount_too_large"
    kind = Kind.CONFLICT
    message = Text("{discount} of {goods} {currency} would be taken off, more than {most} %; it is being verified.",
                   "优惠 {discount} 超过商品金额 {goods} {currency} 的 {most}%，正在核实。")  # fmt: skip
    remedy = Text("Use fewer discounts, or ask to be called.", "请减少使用的优惠，或请客服联系您。")


class LineOfClosedMerchant(Refusal):
    """A line names a merchant that sells nothing at the moment, or that does not exist."""

    code = "placement.line_of_closed_merchant"
    kind = Kind.CONFLICT
    message = Text("The merchant of {sku} takes no orders at the moment.", "商品 {sku} 的商家目前不接单。")
    remedy = Text("Leave its lines out, or order from another merchant.", "请去掉该商家的商品，或向其他商家下单。")


class ReminderWithoutProduct(Refusal):
    """To be told about a thing, it must be named."""

    code = "placement.reminder_without_product"
    kind = Kind.INVALID
    message = Text("A reminder of this kind is about a product.", "此类提醒须指明商品。")
    remedy = Text("Add the SKU.", "请填写 SKU。")


class AddressIncomplete(Refusal):
    """A part of the address without which nothing can be delivered."""

    code = "placement.address_incomplete"
    kind = Kind.INVALID
    message = Text("The address lacks its {part}.", "收货地址缺少 {part}。")
    remedy = Text("Ask the buyer for the missing part.", "请补充缺少的地址信息。")


class FieldTooLong(Refusal):
    """A text is longer than it may be."""

    code = "placement.field_too_long"
    kind = Kind.INVALID
    message = Text("{field} has more than {most} characters.", "{field} 超过 {most} 个字符。")
    remedy = Text("Shorten it.", "请缩短内容。")


class BuyerMissing(Refusal):
    """Nobody is named as the buyer."""

    code = "placement.buyer_missing"
    kind = Kind.INVALID
    message = Text("The buyer has no reference.", "缺少买家标识。")
    remedy = Text("Send the id by which your shop knows the buyer.", "请提供店铺系统中的买家标识。")


class ConfirmationUnfit(Refusal):
    """What the buyer confirmed is not what this policy asks to be confirmed."""

    code = "placement.confirmation_unfit"
    kind = Kind.CONFLICT
    message = Text(
        "The confirmation for this line is {wanted}, not {given}.", "该行需确认的条款版本为 {wanted}，而非 {given}。"
    )
    remedy = Text(
        "Show the buyer the current words and send their version, or leave the confirmation out.",
        "请向买家展示当前条款并提交其版本，或不提交该确认。",
    )


class DepositIsPaid(Refusal):
    """A deposit binds both sides to what it was paid for."""

    code = "placement.deposit_is_paid"
    kind = Kind.CONFLICT
    message = Text(
        "A deposit was paid for these quantities, so they stay as they are.", "已按该数量支付定金，不能修改数量。"
    )
    remedy = Text("Order what is missing in another order. Who cancels the whole order may lose the deposit.",
                  "需要增加的商品请另行下单；取消整个订单可能无法退还定金。")  # fmt: skip


class WayCostsMore(Refusal):
    """Carriage or tax at the new address come to more than was agreed; nobody is charged without being asked."""

    code = "placement.way_costs_more"
    kind = Kind.CONFLICT
    message = Text("To send it there costs {amount} {currency} more than was agreed.",
                   "寄往该地址的费用比原订单多 {amount} {currency}。")  # fmt: skip
    remedy = Text("Cancel the order and order again to this address, or ask the seller to waive the difference.",
                  "请取消订单后按新地址重新下单，或请商家免除差额。")  # fmt: skip


class MerchantClosed(Refusal):
    """The merchant sells nothing at the moment, or does not exist."""

    code = "placement.merchant_closed"
    kind = Kind.CONFLICT
    message = Text("This merchant takes no orders at the moment.", "该商家目前不接单。")
    remedy = Text("Open the merchant again, or order from another one.", "请重新启用该商家，或向其他商家下单。")


class PolicyMissing(Refusal):
    """The merchant's return policy is not in force, so nothing can be promised."""

    code = "placement.policy_missing"
    kind = Kind.CONFLICT
    message = Text("Return policy {policy} is not in force.", "退货政策 {policy} 尚未生效。")
    remedy = Text("Publish the policy before selling.", "请先发布退货政策再开始销售。")


class AmountTooLarge(Refusal):
    """The sum is beyond what we keep accounts of."""

    code = "placement.amount_too_large"
    kind = Kind.INVALID
    message = Text("The order's total is too large.", "订单总额过大。")
    remedy = Text("Split the basket into several orders.", "请拆分为多个订单。")
