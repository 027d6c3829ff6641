"""Every no about what becomes of goods that came back."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class GoodsUnknown(Refusal):
    """There are no such goods, or they are somebody else's."""

    code = "goods.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There are no such goods.", "没有这批退回商品。")
    remedy = Text("Check the id; the list of goods that wait has it.", "请核对编号；可在待处置清单中查询。")


class UnitsUnfit(Refusal):
    """None, or more than wait for a decision."""

    code = "goods.units_unfit"
    kind = Kind.CONFLICT
    message = Text(
        "{wanted} units are asked about, {open} wait for a decision.", "申请处置 {wanted} 件，待处置 {open} 件。"
    )
    remedy = Text("Name one unit at least, and no more than wait.", "数量须至少为 1，且不超过待处置数量。")


class NotForThese(Refusal):
    """The law, the policy or the state of the goods forbids it."""

    code = "goods.not_for_these"
    kind = Kind.CONFLICT
    message = Text(
        "These goods cannot be put to this use ({kind}): {why}.", "这些商品不能按此方式处置（{kind}）：{why_zh}。"
    )
    remedy = Text("Choose something else; what is allowed stands with the goods as `allowed`.",
                  "请选择其他处置方式；可选方式见商品的 allowed 字段。")  # fmt: skip


class NotOurs(Refusal):
    """No money was paid for these units, so they are the buyer's."""

    code = "goods.not_ours"
    kind = Kind.CONFLICT
    message = Text("These units are the buyer's: they are neither sold nor destroyed.",
                   "这些商品归买家所有，不得销售或销毁。")  # fmt: skip
    remedy = Text("Send them back, or offer the buyer money for them.", "请寄回买家，或向买家提出折价补偿。")


class NotTheBuyers(Refusal):
    """The money for these units went back, so they do not."""

    code = "goods.not_the_buyers"
    kind = Kind.CONFLICT
    message = Text("These units were paid back and are ours.", "这些商品已退款，归我方所有。")
    remedy = Text("Choose another use for them.", "请选择其他处置方式。")


class Unmarked(Refusal):
    """What is not as new is sold as another product, which says so."""

    code = "goods.unmarked"
    kind = Kind.INVALID
    message = Text("Goods that are not as new are sold as a product of their own that is marked second-hand.",
                   "非全新商品须以明确标注为二手的独立商品销售。")  # fmt: skip
    remedy = Text("Name in `as_sku` another product of the merchant with the flag second_hand.",
                  "请在 as_sku 中填写该商家另一个带有 second_hand 标记的商品。")  # fmt: skip


class NotWiped(Refusal):
    """Somebody's data may still be on it."""

    code = "goods.not_wiped"
    kind = Kind.CONFLICT
    message = Text("Things of this kind may hold their owner's data.", "此类商品可能留有个人数据。")
    remedy = Text("Wipe them and say so with `is_wiped`.", "请先清除数据，并填写 is_wiped。")


class NotWitnessed(Refusal):
    """Destroying takes a second person and a certificate."""

    code = "goods.not_witnessed"
    kind = Kind.INVALID
    message = Text("Goods are destroyed before a witness, another member of staff, and with a certificate.",
                   "销毁商品须有另一名员工见证，并有销毁凭证。")  # fmt: skip
    remedy = Text("Name the witness and the number of the certificate.", "请填写见证人和销毁凭证编号。")


class RecoveredUnfit(Refusal):
    """More than the goods were worth, or money where there is none."""

    code = "goods.recovered_unfit"
    kind = Kind.INVALID
    message = Text("{recovered} does not fit: these units were worth {value}, and this brings {most} at most.",
                   "回收金额 {recovered} 不合适：商品价值 {value}，该方式最多回收 {most}。")  # fmt: skip
    remedy = Text("Give what they really bring.", "请填写实际回收金额。")


class DetailUnfit(Refusal):
    """A note or a number of a certificate that nobody will read to its end."""

    code = "goods.detail_unfit"
    kind = Kind.INVALID
    message = Text("This text is too long or holds characters that cannot be kept.", "该文本过长或含有无法保存的字符。")
    remedy = Text("Say it in at most {limit} plain characters.", "请使用不超过 {limit} 个普通字符。")


class NothingToChoose(Refusal):
    """These units were accepted, sent back or paid for already."""

    code = "goods.nothing_to_choose"
    kind = Kind.CONFLICT
    message = Text("There is nothing to choose about these units any more.", "这些商品已无需选择处理方式。")
    remedy = Text("Read the return again.", "请重新查看退货单。")


class NoOffer(Refusal):
    """Nobody has offered money for these units."""

    code = "goods.no_offer"
    kind = Kind.CONFLICT
    message = Text("No reduced refund was offered for these units.", "尚未就这些商品提出部分退款方案。")
    remedy = Text("Ask the seller for an offer, have the goods sent back, or disagree.",
                  "请联系商家提出方案，或选择寄回、提出异议。")  # fmt: skip


class OfferUnfit(Refusal):
    """Less than nothing, or more than was paid."""

    code = "goods.offer_unfit"
    kind = Kind.INVALID
    message = Text("An offer is more than 0 and at most {most}.", "补偿金额须大于 0 且不超过 {most}。")
    remedy = Text("Offer another amount.", "请修改金额。")
