"""Nouns of customs: the release of an order's declaration, and goods of it that go back."""

from datetime import date, datetime

import msgspec

from dingdan.areas.customs.lifecycle import CustomsReturnState

DECLARATION_LENGTH = 100


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """That customs released the declaration of an order (申报清单放行), on which day; days are those of China."""

    order_id: int
    merchant_id: int
    declaration: str
    released_on: date
    noted_at: datetime
    noted_by_kind: str
    noted_by: int | None


class NewImport(msgspec.Struct, frozen=True, kw_only=True):
    """That an order is imported by whoever has papers of this number, and what its goods from abroad cost, in fen."""

    order_id: int
    merchant_id: int
    number: str
    amount: int


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """What an order takes of a person's yearly quota, and what of it is theirs again; `person` is a mark of their number.

    None of whoever was forgotten.
    """

    order_id: int
    merchant_id: int
    person: bytes | None
    year: int
    amount: int
    given_back: int
    noted_at: datetime


class ReturnLine(msgspec.Struct, frozen=True):
    """Units of a line that go back to where they were released."""

    line_no: int
    quantity: int


class CustomsReturn(msgspec.Struct, frozen=True, kw_only=True):
    """An application to customs to take units of an order back; `units` are by line number.

    `quota` is what of the buyer's yearly quota is theirs again: the price of the goods that were back in time.
    """

    id: int
    merchant_id: int
    order_id: int
    state: CustomsReturnState
    version: int
    units: dict[str, int]
    currency: str
    quota: int
    applied_on: date
    back_on: date | None
    noted_at: datetime
    noted_by_kind: str
    noted_by: int | None

    @property
    def by_line(self) -> dict[int, int]:
        """Its units by line number."""
        return {int(line_no): units for line_no, units in self.units.items()}
