"""Every no about an address."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class PartMissing(Refusal):
    """A part without which nothing can be delivered is not there."""

    code = "address.part_missing"
    kind = Kind.INVALID
    message = Text("The address lacks {part}.", "收货地址缺少{part_zh}。")
    remedy = Text("Add the part, or take the suggestion.", "请补充该项，或采用建议。")


class PlaceUnknown(Refusal):
    """There is no such country, province, city or district."""

    code = "address.place_unknown"
    kind = Kind.INVALID
    message = Text("Nothing called {said} is known as {part}.", "没有找到名为“{said}”的{part_zh}。")
    remedy = Text("Choose one that exists, or take the suggestion.", "请选择存在的地区，或采用建议。")


class PlaceElsewhere(Refusal):
    """The place exists, but not in what stands above it."""

    code = "address.place_elsewhere"
    kind = Kind.INVALID
    message = Text("{said} does not lie in {within} but in {found}.", "{said}不在{within}，而在{found}。")
    remedy = Text("Correct one of the two, or take the suggestion.", "请更正其中一项，或采用建议。")


class PartMalformed(Refusal):
    """A phone, postcode or identity number that cannot exist."""

    code = "address.part_malformed"
    kind = Kind.INVALID
    message = Text("There is no such thing as {part}: {reason}.", "{part_zh}有误：{reason_zh}。")
    remedy = Text("Ask the buyer for it once more.", "请与买家核对后重新填写。")


class DetailTooShort(Refusal):
    """Nobody could find the door by this."""

    code = "address.detail_too_short"
    kind = Kind.INVALID
    message = Text("Street and house number are not enough to find the door.", "详细地址过于简略，无法找到门牌。")
    remedy = Text("Give street, house number, building and room.", "请填写街道、门牌号、楼栋和房号。")


class NameUnreal(Refusal):
    """Customs ask for the real name of whose goods these are."""

    code = "address.name_unreal"
    kind = Kind.INVALID
    message = Text("Customs ask for the real name as on the identity card.", "清关须提供与身份证一致的真实姓名。")
    remedy = Text("Give the full name without titles.", "请填写完整姓名，不要使用称呼。")
