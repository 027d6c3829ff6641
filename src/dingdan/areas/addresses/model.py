"""What addresses speaks of: flaws of an address, the region it lies in, and what was read from a line."""

from typing import Literal

import msgspec

from dingdan.areas.addresses.refusals import (
    DetailTooShort,
    NameUnreal,
    PartMalformed,
    PartMissing,
    PlaceElsewhere,
    PlaceUnknown,
)
from dingdan.kernel.address import Address
from dingdan.kernel.refusal import Refusal, Text

Part = Literal[
    "name", "phone", "country", "province", "city", "district", "detail", "postcode", "identity.name", "identity.number"
]  # fmt: skip
PARTS: dict[Part, Text] = {
    "name": Text("a recipient", "收货人"), "phone": Text("a phone number", "联系电话"),
    "country": Text("a country", "国家或地区"), "province": Text("a province", "省份"), "city": Text("a city", "城市"),
    "district": Text("a district", "区县"), "detail": Text("street and house number", "详细地址"),
    "postcode": Text("a postcode", "邮政编码"), "identity.name": Text("the buyer's real name", "订购人真实姓名"),
    "identity.number": Text("the buyer's identity number", "订购人身份证号码"),
}  # fmt: skip

# missing: nothing is there. unknown: there is no such place. elsewhere: there is, but not in what stands above it.
# malformed: no such number or code exists. stub: too little to find the door. unreal: not the name of a person.
FlawCode = Literal["missing", "unknown", "elsewhere", "malformed", "stub", "unreal"]
OF_FLAW: dict[FlawCode, type[Refusal]] = {
    "missing": PartMissing, "unknown": PlaceUnknown, "elsewhere": PlaceElsewhere, "malformed": PartMalformed,
    "stub": DetailTooShort, "unreal": NameUnreal,
}  # fmt: skip

# empty: nothing is there. stub: too little to find the door. unplaced: not even the province could be read.
# partial: the province or city could be read, the district could not. guessed: a short name was taken for the place.
# foreign: it is not an address in China.
Mark = Literal["empty", "stub", "unplaced", "partial", "guessed", "foreign"]


class Flaw(msgspec.Struct, frozen=True):
    """One thing that is wrong with one part; `suggestion` are parts that would mend it, if we know any."""

    part: Part
    code: FlawCode
    suggestion: dict[str, str] | None = None
    params: dict[str, str] = {}

    @property
    def why(self) -> Text:
        """The same in words."""
        return OF_FLAW[self.code].message.filled(self.all_params)

    @property
    def all_params(self) -> dict[str, str]:
        """What the words name, with the part itself."""
        return {"part": PARTS[self.part].en, "part_zh": PARTS[self.part].zh, **self.params}


class Region(msgspec.Struct, frozen=True):
    """Where an address lies: the country, and in it a code of which every beginning is a larger region.

    In China the GB code as deep as it is known (33, 3301, 330106), elsewhere the ISO 3166-2 part after the country,
    or "". Hong Kong, Macau and Taiwan are HK, MO and TW, however they were written: carriers go there as abroad.
    """

    country: str
    code: str = ""


class Identity(msgspec.Struct, frozen=True):
    """Whose goods cross the border: the name and number on a Chinese identity card. Never stored or told by this area."""

    name: str
    number: str


class Parsed(msgspec.Struct, frozen=True):
    """What one line of free text says. `address` is as complete as the line was; `marks` say what to look at."""

    address: Address
    region: Region
    marks: tuple[Mark, ...] = ()
