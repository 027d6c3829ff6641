"""Every no about prices, promotions and coupons."""

from typing import ClassVar

from dingdan.kernel.refusal import Kind, Refusal, Text

_DROP = Text("Leave the coupon out, or take another one.", "请去掉该优惠券或换用其他优惠券。")


class CouponUnknown(Refusal):
    """There is no such coupon, or it was not given to this buyer: nobody can tell which."""

    code = "coupon.unknown"
    kind = Kind.INVALID
    message = Text("There is no coupon {code}.", "优惠券 {code} 不存在。")
    remedy = Text("Check the code, or leave the coupon out.", "请核对券码或去掉该优惠券。")


class CouponTriesTooMany(Refusal):
    """Too many codes were named that do not exist; for a while none is looked up."""

    code = "coupon.too_many_tries"
    kind = Kind.CONFLICT
    status: ClassVar[int] = 429
    message = Text("Too many wrong coupon codes were tried.", "错误的优惠券码尝试次数过多。")
    remedy = Text(
        "Order without coupons, or try again after {retry_at}.", "请不使用优惠券下单，或于 {retry_at} 之后重试。"
    )


class CouponTwice(Refusal):
    """The same coupon stands in the request twice."""

    code = "coupon.twice"
    kind = Kind.INVALID
    message = Text("Coupon {code} is named twice.", "优惠券 {code} 重复填写。")
    remedy = Text("Name it once.", "请只填写一次。")


class CouponsTooMany(Refusal):
    """More coupons than an order may have."""

    code = "coupon.too_many"
    kind = Kind.INVALID
    message = Text(
        "{count} coupons are more than the {most} an order may have.", "优惠券 {count} 张，超过上限 {most} 张。"
    )
    remedy = Text("Keep the best ones.", "请保留最优惠的几张。")


class CouponNotYet(Refusal):
    """The coupon begins later."""

    code = "coupon.not_yet"
    kind = Kind.CONFLICT
    message = Text("Coupon {code} can be used from {starts} on.", "优惠券 {code} 自 {starts} 起可用。")
    remedy = Text("Order later, or leave the coupon out.", "请稍后下单或去掉该优惠券。")


class CouponOver(Refusal):
    """The coupon has expired or was stopped."""

    code = "coupon.over"
    kind = Kind.CONFLICT
    message = Text("Coupon {code} is no longer valid.", "优惠券 {code} 已失效。")
    remedy = _DROP


class CouponBelowThreshold(Refusal):
    """The goods that the coupon is for cost less than it asks for."""

    code = "coupon.below_threshold"
    kind = Kind.CONFLICT
    message = Text(
        "Coupon {code} needs goods for {min_spend} {currency}; {missing} are missing.",
        "优惠券 {code} 需满 {min_spend} {currency}，还差 {missing}。",
    )
    remedy = Text("Add goods that it is for, or leave the coupon out.", "请凑单或去掉该优惠券。")


class CouponOutOfScope(Refusal):
    """Nothing in the basket is what the coupon is for."""

    code = "coupon.out_of_scope"
    kind = Kind.CONFLICT
    message = Text("Coupon {code} is for none of these goods.", "优惠券 {code} 不适用于所选商品。")
    remedy = _DROP


class CouponTakesNothingOff(Refusal):
    """The coupon would be spent for nothing: with it the order is not cheaper than without."""

    code = "coupon.takes_nothing_off"
    kind = Kind.CONFLICT
    message = Text("Coupon {code} does not make this order cheaper.", "使用优惠券 {code} 不会使本单更便宜。")
    remedy = Text("Keep it for another order.", "请留待下次使用。")


class CouponOtherChannel(Refusal):
    """The coupon is for other channels."""

    code = "coupon.other_channel"
    kind = Kind.CONFLICT
    message = Text("Coupon {code} cannot be used in channel {channel}.", "优惠券 {code} 不适用于渠道 {channel}。")
    remedy = Text("Order through a channel that it is for, or leave it out.", "请通过适用渠道下单或去掉该优惠券。")


class CouponOtherCurrency(Refusal):
    """The coupon is in another currency."""

    code = "coupon.other_currency"
    kind = Kind.CONFLICT
    message = Text(
        "Coupon {code} is in {its}, the order in {currency}.", "优惠券 {code} 币种为 {its}，订单币种为 {currency}。"
    )
    remedy = _DROP


class CouponFirstOrderOnly(Refusal):
    """The coupon is for the first order, and there was one."""

    code = "coupon.first_order_only"
    kind = Kind.CONFLICT
    message = Text("Coupon {code} is for the first order only.", "优惠券 {code} 仅限首单使用。")
    remedy = _DROP


class CouponUsedUp(Refusal):
    """All uses of the coupon are taken."""

    code = "coupon.used_up"
    kind = Kind.CONFLICT
    message = Text("Coupon {code} is used up.", "优惠券 {code} 已领完或用完。")
    remedy = _DROP


class CouponUsedAlready(Refusal):
    """This buyer has used the coupon as often as one may."""

    code = "coupon.used_already"
    kind = Kind.CONFLICT
    message = Text("Coupon {code} was used by this buyer already.", "该买家已用过优惠券 {code}。")
    remedy = _DROP


