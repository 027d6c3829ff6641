"""Settling with merchants: agreements, accounts by period, deposits, payouts; and invoices with their series."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from dingdan.migrations.scripting import run_script, wall_in

revision = "0026"
down_revision = "0025"

GUARDS = """
CREATE FUNCTION only_into_open_settlements() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Held until the end of this transaction, so that nobody closes it in between.
    PERFORM FROM settlements WHERE id = NEW.settlement_id AND state = 'open' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'settlement % is closed', NEW.settlement_id USING ERRCODE = 'DD001';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER settlement_lines_into_open BEFORE INSERT ON settlement_lines
    FOR EACH ROW EXECUTE FUNCTION only_into_open_settlements();
CREATE TRIGGER settlement_lines_are_history BEFORE UPDATE OR DELETE ON settlement_lines
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER settlements_stay_closed BEFORE UPDATE OR DELETE ON settlements
    FOR EACH ROW WHEN (OLD.state = 'closed') EXECUTE FUNCTION refuse_change();
CREATE TRIGGER agreements_are_history BEFORE UPDATE OR DELETE ON agreements
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER deposit_movements_are_history BEFORE UPDATE OR DELETE ON deposit_movements
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER invoices_stay_issued BEFORE UPDATE OR DELETE ON invoices
    FOR EACH ROW WHEN (OLD.state = 'issued') EXECUTE FUNCTION refuse_change();

-- Nothing was agreed on and nothing was wished for before now, so there is nothing to be answered of what was.
INSERT INTO reaction_cursors (reaction, position)
SELECT unnest(ARRAY['settlements.follow', 'invoices.follow']), COALESCE(max(position), 0) FROM facts HAVING count(*) > 0
ON CONFLICT DO NOTHING;

