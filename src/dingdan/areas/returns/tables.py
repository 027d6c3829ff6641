"""Applications, returns, parcels coming back, inspections and dispositions."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Table, UniqueConstraint, text

from dingdan.areas.returns.lifecycle import DECISION, JOURNEY, OUTCOME
from dingdan.areas.returns.model import Resolution
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
    words,
)

_RESOLUTIONS = ", ".join(f"'{one}'" for one in Resolution)
GRADES = ("A", "B", "C", "D")
DISPOSITIONS = (
    "restock", "repack", "open_box", "refurbish", "vendor", "liquidate", "donate", "scrap", "send_back", "quarantine",
)  # fmt: skip
FAULTS = ("buyer", "seller", "none", "review")

# What a buyer asked for at once; it opens one return per order.
return_requests = Table(
    "return_requests", metadata,
    key(),
    ref("merchant_id"),
    ref("buyer_id"),
    moment("at"),
)  # fmt: skip

returns = Table(
    "returns", metadata,
    key(),
    ref("order_id"),
    ref("request_id", ForeignKey("return_requests.id")),
    ref("merchant_id"),
    ref("warehouse_id"),
    *state(DECISION, "decision"),
    *state(JOURNEY, "journey"),
    *state(OUTCOME, "outcome"),
    version(),
    ref("policy_id"),
    # Why a person must look at it; empty when the policy alone decides.
    words("review_reasons"),
    words("rules"),
    Column("escalated", Boolean, nullable=False, server_default=text("false")),
    word("refusal_reason", nullable=True),
    # What the buyer was offered instead; a refusal without any is none (R2.5).
    words("alternatives"),
    moment("requested_at"),
    moment("decided_at", nullable=True),
    moment("send_by", nullable=True),
    moment("received_at", nullable=True),
    moment("inspected_at", nullable=True),
    moment("settled_at", nullable=True),
    ref("refund_id", nullable=True),
    amount("postage", default=0),
    amount("label_cost", default=0),
    amount("postage_paid", default=0),
    amount("postage_owed", default=0),
    amount("gifts", default=0),
    # Goods broken on the way back, and at whose risk.
    word("transit_risk", nullable=True),
    one_of("transit_risk", ("ours", "buyers")),
    # More time to send goods back is given once.
    moment("extended_at", nullable=True),
    # The money went back before anybody had looked.
    moment("paid_early_at", nullable=True),
    CheckConstraint("label_cost >= 0 AND postage_paid >= 0 AND postage_owed >= 0 AND gifts >= 0", name="costs_fit"),
    CheckConstraint("paid_early_at IS NULL OR refund_id IS NOT NULL", name="early_has_a_refund"),
    word("resolution", server_default="refund"),
    refs("evidence"),
    word("decided_by_kind", nullable=True),
    ref("decided_by", nullable=True),
    moment("appealed_at", nullable=True),
    CheckConstraint(f"resolution IN ({_RESOLUTIONS})", name="resolution_fits"),
    # Goods that are not asked for are not on their way.
    CheckConstraint("resolution IN ('refund', 'exchange', 'repair') OR journey = 'at_buyer'", name="goods_stay"),
    Index("ix_returns_order_id", "order_id"),
    Index("ix_returns_merchant_id", "merchant_id", "id"),
    Index("ix_returns_request_id", "request_id"),
    # The queue of those who decide.
    Index("ix_returns_requested", "merchant_id", "id", postgresql_where=text("decision = 'requested'")),
)  # fmt: skip

return_lines = Table(
    "return_lines", metadata,
    ref("order_id", primary_key=True),
    ref("return_id", ForeignKey("returns.id"), primary_key=True),
    small("line_no", primary_key=True),
    ref("merchant_id"),
    ref("product_id"),
    count("quantity"),
    word("reason"),
    amount("claimed_unit_price", nullable=True),
    count("received", default=0),
    count("accepted", default=0),
    count("rejected", default=0),
    # Whose fault it is: by the reason at first, by what was found later. The freight follows it.
    word("fault"),
    # Units lost on the way back at our risk: paid for, though nobody ever saw them.
    count("lost", default=0),
    one_of("fault", FAULTS),
    CheckConstraint("lost >= 0 AND received + lost <= quantity", name="lost_fits"),
    amount("off", default=0),
    CheckConstraint("off >= 0", name="off_not_negative"),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    CheckConstraint("accepted >= 0 AND rejected >= 0 AND accepted + rejected <= received", name="inspected_fits"),
    CheckConstraint("received >= 0 AND received <= quantity", name="received_fits"),
)  # fmt: skip

# Units that a remedy speaks for, from when it is proposed: sent again, paid back, or about to be. With what returns
# hold this is all that a buyer has had for a unit, and it is had once. A unit that is let go has no row.
made_good_units = Table(
    "made_good_units", metadata,
    ref("order_id", primary_key=True),
    small("line_no", primary_key=True),
    ref("remedy_id", primary_key=True),
    ref("merchant_id"),
    count("quantity"),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    Index("ix_made_good_units_remedy_id", "remedy_id"),
)  # fmt: skip

# What a line went through that its clocks must know: the time that units were in repair, and whether in vain; or that they
# came for others. Of a line with several units nobody can tell which: the buyer has the doubt.
line_services = Table(
    "line_services", metadata,
    ref("order_id", primary_key=True),
    small("line_no", primary_key=True),
    word("kind", primary_key=True),
    ref("source_id", primary_key=True),
    ref("merchant_id"),
    moment("since"),
    moment("until", nullable=True),
    Column("is_failed", Boolean, nullable=False, server_default=text("false")),
    one_of("kind", ("repair", "exchange")),
    CheckConstraint("until >= since", name="ends_after_it_began"),
)  # fmt: skip

return_parcels = Table(
    "return_parcels", metadata,
    key(),
    ref("merchant_id"),
    word("carrier"),
    word("tracking_number"),
    moment("sent_at"),
    moment("received_at", nullable=True),
    UniqueConstraint("merchant_id", "carrier", "tracking_number"),
)  # fmt: skip

# A parcel may hold several returns, and a return may come in several parcels.
return_parcel_items = Table(
    "return_parcel_items", metadata,
    ref("return_parcel_id", ForeignKey("return_parcels.id"), primary_key=True),
    ref("return_id", ForeignKey("returns.id"), primary_key=True),
    ref("merchant_id"),
    Index("ix_return_parcel_items_return_id", "return_id"),
)  # fmt: skip

inspections = Table(
    "inspections", metadata,
    key(),
    ref("order_id"),
    ref("return_id", ForeignKey("returns.id")),
    ref("merchant_id"),
    word("inspector_kind"),
    ref("inspector_id", nullable=True),
    moment("at"),
    # The second look that this one is, where two people had to look.
    ref("look_id", nullable=True),
    Index("ix_inspections_return_id", "return_id"),
)  # fmt: skip

# `intact` is the legal question (is the money due), `grade` the commercial one (what becomes of the goods).
inspection_lines = Table(
    "inspection_lines", metadata,
    ref("inspection_id", ForeignKey("inspections.id"), primary_key=True),
    small("n", primary_key=True),
    ref("merchant_id"),
    small("line_no"),
    count("quantity"),
    Column("is_original", Boolean, nullable=False),
    Column("intact", Boolean, nullable=False),
    word("grade"),
    word("disposition"),
    word("note"),
    # Broken on the way back at our risk: the law's question is how it was when the buyer sent it.
    Column("is_from_transit", Boolean, nullable=False, server_default=text("false")),
    # Original, intact, and not only here because of a fault that it does not have.
    Column("is_accepted", Boolean, nullable=False),
    document("checks", nullable=True),
    words("serials"),
    count("grams", nullable=True),
    document("missing", default="[]"),
    word("fault", nullable=True),
    words("tags"),
    # What these units lost by being used, where the policy lets that count; then they come back all the same.
    amount("lost", default=0),
    one_of("grade", GRADES),
    one_of("disposition", DISPOSITIONS),
    CheckConstraint("quantity > 0", name="quantity_positive"),
    CheckConstraint("NOT is_accepted OR is_original AND (intact OR is_from_transit OR lost > 0)", name="accepted_is_intact"),
    CheckConstraint("is_accepted = (disposition <> 'send_back') OR disposition = 'quarantine'", name="goes_to_its_owner"),
)  # fmt: skip
