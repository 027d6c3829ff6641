"""Every no about the way back."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class PlaceStands(Refusal):
    """Another place can be proposed only while goods have not been sent, and one at a time."""

    code = "way_back.place_stands"
    kind = Kind.CONFLICT
    message = Text("The address of this return cannot be changed now.", "该退货单的退货地址目前不能更改。")
    remedy = Text("Only before the goods are sent, and once the buyer has answered the last proposal.",
                  "仅可在寄出前更改，且须待买家答复上一次的更改提议。")  # fmt: skip


class PlaceUnfit(Refusal):
    """Nobody can send anything there."""

    code = "way_back.place_unfit"
    kind = Kind.INVALID
    message = Text("The address is not complete: {missing}.", "退货地址不完整：{missing}。")
    remedy = Text("Give a name, a phone number and a whole address (Penal Measures art. 9).",
                  "请填写真实的收件人、电话和完整地址。")  # fmt: skip


class NothingProposed(Refusal):
    """There is nothing to agree to."""

    code = "way_back.nothing_proposed"
    kind = Kind.CONFLICT
    message = Text("No other address waits for an answer.", "没有待确认的退货地址。")
    remedy = Text("Send the goods to the address of the return.", "请按退货单上的地址寄出。")


class NoLabel(Refusal):
    """We cannot have a label made by this carrier for this way."""

    code = "way_back.no_label"
    kind = Kind.CONFLICT
    message = Text(
        "No label can be had from {carrier} ({service}) for this way.",
        "无法为该线路获取 {carrier}（{service}）的面单。",
    )
    remedy = Text("Choose an option with `has_label`, or send it with any carrier of your own and tell us the number.",
                  "请选择支持面单的方式，或自行选择任意快递寄出后填写单号。")  # fmt: skip


class PickUpUnfit(Refusal):
    """The carrier does not come then."""

    code = "way_back.pick_up_unfit"
    kind = Kind.INVALID
    message = Text("Nobody can come at that time.", "该时间无法上门取件。")
    remedy = Text("Choose a time from now until the goods are to be sent, with an option that picks up.",
                  "请选择支持上门取件的方式，时间须在当前与寄回期限之间。")  # fmt: skip


class ValueUnfit(Refusal):
    """More is declared than the goods cost."""

    code = "way_back.value_unfit"
    kind = Kind.INVALID
    message = Text("A declared value is more than 0 and at most {most}.", "保价金额须大于 0 且不超过 {most}。")
    remedy = Text("Declare what the goods cost, or nothing: it is your choice.", "请按商品价值填写，或不保价。")


class ScanUnfit(Refusal):
    """Nobody knows what it means, or when it was."""

    code = "way_back.scan_unfit"
    kind = Kind.INVALID
    message = Text("There is no such event: {code}.", "没有这样的物流事件：{code}。")
    remedy = Text("Use one of {known}, at a time that has passed.", "可用的事件：{known}，时间不得晚于当前。")


class StrayUnknown(Refusal):
    """There is no such parcel, or it is somebody else's."""

    code = "stray.unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such parcel.", "没有这样的无主包裹。")
    remedy = Text("Check the id.", "请核对编号。")


class StrayStateForbids(Refusal):
    """The parcel has found its owner or went on."""

    code = "stray.state_forbids"
    kind = Kind.CONFLICT
    message = Text('A parcel that is {state} cannot be taken to "{verb}".', "包裹处于 {state} 状态，不能执行 {verb}。")
    remedy = Text("Read it again; `available_actions` names what can be done.",
                  "请重新读取；available_actions 列出了可执行的操作。")  # fmt: skip


class TooManyStrayPictures(Refusal):
    """So many say no more than fewer."""

    code = "stray.too_many_pictures"
    kind = Kind.CONFLICT
    message = Text("There are {most} pictures of this parcel already.", "该包裹已有 {most} 张照片。")
    remedy = Text("Take those that show whose it may be.", "请只拍摄有助于识别归属的照片。")


class StrayPictureUnknown(Refusal):
    """There is no such picture, or its file is gone."""

    code = "stray.picture_unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no such picture.", "没有这张照片。")
    remedy = Text("Check the id.", "请核对编号。")


class StrayUnfit(Refusal):
    """Something about it makes no sense."""

    code = "stray.unfit"
    kind = Kind.INVALID
    message = Text("{field} does not fit here.", "{field} 的内容不合适。")
    remedy = Text("Give short plain words; grams above 0; the carrier together with its number.",
                  "请填写简短文字；重量须大于 0；承运商与单号须同时填写。")  # fmt: skip


class OtherWarehouse(Refusal):
    """The return belongs to somebody else, or elsewhere."""

    code = "stray.other_warehouse"
    kind = Kind.CONFLICT
    message = Text("This return belongs to another merchant or warehouse.", "该退货单属于其他商家或仓库。")
    remedy = Text(
        "Send the parcel on to where it belongs, and close it here.", "请将包裹转寄至对应仓库，并在此处关闭。"
    )
