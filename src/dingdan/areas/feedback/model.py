"""What a buyer says of an order and its goods."""

from datetime import datetime

import msgspec

WORST, BEST = 1, 5
MOST_PHOTOS, LONGEST = 9, 2000


class LineRating(msgspec.Struct, frozen=True):
    """How a buyer rates the goods of one line; `text` is their words."""

    line_no: int
    rating: int
    text: str = ""
    photos: tuple[str, ...] = ()


class Give(msgspec.Struct, frozen=True, kw_only=True):
    """Feedback to be given. Photos are references to where the shop keeps them."""

    rating: int
    text: str = ""
    photos: tuple[str, ...] = ()
    lines: tuple[LineRating, ...] = ()


class Words(msgspec.Struct, frozen=True):
    """What is sealed of feedback: the buyer's own words, which may name anybody."""

    text: str = ""
    lines: dict[str, str] = msgspec.field(default_factory=dict)


class Rated(msgspec.Struct, frozen=True):
    """The rating of a line, without words."""

    line_no: int
    rating: int
    photos: tuple[str, ...] = ()


class Feedback(msgspec.Struct, frozen=True, kw_only=True):
    """One version of an order's feedback; the first may be followed by one more. Hidden is not deleted."""

    order_id: int
    version: int
    merchant_id: int
    buyer_id: int
    rating: int
    lines: tuple[Rated, ...]
    photos: tuple[str, ...]
    sealed: bytes | None
    given_at: datetime
    hidden_at: datetime | None
    hidden_reason: str | None
    hidden_by: int | None
