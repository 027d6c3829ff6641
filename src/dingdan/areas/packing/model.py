"""Nouns of the packing table: boxes, serials, pictures, and the consent to send several orders in one parcel."""

from datetime import datetime
from enum import StrEnum

import msgspec

from dingdan.kernel.refusal import Text

MAX_PICTURES = 20
MAX_CONSENT_ORDERS = 50


class Serial(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The number of one piece of a product, as its maker or we wrote it on it."""

    sku: str
    serial: str


class BoxLine(msgspec.Struct, frozen=True):
    """What a scanner read for one entry: a product or a line, and how many."""

    sku: str
    quantity: int
    line_no: int | None = None


class NewBox(msgspec.Struct, frozen=True, kw_only=True):
    """A box that was closed, with everything that proves what is in it. `lines` are pairs of line number and units.

    `serials` are triples of product, SKU and number. Weights are grams; without `expected_grams` nobody knows.
    """

    merchant_id: int
    warehouse_id: int
    order_id: int
    work_id: int
    lines: list[tuple[int, int]]
    scanned: list[BoxLine]
    serials: list[tuple[int, str, str]]
    expected_grams: int | None
    grams: int | None
    is_weight_confirmed: bool


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """The record of one closing of a box; a box that was opened and closed again has two."""

    id: int
    merchant_id: int
    warehouse_id: int
    order_id: int
    work_id: int
    lines: list[tuple[int, int]]
    scanned: list[BoxLine]
    serials: list[Serial]
    expected_grams: int | None
    grams: int | None
    is_weight_confirmed: bool
    packed_by_kind: str
    packed_by: int | None
    packed_at: datetime


class NewPicture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture of a box; the file lies under its SHA-256."""

    merchant_id: int
    order_id: int
    work_id: int
    sha256: str
    size: int
    width: int
    height: int


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture as it is kept."""

    id: int
    merchant_id: int
    order_id: int
    work_id: int
    sha256: str
    size: int
    width: int
    height: int
    taken_by_kind: str
    taken_by: int | None
    at: datetime


class GivenBy(StrEnum):
    """Who agreed that orders travel together."""

    BUYER = "buyer"
    RECIPIENT = "recipient"


class NewConsent(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody agreed to these very words, at that time, that these orders travel in one parcel."""

    order_ids: tuple[int, ...]
    given_by: GivenBy
    given_at: datetime
    text_version: str


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """A consent as it is kept; one that was withdrawn no longer counts."""

    id: int
    merchant_id: int
    order_ids: list[int]
    given_by: GivenBy
    given_at: datetime
    text_version: str
    recorded_by_kind: str
    recorded_by: int | None
    recorded_at: datetime
    withdrawn_at: datetime | None


# What people agreed to, by version; a version is never changed, since consents name it as evidence.
CONSENT_TEXTS: dict[str, Text] = {
    "2026-11": Text(
        "I agree that the orders named travel in one parcel under one tracking number. Each order keeps its own terms,"
        " and I can return goods of each as if they had come apart.",
        "我同意将所列订单合并为一个包裹、使用同一物流单号发出。各订单的条款保持不变，退货权利与分开发货时相同。",
    ),
}
