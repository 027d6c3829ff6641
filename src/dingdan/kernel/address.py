"""People and places as they are typed: a postal address and how to reach the person."""

import msgspec


class Address(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A postal address with its recipient. `province`, `city` and `district` follow China's habit; elsewhere

    `province` is the region or state and `district` stays empty.
    """

    name: str
    phone: str
    country: str
    city: str
    detail: str
    province: str = ""
    district: str = ""
    postcode: str = ""


def missing_parts(address: Address) -> list[str]:
    """Names of the parts without which nothing can be delivered."""
    wanted = ["name", "phone", "country", "city", "detail"]
    if address.country == "CN":
        wanted.append("province")
    return [part for part in wanted if not getattr(address, part).strip()]
