"""Addresses: looked at while they are typed, and read from a line that was pasted."""

from typing import Annotated

from msgspec import Meta

from dingdan.areas import addresses
from dingdan.kernel.address import Address
from dingdan.surfaces.shared import language
from dingdan.surfaces.shared.doors import Ask, post
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import AddressInput, Input, Short, View

PLACES: tuple[addresses.Part, ...] = ("province", "city", "district")


class IdentityInput(Input, frozen=True, kw_only=True):
    """Whose goods cross the border, as on the identity card. It is looked at and kept nowhere."""

    name: Short
    number: Short


class CheckInput(Input, frozen=True, kw_only=True):
    """An address in parts, or a `line` of free text with everything in it; exactly one of the two."""

    address: AddressInput | None = None
    line: Annotated[str, Meta(max_length=1000)] | None = None
    cross_border: bool = False
    identity: IdentityInput | None = None


class FlawView(View, frozen=True, kw_only=True):
    """One thing that is wrong with one part. `suggestion` are parts that would mend it."""

    part: addresses.Part
    code: addresses.FlawCode
    message: str
    suggestion: dict[str, str] | None


class CheckView(View, frozen=True, kw_only=True):
    """What was found. `address` is the same put in order; `choices` are what may stand in each part with a flaw.

    `marks` say how sure the reading of a line is, `required` which parts this country cannot do without.
    """

    is_sound: bool
    address: Address
    region: addresses.Region
    flaws: list[FlawView]
    suggestions: list[Address]
    choices: dict[addresses.Part, list[str]]
    required: list[addresses.Part]
    marks: list[addresses.Mark]


@post(
    "/v1/addresses/check",
    permission="order.place",
    why_unkeyed="it changes nothing and keeps nothing",
    answers=CheckView,
)
async def check(ask: Ask, body: CheckInput) -> CheckView:
    """Look at an address before anybody orders to it: all flaws at once, with what was probably meant."""
    if (body.address is None) == (body.line is None):
        raise Malformed("address", what="give either address or line", what_zh="address 与 line 须且只须填写一项")
    parsed = addresses.read_line(body.line) if body.line is not None else None
    address = parsed.address if parsed else body.address.as_address() if body.address else None
    assert address is not None
    identity = addresses.Identity(body.identity.name, body.identity.number) if body.identity else None
    flaws = addresses.check(address, cross_border=body.cross_border, identity=identity)
    tongue = language.asked(ask.request.headers.get("accept-language", ""))
    flawed = {flaw.part for flaw in flaws}
    return CheckView(
        is_sound=not flaws, address=addresses.tidied(address), region=addresses.region_of(address),
        flaws=[
            FlawView(part=one.part, code=one.code, message=language.pick(one.why, tongue), suggestion=one.suggestion)
            for one in flaws
        ],
        suggestions=list(addresses.corrected(address)),
        choices={part: list(found) for part in PLACES if part in flawed and (found := addresses.choices(address, part))},
        required=list(addresses.required(address.country)), marks=list(parsed.marks) if parsed else [],
    )  # fmt: skip


ROUTES = [check]
