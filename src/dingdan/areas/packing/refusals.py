"""Every no about boxes, serials, pictures and consents."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class WeightDiffers(Refusal):
    """The box does not weigh what its goods weigh: something may be missing, or too much in it."""

    code = "box.weight_differs"
    kind = Kind.CONFLICT
    message = Text("The box weighs {grams} g, about {expected} g were expected.",
                   "包裹重 {grams} 克，预计约 {expected} 克。")  # fmt: skip
    remedy = Text("Look into the box. If it is right, send the same again with `weight_confirmed`.",
                  "请检查箱内商品；确认无误后，带 weight_confirmed 重新提交。")  # fmt: skip


class SerialsDiffer(Refusal):
    """A product whose pieces are numbered needs one number for each piece, and others take none."""

    code = "box.serials_differ"
    kind = Kind.INVALID
    message = Text(
        "{sku}: {given} serial numbers for {wanted} pieces.", "商品 {sku}：{wanted} 件，提供了 {given} 个序列号。"
    )
    remedy = Text("Scan the serial number of each piece, once.", "请逐件扫描序列号，每件一次。")


class SerialTwice(Refusal):
    """One number was scanned for two pieces."""

    code = "box.serial_twice"
    kind = Kind.INVALID
    message = Text("{serial} was scanned twice.", "序列号 {serial} 被重复扫描。")
    remedy = Text("Scan the number of the other piece.", "请扫描另一件商品的序列号。")


class SerialTaken(Refusal):
    """A piece with this number lies in another box already, or left in one."""

    code = "box.serial_taken"
    kind = Kind.CONFLICT
    message = Text("The piece {serial} of {sku} was packed before.", "商品 {sku} 的序列号 {serial} 已被打包过。")
    remedy = Text("Look at the piece again; if it came back and is sold anew, put the old box back first.",
                  "请重新核对该商品；若为退回后再次销售，请先退回原打包任务。")  # fmt: skip


class TooManyPictures(Refusal):
    """A box has as many pictures as it may have."""

    code = "picture.too_many"
    kind = Kind.CONFLICT
    message = Text("A box has at most {most} pictures.", "每个包裹最多保存 {most} 张照片。")
    remedy = Text("Take fewer pictures that show more.", "请减少照片数量，使每张照片包含更多内容。")


class PictureUnknown(Refusal):
    """There is no such picture, or it is somebody else's."""

    code = "picture.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such picture.", "照片不存在。")
    remedy = Text("Read the pictures of the order again.", "请重新读取该订单的照片列表。")


class ConsentUnknown(Refusal):
    """There is no such consent, or it is somebody else's."""

    code = "consent.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such consent.", "该同意记录不存在。")
    remedy = Text("Read the consents of the order again.", "请重新读取该订单的同意记录。")


class ConsentTextUnknown(Refusal):
    """Nobody can have agreed to words that do not exist."""

    code = "consent.text_unknown"
    kind = Kind.INVALID
    message = Text('There is no text of the version "{version}".', "没有版本为“{version}”的同意文本。")
    remedy = Text("Use one of: {known}.", "请使用以下版本之一：{known}。")


class ConsentUnfit(Refusal):
    """A consent names one order, an order twice, or a moment that has not come."""

    code = "consent.unfit"
    kind = Kind.INVALID
    message = Text("The consent cannot be kept: {why}.", "无法记录该同意：{why_zh}。")
    remedy = Text("Name at least two orders, each once, and when it was given.", "请列出至少两个不同的订单及同意时间。")


class ConsentOrdersUnfit(Refusal):
    """Orders of different merchants or recipients never travel together, whoever agrees."""

    code = "consent.orders_unfit"
    kind = Kind.INVALID
    message = Text("This order does not go to the same recipient from the same merchant as the first one.",
                   "该订单与第一个订单的商家或收件人不同。")  # fmt: skip
    remedy = Text("Name orders of one merchant with the same name, phone and address only.",
                  "请只列出同一商家且收件人姓名、电话和地址均相同的订单。")  # fmt: skip
