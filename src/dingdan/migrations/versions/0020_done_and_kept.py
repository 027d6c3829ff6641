"""Done and kept: what stands against completion, feedback, and the archive with its chains, keys and holds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from dingdan.migrations.scripting import run_script, wall_in

revision = "0020"
down_revision = "0019"

# Returns that are open stand against their orders; until now only a clock stood still for them.
OPEN_RETURNS = """
INSERT INTO objections (order_id, cause, subject_id, round, merchant_id, reason, opened_at)
SELECT r.order_id, 'return', r.id, 1, r.merchant_id, 'return_open', r.requested_at
FROM returns r JOIN orders o ON o.id = r.order_id
WHERE r.decision IN ('requested', 'approved') AND r.journey <> 'lapsed' AND r.outcome IN ('open', 'passed', 'partly')
  AND o.state NOT IN ('completed', 'cancelled', 'expired');

CREATE TRIGGER bundles_are_history BEFORE UPDATE OR DELETE ON bundles
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER bundles_stay BEFORE TRUNCATE ON bundles
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""

OCCASIONS = """
    'received', 'confirmed', 'amended', 'cancelled', 'expired', 'refunded', 'payment_failed', 'review_started',
    'deposit_paid', 'balance_opened', 'deposit_ended', 'delayed', 'case_opened', 'case_updated', 'case_asked',
    'case_offered', 'case_remedied', 'case_closed', 'receipt_announced', 'receipt_due_soon'
"""


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    """Go forward; orders that are over already are archived by and by, as their facts are answered."""
    op.create_table(
        "objections",
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        _moment("opened_at"),
        _moment("settled_at", nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.CheckConstraint("cause IN ('buyer', 'return', 'case')", name=op.f("ck_objections_cause_known")),
        sa.CheckConstraint("(settled_at IS NULL) = (outcome IS NULL)", name=op.f("ck_objections_settled_with_outcome")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_objections_order_id")),
        sa.PrimaryKeyConstraint("order_id", "cause", "subject_id", "round", name=op.f("pk_objections")),
    )
    op.create_index(
        "uq_objections_open",
        "objections",
        ["order_id", "cause", "subject_id"],
        unique=True,
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "feedback",
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("buyer_id", sa.BigInteger(), nullable=False),
        sa.Column("rating", sa.SmallInteger(), nullable=False),
        sa.Column("lines", postgresql.JSONB(), nullable=False),
        sa.Column("photos", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        _moment("given_at"),
        _moment("hidden_at", nullable=True),
        sa.Column("hidden_reason", sa.Text(), nullable=True),
        sa.Column("hidden_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("version IN (1, 2)", name=op.f("ck_feedback_changed_once")),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_feedback_rating_fits")),
        sa.CheckConstraint(
            "(hidden_at IS NULL) = (hidden_reason IS NULL)", name=op.f("ck_feedback_hidden_with_reason")
        ),
        sa.PrimaryKeyConstraint("order_id", "version", name=op.f("pk_feedback")),
    )
    op.create_index("ix_feedback_merchant_id", "feedback", ["merchant_id", "order_id"])
    _archive()
    op.drop_constraint(op.f("ck_confirmations_occasion_known"), "confirmations")
    op.create_check_constraint(op.f("ck_confirmations_occasion_known"), "confirmations", f"occasion IN ({OCCASIONS})")
    wall_in("objections", "feedback", "bundles", "archive_chains", "archived_orders", "archive_failures", "legal_holds")
    run_script(OPEN_RETURNS)


def _archive() -> None:
    op.create_table(
        "bundles",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("envelope", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("people", sa.LargeBinary(), nullable=True),
        _moment("at"),
        sa.CheckConstraint("kind IN ('bundle', 'supplement')", name=op.f("ck_bundles_kind_known")),
        sa.CheckConstraint(
            "hash = sha256(convert_to(envelope, 'UTF8'))", name=op.f("ck_bundles_hash_is_the_envelopes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bundles")),
        sa.UniqueConstraint("merchant_id", "number", name=op.f("uq_bundles_merchant_id_number")),
    )
    op.create_index("ix_bundles_order_id", "bundles", ["order_id", "id"])
    op.create_index(
        "uq_bundles_first", "bundles", ["order_id"], unique=True, postgresql_where=sa.text("kind = 'bundle'")
    )
    op.create_table(
        "archive_chains",
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", name=op.f("pk_archive_chains")),
    )
    op.create_table(
        "archived_orders",
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("buyer_id", sa.BigInteger(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=True),
        _moment("kept_at"),
        _moment("erase_after"),
        _moment("put_away_at", nullable=True),
        _moment("erased_at", nullable=True),
        sa.CheckConstraint(
            "erased_at IS NULL OR sealed_key IS NULL AND put_away_at IS NOT NULL",
            name=op.f("ck_archived_orders_erased_has_no_key"),
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_archived_orders")),
    )
    op.create_index("ix_archived_orders_merchant_id", "archived_orders", ["merchant_id", "order_id"])
    op.create_index("ix_archived_orders_buyer_id", "archived_orders", ["buyer_id"])
    op.create_table(
        "archive_failures",
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("missing", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("1"), nullable=False),
        _moment("first_at"),
        _moment("last_at"),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_archive_failures")),
    )
    op.create_index("ix_archive_failures_merchant_id", "archive_failures", ["merchant_id", "order_id"])
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _moment("set_at"),
        sa.Column("set_by", sa.BigInteger(), nullable=True),
        _moment("lifted_at", nullable=True),
        sa.Column("lifted_by", sa.BigInteger(), nullable=True),
        sa.Column("lift_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lift_reason IS NULL)", name=op.f("ck_legal_holds_lifted_with_reason")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    op.create_index(
        "uq_legal_holds_open", "legal_holds", ["order_id"], unique=True, postgresql_where=sa.text("lifted_at IS NULL")
    )
    op.create_index("ix_legal_holds_order_id", "legal_holds", ["order_id"])
