"""Every no of carriers."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class CarrierUnknown(Refusal):
    """No such carrier that this merchant could use."""

    code = "carriers.carrier_unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no carrier {code}.", "没有承运商 {code}。")
    remedy = Text(
        "Register the carrier first, or use the code of one that exists.",
        "请先登记该承运商，或使用已有承运商的编码。",
    )


class CarrierThere(Refusal):
    """A carrier of this code is registered already, and registering would change it unseen."""

    code = "carriers.carrier_there"
    kind = Kind.CONFLICT
    message = Text("There is a carrier {code} already.", "承运商 {code} 已登记。")
    remedy = Text(
        "Open that carrier and change it, or choose another code.", "请打开该承运商进行修改，或换用其他编码。"
    )


class CarrierMoved(Refusal):
    """Somebody else changed the carrier since it was read."""

    code = "carriers.carrier_moved"
    kind = Kind.CONFLICT
    message = Text("Carrier {code} was changed since you opened it.", "承运商 {code} 在您打开之后已被修改。")
    remedy = Text(
        "Look at the carrier as it stands now, and make your change once more.",
        "请重新打开该承运商查看最新内容后再修改。",
    )


class LaneUnknown(Refusal):
    """No such lane of this merchant."""

    code = "carriers.lane_unknown"
    kind = Kind.NOT_FOUND
    message = Text("There is no lane {code}.", "没有线路 {code}。")
    remedy = Text("Use the code of a lane that exists.", "请使用已有线路的编码。")


class RegionUnknown(Refusal):
    """A lane that leads nowhere."""

    code = "carriers.region_unknown"
    kind = Kind.INVALID
    message = Text("{country} has no region {region}.", "{country} 没有编码为 {region} 的地区。")
    remedy = Text(
        "Use a code of the country: in China a GB code such as 33, 3301 or 330106; abroad ISO 3166-2.",
        "请使用该国地区编码：国内为行政区划代码，如 33、3301、330106；境外为 ISO 3166-2。",
    )


class FieldUnfit(Refusal):
    """A field of a carrier or lane does not fit."""

    code = "carriers.field_unfit"
    kind = Kind.INVALID
    message = Text("{field} does not fit: {why}.", "{field} 不符合要求：{why_zh}。")
    remedy = Text("Correct the field and send it again.", "请更正该字段后重新提交。")


class StillUsed(Refusal):
    """A carrier cannot stop what lanes count on."""

    code = "carriers.still_used"
    kind = Kind.CONFLICT
    message = Text("Lane {lane} still counts on it.", "线路 {lane} 仍在使用。")
    remedy = Text("Change or close the lane first.", "请先修改或停用该线路。")


class LaneTwice(Refusal):
    """Two lanes would say different things about the same way."""

    code = "carriers.lane_twice"
    kind = Kind.CONFLICT
    message = Text(
        "Lane {other} says already how this carrier's service goes from there to there.",
        "线路 {other} 已规定该承运商该服务的同一起讫地。",
    )
    remedy = Text("Change that lane, or give this one another start or end.", "请修改该线路，或为本线路更换起讫地。")


class Undeliverable(Refusal):
    """Nothing goes there."""

    code = "carriers.undeliverable"
    kind = Kind.CONFLICT
    message = Text("Nothing is delivered to {country} {region} this way.", "该方式无法配送至 {country} {region}。")
    remedy = Text(
        "Choose another service or another address, or leave the goods out.",
        "请更换配送方式或收货地址，或去掉相关商品。",
    )


class NumbersUnknown(Refusal):
    """A code of a carrier whose numbers we do not know."""

    code = "carriers.numbers_unknown"
    kind = Kind.INVALID
    message = Text('There is no carrier "{carrier}".', "没有代码为“{carrier}”的承运商。")
    remedy = Text("Use one of: {known}.", "请使用以下之一：{known}。")


class NumberUnfit(Refusal):
    """The number is missing or is not one of this carrier's."""

    code = "carriers.number_unfit"
    kind = Kind.INVALID
    message = Text(
        '"{number}" is not a tracking number of {carrier}: {why}.', "“{number}”不是 {carrier} 的物流单号：{why_zh}。"
    )
    remedy = Text(
        "Read it from the label again; it looks like {example}.{fits} Where the label is right, say why it is used all the same.",
        "请核对面单上的单号，格式如 {example}。{fits_zh}若面单无误，请说明仍使用该单号的理由。",
    )


