"""Every no about an address."""

from dingdan.kernel.refusal import Kind, Refusal, Text


class AddressFlawed(Refusal):
    """A part of the address because of which the parcel would not arrive. `flaw` is the code of what is wrong."""

    code = "address.flawed"
    kind = Kind.INVALID
    message = Text("{why}", "{why_zh}")
    remedy = Text("Correct the part, or take the suggestion.", "请更正该项，或采用建议的地址。")


class IdentityFlawed(Refusal):
    """Customs ask for the name and number on the buyer's identity card, and these cannot be it."""

    code = "address.identity_flawed"
    kind = Kind.INVALID
    message = Text("{why}", "{why_zh}")
    remedy = Text(
        "Ask the buyer for the name and number as they stand on the identity card.",
        "请买家按身份证填写真实姓名和身份证号码。",
    )
