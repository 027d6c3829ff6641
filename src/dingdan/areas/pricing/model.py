"""A price as it will be charged."""

import msgspec


class PricedLine(msgspec.Struct, frozen=True):
    """One line's amounts in minor units; what the buyer pays for it is `goods - discount + tax`."""

    unit_price: int
    quantity: int
    goods: int
    discount: int
    tax: int


class Quote(msgspec.Struct, frozen=True):
    """All amounts of an order; `total` is goods - discount + freight + tax."""

    lines: tuple[PricedLine, ...]
    goods: int
    discount: int
    freight: int
    tax: int
    total: int


class FreightRule(msgspec.Struct, frozen=True):
    """A flat fee, waived from a value of goods on (None: never)."""

    fee: int
    free_from: int | None