class NotRegistered(Refusal):
    """A carrier that nobody registered with a licence."""

    code = "carriers.not_registered"
    kind = Kind.CONFLICT
    message = Text("{code} is not registered for this merchant.", "该商家未登记承运商 {code}。")
    remedy = Text(
        "Register the carrier with its licence, or use another one.", "请先登记该承运商及其经营许可证，或更换承运商。"
    )


class CarrierClosed(Refusal):
    """A carrier that is no longer used."""

    code = "carriers.closed"
    kind = Kind.CONFLICT
    message = Text("{code} is no longer used.", "承运商 {code} 已停用。")
    remedy = Text("Use another carrier, or open this one again.", "请更换承运商，或重新启用。")


class CarrierHeld(Refusal):
    """A carrier whose contract is suspended."""

    code = "carriers.suspended"
    kind = Kind.CONFLICT
    message = Text("{code} is suspended and gets no parcels.", "承运商 {code} 已被暂停，不能接收包裹。")
    remedy = Text(
        "Use another carrier; whoever decides about carriers can restore this one.",
        "请更换承运商；有权限的人员可恢复该承运商。",
    )


class LicenceMissing(Refusal):
    """A carrier without any licence."""

    code = "carriers.licence_missing"
    kind = Kind.CONFLICT
    message = Text("{code} is registered without a licence.", "承运商 {code} 未登记经营许可证。")
    remedy = Text("Enter the carrier's licence, or use another carrier.", "请登记其经营许可证，或更换承运商。")


class LicenceRunOut(Refusal):
    """A carrier whose last licence is over."""

    code = "carriers.licence_run_out"
    kind = Kind.CONFLICT
    message = Text(
        "The licence of {code} was valid until {until}.", "承运商 {code} 的经营许可证有效期至 {until}，已过期。"
    )
    remedy = Text("Enter the renewed licence, or use another carrier.", "请登记续期后的许可证，或更换承运商。")


class LicenceNotYetValid(Refusal):
    """A carrier whose licence begins later."""

    code = "carriers.licence_not_yet_valid"
    kind = Kind.CONFLICT
    message = Text("The licence of {code} is valid from {start}.", "承运商 {code} 的经营许可证自 {start} 起生效。")
    remedy = Text("Wait until then, or use another carrier.", "请在生效后使用，或更换承运商。")


class StandingForbids(Refusal):
    """A contract that stands where this cannot be done."""

    code = "carriers.standing_forbids"
    kind = Kind.CONFLICT
    message = Text("A carrier that is {state} cannot be {verb}.", "承运商处于 {state} 状态，不能执行 {verb}。")
    remedy = Text("Look at the carrier again to see where it stands.", "请重新查看承运商的当前状态。")


class NoScorecard(Refusal):
    """A carrier or lane that was never evaluated."""

    code = "carriers.no_scorecard"
    kind = Kind.NOT_FOUND
    message = Text("{code} was not evaluated on this lane yet.", "承运商 {code} 在该线路尚无评分。")
    remedy = Text(
        "Wait for the next evaluation, or ask for the whole carrier.", "请等待下次评估，或查看承运商整体评分。"
    )


class CarrierNoteUnfit(Refusal):
    """A note without words, or a report."""

    code = "carriers.note_unfit"
    kind = Kind.INVALID
    message = Text("A note has 1 to {longest} characters.", "备注须为 1 至 {longest} 个字符。")
    remedy = Text("Write a little, or less.", "请填写内容或精简。")
