"""The carriers' register: licences, contracts, scorecards, and by which right each parcel was given to its carrier."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from dingdan.migrations.scripting import run_script

revision = "0015"
down_revision = "0014"

TABLES = ("carrier_licences", "carrier_scorecards", "carrier_grades", "carrier_complaints")

WALL = (
    "".join(
        f"GRANT SELECT ON {table} TO dingdan_read; ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f" CREATE POLICY own_rows ON {table} FOR SELECT TO dingdan_read USING ("
        "merchant_id IS NULL OR current_setting('dingdan.scope', true) IN ('*', merchant_id::text));"
        for table in TABLES
    )
    + """
GRANT SELECT ON parcel_assignments TO dingdan_read;
ALTER TABLE parcel_assignments ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON parcel_assignments FOR SELECT TO dingdan_read USING (
    current_setting('dingdan.scope', true) IN ('*', merchant_id::text));
CREATE TRIGGER scorecards_are_history BEFORE UPDATE OR DELETE ON carrier_scorecards
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER grades_are_history BEFORE UPDATE OR DELETE ON carrier_grades
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER assignments_are_history BEFORE UPDATE OR DELETE ON parcel_assignments
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
)

# Shops of before go on for half a year, and are told in time: a carrier that they have gets a licence that says it was
# carried over, and one that they ship with and never registered becomes one of the merchant's. Ids of new carriers are
# those of their first parcels with the last bit turned, which nothing else is called.
CARRY_OVER = """
INSERT INTO carriers (id, merchant_id, code, name, services, regions, created_at, updated_at)
SELECT min(p.id) # 1, p.merchant_id, p.carrier, k.name::jsonb, '{standard}', '{}', now(), now()
FROM parcels p JOIN (VALUES
    ('sf', '{"zh": "顺丰速运", "en": "SF Express"}'), ('yto', '{"zh": "圆通速递", "en": "YTO Express"}'),
    ('royal_mail', '{"zh": "英国皇家邮政", "en": "Royal Mail"}')) AS k (code, name) ON k.code = p.carrier
WHERE NOT EXISTS (
    SELECT FROM carriers c WHERE c.code = p.carrier AND (c.merchant_id = p.merchant_id OR c.merchant_id IS NULL))
GROUP BY p.merchant_id, p.carrier, k.name;
INSERT INTO carrier_licences (carrier_id, number, merchant_id, issuer, valid_from, valid_until, zone, starts_at, ends_at,
    updated_at)
SELECT id, 'carried-over', merchant_id, 'unknown', '2000-01-01', d, 'Asia/Shanghai', '1999-12-31T16:00:00Z',
    (d + 1)::timestamp AT TIME ZONE 'Asia/Shanghai', now()
FROM carriers, (SELECT (now() AT TIME ZONE 'Asia/Shanghai')::date + 180 AS d) AS half_a_year
WHERE code NOT IN ('sandbox', 'manual');
INSERT INTO deadlines (kind, subject_id, merchant_id, due_at)
SELECT 'carrier.licence', carrier_id, merchant_id, ends_at - interval '30 days' FROM carrier_licences
UNION ALL SELECT 'carrier.evaluate', id, merchant_id,
    (date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai') + interval '1 month 2 hours') AT TIME ZONE 'Asia/Shanghai'
FROM carriers;
INSERT INTO facts (id, wire, subject, subject_id, merchant_id, machine, now, version, rule, actor_kind, correlation, at,
    recorded_at, data)
SELECT id, 'carrier.saved', 'carrier', id, merchant_id, 'carrier', 'active', 1, '', 'system', '', now(), now(),
    jsonb_build_object('code', code)
FROM carriers;
INSERT INTO parcel_assignments (parcel_id, merchant_id, ground, by_kind) SELECT id, merchant_id, 'before', 'system' FROM parcels;
"""


