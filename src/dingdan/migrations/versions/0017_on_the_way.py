"""On the way: what is noticed about parcels, lines to carriers, normal silence, parcels called back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from dingdan.migrations.scripting import run_script, wall_in

revision = "0017"
down_revision = "0016"

# Calls to carriers that wait under the old names, and parcels that are on their way already.
OVER = """
GRANT SELECT ON carrier_feeds, normal_silences TO dingdan_read;
UPDATE pgqueuer SET entrypoint = 'transit.' || split_part(entrypoint, '.', 2)
WHERE entrypoint IN ('fulfilment.ask_carrier', 'fulfilment.push_sandbox');
INSERT INTO deadlines (kind, subject_id, merchant_id, due_at, next_at)
SELECT 'parcel.silence', id, merchant_id, at, at FROM (
    SELECT *, COALESCE(last_scan_at, dispatched_at) + interval '48 hours' AS at FROM parcels
) AS parcels
WHERE delivered_at IS NULL AND carrier <> 'manual' AND dispatched_at > dingdan_now() - interval '60 days'
ON CONFLICT DO NOTHING;
"""


def upgrade() -> None:
    """Go forward; of parcels of before nothing was noticed yet."""
    op.add_column("parcels", sa.Column("noticed", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False))
    op.create_index(
        "ix_parcels_arrived", "parcels", ["carrier", "delivered_at"],
        postgresql_where=sa.text("delivered_at IS NOT NULL"),
    )  # fmt: skip
    op.create_table(
        "carrier_feeds",
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(failures > 0) = (failing_since IS NOT NULL) AND failures >= 0",
            name=op.f("ck_carrier_feeds_failures_since"),
        ),
        sa.PrimaryKeyConstraint("carrier", name=op.f("pk_carrier_feeds")),
    )
    op.create_table(
        "normal_silences",
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("normal_seconds", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("samples", sa.Integer(), nullable=False),
        sa.Column("p95_seconds", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "rule IN ('learned', 'floor', 'ceiling', 'too_few')", name=op.f("ck_normal_silences_rule_known")
        ),
        sa.CheckConstraint("normal_seconds > 0", name=op.f("ck_normal_silences_normal_positive")),
        sa.PrimaryKeyConstraint("carrier", "way", name=op.f("pk_normal_silences")),
    )
    op.create_table(
        "interceptions",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("parcel_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("answer IN ('succeeded', 'failed')", name=op.f("ck_interceptions_answer_known")),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL)", name=op.f("ck_interceptions_answered_at_a_time")
        ),
        sa.CheckConstraint(
            "(answer IS NOT DISTINCT FROM 'failed') = (why IS NOT NULL)", name=op.f("ck_interceptions_failed_why")
        ),
        sa.ForeignKeyConstraint(["parcel_id"], ["parcels.id"], name=op.f("fk_interceptions_parcel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interceptions")),
    )
    op.create_index(
        "uq_interceptions_open", "interceptions", ["parcel_id"], unique=True,
        postgresql_where=sa.text("answer IS NULL"),
    )  # fmt: skip
    op.create_index("ix_interceptions_parcel_id", "interceptions", ["parcel_id", "id"])
    op.create_index("ix_interceptions_order_id", "interceptions", ["order_id"])
    op.create_table(
        "sandbox_plans",
        sa.Column("parcel_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("plan", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["parcel_id"], ["parcels.id"], name=op.f("fk_sandbox_plans_parcel_id")),
        sa.PrimaryKeyConstraint("parcel_id", name=op.f("pk_sandbox_plans")),
    )
    op.drop_constraint(op.f("ck_confirmations_occasion_known"), "confirmations")
    op.create_check_constraint(
        op.f("ck_confirmations_occasion_known"),
        "confirmations",
        "occasion IN ('received', 'confirmed', 'amended', 'cancelled', 'expired', 'refunded', 'payment_failed', "
        "'review_started', 'delayed', 'deposit_paid', 'balance_opened', 'deposit_ended')",
    )
    wall_in("interceptions", "sandbox_plans")
    run_script(OVER)
