"""Nouns of goods that came back: units that wait for a decision, and the decisions."""

from datetime import datetime
from enum import StrEnum

import msgspec

from dingdan.areas import inventory, policies
from dingdan.kernel.refusal import Text

Kind = inventory.Disposition

NOTE_LENGTH = 2_000


class Choice(StrEnum):
    """What the buyer wants done about units that were not accepted (R3.10)."""

    SEND_BACK = "goods_sent_back"
    REDUCTION = "price_reduction"
    DISPUTE = "dispute"


class Ware(msgspec.Struct, frozen=True):
    """What a product is, as far as it matters for what may become of it."""

    product_id: int
    category: str
    flags: tuple[str, ...]
    terms: policies.Dispositions


class NewGoods(msgspec.Struct, frozen=True, kw_only=True):
    """Units that somebody has just looked at. `value` is what the buyer paid for them; `wanted` the inspector's word.

    Units that were not accepted stay the buyer's, for `storage_days` before they are reminded.
    """

    merchant_id: int
    warehouse_id: int
    order_id: int
    line_no: int
    return_id: int
    inspection_id: int
    ware: Ware
    quantity: int
    is_ours: bool
    grade: str
    tags: tuple[str, ...]
    value: int
    currency: str
    wanted: Kind
    storage_days: int


class ReturnedGoods(msgspec.Struct, frozen=True, kw_only=True):
    """Units that came back and were looked at; `open` of them wait for a decision what becomes of them.

    `value` is what the buyer paid for them, `book_value` what they are worth by their grade (R5.4).
    """

    id: int
    merchant_id: int
    warehouse_id: int
    order_id: int
    line_no: int
    return_id: int
    inspection_id: int
    product_id: int
    quantity: int
    open: int
    is_ours: bool
    grade: str
    tags: list[str]
    value: int
    book_value: int
    currency: str
    wanted: str
    since: datetime
    decide_by: datetime
    store_until: datetime | None
    offered: int | None
    choice: Choice | None
    chosen_at: datetime | None
    # The refund of what was offered, once the buyer took it.
    paid_with: int | None
    reminded: int


class Decide(msgspec.Struct, frozen=True, kw_only=True):
    """What shall become of some units. Destroying wants a witness and a certificate, second-hand a product that says so.

    `recovered` is what they bring or will bring, in minor units (None: what their grade says); `is_wiped` that nobody's
    data is left on them.
    """

    goods_id: int
    kind: Kind
    quantity: int
    recovered: int | None = None
    as_sku: str | None = None
    is_wiped: bool = False
    witnessed_by: int | None = None
    certificate: str | None = None
    note: str = ""


class Disposition(msgspec.Struct, frozen=True, kw_only=True):
    """What became of some units, by whom, and what they were worth then."""

    id: int
    merchant_id: int
    order_id: int
    goods_id: int
    kind: str
    quantity: int
    is_ours: bool
    value: int
    recovered: int
    sold_as: int | None
    is_wiped: bool
    witnessed_by: int | None
    certificate: str | None
    note: str
    at: datetime
    decided_by_kind: str
    decided_by: int | None


CHOICES: dict[Choice, Text] = {
    Choice.SEND_BACK: Text("Have the goods sent back to you.", "将商品寄回给您。"),
    Choice.REDUCTION: Text("Agree on a reduced refund and leave the goods with us.", "协商部分退款，商品由我们处理。"),
    Choice.DISPUTE: Text("Disagree: ask the platform to decide on the evidence.", "有异议：申请平台介入，凭证据裁定。"),
}