-- The sandbox of a tax office. `number` is our id: it issues the same paper once.
CREATE SCHEMA sandbox_tax;
CREATE SEQUENCE sandbox_tax.refs;
CREATE TABLE sandbox_tax.papers (
    number bigint CONSTRAINT pk_papers PRIMARY KEY,
    ref text NOT NULL DEFAULT 'TAX' || lpad(nextval('sandbox_tax.refs')::text, 17, '0')
        CONSTRAINT uq_papers_ref UNIQUE,
    kind text NOT NULL,
    corrects text,
    currency text NOT NULL,
    tax bigint NOT NULL,
    total bigint NOT NULL,
    issued_at timestamptz NOT NULL
);
-- The next `remaining` papers, or those of one number, go wrong in this way.
CREATE TABLE sandbox_tax.faults (
    id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_faults PRIMARY KEY,
    number bigint,
    kind text NOT NULL,
    remaining integer NOT NULL
);
"""


def upgrade() -> None:
    """Go forward."""
    _settlements()
    _invoices()
    wall_in(
        "agreements", "settlements", "settlement_lines", "merchant_deposits", "deposit_movements", "payout_runs",
        "payouts", "payout_items", "invoice_sellers", "invoice_requests", "invoices", "invoice_series", "invoice_refunds",
    )  # fmt: skip
    run_script(GUARDS)


def _settlements() -> None:
    op.create_table(
        "agreements",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("terms", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint(
            "merchant_id", "currency", "number", name=op.f("uq_agreements_merchant_id_currency_number")
        ),
    )
    op.create_table(
        "settlements",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("opening", sa.BigInteger(), nullable=True),
        sa.Column("closing", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_kind", sa.Text(), nullable=True),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL AND opening IS NOT NULL AND closing IS NOT NULL)",
            name=op.f("ck_settlements_closed_is_counted"),
        ),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_settlements_state_known")),
        sa.CheckConstraint("closed_at IS NULL OR closed_at >= ends_at", name=op.f("ck_settlements_closed_when_over")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_settlements_has_time")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlements")),
        sa.UniqueConstraint(
            "merchant_id", "currency", "starts_at", name=op.f("uq_settlements_merchant_id_currency_starts_at")
        ),
    )
    op.create_table(
        "settlement_lines",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("settlement_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.SmallInteger(), server_default=sa.text("0"), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind IN ('sale', 'subsidy', 'fee_back', 'own_credit_back', 'borne', 'recovery', 'deposit_draw', "
            "'payout_failed')) = (amount > 0)",
            name=op.f("ck_settlement_lines_sign_fits"),
        ),
        sa.CheckConstraint(
            "kind IN ('sale', 'subsidy', 'own_credit', 'fee', 'refund', 'subsidy_back', 'own_credit_back', 'fee_back', 'remedy', "
            "'borne', 'recovery', 'deposit_draw', 'payout', 'payout_failed')",
            name=op.f("ck_settlement_lines_kind_known"),
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_settlement_lines_moves_something")),
        sa.ForeignKeyConstraint(["settlement_id"], ["settlements.id"], name=op.f("fk_settlement_lines_settlement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlement_lines")),
        sa.UniqueConstraint(
            "kind", "detail", "subject_id", "n", name=op.f("uq_settlement_lines_kind_detail_subject_id_n")
        ),
    )
    op.create_index(
        "ix_settlement_lines_order_id",
        "settlement_lines",
        ["order_id"],
        unique=False,
        postgresql_where=sa.text("order_id IS NOT NULL"),
    )
    op.create_index("ix_settlement_lines_settlement_id", "settlement_lines", ["settlement_id", "id"], unique=False)
    op.create_table(
        "merchant_deposits",
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("balance", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_merchant_deposits_balance_fits")),
        sa.PrimaryKeyConstraint("merchant_id", "currency", name=op.f("pk_merchant_deposits")),
    )
    op.create_table(
        "deposit_movements",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("refund_id", sa.BigInteger(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(kind = 'top_up') = (amount > 0) AND amount <> 0", name=op.f("ck_deposit_movements_sign_fits")
        ),
        sa.CheckConstraint(
            "(kind = 'top_up') = (receipt IS NOT NULL) AND (kind = 'draw') = (refund_id IS NOT NULL)",
            name=op.f("ck_deposit_movements_has_cause"),
        ),
        sa.CheckConstraint("kind IN ('top_up', 'draw')", name=op.f("ck_deposit_movements_kind_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit_movements")),
        sa.UniqueConstraint("merchant_id", "receipt", name=op.f("uq_deposit_movements_merchant_id_receipt")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_deposit_movements_refund_id")),
    )
    op.create_index(
        "ix_deposit_movements_merchant_id", "deposit_movements", ["merchant_id", "currency", "id"], unique=False
    )
    op.create_table(
        "payout_runs",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("checksum", sa.Text(), nullable=False),
        sa.Column("prepared_by_kind", sa.Text(), nullable=False),
        sa.Column("prepared_by", sa.BigInteger(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_kind", sa.Text(), nullable=True),
        sa.Column("approved_by", sa.BigInteger(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "checksum = encode(sha256(convert_to(content, 'UTF8')), 'hex')",
            name=op.f("ck_payout_runs_checksum_is_its_own"),
        ),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (approved_by IS NULL)", name=op.f("ck_payout_runs_approved_by_somebody")
        ),
        sa.CheckConstraint(
            "(approved_by_kind, approved_by) IS DISTINCT FROM (prepared_by_kind, prepared_by)",
            name=op.f("ck_payout_runs_four_eyes"),
        ),
        sa.CheckConstraint("approved_at IS NULL OR dropped_at IS NULL", name=op.f("ck_payout_runs_one_end")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_runs")),
    )
    op.create_table(
        "payouts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("payout_run_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("payee", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.Text(), server_default="prepared", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("bank_ref", sa.Text(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('prepared', 'approved', 'paid', 'failed', 'dropped')", name=op.f("ck_payouts_state_known")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payouts_amount_positive")),
        sa.ForeignKeyConstraint(["payout_run_id"], ["payout_runs.id"], name=op.f("fk_payouts_payout_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payouts")),
        sa.UniqueConstraint("payout_run_id", "merchant_id", name=op.f("uq_payouts_payout_run_id_merchant_id")),
    )
    op.create_index("ix_payouts_merchant_id", "payouts", ["merchant_id", "id"], unique=False)
    op.create_table(
        "payout_items",
        sa.Column("payout_id", sa.BigInteger(), nullable=False),
        sa.Column("settlement_line_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["payout_id"], ["payouts.id"], name=op.f("fk_payout_items_payout_id")),
        sa.ForeignKeyConstraint(
            ["settlement_line_id"], ["settlement_lines.id"], name=op.f("fk_payout_items_settlement_line_id")
        ),
        sa.PrimaryKeyConstraint("payout_id", "settlement_line_id", name=op.f("pk_payout_items")),
    )
    op.create_index(
        "uq_payout_items_line",
        "payout_items",
        ["settlement_line_id"],
        unique=True,
        postgresql_where=sa.text("released_at IS NULL"),
    )


def _invoices() -> None:
    op.create_table(
        "invoice_sellers",
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", name=op.f("pk_invoice_sellers")),
    )
    op.create_table(
        "invoice_requests",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("buyer_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("corrects", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), server_default="asked", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('personal', 'company')", name=op.f("ck_invoice_requests_kind_known")),
        sa.CheckConstraint("state IN ('asked', 'answered', 'withdrawn')", name=op.f("ck_invoice_requests_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_requests")),
    )
    op.create_index("ix_invoice_requests_order_id", "invoice_requests", ["order_id", "id"], unique=False)
    op.create_index(
        "uq_invoice_requests_open",
        "invoice_requests",
        ["order_id"],
        unique=True,
        postgresql_where=sa.text("state = 'asked'"),
    )
    op.create_table(
        "invoices",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("invoice_request_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=True),
        sa.Column("refund_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), server_default="drafted", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("is_tax_on_top", sa.Boolean(), nullable=False),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("seller", postgresql.JSONB(), nullable=False),
        sa.Column("provider_ref", sa.Text(), nullable=True),
        sa.Column("series", sa.Text(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'credit_note') = (invoice_id IS NOT NULL)", name=op.f("ck_invoices_takes_something_back")
        ),
        sa.CheckConstraint(
            "(reason = 'refund') = (refund_id IS NOT NULL) AND (kind = 'invoice') = (reason = 'sale')",
            name=op.f("ck_invoices_reason_fits"),
        ),
        sa.CheckConstraint(
            "(state = 'issued') = (number IS NOT NULL AND series IS NOT NULL AND issued_at IS NOT NULL "
            "AND provider_ref IS NOT NULL)",
            name=op.f("ck_invoices_issued_is_numbered"),
        ),
        sa.CheckConstraint("kind IN ('invoice', 'credit_note')", name=op.f("ck_invoices_kind_known")),
        sa.CheckConstraint("reason IN ('sale', 'refund', 'correction')", name=op.f("ck_invoices_reason_known")),
        sa.CheckConstraint(
            "state IN ('drafted', 'unknown', 'refused', 'issued', 'dropped')", name=op.f("ck_invoices_state_known")
        ),
        sa.CheckConstraint(
            "total = net + tax AND total > 0 AND tax >= 0 AND net >= 0", name=op.f("ck_invoices_adds_up")
        ),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_invoices_invoice_id")),
        sa.ForeignKeyConstraint(
            ["invoice_request_id"], ["invoice_requests.id"], name=op.f("fk_invoices_invoice_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("merchant_id", "series", "number", name=op.f("uq_invoices_merchant_id_series_number")),
    )
    op.create_index(
        "ix_invoices_invoice_id",
        "invoices",
        ["invoice_id"],
        unique=False,
        postgresql_where=sa.text("invoice_id IS NOT NULL"),
    )
    op.create_index("ix_invoices_merchant_id", "invoices", ["merchant_id", "id"], unique=False)
    op.create_index("ix_invoices_order_id", "invoices", ["order_id", "id"], unique=False)
    op.create_index(
        "uq_invoices_correction",
        "invoices",
        ["invoice_id"],
        unique=True,
        postgresql_where=sa.text("reason = 'correction'"),
    )
    op.create_index(
        "uq_invoices_refund", "invoices", ["refund_id"], unique=True, postgresql_where=sa.text("refund_id IS NOT NULL")
    )
    op.create_index(
        "uq_invoices_request",
        "invoices",
        ["invoice_request_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'invoice'"),
    )
    op.create_table(
        "invoice_series",
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last > 0", name=op.f("ck_invoice_series_last_positive")),
        sa.PrimaryKeyConstraint("merchant_id", "series", name=op.f("pk_invoice_series")),
    )
    op.create_table(
        "invoice_refunds",
        sa.Column("refund_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name=op.f("fk_invoice_refunds_invoice_id")),
        sa.PrimaryKeyConstraint("refund_id", name=op.f("pk_invoice_refunds")),
    )
    op.create_index("ix_invoice_refunds_order_id", "invoice_refunds", ["order_id"], unique=False)