class CouponsDoNotCombine(Refusal):
    """Two coupons that exclude each other."""

    code = "coupon.do_not_combine"
    kind = Kind.CONFLICT
    message = Text("Coupon {code} cannot be combined with {other}.", "优惠券 {code} 不能与 {other} 同时使用。")
    remedy = Text("Keep one of the two.", "请只保留其中一项。")


class CouponShared(Refusal):
    """The price of one order cannot be made anew alone where another order carries a part of the same coupon."""

    code = "coupon.shared"
    kind = Kind.CONFLICT
    message = Text(
        "Another order of the same checkout shares a coupon with this one, so its quantities cannot be changed alone.",
        "本订单与同次结算的其他订单共用优惠券，不能单独修改数量。",
    )
    remedy = Text(
        "Cancel the orders of the checkout, which brings the coupon back, and order again; or order more apart.",
        "请取消同次结算的订单（优惠券将退回）后重新下单，或将增加的商品另行下单。",
    )


class PromotionUsedUp(Refusal):
    """A promotion of the quote ran out, or was stopped, before the order was made."""

    code = "promotion.used_up"
    kind = Kind.CONFLICT
    message = Text("{name} has just run out, so the price has changed.", "活动“{name_zh}”刚刚结束，价格已变化。")
    remedy = Text("Show the buyer the new total and order again.", "请向买家展示新的总额后重新下单。")


class PointsNotTaken(Refusal):
    """The merchant takes no points in this currency or for these goods."""

    code = "pricing.points_not_taken"
    kind = Kind.CONFLICT
    message = Text("Points cannot be used for this order.", "本单不能使用积分。")
    remedy = Text("Leave the points out.", "请不使用积分。")


class PointsUnfit(Refusal):
    """More points than this order takes, or no multiple of what they are counted in."""

    code = "pricing.points_unfit"
    kind = Kind.CONFLICT
    message = Text(
        "This order takes up to {most} points in multiples of {step}, not {points}.",
        "本单最多可用 {most} 积分，且须为 {step} 的整数倍，而非 {points}。",
    )
    remedy = Text("Use {most} points or fewer.", "请使用不超过 {most} 的积分。")


class PresaleApart(Refusal):
    """Goods with a deposit are ordered by themselves."""

    code = "pricing.presale_apart"
    kind = Kind.CONFLICT
    message = Text("{sku} is sold with a deposit and is ordered by itself.", "商品 {sku} 为定金预售，须单独下单。")
    remedy = Text("Order it apart from the other goods.", "请将其与其他商品分开下单。")


class PromotionUnknown(Refusal):
    """There is no such promotion, or it is another merchant's."""

    code = "promotion.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such promotion.", "该促销活动不存在。")
    remedy = Text("Check the id.", "请核对编号。")


class PromotionStands(Refusal):
    """What was asked for does not fit where the promotion stands."""

    code = "promotion.state_forbids"
    kind = Kind.CONFLICT
    message = Text(
        "The promotion is {state}, so it cannot be changed like this.", "活动状态为 {state}，不能执行此操作。"
    )
    remedy = Text("Stop it and make a new one.", "请停止该活动并另建新活动。")


class PromotionOver(Refusal):
    """The promotion would be over before it begins."""

    code = "promotion.over"
    kind = Kind.INVALID
    message = Text(
        "The promotion ends at {ends}, which is past or before its start.", "活动结束时间 {ends} 已过或早于开始时间。"
    )
    remedy = Text("Choose a later end.", "请选择更晚的结束时间。")


class CodeTaken(Refusal):
    """Another coupon has this code."""

    code = "promotion.code_taken"
    kind = Kind.CONFLICT
    message = Text("There is a coupon {code} already.", "券码 {code} 已被使用。")
    remedy = Text("Choose another code.", "请换一个券码。")


class FieldUnfit(Refusal):
    """A part of a promotion or tariff that nothing could be computed with."""

    code = "promotion.field_unfit"
    kind = Kind.INVALID
    message = Text("{field}: {why}.", "{field} 填写有误：{why_zh}。")
    remedy = Text("Correct it.", "请更正。")


class TariffMoved(Refusal):
    """Somebody else replaced the rules since they were read."""

    code = "pricing.tariff_moved"
    kind = Kind.CONFLICT
    message = Text("These rules were changed since you opened them.", "这些规则在您打开之后已被修改。")
    remedy = Text(
        "Look at the rules as they stand now, and make your change once more.", "请重新打开查看最新规则后再修改。"
    )


class NotACoupon(Refusal):
    """Only coupons are given to people."""

    code = "promotion.not_a_coupon"
    kind = Kind.CONFLICT
    message = Text("This promotion has no code and applies by itself.", "该活动没有券码，自动生效，无需发放。")
    remedy = Text("Give away a coupon instead.", "请改为发放优惠券。")


class OutOfReach(Refusal):
    """A merchant's hand ends at its own prices."""

    code = "promotion.out_of_reach"
    kind = Kind.NOT_FOUND
    message = Text("There is no such merchant.", "商家不存在。")
    remedy = Text("Name your own merchant.", "请填写本商家。")
