"""Prices: tariffs, promotions and coupons with their uses, and the layers of an order's price."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"

TABLES = (
    "tariffs",
    "promotions",
    "promotion_buyers",
    "coupon_grants",
    "promotion_uses",
    "price_layers",
    "price_shares",
)
# Rows of the platform are open to every merchant's readers: its promotions and rates make their prices too.
SHARED = ("tariffs", "promotions")


def upgrade() -> None:
    """Go forward."""
    create_rules()
    create_uses()
    create_layers()
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY own_rows ON {table} FOR SELECT TO dingdan_read"
            " USING (current_setting('dingdan.scope', true) IN ('*', merchant_id::text))"
        )
        op.execute(f"GRANT SELECT ON {table} TO dingdan_read")
    for table in SHARED:
        op.execute(f"CREATE POLICY of_the_platform ON {table} FOR SELECT TO dingdan_read USING (merchant_id IS NULL)")


def create_rules() -> None:
    """What makes prices."""
    op.create_table(
        "tariffs",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("freight", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("taxes", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("points", postgresql.JSONB(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tariffs")),
        sa.UniqueConstraint("merchant_id", name=op.f("uq_tariffs_merchant_id"), postgresql_nulls_not_distinct=True),
    )
    op.create_table(
        "promotions",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("draft", postgresql.JSONB(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("limit_total", sa.Integer(), nullable=True),
        sa.Column("limit_per_buyer", sa.Integer(), nullable=True),
        sa.Column("needs_grant", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("listed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("used", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'scheduled', 'active', 'stopped', 'ended')", name=op.f("ck_promotions_state_known")
        ),
        sa.CheckConstraint(
            "used >= 0 AND (limit_total IS NULL OR used <= limit_total)", name=op.f("ck_promotions_used_fits")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promotions")),
    )
    op.create_index("ix_promotions_merchant_id", "promotions", ["merchant_id", "id"])
    op.create_index(
        "ix_promotions_running", "promotions", ["merchant_id"],
        postgresql_where=sa.text("code IS NULL AND state IN ('scheduled', 'active')"),
    )  # fmt: skip
    op.create_index("ix_promotions_listed", "promotions", ["merchant_id"], postgresql_where=sa.text("listed"))
    op.create_index(
        "uq_promotions_code", "promotions", ["merchant_id", "code"], unique=True,
        postgresql_where=sa.text("code IS NOT NULL"), postgresql_nulls_not_distinct=True,
    )  # fmt: skip


def create_uses() -> None:
    """Who may use what is limited, and who used it."""
    op.create_table(
        "promotion_buyers",
        sa.Column("promotion_id", sa.BigInteger(), nullable=False),
        sa.Column("buyer_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("used >= 0", name=op.f("ck_promotion_buyers_used_fits")),
        sa.PrimaryKeyConstraint("promotion_id", "buyer_id", name=op.f("pk_promotion_buyers")),
    )
    op.create_table(
        "coupon_grants",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("promotion_id", sa.BigInteger(), nullable=False),
        sa.Column("buyer_id", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("buyer_id IS NOT NULL OR code IS NOT NULL", name=op.f("ck_coupon_grants_for_somebody")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon_grants")),
    )
    op.create_index("ix_coupon_grants_promotion_id", "coupon_grants", ["promotion_id", "id"])
    op.create_index("ix_coupon_grants_free", "coupon_grants", ["buyer_id"], postgresql_where=sa.text("used_at IS NULL"))
    op.create_index(
        "uq_coupon_grants_code", "coupon_grants", ["merchant_id", "code"], unique=True,
        postgresql_where=sa.text("code IS NOT NULL"), postgresql_nulls_not_distinct=True,
    )  # fmt: skip
    op.create_table(
        "promotion_uses",
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("promotion_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("buyer_id", sa.BigInteger(), nullable=True),
        sa.Column("grant_id", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_again_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("order_id", "promotion_id", name=op.f("pk_promotion_uses")),
    )
    op.create_index("ix_promotion_uses_promotion_id", "promotion_uses", ["promotion_id", "order_id"])


def create_layers() -> None:
    """What the price of an order was made of."""
    op.create_table(
        "price_layers",
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("layer_no", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("promotion_id", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("label", postgresql.JSONB(), nullable=False),
        sa.Column("funder", sa.Text(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "layer_no", name=op.f("pk_price_layers")),
    )
    op.create_index(
        "ix_price_layers_promotion_id", "price_layers", ["promotion_id"],
        postgresql_where=sa.text("promotion_id IS NOT NULL"),
    )  # fmt: skip
    op.create_table(
        "price_shares",
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("layer_no", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("line_no", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "layer_no", "line_no", name=op.f("pk_price_shares")),
    )
