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
