"""Policy as data: the life of each version, back-tests, and buyers who were told late of their right to return."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from dingdan.migrations.scripting import run_script, wall_in

revision = "0023"
down_revision = "0022"

# Versions of before begin to have a life: the newest of each code is in force, those before it are superseded, and those
# whose day has not come are announced. Ids of their facts are of this moment, as ids are made (kernel/ids.py).
CARRY_OVER = """
INSERT INTO policy_editions (id, merchant_id, code, label, state, version, drafted_at, announced_at, began_at, ended_at)
SELECT id, merchant_id, code, version, state, CASE state WHEN 'announced' THEN 2 WHEN 'in_force' THEN 3 ELSE 4 END,
    created_at, created_at, CASE WHEN state <> 'announced' THEN greatest(effective_from, created_at) END, ended_at
FROM (
    SELECT p.*, next.effective_from AS ended_at,
        CASE WHEN p.effective_from > now() THEN 'announced' WHEN next.id IS NULL THEN 'in_force' ELSE 'superseded' END AS state
    FROM policies p LEFT JOIN LATERAL (
        SELECT n.id, n.effective_from FROM policies n
        WHERE n.merchant_id IS NOT DISTINCT FROM p.merchant_id AND n.code = p.code AND n.effective_from <= now()
          AND (n.effective_from, n.id) > (p.effective_from, p.id)
        ORDER BY n.effective_from, n.id LIMIT 1
    ) next ON true
) AS known;
INSERT INTO facts (id, wire, subject, subject_id, merchant_id, machine, was, now, version, rule, actor_kind, correlation,
    at, recorded_at, data)
SELECT (((extract(epoch FROM now()) * 1000)::bigint - 1577836800000) << 22) + row_number() OVER (ORDER BY e.id, s.version),
    s.wire, 'policy', e.id, e.merchant_id, 'policy', s.was, s.state, s.version, '', 'system', '',
    now(), now(), CASE s.version WHEN 1 THEN jsonb_build_object('code', e.code, 'version', e.label)
                                 WHEN 2 THEN jsonb_build_object('code', e.code, 'version', e.label, 'hash', p.hash)
                                 ELSE '{}' END
FROM policy_editions e JOIN policies p ON p.id = e.id JOIN (VALUES
    (1, 'policy.drafted', NULL, 'draft'), (2, 'policy.published', 'draft', 'announced'),
    (3, 'policy.began', 'announced', 'in_force'), (4, 'policy.superseded', 'in_force', 'superseded')
) AS s (version, wire, was, state) ON s.version <= e.version;
INSERT INTO deadlines (kind, subject_id, merchant_id, started_at, due_at, next_at)
SELECT 'policy.start', p.id, p.merchant_id, now(), p.effective_from, p.effective_from
FROM policies p WHERE p.effective_from > now();
"""

# What was published is never changed; only that it was taken back may be noted.
GUARD = """
CREATE TRIGGER policies_are_history
    BEFORE DELETE OR UPDATE OF id, merchant_id, code, version, hash, document, effective_from, created_at ON policies
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE POLICY announced_packs ON policy_editions FOR SELECT TO dingdan_read
    USING (merchant_id IS NULL AND announced_at IS NOT NULL);
"""


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=nullable)


def upgrade() -> None:
    """Go forward; what applied before applies after."""
    op.add_column("policies", _moment("withdrawn_at", nullable=True))
    op.create_table(
        "policy_editions",
        _number("id"),
        _number("merchant_id", nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("extends", sa.Text(), nullable=True),
        sa.Column("given", postgresql.JSONB(), nullable=True),
        _moment("drafted_at"),
        _moment("announced_at", nullable=True),
        _moment("began_at", nullable=True),
        _moment("ended_at", nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'announced', 'in_force', 'superseded', 'withdrawn')",
            name=op.f("ck_policy_editions_state_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_editions")),
        sa.UniqueConstraint(
            "merchant_id",
            "code",
            "label",
            name=op.f("uq_policy_editions_merchant_id_code_label"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_policy_editions_merchant_id", "policy_editions", ["merchant_id", "id"])
    op.create_table(
        "policy_backtests",
        _number("id"),
        _number("merchant_id"),
        _number("policy_id"),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("document", postgresql.JSONB(), nullable=False),
        _moment("since"),
        _moment("until"),
        _number("way_back"),
        sa.Column("currency", sa.Text(), nullable=False),
        _number("counted_to"),
        sa.Column("sums", postgresql.JSONB(), nullable=False),
        _moment("requested_at"),
        _number("requested_by", nullable=True),
        _moment("done_at", nullable=True),
        sa.CheckConstraint("since < until AND way_back >= 0", name=op.f("ck_policy_backtests_span_fits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_backtests")),
    )
    op.create_index("ix_policy_backtests_merchant_id", "policy_backtests", ["merchant_id", "id"])
    op.create_index("ix_policy_backtests_policy_id", "policy_backtests", ["policy_id", "id"])
    op.create_table(
        "late_notices",
        _number("order_id"),
        _number("merchant_id"),
        _moment("told_at", nullable=True),
        _moment("noted_at"),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_late_notices")),
    )
    wall_in("policy_editions", "policy_backtests", "late_notices")
    run_script(CARRY_OVER)
    op.create_index(
        "uq_policy_editions_in_force",
        "policy_editions",
        ["merchant_id", "code"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("state = 'in_force'"),
    )
    run_script(GUARD)
