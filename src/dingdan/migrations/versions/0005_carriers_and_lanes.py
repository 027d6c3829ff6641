"""Carriers and lanes: who carries from where to where, and how fast."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from dingdan.migrations.scripting import run_script

revision = "0005"
down_revision = "0004"

# Readers see their own rows and the platform's, as with policies.
WALL = """
ALTER TABLE carriers ENABLE ROW LEVEL SECURITY;
ALTER TABLE lanes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON carriers FOR SELECT TO dingdan_read USING (
    merchant_id IS NULL OR current_setting('dingdan.scope', true) IN ('*', merchant_id::text));
CREATE POLICY own_rows ON lanes FOR SELECT TO dingdan_read USING (
    merchant_id IS NULL OR current_setting('dingdan.scope', true) IN ('*', merchant_id::text));
"""


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "carriers",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", postgresql.JSONB(astext_type=Text()), nullable=False),
        sa.Column("services", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("regions", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carriers")),
        sa.UniqueConstraint(
            "code", "merchant_id", name=op.f("uq_carriers_code_merchant_id"), postgresql_nulls_not_distinct=True
        ),
    )
    op.create_table(
        "lanes",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("carrier_id", sa.BigInteger(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("warehouse_id", sa.BigInteger(), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("deliverable", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("cut_off", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("handling_days", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("days_min", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("days_max", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("days", sa.Text(), nullable=False),
        sa.Column("surcharge", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("priority", sa.SmallInteger(), autoincrement=False, server_default=sa.text("100"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("days IN ('every_day', 'working_days')", name=op.f("ck_lanes_days_known")),
        sa.CheckConstraint("days_min BETWEEN 0 AND days_max", name=op.f("ck_lanes_days_in_order")),
        sa.CheckConstraint("cut_off BETWEEN 0 AND 1440", name=op.f("ck_lanes_cut_off_within_a_day")),
        sa.CheckConstraint("surcharge = 0 OR currency IS NOT NULL", name=op.f("ck_lanes_surcharge_has_currency")),
        sa.ForeignKeyConstraint(["carrier_id"], ["carriers.id"], name=op.f("fk_lanes_carrier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lanes")),
        sa.UniqueConstraint(
            "code", "merchant_id", name=op.f("uq_lanes_code_merchant_id"), postgresql_nulls_not_distinct=True
        ),
    )
    op.create_index(
        "uq_lanes_way",
        "lanes",
        ["merchant_id", "carrier_id", "service", "warehouse_id", "country", "region"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("active"),
    )
    op.create_index(
        "ix_lanes_destination", "lanes", ["country", "region", "merchant_id"], postgresql_where=sa.text("active")
    )
    op.create_index("ix_lanes_carrier_id", "lanes", ["carrier_id", "country", "region"])
    op.create_index("ix_lanes_merchant_id", "lanes", ["merchant_id", "id"])
    run_script(WALL)
