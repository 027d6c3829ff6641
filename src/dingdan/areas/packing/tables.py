"""Boxes, serials, pictures and consents."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Table, text

from dingdan.areas.packing.model import GivenBy
from dingdan.plumbing.schema import count, document, key, metadata, moment, one_of, ref, word

# Never changed: a box that is opened and closed again has another row.
boxes = Table(
    "boxes", metadata,
    key(),
    ref("merchant_id"),
    ref("warehouse_id"),
    ref("order_id"),
    ref("work_id"),
    document("lines"),
    document("scanned"),
    document("serials", default="[]"),
    count("expected_grams", nullable=True),
    count("grams", nullable=True),
    # Somebody looked into a box whose weight is unlike its goods', and said that it is right.
    Column("is_weight_confirmed", Boolean, nullable=False, server_default=text("false")),
    word("packed_by_kind"),
    ref("packed_by", nullable=True),
    moment("packed_at"),
    CheckConstraint("(grams IS NULL OR grams > 0) AND (expected_grams IS NULL OR expected_grams > 0)",
                    name="weights_fit"),
    Index("ix_boxes_order_id", "order_id", "id"),
    Index("ix_boxes_work_id", "work_id", "id"),
)  # fmt: skip

# A numbered piece lies in one box at most; the row goes when the box is opened again.
serials = Table(
    "serials", metadata,
    ref("merchant_id", primary_key=True),
    ref("product_id", primary_key=True),
    word("serial", primary_key=True),
    ref("order_id"),
    ref("work_id"),
    CheckConstraint("serial <> ''", name="serial_named"),
    Index("ix_serials_work_id", "work_id"),
)  # fmt: skip

# The files lie in the data folder, under their own hash.
pictures = Table(
    "pictures", metadata,
    key(),
    ref("merchant_id"),
    ref("order_id"),
    ref("work_id"),
    word("sha256"),
    count("size"),
    count("width"),
    count("height"),
    word("taken_by_kind"),
    ref("taken_by", nullable=True),
    moment("at"),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$' AND size > 0 AND width > 0 AND height > 0", name="is_whole"),
    Index("uq_pictures_work_id_sha256", "work_id", "sha256", unique=True),
    Index("ix_pictures_order_id", "order_id", "id"),
)  # fmt: skip

consents = Table(
    "consents", metadata,
    key(),
    ref("merchant_id"),
    word("given_by"),
    moment("given_at"),
    word("text_version"),
    word("recorded_by_kind"),
    ref("recorded_by", nullable=True),
    moment("recorded_at"),
    moment("withdrawn_at", nullable=True),
    one_of("given_by", GivenBy),
)  # fmt: skip

consent_orders = Table(
    "consent_orders", metadata,
    ref("consent_id", ForeignKey("consents.id"), primary_key=True),
    ref("order_id", primary_key=True),
    ref("merchant_id"),
    Index("ix_consent_orders_order_id", "order_id"),
)  # fmt: skip
