"""Tariffs, promotions, who may use and who used them, and what the price of each order was made of."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Index, Table, UniqueConstraint, text

from dingdan.areas.pricing.lifecycle import PROMOTION
from dingdan.plumbing.schema import (
    amount,
    count,
    document,
    key,
    metadata,
    moment,
    ref,
    small,
    state,
    version,
    word,
)

# A merchant's rules of freight, tax and points (merchant_id NULL: the platform's). `edition` is a new id whenever
# anything that makes a price changes, promotions too: processes keep what they have read under it.
tariffs = Table(
    "tariffs", metadata,
    key(),
    ref("merchant_id", nullable=True),
    ref("edition"),
    Column("freight", document("freight").type, nullable=False, server_default=text("'[]'")),
    Column("taxes", document("taxes").type, nullable=False, server_default=text("'[]'")),
    document("points", nullable=True),
    moment("updated_at"),
    UniqueConstraint("merchant_id", postgresql_nulls_not_distinct=True),
)  # fmt: skip

# A coupon is a promotion with a code. `draft` is all that was decided about it; what statements ask for stands
# beside it. `used` counts uses where there is a limit for all.
promotions = Table(
    "promotions", metadata,
    key(),
    ref("merchant_id", nullable=True),
    *state(PROMOTION),
    version(),
    document("draft"),
    word("code", nullable=True),
    moment("starts_at"),
    moment("ends_at", nullable=True),
    count("limit_total", nullable=True),
    count("limit_per_buyer", nullable=True),
    Column("needs_grant", Boolean, nullable=False, server_default=text("false")),
    Column("listed", Boolean, nullable=False, server_default=text("false")),
    count("used", default=0),
    moment("created_at"),
    moment("updated_at"),
    CheckConstraint("used >= 0 AND (limit_total IS NULL OR used <= limit_total)", name="used_fits"),
    Index("ix_promotions_merchant_id", "merchant_id", "id"),
    Index("ix_promotions_running", "merchant_id", postgresql_where=text(
        "code IS NULL AND state IN ('scheduled', 'active')")),
    Index("ix_promotions_listed", "merchant_id", postgresql_where=text("listed")),
    Index("uq_promotions_code", "merchant_id", "code", unique=True, postgresql_where=text("code IS NOT NULL"),
          postgresql_nulls_not_distinct=True),
)  # fmt: skip

# How often somebody used what is limited for each. The holder is a buyer; of the platform's promotions it is the person,
# by the number under which one is known at every merchant, and the count belongs to no merchant.
promotion_holders = Table(
    "promotion_holders", metadata,
    ref("promotion_id", primary_key=True),
    Column("holder", BigInteger, primary_key=True, autoincrement=False),
    ref("merchant_id", nullable=True),
    count("used", default=0),
    CheckConstraint("used >= 0", name="used_fits"),
)  # fmt: skip

# One use of a coupon that was given away: to a buyer, or to whoever brings its code.
coupon_grants = Table(
    "coupon_grants", metadata,
    key(),
    ref("merchant_id", nullable=True),
    ref("promotion_id"),
    ref("buyer_id", nullable=True),
    word("code", nullable=True),
    moment("expires_at", nullable=True),
    moment("used_at", nullable=True),
    moment("created_at"),
    CheckConstraint("buyer_id IS NOT NULL OR code IS NOT NULL", name="for_somebody"),
    Index("ix_coupon_grants_promotion_id", "promotion_id", "id"),
    Index("ix_coupon_grants_free", "buyer_id", postgresql_where=text("used_at IS NULL")),
    Index("uq_coupon_grants_code", "merchant_id", "code", unique=True, postgresql_where=text("code IS NOT NULL"),
          postgresql_nulls_not_distinct=True),
)  # fmt: skip

# Which order uses what is limited. Given back at most once, unless it was taken again for money that came late. A coupon
# that several orders of a checkout carry is one use: with the order that leads stands who uses it, the others point there.
promotion_uses = Table(
    "promotion_uses", metadata,
    ref("order_id", primary_key=True),
    ref("promotion_id", primary_key=True),
    ref("merchant_id"),
    ref("buyer_id", nullable=True),
    ref("grant_id", nullable=True),
    amount("amount"),
    moment("claimed_at"),
    moment("given_back_at", nullable=True),
    moment("taken_again_at", nullable=True),
    Column("person", BigInteger, nullable=True),
    ref("shared_with", nullable=True),
    CheckConstraint("shared_with <> order_id AND person IS NULL AND grant_id IS NULL OR shared_with IS NULL",
                    name="one_leads"),
    Index("ix_promotion_uses_promotion_id", "promotion_id", "order_id"),
    Index("ix_promotion_uses_buyer_id", "buyer_id", postgresql_where=text("person IS NOT NULL")),
    Index("ix_promotion_uses_shared_with", "shared_with", postgresql_where=text("shared_with IS NOT NULL")),
)  # fmt: skip

# The layers between list price and what was charged, in the order they came off; never changed after placing.
price_layers = Table(
    "price_layers", metadata,
    ref("order_id", primary_key=True),
    small("layer_no", primary_key=True),
    ref("merchant_id"),
    word("kind"),
    word("effect"),
    ref("promotion_id", nullable=True),
    word("code", nullable=True),
    document("label"),
    word("funder", nullable=True),
    amount("amount"),
    count("points", default=0),
    # What the goods had to come to so that carriage was not asked for.
    amount("reached", nullable=True),
    Index("ix_price_layers_promotion_id", "promotion_id", postgresql_where=text("promotion_id IS NOT NULL")),
)  # fmt: skip

# Each line's part of each layer.
price_shares = Table(
    "price_shares", metadata,
    ref("order_id", primary_key=True),
    small("layer_no", primary_key=True),
    small("line_no", primary_key=True),
    ref("merchant_id"),
    amount("amount"),
    count("points", default=0),
)  # fmt: skip