def upgrade() -> None:
    """Go forward; nobody's shop stands still because of it."""
    moment, word = sa.DateTime(timezone=True), sa.Text()
    op.add_column("carriers", sa.Column("state", word, server_default="active", nullable=False))
    op.create_check_constraint(
        op.f("ck_carriers_state_known"), "carriers", "state IN ('active', 'warned', 'suspended')"
    )
    op.add_column("carriers", sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.add_column("carriers", sa.Column("contact", postgresql.JSONB(), nullable=True))
    op.add_column("carriers", sa.Column("auto_suspend", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("lanes", sa.Column("cost", sa.BigInteger(), nullable=True))
    op.add_column("lanes", sa.Column("max_grams", sa.Integer(), nullable=True))
    op.create_check_constraint(op.f("ck_lanes_cost_and_weight_fit"), "lanes", "cost >= 0 AND max_grams > 0")
    op.create_table(
        "carrier_licences",
        sa.Column("carrier_id", sa.BigInteger(), nullable=False),
        sa.Column("number", word, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("issuer", word, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("zone", word, nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.CheckConstraint(
            "valid_from <= valid_until AND starts_at < ends_at", name=op.f("ck_carrier_licences_days_in_order")
        ),
        sa.ForeignKeyConstraint(["carrier_id"], ["carriers.id"], name=op.f("fk_carrier_licences_carrier_id")),
        sa.PrimaryKeyConstraint("carrier_id", "number", name=op.f("pk_carrier_licences")),
    )
    op.create_table(
        "carrier_scorecards",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("carrier_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("origin", word, nullable=False),
        sa.Column("destination", word, nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.Column("grade", word, nullable=False),
        sa.Column("samples", sa.Integer(), nullable=False),
        sa.Column("figures", postgresql.JSONB(), nullable=False),
        sa.Column("inputs", postgresql.JSONB(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.CheckConstraint("grade IN ('A', 'B', 'C', 'D', 'E')", name=op.f("ck_carrier_scorecards_grade_known")),
        sa.CheckConstraint("since < until", name=op.f("ck_carrier_scorecards_since_before_until")),
        sa.CheckConstraint("samples >= 0", name=op.f("ck_carrier_scorecards_samples_not_negative")),
        sa.ForeignKeyConstraint(["carrier_id"], ["carriers.id"], name=op.f("fk_carrier_scorecards_carrier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carrier_scorecards")),
        sa.UniqueConstraint(
            "carrier_id", "origin", "destination", "until",
            name=op.f("uq_carrier_scorecards_carrier_id_origin_destination_until"),
        ),
    )  # fmt: skip
    op.create_table(
        "carrier_grades",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("carrier_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("origin", word, nullable=False),
        sa.Column("destination", word, nullable=False),
        sa.Column("grade", word, nullable=False),
        sa.Column("reason", word, nullable=False),
        sa.Column("by_kind", word, nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("set_at", moment, nullable=False),
        sa.CheckConstraint("grade IN ('A', 'B', 'C', 'D', 'E')", name=op.f("ck_carrier_grades_grade_known")),
        sa.ForeignKeyConstraint(["carrier_id"], ["carriers.id"], name=op.f("fk_carrier_grades_carrier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carrier_grades")),
    )
    op.create_index("ix_carrier_grades_carrier_id", "carrier_grades", ["carrier_id", "ends_at"])
    op.create_table(
        "carrier_complaints",
        sa.Column("carrier_id", sa.BigInteger(), nullable=False),
        sa.Column("complaint", word, nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=True),
        sa.Column("filed_at", moment, nullable=False),
        sa.Column("answered_at", moment, nullable=True),
        sa.CheckConstraint("answered_at >= filed_at", name=op.f("ck_carrier_complaints_answered_after_filed")),
        sa.ForeignKeyConstraint(["carrier_id"], ["carriers.id"], name=op.f("fk_carrier_complaints_carrier_id")),
        sa.PrimaryKeyConstraint("carrier_id", "complaint", name=op.f("pk_carrier_complaints")),
    )
    op.create_index("ix_carrier_complaints_filed_at", "carrier_complaints", ["filed_at"])
    op.create_table(
        "parcel_assignments",
        sa.Column("parcel_id", sa.BigInteger(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger(), nullable=False),
        sa.Column("carrier_id", sa.BigInteger(), nullable=True),
        sa.Column("ground", word, nullable=False),
        sa.Column("licence", word, nullable=True),
        sa.Column("licensed_from", moment, nullable=True),
        sa.Column("licensed_until", moment, nullable=True),
        sa.Column("number_reason", word, nullable=True),
        sa.Column("carrier_reason", word, nullable=True),
        sa.Column("by_kind", word, nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "ground IN ('licensed', 'own', 'elsewhere', 'before')", name=op.f("ck_parcel_assignments_ground_known")
        ),
        sa.CheckConstraint(
            "(ground = 'licensed') = (licence IS NOT NULL AND licensed_from IS NOT NULL AND licensed_until IS NOT NULL)",
            name=op.f("ck_parcel_assignments_licensed_by_something"),
        ),
        sa.ForeignKeyConstraint(["parcel_id"], ["parcels.id"], name=op.f("fk_parcel_assignments_parcel_id")),
        sa.PrimaryKeyConstraint("parcel_id", name=op.f("pk_parcel_assignments")),
    )
    op.create_index("ix_parcels_dispatched_at", "parcels", ["dispatched_at"])
    run_script(WALL)
    run_script(CARRY_OVER)
