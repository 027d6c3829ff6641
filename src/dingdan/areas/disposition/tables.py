"""Goods that came back, and what became of them."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Table, text

from dingdan.areas.disposition.model import Choice
from dingdan.plumbing.schema import amount, count, key, metadata, moment, one_of, ref, small, word, words

GRADES = ("A", "B", "C", "D")
KINDS = (
    "restock", "repack", "open_box", "refurbish", "vendor", "liquidate", "donate", "scrap", "send_back",
)  # fmt: skip

returned_goods = Table(
    "returned_goods", metadata,
    key(),
    ref("merchant_id"),
    ref("warehouse_id"),
    ref("order_id"),
    small("line_no"),
    ref("return_id"),
    ref("inspection_id"),
    ref("product_id"),
    count("quantity"),
    # Those about which nobody has decided yet.
    count("open"),
    # Accepted units, and rejected ones that we paid for after all. What is the buyer's is only kept and sent back.
    Column("is_ours", Boolean, nullable=False),
    word("grade"),
    words("tags"),
    amount("value"),
    amount("book_value", default=0),
    word("currency"),
    # What the inspector thought best.
    word("wanted"),
    moment("since"),
    moment("decide_by"),
    moment("store_until", nullable=True),
    # How much we offer for units that we do not take back, and what the buyer says.
    amount("offered", nullable=True),
    word("choice", nullable=True),
    moment("chosen_at", nullable=True),
    ref("paid_with", nullable=True),
    small("reminded", default=0),
    one_of("grade", GRADES),
    one_of("wanted", (*KINDS, "quarantine")),
    one_of("choice", Choice),
    CheckConstraint("quantity > 0 AND open >= 0 AND open <= quantity AND value >= 0", name="units_fit"),
    CheckConstraint("book_value BETWEEN 0 AND value", name="worth_no_more"),
    CheckConstraint("(choice IS NULL) = (chosen_at IS NULL)", name="chosen_at_a_time"),
    # Goods that were the buyer's are ours only with the money for them.
    CheckConstraint("paid_with IS NULL OR is_ours AND choice = 'price_reduction' AND offered > 0", name="kept_for_money"),
    Index("ix_returned_goods_order_id", "order_id"),
    Index("ix_returned_goods_return_id", "return_id"),
    Index("ix_returned_goods_open", "merchant_id", "since", "id", postgresql_where=text("open > 0")),
)  # fmt: skip

# The only way by which stock that came back moves; never changed.
dispositions = Table(
    "dispositions", metadata,
    key(),
    ref("merchant_id"),
    ref("order_id"),
    ref("goods_id"),
    word("kind"),
    count("quantity"),
    Column("is_ours", Boolean, nullable=False),
    amount("value"),
    amount("recovered"),
    ref("sold_as", nullable=True),
    Column("is_wiped", Boolean, nullable=False, server_default=text("false")),
    ref("witnessed_by", nullable=True),
    word("certificate", nullable=True),
    word("note", server_default=text("''")),
    moment("at"),
    word("decided_by_kind"),
    ref("decided_by", nullable=True),
    one_of("kind", KINDS),
    CheckConstraint("quantity > 0 AND value >= 0 AND recovered >= 0 AND recovered <= value", name="amounts_fit"),
    # Whoever did not get the money back gets the goods back, and nobody else.
    CheckConstraint("is_ours = (kind <> 'send_back')", name="goes_to_its_owner"),
    CheckConstraint("(kind IN ('open_box', 'refurbish')) = (sold_as IS NOT NULL)", name="second_hand_is_marked"),
    # What was scrapped before there were witnesses was not valued either.
    CheckConstraint(
        "(witnessed_by IS NULL) = (certificate IS NULL) AND (witnessed_by IS NULL OR kind = 'scrap')"
        " AND (kind <> 'scrap' OR value = 0 OR witnessed_by IS NOT NULL)"
        " AND (witnessed_by IS NULL OR decided_by_kind <> 'staff' OR decided_by <> witnessed_by)",
        name="witnessed_by_another",
    ),
    Index("ix_dispositions_goods_id", "goods_id"),
    Index("ix_dispositions_order_id", "order_id"),
)  # fmt: skip
