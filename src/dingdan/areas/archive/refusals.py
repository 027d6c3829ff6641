"""Every no about the archive."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class NotKept(Refusal):
    """The order is not in the archive yet."""

    code = "archive.not_kept"
    kind = Kind.NOT_FOUND
    message = Text("The order is not in the archive.", "该订单尚未归档。")
    remedy = Text("An order is archived within a day of its completion; until then read the order itself.",
                  "订单完成后一天内归档；在此之前请直接查看订单。")  # fmt: skip


class HoldOpen(Refusal):
    """There is a hold already."""

    code = "archive.hold_open"
    kind = Kind.CONFLICT
    message = Text("The order is under a legal hold already.", "该订单已处于法律保全状态。")
    remedy = Text("Lift that one first, or leave it.", "请先解除现有保全，或保持不变。")


class NoHold(Refusal):
    """There is no hold to lift."""

    code = "archive.no_hold"
    kind = Kind.CONFLICT
    message = Text("The order is under no legal hold.", "该订单没有法律保全。")
    remedy = Text("Read its archive; past holds are listed.", "请查看归档；历史保全记录已列出。")


class AlreadyErased(Refusal):
    """What a hold would keep is gone."""

    code = "archive.already_erased"
    kind = Kind.CONFLICT
    message = Text(
        "The people of this order were erased when its time was over.", "该订单的个人信息已在保存期满后删除。"
    )
    remedy = Text("Its facts are still in the archive.", "交易数据仍在归档中。")
