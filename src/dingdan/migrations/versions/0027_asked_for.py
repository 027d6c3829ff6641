"""What is asked for and how it is answered: ways out, evidence, units that are had once, offers, questions, withdrawals."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from dingdan.migrations.scripting import run_script, wall_in

revision = "0027"
down_revision = "0026"

OCCASIONS = """
    'received', 'confirmed', 'amended', 'cancelled', 'expired', 'refunded', 'payment_failed', 'review_started', 'delayed',
    'receipt_announced', 'receipt_due_soon', 'deposit_paid', 'balance_opened', 'deposit_ended', 'return_approved',
    'return_due_soon', 'return_place_proposed', 'units_rejected', 'units_offered', 'units_unclaimed', 'case_opened',
    'case_updated', 'case_asked', 'case_offered', 'case_remedied', 'case_closed', 'return_resolved', 'return_refused',
    'return_asked', 'return_offered', 'return_updated', 'contract_withdrawn'
"""

# What remedies speak for was read from their terms; from now on it is written where returns see it.
MADE_GOOD = """
INSERT INTO made_good_units (order_id, line_no, remedy_id, merchant_id, quantity)
SELECT r.order_id, (l ->> 'line_no')::smallint, r.id, r.merchant_id, sum((l ->> 'quantity')::int)
FROM remedies r CROSS JOIN LATERAL jsonb_array_elements(r.terms -> 'lines') AS l
WHERE CASE r.state
    WHEN 'executed' THEN r.kind IN ('reship', 'substitute') OR r.kind = 'refund' AND NOT r.terms ? 'amount'
    ELSE r.state IN ('proposed', 'approved')
        AND (r.kind IN ('reship', 'substitute', 'take_back') OR r.kind = 'refund' AND NOT r.terms ? 'amount') END
GROUP BY r.order_id, (l ->> 'line_no')::smallint, r.id, r.merchant_id;

CREATE TRIGGER evidence_is_history BEFORE UPDATE OR DELETE ON evidence
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


def _id(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _key(name: str = "id") -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _word(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, server_default=default)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _ids(name: str) -> sa.Column[list[int]]:
    return sa.Column(name, postgresql.ARRAY(sa.BigInteger()), server_default=sa.text("'{}'"), nullable=False)


def _version() -> sa.Column[int]:
    return sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False)


def upgrade() -> None:
    """Go forward."""
    _returns()
    _evidence()
    _talks()
    _offers()
    op.drop_constraint(op.f("ck_confirmations_occasion_known"), "confirmations")
    op.create_check_constraint(op.f("ck_confirmations_occasion_known"), "confirmations", f"occasion IN ({OCCASIONS})")
    wall_in("made_good_units", "evidence", "return_remarks", "return_questions", "return_offers", "withdrawals")
    run_script(MADE_GOOD)


