"""Addresses, labels and scans of the way back, and parcels that nobody announced."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint, text

from dingdan.areas.way_back.lifecycle import STRAY
from dingdan.areas.way_back.model import CLOSED_BECAUSE
from dingdan.plumbing.schema import (
    amount,
    count,
    document,
    key,
    metadata,
    moment,
    one_of,
    ref,
    refs,
    small,
    state,
    version,
    word,
)

# Never changed but to say what the buyer answered; the last one that holds is where goods go.
return_addresses = Table(
    "return_addresses", metadata,
    ref("return_id", ForeignKey("returns.id"), primary_key=True),
    small("version", primary_key=True),
    ref("merchant_id"),
    ref("order_id"),
    document("address"),
    moment("at"),
    word("noted_by_kind"),
    ref("noted_by", nullable=True),
    moment("answered_at", nullable=True),
    Column("is_agreed", Boolean, nullable=True),
    CheckConstraint("(answered_at IS NULL) = (is_agreed IS NULL)", name="answered_at_a_time"),
    # The first is fixed with the approval; nobody changes it without the buyer.
    CheckConstraint("version > 1 OR is_agreed", name="first_holds"),
    Index("uq_return_addresses_asked", "return_id", unique=True, postgresql_where=text("is_agreed IS NULL")),
    Index("ix_return_addresses_order_id", "order_id"),
)  # fmt: skip

return_labels = Table(
    "return_labels", metadata,
    key(),
    ref("merchant_id"),
    ref("warehouse_id"),
    refs("return_ids"),
    word("carrier"),
    word("service"),
    word("tracking_number"),
    amount("cost"),
    amount("insurance_cost", default=0),
    word("currency"),
    moment("pick_up_at", nullable=True),
    amount("declared_value", nullable=True),
    # Its parcel is on its way, so that it costs what it costs.
    moment("used_at", nullable=True),
    moment("at"),
    word("noted_by_kind"),
    ref("noted_by", nullable=True),
    UniqueConstraint("carrier", "tracking_number"),
    CheckConstraint("cost >= 0 AND insurance_cost >= 0 AND (declared_value IS NULL OR declared_value > 0)"
                    " AND cardinality(return_ids) > 0", name="amounts_fit"),
    Index("ix_return_labels_return_ids", "return_ids", postgresql_using="gin"),
)  # fmt: skip

return_scans = Table(
    "return_scans", metadata,
    ref("return_parcel_id", ForeignKey("return_parcels.id"), primary_key=True),
    word("event_id", primary_key=True),
    ref("merchant_id"),
    word("code"),
    moment("at"),
    word("place", server_default=text("''")),
)  # fmt: skip

strays = Table(
    "strays", metadata,
    key(),
    ref("merchant_id"),
    ref("warehouse_id"),
    *state(STRAY),
    version(),
    word("carrier", nullable=True),
    word("tracking_number", nullable=True),
    count("grams", nullable=True),
    Column("is_empty", Boolean, nullable=False, server_default=text("false")),
    word("note", server_default=text("''")),
    moment("at"),
    word("noted_by_kind"),
    ref("noted_by", nullable=True),
    moment("match_by"),
    # Whose it is, once that is known, and by what it was found.
    ref("order_id", nullable=True),
    ref("return_id", nullable=True),
    word("found_by", nullable=True),
    word("closed_because", nullable=True),
    moment("ended_at", nullable=True),
    one_of("found_by", ("waybill", "order", "phone", "person")),
    one_of("closed_because", CLOSED_BECAUSE),
    CheckConstraint("(carrier IS NULL) = (tracking_number IS NULL) AND (grams IS NULL OR grams > 0)", name="is_whole"),
    CheckConstraint("(state IN ('matched', 'closed')) = (ended_at IS NOT NULL) AND (state = 'closed') ="
                    " (closed_because IS NOT NULL) AND (state <> 'matched' OR return_id IS NOT NULL)"
                    " AND (return_id IS NULL OR order_id IS NOT NULL)", name="ends_fit"),
    # One parcel is one row, however many people unload it.
    Index("uq_strays_tracking_number", "merchant_id", "carrier", "tracking_number", unique=True),
    Index("ix_strays_open", "merchant_id", "match_by", "id", postgresql_where=text("ended_at IS NULL")),
    Index("ix_strays_order_id", "order_id", postgresql_where=text("order_id IS NOT NULL")),
)  # fmt: skip

stray_pictures = Table(
    "stray_pictures", metadata,
    key(),
    ref("merchant_id"),
    ref("stray_id", ForeignKey("strays.id")),
    word("sha256"),
    count("size"),
    count("width"),
    count("height"),
    word("taken_by_kind"),
    ref("taken_by", nullable=True),
    moment("at"),
    CheckConstraint("sha256 ~ '^[0-9a-f]{64}$' AND size > 0 AND width > 0 AND height > 0", name="is_whole"),
    Index("uq_stray_pictures_stray_id_sha256", "stray_id", "sha256", unique=True),
)  # fmt: skip
