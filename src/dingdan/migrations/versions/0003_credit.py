"""Credit of buyers, ways to pay, statements of providers; payments that are captured together."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from dingdan.migrations.scripting import run_script

revision = "0003"
down_revision = "0002"

# Tables that carry a merchant: readers see their own rows only (decision 0002).
WALLED = (
    "purses", "purse_movements", "purse_lots", "credit_holds", "hold_lots", "cards", "payment_methods", "differences",
)  # fmt: skip

GUARDS = """
CREATE TRIGGER purse_movements_are_history BEFORE UPDATE OR DELETE ON purse_movements
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- What the platform says about ways to pay is for every merchant to read.
CREATE POLICY shared_methods ON payment_methods FOR SELECT TO dingdan_read USING (merchant_id IS NULL);
"""


def upgrade() -> None:
    """Go forward."""
    create_tables()
    change_tables()
    for table in WALLED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY own_rows ON {table} FOR SELECT TO dingdan_read "
            "USING (current_setting('dingdan.scope', true) IN ('*', merchant_id::text))"
        )
    run_script(GUARDS)


def create_tables() -> None:
    """What is new."""
    op.create_table(
        "card_tries",
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("who", name=op.f("pk_card_tries")),
    )
    op.create_table(
        "payment_methods",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("currencies", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("countries", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("channels", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("limits", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("closed", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("rank", sa.SmallInteger(), server_default=sa.text("100"), autoincrement=False, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_methods")),
        sa.UniqueConstraint(
            "merchant_id",
            "provider",
            "method",
            name=op.f("uq_payment_methods_merchant_id_provider_method"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "purses",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("buyer_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("balance", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("held", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'card') = (buyer_id IS NULL)", name=op.f("ck_purses_has_owner")),
        sa.CheckConstraint("(kind = 'points') = (unit = 'points')", name=op.f("ck_purses_unit_fits")),
        sa.CheckConstraint("kind IN ('balance', 'points', 'card')", name=op.f("ck_purses_kind_known")),
        sa.CheckConstraint("held >= 0 AND held <= balance", name=op.f("ck_purses_held_fits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purses")),
        sa.UniqueConstraint("buyer_id", "kind", "unit", name=op.f("uq_purses_buyer_id_kind_unit")),
        postgresql_with={"fillfactor": "80"},
    )
    op.create_table(
        "statements",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("covers_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("covers_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lines", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("unreadable", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("provider", "content_hash", name=op.f("uq_statements_provider_content_hash")),
    )
    op.create_table(
        "cards",
        sa.Column("purse_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tail", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["purse_id"], ["purses.id"], name=op.f("fk_cards_purse_id")),
        sa.PrimaryKeyConstraint("purse_id", name=op.f("pk_cards")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_cards_code_hash")),
    )
    op.create_table(
        "credit_holds",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("purse_id", sa.BigInteger(), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("restored", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("state", sa.Text(), server_default="held", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('held', 'captured', 'released')", name=op.f("ck_credit_holds_state_known")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_credit_holds_amount_positive")),
        sa.CheckConstraint("restored >= 0 AND restored <= amount", name=op.f("ck_credit_holds_restored_fits")),
        sa.ForeignKeyConstraint(["purse_id"], ["purses.id"], name=op.f("fk_credit_holds_purse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_holds")),
        sa.UniqueConstraint(
            "order_id",
            "payment_id",
            "purse_id",
            name=op.f("uq_credit_holds_order_id_payment_id_purse_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(
        "ix_credit_holds_payment_id",
        "credit_holds",
        ["payment_id"],
        unique=False,
        postgresql_where=sa.text("payment_id IS NOT NULL"),
    )
    op.create_index(
        "ix_credit_holds_purse_id",
        "credit_holds",
        ["purse_id"],
        unique=False,
        postgresql_where=sa.text("state = 'held'"),
    )
    op.create_table(
        "differences",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("statement_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("line_kind", sa.Text(), nullable=False),
        sa.Column("provider_ref", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.BigInteger(), nullable=True),
        sa.Column("send_back_id", sa.BigInteger(), nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("ours", sa.BigInteger(), nullable=True),
        sa.Column("theirs", sa.BigInteger(), nullable=True),
        sa.Column("our_currency", sa.Text(), nullable=True),
        sa.Column("their_currency", sa.Text(), nullable=True),
        sa.Column("our_state", sa.Text(), nullable=True),
        sa.Column("their_state", sa.Text(), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolution", sa.Text(), nullable=True),
        sa.Column("resolved_by_kind", sa.Text(), nullable=True),
        sa.Column("resolved_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('missing_here', 'missing_there', 'amount_differs', 'currency_differs', 'state_differs', 'duplicate')",
            name=op.f("ck_differences_kind_known"),
        ),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_differences_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_differences")),
        sa.UniqueConstraint(
            "statement_id",
            "kind",
            "line_kind",
            "provider_ref",
            "line",
            name=op.f("uq_differences_statement_id_kind_line_kind_provider_ref_line"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(
        "ix_differences_open", "differences", ["id"], unique=False, postgresql_where=sa.text("resolved_at IS NULL")
    )
    op.create_table(
        "purse_lots",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("purse_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("granted", sa.BigInteger(), nullable=False),
        sa.Column("unspent", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("unspent >= 0 AND unspent <= granted", name=op.f("ck_purse_lots_unspent_fits")),
        sa.ForeignKeyConstraint(["purse_id"], ["purses.id"], name=op.f("fk_purse_lots_purse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purse_lots")),
    )
    op.create_index(
        "ix_purse_lots_purse_id", "purse_lots", ["purse_id"], unique=False, postgresql_where=sa.text("unspent > 0")
    )
    op.create_table(
        "purse_movements",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("purse_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("cause_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("funding", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('grant', 'take_back', 'spend', 'restore', 'expire')", name=op.f("ck_purse_movements_kind_known")
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_purse_movements_moves_something")),
        sa.ForeignKeyConstraint(["purse_id"], ["purses.id"], name=op.f("fk_purse_movements_purse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purse_movements")),
    )
    op.create_index(
        "ix_purse_movements_order_id",
        "purse_movements",
        ["order_id"],
        unique=False,
        postgresql_where=sa.text("order_id IS NOT NULL"),
    )
    op.create_index("ix_purse_movements_purse_id", "purse_movements", ["purse_id", "id"], unique=False)
    op.create_index(
        "uq_purse_movements_cause",
        "purse_movements",
        ["kind", "cause_id"],
        unique=True,
        postgresql_where=sa.text("cause_id IS NOT NULL"),
    )
    op.create_table(
        "statement_lines",
        sa.Column("statement_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("provider_ref", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('charge', 'refund')", name=op.f("ck_statement_lines_kind_known")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.id"], name=op.f("fk_statement_lines_statement_id")),
        sa.PrimaryKeyConstraint("statement_id", "line", name=op.f("pk_statement_lines")),
    )
    op.create_index("ix_statement_lines_provider_ref", "statement_lines", ["provider", "provider_ref"], unique=False)
    op.create_table(
        "hold_lots",
        sa.Column("hold_id", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_hold_lots_amount_positive")),
        sa.ForeignKeyConstraint(["hold_id"], ["credit_holds.id"], name=op.f("fk_hold_lots_hold_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["purse_lots.id"], name=op.f("fk_hold_lots_lot_id")),
        sa.PrimaryKeyConstraint("hold_id", "lot_id", name=op.f("pk_hold_lots")),
    )
    op.create_index("ix_hold_lots_lot_id", "hold_lots", ["lot_id"], unique=False)


def change_tables() -> None:
    """What was there: the platform gets books of its own, and payments know whom they are captured with."""
    op.alter_column("accounts", "merchant_id", existing_type=sa.BIGINT(), nullable=True)
    op.drop_constraint(op.f("uq_accounts_merchant_id_code_currency"), "accounts", type_="unique")
    op.create_unique_constraint(
        op.f("uq_accounts_merchant_id_code_currency"),
        "accounts",
        ["merchant_id", "code", "currency"],
        postgresql_nulls_not_distinct=True,
    )
    op.alter_column("entries", "merchant_id", existing_type=sa.BIGINT(), nullable=True)
    op.add_column("payments", sa.Column("together", sa.BigInteger(), nullable=True))
    op.add_column("payments", sa.Column("purse_id", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_payments_together", "payments", ["together"], unique=False, postgresql_where=sa.text("together IS NOT NULL")
    )
    op.alter_column("postings", "merchant_id", existing_type=sa.BIGINT(), nullable=True)
    op.create_check_constraint(
        op.f("ck_payments_purse_fits"), "payments", "(provider = 'credit') = (purse_id IS NOT NULL)"
    )