def _returns() -> None:
    op.add_column("returns", _word("resolution", default="refund"))
    op.add_column("returns", _ids("evidence"))
    op.add_column("returns", _word("decided_by_kind", nullable=True))
    op.add_column("returns", _id("decided_by", nullable=True))
    op.add_column("returns", _moment("appealed_at", nullable=True))
    op.create_check_constraint(
        op.f("ck_returns_resolution_fits"),
        "returns",
        "resolution IN ('refund', 'refund_only', 'keep', 'price_protection', 'store_credit')",
    )
    op.create_check_constraint(
        op.f("ck_returns_goods_stay"), "returns", "resolution = 'refund' OR journey = 'at_buyer'"
    )
    op.create_index(
        "ix_returns_requested", "returns", ["merchant_id", "id"], postgresql_where=sa.text("decision = 'requested'")
    )
    op.add_column("return_lines", sa.Column("off", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.create_check_constraint(op.f("ck_return_lines_off_not_negative"), "return_lines", "off >= 0")
    op.create_table(
        "made_good_units",
        _id("order_id"),
        sa.Column("line_no", sa.SmallInteger(), autoincrement=False, nullable=False),
        _id("remedy_id"),
        _id("merchant_id"),
        _count("quantity"),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_made_good_units_quantity_positive")),
        sa.PrimaryKeyConstraint("order_id", "line_no", "remedy_id", name=op.f("pk_made_good_units")),
    )
    op.create_index("ix_made_good_units_remedy_id", "made_good_units", ["remedy_id"])


def _evidence() -> None:
    op.create_table(
        "evidence",
        _key(),
        _id("merchant_id"),
        _id("order_id"),
        _id("buyer_id"),
        _word("sort"),
        _word("shot"),
        _word("sha256"),
        _count("size"),
        _count("width"),
        _count("height"),
        _id("likeness", nullable=True),
        _ids("like"),
        _word("brought_by_kind"),
        _id("brought_by", nullable=True),
        _moment("at"),
        sa.CheckConstraint("sort IN ('photo', 'video')", name=op.f("ck_evidence_sort_known")),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$' AND size > 0", name=op.f("ck_evidence_is_whole")),
        sa.CheckConstraint("sort = 'video' OR width > 0 AND height > 0", name=op.f("ck_evidence_photo_has_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index("uq_evidence_order_id_sha256", "evidence", ["order_id", "sha256"], unique=True)
    op.create_index("ix_evidence_sha256", "evidence", ["sha256"])
    op.create_index("ix_evidence_merchant_id", "evidence", ["merchant_id", "id"])
    op.create_index("ix_evidence_buyer_id", "evidence", ["buyer_id", "at"])


def _talks() -> None:
    op.create_table(
        "return_remarks",
        _key(),
        _id("return_id"),
        _id("order_id"),
        _id("merchant_id"),
        _id("buyer_id"),
        _word("side"),
        _word("code"),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        _ids("evidence"),
        _word("said_by_kind"),
        _id("said_by", nullable=True),
        _moment("at"),
        sa.CheckConstraint("side IN ('buyer', 'seller')", name=op.f("ck_return_remarks_side_known")),
        sa.ForeignKeyConstraint(["return_id"], ["returns.id"], name=op.f("fk_return_remarks_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_remarks")),
    )
    op.create_index("ix_return_remarks_return_id", "return_remarks", ["return_id", "id"])
    op.create_index("ix_return_remarks_order_id", "return_remarks", ["order_id"])
    op.create_table(
        "return_questions",
        _key(),
        _id("return_id"),
        _id("order_id"),
        _id("merchant_id"),
        _word("state", default="asked"),
        _version(),
        sa.Column("shots", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        _moment("asked_at"),
        _moment("answer_by"),
        _moment("answered_at", nullable=True),
        sa.CheckConstraint("state IN ('asked', 'answered', 'lapsed')", name=op.f("ck_return_questions_state_known")),
        sa.CheckConstraint(
            "(answered_at IS NOT NULL) = (state = 'answered')", name=op.f("ck_return_questions_answered_has_moment")
        ),
        sa.ForeignKeyConstraint(["return_id"], ["returns.id"], name=op.f("fk_return_questions_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_questions")),
        sa.UniqueConstraint("return_id", name=op.f("uq_return_questions_return_id")),
    )
    op.create_index("ix_return_questions_order_id", "return_questions", ["order_id"])
    op.create_table(
        "withdrawals",
        _key(),
        _id("order_id"),
        _id("merchant_id"),
        _id("buyer_id"),
        _word("state", default="stated"),
        _version(),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        _moment("stated_at"),
        _moment("confirmed_at", nullable=True),
        _id("request_id", nullable=True),
        sa.CheckConstraint("state IN ('stated', 'confirmed')", name=op.f("ck_withdrawals_state_known")),
        sa.CheckConstraint(
            "(confirmed_at IS NOT NULL) = (state = 'confirmed')", name=op.f("ck_withdrawals_confirmed_has_moment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawals")),
    )
    op.create_index("ix_withdrawals_order_id", "withdrawals", ["order_id"])
    op.create_index("ix_withdrawals_merchant_id", "withdrawals", ["merchant_id", "id"])


def _offers() -> None:
    op.create_table(
        "return_offers",
        _key(),
        _id("return_id"),
        _id("order_id"),
        _id("merchant_id"),
        _word("kind"),
        _word("state", default="open"),
        _version(),
        _word("currency"),
        _id("amount"),
        _word("side"),
        _word("made_by_kind"),
        _id("made_by", nullable=True),
        _moment("made_at"),
        _moment("expires_at"),
        _moment("ended_at", nullable=True),
        _id("counters", nullable=True),
        _word("consent_text", nullable=True),
        _moment("consented_at", nullable=True),
        _id("purse_id", nullable=True),
        sa.CheckConstraint("kind IN ('keep', 'refund_only', 'store_credit')", name=op.f("ck_return_offers_kind_known")),
        sa.CheckConstraint(
            "state IN ('open', 'taken', 'declined', 'countered', 'withdrawn', 'lapsed')",
            name=op.f("ck_return_offers_state_known"),
        ),
        sa.CheckConstraint("side IN ('buyer', 'seller')", name=op.f("ck_return_offers_side_known")),
        sa.CheckConstraint(
            "amount >= 0 AND (kind = 'refund_only') = (amount = 0)", name=op.f("ck_return_offers_amount_fits")
        ),
        sa.CheckConstraint("(ended_at IS NULL) = (state = 'open')", name=op.f("ck_return_offers_ended_has_moment")),
        sa.CheckConstraint(
            "kind <> 'store_credit' OR state <> 'taken' OR consent_text IS NOT NULL AND consented_at IS NOT NULL",
            name=op.f("ck_return_offers_credit_has_consent"),
        ),
        sa.ForeignKeyConstraint(["return_id"], ["returns.id"], name=op.f("fk_return_offers_return_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_return_offers")),
    )
    op.create_index(
        "uq_return_offers_open", "return_offers", ["return_id"], unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )  # fmt: skip
    op.create_index("ix_return_offers_return_id", "return_offers", ["return_id", "id"])
    op.create_index("ix_return_offers_order_id", "return_offers", ["order_id"])
