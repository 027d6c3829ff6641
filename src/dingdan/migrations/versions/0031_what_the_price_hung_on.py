"""What prices hung on, why money goes back and by which clause, time between refunds, and payments by hand with consent."""

import sqlalchemy as sa
from alembic import op

from dingdan.migrations.scripting import wall_in

revision = "0031"
down_revision = "0030"

COMPONENTS = (
    "'goods', 'freight_out', 'freight_return', 'tax', 'excess', 'deduction', 'penalty', 'freight_tax', 'reprice'"
)
BASES = "'', 'no_reason', 'withdrawal', 'fault', 'cancelled'"


def upgrade() -> None:
    """Go forward. Nobody knows why units went back before: they count as kept, which costs no buyer anything."""
    op.add_column("price_layers", sa.Column("reached", sa.BigInteger(), nullable=True))
    op.add_column("refund_lines", sa.Column("basis", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("refund_lines", sa.Column("clause", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.create_check_constraint(op.f("ck_refund_lines_basis_says_why"), "refund_lines", f"basis IN ({BASES})")
    op.drop_constraint(op.f("ck_refund_lines_component_known"), "refund_lines")
    op.create_check_constraint(op.f("ck_refund_lines_component_known"), "refund_lines", f"component IN ({COMPONENTS})")
    op.add_column("send_backs", sa.Column("called_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("ALTER TABLE sandbox_psp.settings ADD seconds_apart integer")
    op.execute("ALTER TABLE sandbox_psp.charges ADD refunded_at timestamptz")
    op.add_column("inspection_lines", sa.Column("lost", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    op.drop_constraint(op.f("ck_inspection_lines_accepted_is_intact"), "inspection_lines")
    op.create_check_constraint(
        op.f("ck_inspection_lines_accepted_is_intact"),
        "inspection_lines",
        "NOT is_accepted OR is_original AND (intact OR is_from_transit OR lost > 0)",
    )
    _hand_payouts()


def _hand_payouts() -> None:
    op.create_table(
        "hand_payouts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("buyer_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="consented", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("consented_by_kind", sa.Text(), nullable=False),
        sa.Column("consented_by", sa.BigInteger(), nullable=True),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("paid_by_kind", sa.Text(), nullable=True),
        sa.Column("paid_by", sa.BigInteger(), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_kind", sa.Text(), nullable=True),
        sa.Column("confirmed_by", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_hand_payouts_amount_positive")),
        sa.CheckConstraint(
            "(state IN ('paid', 'confirmed')) = (receipt IS NOT NULL AND paid_by IS NOT NULL)",
            name=op.f("ck_hand_payouts_paid_with_receipt"),
        ),
        sa.CheckConstraint(
            "confirmed_by IS NULL OR (confirmed_by_kind, confirmed_by) <> (paid_by_kind, paid_by)",
            name=op.f("ck_hand_payouts_four_eyes"),
        ),
        sa.CheckConstraint(
            "(state = 'confirmed') = (confirmed_by IS NOT NULL)", name=op.f("ck_hand_payouts_confirmed_by_somebody")
        ),
        sa.CheckConstraint(
            "state IN ('consented', 'paid', 'confirmed', 'dropped')", name=op.f("ck_hand_payouts_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_payouts")),
    )
    op.create_index("ix_hand_payouts_order_id", "hand_payouts", ["order_id"])
    op.create_index("uq_hand_payouts_open", "hand_payouts", ["order_id"], unique=True,
                    postgresql_where=sa.text("state IN ('consented', 'paid')"))  # fmt: skip
    op.add_column("refunds", sa.Column("hand_payout_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_refunds_hand_payout_id"), "refunds", "hand_payouts", ["hand_payout_id"], ["id"])
    wall_in("hand_payouts")
